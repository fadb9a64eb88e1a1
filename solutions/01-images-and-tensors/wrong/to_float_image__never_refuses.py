"""You never look at the dtype, so a float picture is divided by 255 a second time without a word."""

import torch


def to_float_image(u8: torch.Tensor) -> torch.Tensor:
    """Return the picture ``u8`` (H, W, C) or (H, W) of bytes as float32 (C, H, W) with values from 0 to 1."""
    if u8.ndim == 2:
        u8 = u8[:, :, None]
    return u8.permute(2, 0, 1).float() / 255
