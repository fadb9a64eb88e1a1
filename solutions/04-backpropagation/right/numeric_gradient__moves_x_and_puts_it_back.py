"""Move the elements of x itself, and write the old values back."""

from collections.abc import Callable

import numpy as np
import torch


def numeric_gradient(
    f: Callable[[torch.Tensor], torch.Tensor | float], x: torch.Tensor, eps: float = 1e-5
) -> torch.Tensor:
    gradient = torch.zeros_like(x)
    with torch.no_grad():
        for index in np.ndindex(*x.shape):
            old = x[index].clone()
            values = []
            for sign in (1, -1):
                x[index] = old + sign * eps
                values.append(float(f(x)))
            x[index] = old
            gradient[index] = (values[0] - values[1]) / (2 * eps)
    return gradient
