"""You multiplied by the learning rate before it went into the velocity, so that old steps keep the rate they were
made with."""

import torch


def sgd_step(
    params: list[torch.Tensor], lr: float, momentum: float, weight_decay: float, state: dict[int, torch.Tensor]
) -> None:
    """Move ``params`` one step against their gradients, in place; keep the velocities in ``state``."""
    with torch.no_grad():
        for i, p in enumerate(params):
            if p.grad is None:
                continue
            gradient = p.grad + weight_decay * p
            state[i] = momentum * state[i] + lr * gradient if i in state else lr * gradient
            p -= state[i]
