"""You moved the elements of x itself by + eps, − 2 · eps and + eps; rounding does not bring them back exactly, so
that x has changed."""

from collections.abc import Callable

import numpy as np
import torch


def numeric_gradient(
    f: Callable[[torch.Tensor], torch.Tensor | float], x: torch.Tensor, eps: float = 1e-5
) -> torch.Tensor:
    gradient = torch.zeros_like(x)
    for index in np.ndindex(*x.shape):
        x[index] += eps
        above = float(f(x))
        x[index] -= 2 * eps
        below = float(f(x))
        x[index] += eps
        gradient[index] = (above - below) / (2 * eps)
    return gradient
