"""You indexed x with one number, which moves whole rows as soon as x has more than one axis."""

from collections.abc import Callable

import torch


def numeric_gradient(
    f: Callable[[torch.Tensor], torch.Tensor | float], x: torch.Tensor, eps: float = 1e-5
) -> torch.Tensor:
    gradient = torch.zeros_like(x)
    for i in range(len(x) if x.dim() else 1):
        step = torch.zeros_like(x)
        if x.dim():
            step[i] = eps
        else:
            step += eps
        slope = float(f(x + step) - f(x - step)) / (2 * eps)
        if x.dim():
            gradient[i] = slope
        else:
            gradient += slope
    return gradient
