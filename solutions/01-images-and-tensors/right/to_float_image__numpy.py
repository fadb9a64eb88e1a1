"""Go through numpy, and pay attention to its float64."""

import numpy as np
import torch


def to_float_image(u8: torch.Tensor) -> torch.Tensor:
    """Return the picture ``u8`` (H, W, C) or (H, W) of bytes as float32 (C, H, W) with values from 0 to 1."""
    if u8.dtype != torch.uint8 or u8.ndim not in (2, 3):
        raise ValueError("expected bytes of (H, W, C) or (H, W)")
    array = u8.cpu().numpy()
    array = array[None] if array.ndim == 2 else np.transpose(array, (2, 0, 1))
    return torch.tensor(array.astype(np.float32) / np.float32(255), device=u8.device)
