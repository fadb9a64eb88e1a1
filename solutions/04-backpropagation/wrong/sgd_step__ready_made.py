"""You used an optimizer of torch; here the three formulas are yours to write."""

import torch


def sgd_step(
    params: list[torch.Tensor], lr: float, momentum: float, weight_decay: float, state: dict[int, torch.Tensor]
) -> None:
    optimizer = torch.optim.SGD(params, lr=lr, momentum=momentum, weight_decay=weight_decay)
    for i, p in enumerate(params):
        if i in state:
            optimizer.state[p]["momentum_buffer"] = state[i]
    optimizer.step()
    for i, p in enumerate(params):
        if p in optimizer.state and momentum:
            state[i] = optimizer.state[p]["momentum_buffer"].clone()
