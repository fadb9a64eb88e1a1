"""You kept p.grad itself as the first velocity; when the gradient is set to zero, so is your velocity."""

import torch


def sgd_step(
    params: list[torch.Tensor], lr: float, momentum: float, weight_decay: float, state: dict[int, torch.Tensor]
) -> None:
    with torch.no_grad():
        for i, p in enumerate(params):
            if p.grad is None:
                continue
            gradient = p.grad
            if weight_decay:
                gradient = gradient + weight_decay * p
            if i in state:
                state[i] = momentum * state[i] + gradient
            else:
                state[i] = gradient
            p -= lr * state[i]
