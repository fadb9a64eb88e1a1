"""You swapped the first axis with the last, which brings the channels to the front but puts the height behind the
width."""

import torch


def to_float_image(u8: torch.Tensor) -> torch.Tensor:
    """Return the picture ``u8`` (H, W, C) or (H, W) of bytes as float32 (C, H, W) with values from 0 to 1."""
    if u8.dtype != torch.uint8 or u8.ndim not in (2, 3):
        raise ValueError("expected bytes of (H, W, C) or (H, W)")
    if u8.ndim == 2:
        return u8[None].float() / 255
    return u8.transpose(0, 2).float() / 255
