"""You divided by the brightest byte of this picture, so a dark picture becomes as bright as any other; divide by
255."""

import torch


def to_float_image(u8: torch.Tensor) -> torch.Tensor:
    """Return the picture ``u8`` (H, W, C) or (H, W) of bytes as float32 (C, H, W) with values from 0 to 1."""
    if u8.dtype != torch.uint8 or u8.ndim not in (2, 3):
        raise ValueError("expected bytes of (H, W, C) or (H, W)")
    x = u8.float()
    x = x[None] if x.ndim == 2 else x.permute(2, 0, 1)
    return x / x.max()
