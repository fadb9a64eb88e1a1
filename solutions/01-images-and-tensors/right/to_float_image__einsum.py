"""Name the axes, and multiply by a 1/255 for each channel."""

import torch


def to_float_image(u8: torch.Tensor) -> torch.Tensor:
    """Return the picture ``u8`` (H, W, C) or (H, W) of bytes as float32 (C, H, W) with values from 0 to 1."""
    if u8.dtype != torch.uint8 or u8.ndim not in (2, 3):
        raise ValueError("expected bytes of (H, W, C) or (H, W)")
    x = u8.to(torch.float64).reshape(*u8.shape[:2], -1)
    scale = torch.full((x.shape[2],), 1 / 255, dtype=x.dtype, device=x.device)
    return torch.einsum("hwc,c->chw", x, scale).float()
