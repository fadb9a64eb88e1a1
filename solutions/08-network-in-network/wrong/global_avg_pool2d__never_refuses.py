"""You accept tensors that have no maps."""

import torch


def global_avg_pool2d(x: torch.Tensor) -> torch.Tensor:
    """Return the mean of each map of ``x``: (N, C, H, W) to (N, C)."""
    return x.mean(dim=(-2, -1))
