"""You kept the first three channels only; a picture may have more, such as transparency."""

import torch


def to_float_image(u8: torch.Tensor) -> torch.Tensor:
    """Return the picture ``u8`` (H, W, C) or (H, W) of bytes as float32 (C, H, W) with values from 0 to 1."""
    if u8.dtype != torch.uint8 or u8.ndim not in (2, 3):
        raise ValueError("expected bytes of (H, W, C) or (H, W)")
    if u8.ndim == 2:
        u8 = u8[:, :, None]
    return u8[:, :, :3].permute(2, 0, 1).float() / 255
