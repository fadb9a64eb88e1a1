"""You averaged over the batch as well."""

import torch


def global_avg_pool2d(x: torch.Tensor) -> torch.Tensor:
    """Return the mean of each map of ``x``: (N, C, H, W) to (N, C)."""
    if x.dim() != 4 or 0 in x.shape[2:]:
        raise ValueError(f"there is no mean of maps in a tensor of shape {tuple(x.shape)}")
    return x.mean(dim=(0, -2, -1)).expand(x.shape[:2])
