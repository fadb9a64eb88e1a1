"""You made the result with torch.zeros(x.shape), which is float32 whatever x is."""

from collections.abc import Callable

import torch


def numeric_gradient(
    f: Callable[[torch.Tensor], torch.Tensor | float], x: torch.Tensor, eps: float = 1e-5
) -> torch.Tensor:
    """Return the gradient of ``f`` at ``x`` by central differences with step ``eps``, in the shape of ``x``."""
    gradient = torch.zeros(x.shape)
    point = x.detach().clone(memory_format=torch.contiguous_format)
    moved, out = point.view(-1), gradient.view(-1)
    for i in range(point.numel()):
        before = moved[i].item()
        moved[i] = before + eps
        above = float(f(point))
        moved[i] = before - eps
        below = float(f(point))
        moved[i] = before
        out[i] = (above - below) / (2 * eps)
    return gradient
