"""A velocity of zeros to begin with, changed in place."""

import torch


def sgd_step(
    params: list[torch.Tensor], lr: float, momentum: float, weight_decay: float, state: dict[int, torch.Tensor]
) -> None:
    for place, p in enumerate(params):
        if p.grad is not None:
            velocity = state.setdefault(place, torch.zeros_like(p.grad))
            velocity.mul_(momentum).add_(p.grad).add_(p.detach(), alpha=weight_decay)
            p.data.add_(velocity, alpha=-lr)
