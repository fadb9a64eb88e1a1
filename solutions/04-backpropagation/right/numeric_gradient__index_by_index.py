"""Walk through the indices, and put each element back from a copy."""

from collections.abc import Callable

import numpy as np
import torch


def numeric_gradient(
    f: Callable[[torch.Tensor], torch.Tensor | float], x: torch.Tensor, eps: float = 1e-5
) -> torch.Tensor:
    gradient = torch.empty(x.shape, dtype=x.dtype, device=x.device)
    for index in np.ndindex(*x.shape):
        up, down = x.clone(), x.clone()
        up[index] = x[index] + eps
        down[index] = x[index] - eps
        gradient[index] = (float(f(up)) - float(f(down))) / (2 * eps)
    return gradient
