"""You moved elements of x.flatten(), which is a copy when x is a view of another tensor, so that f never sees the
change."""

from collections.abc import Callable

import torch


def numeric_gradient(
    f: Callable[[torch.Tensor], torch.Tensor | float], x: torch.Tensor, eps: float = 1e-5
) -> torch.Tensor:
    point = x.clone()
    flat = point.reshape(-1)
    gradient = torch.zeros(x.numel(), dtype=x.dtype, device=x.device)
    for i in range(x.numel()):
        before = flat[i].item()
        flat[i] = before + eps
        above = float(f(point))
        flat[i] = before - eps
        below = float(f(point))
        flat[i] = before
        gradient[i] = (above - below) / (2 * eps)
    return gradient.reshape(x.shape)
