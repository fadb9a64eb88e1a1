"""You reshaped where you had to move axes, so pixels and channels mix."""

import torch


def conv1x1_as_linear(x: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor | None = None) -> torch.Tensor:
    """Return the convolution of ``x`` (N, C_in, H, W) with filters of 1 × 1, computed as a matrix product."""
    if weight.shape[1:] != (x.shape[1], 1, 1):
        raise ValueError(f"weights {tuple(weight.shape)} do not fit pictures of {x.shape[1]} channels")
    n, _, height, width = x.shape
    y = torch.nn.functional.linear(x.movedim(1, -1), weight.flatten(1), bias)
    return y.reshape(n, weight.shape[0], height, width)
