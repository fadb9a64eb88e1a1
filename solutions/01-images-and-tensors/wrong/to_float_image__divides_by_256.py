"""You divided by 256, the number of different bytes; the largest byte is 255, and it must become 1."""

import torch


def to_float_image(u8: torch.Tensor) -> torch.Tensor:
    """Return the picture ``u8`` (H, W, C) or (H, W) of bytes as float32 (C, H, W) with values from 0 to 1."""
    if u8.dtype != torch.uint8 or u8.ndim not in (2, 3):
        raise ValueError("expected bytes of (H, W, C) or (H, W)")
    x = u8[None] if u8.ndim == 2 else u8.permute(2, 0, 1)
    return x.float() / 256
