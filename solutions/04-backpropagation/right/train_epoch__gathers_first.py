"""Gather all batches in a list, cut it into groups, and weigh the losses."""

from collections.abc import Callable, Iterable

import torch


def train_epoch(
    net: torch.nn.Module,
    batches: Iterable[tuple[torch.Tensor, torch.Tensor]],
    optimizer: torch.optim.Optimizer,
    loss: Callable[[torch.Tensor, torch.Tensor], torch.Tensor],
    device: torch.device | str,
    accumulate: int = 1,
) -> float:
    net.train()
    batches = list(batches)
    losses, counts = [], []
    for start in range(0, len(batches), accumulate):
        group = batches[start : start + accumulate]
        weights = torch.tensor([float(len(y)) for _, y in group])
        weights /= weights.sum()
        net.zero_grad()
        for (x, y), weight in zip(group, weights.tolist(), strict=True):
            value = loss(net(x.to(device)), y.to(device))
            value.mul(weight).backward()
            losses.append(value.item())
            counts.append(len(y))
        optimizer.step()
    return sum(a * b for a, b in zip(losses, counts, strict=True)) / sum(counts)
