"""Right answers, written differently, for `numeric_gradient`."""

right(
    "index_by_index",
    "Walk through the indices, and put each element back from a copy.",
    answer="""
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
""",
)

right(
    "moves_x_and_puts_it_back",
    "Move the elements of x itself, and write the old values back.",
    answer="""
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
""",
)

right(
    "one_hot_steps",
    "Add a step in one direction at a time; x itself is never written.",
    answer="""
from collections.abc import Callable

import torch


def numeric_gradient(
    f: Callable[[torch.Tensor], torch.Tensor | float], x: torch.Tensor, eps: float = 1e-5
) -> torch.Tensor:
    directions = torch.eye(x.numel(), dtype=x.dtype, device=x.device).reshape(-1, *x.shape)
    slopes = [(float(f(x + eps * e)) - float(f(x - eps * e))) / (2 * eps) for e in directions]
    return torch.tensor(slopes, dtype=x.dtype, device=x.device).reshape(x.shape)
""",
)
