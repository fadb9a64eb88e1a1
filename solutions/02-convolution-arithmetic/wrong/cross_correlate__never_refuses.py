"""You do not test whether the kernel fits; an empty result hides the mistake from the next layer, so raise
ValueError."""

import torch


def cross_correlate(x: torch.Tensor, k: torch.Tensor) -> torch.Tensor:
    """Return the cross-correlation of ``x`` (H, W) with ``k`` (kH, kW), shape (H − kH + 1, W − kW + 1)."""
    height, width = x.shape[0] - k.shape[0] + 1, x.shape[1] - k.shape[1] + 1
    height, width = max(height, 0), max(width, 0)
    out = x.new_empty(height, width)
    for i in range(height):
        for j in range(width):
            out[i, j] = (x[i : i + k.shape[0], j : j + k.shape[1]] * k).sum()
    return out
