"""You reversed the order of all three axes, so height and width are swapped too."""

import torch


def to_float_image(u8: torch.Tensor) -> torch.Tensor:
    """Return the picture ``u8`` (H, W, C) or (H, W) of bytes as float32 (C, H, W) with values from 0 to 1."""
    if u8.dtype != torch.uint8 or u8.ndim not in (2, 3):
        raise ValueError("expected bytes of (H, W, C) or (H, W)")
    if u8.ndim == 2:
        u8 = u8.unsqueeze(-1)
    return u8.permute(2, 1, 0).float() / 255
