"""Train and evaluate a classifier with SGD; running totals stay on the device until the end of an epoch."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

__all__ = ["Curves", "confusion", "fit", "train_epoch"]

Batches = Iterable[Any]  # of (x, y)


@dataclass
class Curves:
    """Hold one number per epoch for the mean training loss and for each accuracy."""

    train_loss: list[float] = field(default_factory=list)
    train_accuracy: list[float] = field(default_factory=list)
    test_accuracy: list[float] = field(default_factory=list)


def fit(
    net: nn.Module,
    train: Batches,
    test: Batches,
    *,
    epochs: int,
    lr: float,
    momentum: float = 0.0,
    falling: bool = False,
    after_epoch: Callable[[Curves], None] = lambda curves: None,
) -> Curves:
    """Train with SGD on cross-entropy; training loss and accuracy are means over the batches of an epoch, as in d2l.

    ``falling`` lowers the learning rate after each epoch, along half a period of the cosine.
    """
    optimizer = torch.optim.SGD(net.parameters(), lr, momentum)
    curves = Curves()
    for epoch in range(epochs):
        for group in optimizer.param_groups:
            group["lr"] = lr * (1 + math.cos(math.pi * epoch / epochs)) / 2 if falling else lr
        loss, accuracy = train_epoch(net, train, optimizer)
        table = confusion(net, test)
        curves.train_loss.append(loss)
        curves.train_accuracy.append(accuracy)
        curves.test_accuracy.append((table.diagonal().sum() / table.sum()).item())
        after_epoch(curves)
    return curves


def train_epoch(net: nn.Module, batches: Batches, optimizer: torch.optim.Optimizer) -> tuple[float, float]:
    """Train for one epoch and return its mean loss and accuracy."""
    device = next(net.parameters()).device
    net.train()
    total = torch.zeros(3, device=device)  # loss, correct predictions, examples
    for x, y in batches:
        y = y.to(device)
        logits = net(x.to(device))
        net.zero_grad()
        loss = F.cross_entropy(logits, y)
        torch.autograd.backward(loss)
        optimizer.step()
        right = (logits.detach().argmax(1) == y).sum()
        total += torch.stack([loss.detach() * len(y), right, right.new_tensor(len(y))])
    mean_loss, accuracy = (total[:2] / total[2]).tolist()
    return mean_loss, accuracy


@torch.no_grad()
def confusion(net: nn.Module, batches: Batches, classes: int = 10) -> Tensor:
    """Return the confusion matrix, int64 (classes, classes): true classes in the rows, predictions in the columns."""
    device = next(net.parameters()).device
    was_training = net.training
    net.eval()
    pairs = [y.to(device) * classes + net(x.to(device)).argmax(1) for x, y in batches]
    net.train(was_training)
    return torch.bincount(torch.cat(pairs), minlength=classes * classes).view(classes, classes)
