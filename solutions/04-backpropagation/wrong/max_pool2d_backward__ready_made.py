"""You asked torch's max pooling for the winners; to find them is part of the task."""

import torch
from torch.nn import functional as F


def max_pool2d_backward(
    grad_out: torch.Tensor,
    x: torch.Tensor,
    kernel_size: int | tuple[int, int],
    stride: int | tuple[int, int] | None = None,
    padding: int | tuple[int, int] = 0,
) -> torch.Tensor:
    y, winner = F.max_pool2d(x, kernel_size, stride, padding, return_indices=True)
    if y.shape != grad_out.shape:
        raise ValueError("grad_out is not of this pooling")
    told = torch.zeros_like(x).flatten(2).scatter_add(2, winner.flatten(2), grad_out.flatten(2))
    return told.reshape(x.shape)
