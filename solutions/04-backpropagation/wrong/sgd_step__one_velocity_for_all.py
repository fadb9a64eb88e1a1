"""You kept one velocity for all parameters; each needs its own."""

import torch


def sgd_step(
    params: list[torch.Tensor], lr: float, momentum: float, weight_decay: float, state: dict[int, torch.Tensor]
) -> None:
    """Move ``params`` one step against their gradients, in place; keep the velocities in ``state``."""
    with torch.no_grad():
        for p in params:
            if p.grad is None:
                continue
            gradient = p.grad + weight_decay * p
            state[0] = momentum * state[0] + gradient if 0 in state and state[0].shape == p.shape else gradient
            p -= lr * state[0]
