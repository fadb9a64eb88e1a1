"""You changed the shape with reshape (or view), which keeps the order in memory and so tears the pixels apart,
where permute moves the axes."""

import torch


def to_float_image(u8: torch.Tensor) -> torch.Tensor:
    """Return the picture ``u8`` (H, W, C) or (H, W) of bytes as float32 (C, H, W) with values from 0 to 1."""
    if u8.dtype != torch.uint8 or u8.ndim not in (2, 3):
        raise ValueError("expected bytes of (H, W, C) or (H, W)")
    height, width = u8.shape[:2]
    return u8.reshape(-1, height, width).float() / 255
