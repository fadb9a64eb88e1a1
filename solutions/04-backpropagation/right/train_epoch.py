"""Right answers, written differently, for `train_epoch`."""

right(
    "gathers_first",
    "Gather all batches in a list, cut it into groups, and weigh the losses.",
    answer="""
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
""",
)

right(
    "scales_the_gradients",
    "Add up the sums of the losses, and divide the gradients before the step.",
    answer="""
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
    def step(count: int) -> None:
        for group in optimizer.param_groups:
            for p in group["params"]:
                if p.grad is not None:
                    p.grad /= count
        optimizer.step()
        optimizer.zero_grad()

    net.train()
    optimizer.zero_grad()
    summed, seen, count, waiting = 0.0, 0, 0, 0
    for x, y in batches:
        error = loss(net(x.to(device)), y.to(device)) * len(y)
        error.backward()
        summed, seen = summed + float(error.detach()), seen + len(y)
        count, waiting = count + len(y), waiting + 1
        if waiting == accumulate:
            step(count)
            count = waiting = 0
    if waiting:
        step(count)
    return summed / seen
""",
)

right(
    "float_of_numpy",
    "Average the losses with numpy, which gives a float of its own kind.",
    answer="""
import numpy as np
import torch


def train_epoch(net, batches, optimizer, loss, device, accumulate=1):
    net.train()
    losses, counts, group = [], [], []

    def run(group):
        size = sum(y.size(0) for _, y in group)
        optimizer.zero_grad(set_to_none=True)
        for x, y in group:
            x, y = x.to(device=device), y.to(device=device, non_blocking=True)
            value = loss(net(x), y)
            (value * (y.shape[0] / size)).backward()
            losses.append(value.detach().cpu().item())
            counts.append(y.shape[0])
        optimizer.step()

    for batch in batches:
        group.append(batch)
        if len(group) == accumulate:
            run(group)
            group = []
    if group:
        run(group)
    return np.average(losses, weights=counts)
""",
)
