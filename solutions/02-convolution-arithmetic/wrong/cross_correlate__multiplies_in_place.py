"""You multiplied the window in place; a slice is a view, so you changed the picture itself, and the next window
saw it."""

import torch


def cross_correlate(x: torch.Tensor, k: torch.Tensor) -> torch.Tensor:
    """Return the cross-correlation of ``x`` (H, W) with ``k`` (kH, kW), shape (H − kH + 1, W − kW + 1)."""
    height, width = x.shape[0] - k.shape[0] + 1, x.shape[1] - k.shape[1] + 1
    if height < 1 or width < 1:
        raise ValueError(f"a kernel of {tuple(k.shape)} does not fit into {tuple(x.shape)}")
    out = x.new_empty(height, width)
    for i in range(height):
        for j in range(width):
            window = x[i : i + k.shape[0], j : j + k.shape[1]]
            window *= k
            out[i, j] = window.sum()
    return out
