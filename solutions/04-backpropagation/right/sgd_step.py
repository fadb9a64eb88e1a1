"""Right answers, written differently, for `sgd_step`."""

right(
    "three_passes",
    "Collect the gradients, then the velocities, then move.",
    answer="""
import torch


def sgd_step(
    params: list[torch.Tensor], lr: float, momentum: float, weight_decay: float, state: dict[int, torch.Tensor]
) -> None:
    gradients = {i: p.grad.clone() for i, p in enumerate(params) if p.grad is not None}
    for i in gradients:
        gradients[i] += weight_decay * params[i].detach()
    state.update({i: momentum * state.get(i, 0) + gradient for i, gradient in gradients.items()})
    with torch.no_grad():
        for i in gradients:
            params[i].copy_(params[i] - lr * state[i])
""",
)

right(
    "velocity_in_place",
    "A velocity of zeros to begin with, changed in place.",
    answer="""
import torch


def sgd_step(
    params: list[torch.Tensor], lr: float, momentum: float, weight_decay: float, state: dict[int, torch.Tensor]
) -> None:
    for place, p in enumerate(params):
        if p.grad is not None:
            velocity = state.setdefault(place, torch.zeros_like(p.grad))
            velocity.mul_(momentum).add_(p.grad).add_(p.detach(), alpha=weight_decay)
            p.data.add_(velocity, alpha=-lr)
""",
)

right(
    "decorated",
    "Switch gradients off for the whole function.",
    answer="""
import torch


@torch.no_grad()
def sgd_step(params, lr, momentum, weight_decay, state):
    for i, p in enumerate(params):
        if p.grad is None:
            continue
        g = p.grad.add(p, alpha=weight_decay)
        state[i] = g if state.get(i) is None else state[i].mul(momentum).add(g)
        p.add_(state[i], alpha=-lr)
""",
)
