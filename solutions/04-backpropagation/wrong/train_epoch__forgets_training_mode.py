"""You did not put the net in training mode."""

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
    """Train ``net`` for one epoch, with one step per ``accumulate`` micro-batches; return the mean loss per example."""
    from itertools import islice

    total, examples, batches = 0.0, 0, iter(batches)
    while group := list(islice(batches, accumulate)):
        size = sum(len(x) for x, _ in group)
        optimizer.zero_grad()
        for x, y in group:
            part = loss(net(x.to(device)), y.to(device)) * len(x)
            (part / size).backward()
            total += part.item()
        optimizer.step()
        examples += size
    return total / examples
