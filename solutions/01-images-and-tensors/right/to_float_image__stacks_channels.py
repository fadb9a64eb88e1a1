"""Divide each channel on its own, and stack them in front."""

import torch


def to_float_image(u8: torch.Tensor) -> torch.Tensor:
    """Return the picture ``u8`` (H, W, C) or (H, W) of bytes as float32 (C, H, W) with values from 0 to 1."""
    if u8.dtype != torch.uint8 or u8.ndim not in (2, 3):
        raise ValueError("expected bytes of (H, W, C) or (H, W)")
    channels = [u8] if u8.ndim == 2 else [u8[:, :, c] for c in range(u8.shape[2])]
    return torch.stack([channel / 255 for channel in channels])
