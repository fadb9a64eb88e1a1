"""You added the decay to p.grad in place; the gradient does not belong to the optimizer."""

import torch


def sgd_step(
    params: list[torch.Tensor], lr: float, momentum: float, weight_decay: float, state: dict[int, torch.Tensor]
) -> None:
    """Move ``params`` one step against their gradients, in place; keep the velocities in ``state``."""
    with torch.no_grad():
        for i, p in enumerate(params):
            if p.grad is None:
                continue
            gradient = p.grad.add_(weight_decay * p).clone()
            state[i] = momentum * state[i] + gradient if i in state else gradient
            p -= lr * state[i]
