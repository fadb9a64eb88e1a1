"""Probe a trained stack: gradients by layer, the loss along a line, and the error with layers left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from convlab.datasets import DeviceLoader
from convlab.networks.skip_stack import SkipStack

__all__ = ["error_without", "gradient_by_layer", "slice_of_the_loss"]


def gradient_by_layer(net: SkipStack, x: Tensor, y: Tensor) -> list[float]:
    """Return the norm of the loss's gradient for each convolution's weight, from the first to the last."""
    weights = [layer.weight for layer in net.convs if isinstance(layer, nn.Conv2d)]
    with _batch_statistics(net):
        gradients = torch.autograd.grad(F.cross_entropy(net(x), y), weights)
    return [float(torch.linalg.vector_norm(gradient)) for gradient in gradients]


@torch.no_grad()
def slice_of_the_loss(net: SkipStack, x: Tensor, y: Tensor, distances: Sequence[float], seed: int) -> list[float]:
    """Return the loss on (x, y) at ``distances`` from the weights along one random direction.

    The direction is scaled filter by filter to the length of the weights, and leaves biases and norms alone (Li et al.,
    2018, section 4), so that networks whose weights differ in size can be compared.
    """
    g = torch.Generator().manual_seed(seed)
    weights = [p for p in net.parameters() if p.ndim > 1]
    start = [p.clone() for p in weights]
    directions = [torch.randn(p.shape, generator=g).to(p.device) for p in weights]
    for p, d in zip(start, directions, strict=True):
        d *= (p.flatten(1).norm(dim=1) / d.flatten(1).norm(dim=1)).view(-1, *[1] * (p.ndim - 1))
    losses = []
    with _batch_statistics(net):
        for distance in distances:
            for p, origin, d in zip(weights, start, directions, strict=True):
                p.copy_(origin + distance * d)
            losses.append(F.cross_entropy(net(x), y).item())
    for p, origin in zip(weights, start, strict=True):
        p.copy_(origin)
    return losses


@torch.no_grad()
def error_without(net: SkipStack, batches: DeviceLoader, pair: int) -> float:
    """Return the share of wrong answers when ``pair`` of convolutions is left out, without retraining."""
    net.eval()
    right = [(net(x, without={pair}).argmax(1) == y).float() for x, y in batches]
    return 1 - torch.cat(right).mean().item()


@contextmanager
def _batch_statistics(net: SkipStack) -> Iterator[None]:
    """Let norms use the batch's own statistics, and forget them afterwards."""
    before = {name: buffer.clone() for name, buffer in net.named_buffers()}
    mode = net.training
    net.train()
    try:
        yield
    finally:
        net.train(mode)
        for name, buffer in net.named_buffers():
            buffer.copy_(before[name])
