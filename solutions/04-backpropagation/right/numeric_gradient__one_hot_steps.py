"""Add a step in one direction at a time; x itself is never written."""

from collections.abc import Callable

import torch


def numeric_gradient(
    f: Callable[[torch.Tensor], torch.Tensor | float], x: torch.Tensor, eps: float = 1e-5
) -> torch.Tensor:
    directions = torch.eye(x.numel(), dtype=x.dtype, device=x.device).reshape(-1, *x.shape)
    slopes = [(float(f(x + eps * e)) - float(f(x - eps * e))) / (2 * eps) for e in directions]
    return torch.tensor(slopes, dtype=x.dtype, device=x.device).reshape(x.shape)
