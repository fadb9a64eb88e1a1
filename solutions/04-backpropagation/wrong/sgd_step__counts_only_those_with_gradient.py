"""You numbered the velocities among the parameters that have a gradient; when one is missing, the others get each
other's."""

import torch


def sgd_step(
    params: list[torch.Tensor], lr: float, momentum: float, weight_decay: float, state: dict[int, torch.Tensor]
) -> None:
    """Move ``params`` one step against their gradients, in place; keep the velocities in ``state``."""
    with torch.no_grad():
        for i, p in enumerate(p for p in params if p.grad is not None):
            gradient = p.grad + weight_decay * p
            state[i] = momentum * state[i] + gradient if i in state else gradient
            p -= lr * state[i]
