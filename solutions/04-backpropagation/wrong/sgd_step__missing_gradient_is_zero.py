"""You took a missing gradient for zero; that parameter then decays and coasts on its velocity, though it took no
part."""

import torch


def sgd_step(
    params: list[torch.Tensor], lr: float, momentum: float, weight_decay: float, state: dict[int, torch.Tensor]
) -> None:
    """Move ``params`` one step against their gradients, in place; keep the velocities in ``state``."""
    with torch.no_grad():
        for i, p in enumerate(params):
            gradient = weight_decay * p if p.grad is None else p.grad + weight_decay * p
            state[i] = momentum * state[i] + gradient if i in state else gradient
            p -= lr * state[i]
