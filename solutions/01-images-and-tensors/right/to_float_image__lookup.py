"""Look every byte up in a table of 256 floats."""

import torch


def to_float_image(u8: torch.Tensor) -> torch.Tensor:
    """Return the picture ``u8`` (H, W, C) or (H, W) of bytes as float32 (C, H, W) with values from 0 to 1."""
    if u8.dtype != torch.uint8 or u8.ndim not in (2, 3):
        raise ValueError("expected bytes of (H, W, C) or (H, W)")
    table = torch.linspace(0, 1, 256, device=u8.device)
    x = table[u8.long()]
    return x.unsqueeze(0) if u8.ndim == 2 else x.movedim(-1, 0)
