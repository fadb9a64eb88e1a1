"""Data and network of the small transfer experiments: painted digits, drawn shapes, one network for both.

The first five classes of a data set are the source task, the last five the target task. Their pictures are painted
as the drawn shapes are: in a dark colour on a light ground, at any place, turned a little, larger or smaller.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from convlab import datasets
from convlab.networks import Network

__all__ = ["CUTS", "SHAPE", "TEXT", "accuracy", "body_and_head", "drawn", "few", "painted", "through", "train"]

SIDE, BATCH, RATE, NOISE = 24, 32, 0.05, 0.05
SHAPE = (3, SIDE, SIDE)
TEXT = " | ".join(f"conv {c} 3 1 | norm | relu | max {k}" for c, k in ((16, 2), (32, 2), (48, 2), (64, 3)))
TEXT += " | flat | dense 5"
CUTS = (0, 4, 8, 12, 17)  # steps of the network before which it can be cut: after each convolution's pooling


def painted(split: datasets.Split, first: int, count: int, seed: int) -> tuple[Tensor, Tensor]:
    """Paint ``count`` pictures of the five classes from ``first`` on: (count, 3, 24, 24), and labels from 0 to 4."""
    dice = torch.Generator().manual_seed(seed)

    def between(low: float, high: float, *shape: int) -> Tensor:
        return torch.rand(count, *shape, generator=dice) * (high - low) + low

    ours = ((split.labels >= first) & (split.labels < first + 5)).nonzero().flatten()
    rows = ours[torch.randint(len(ours), (count,), generator=dice)]
    zoom, turn = between(1.4, 2.0), between(-0.35, 0.35)
    u, v = zoom * turn.cos(), zoom * turn.sin()
    places = between(-1, 1, 2) * (zoom - 1)[:, None]  # the digit stays inside
    turned = torch.stack([torch.stack([u, -v], 1), torch.stack([v, u], 1)], 1)
    grid = F.affine_grid(torch.cat([turned, places[:, :, None]], 2), [count, 1, SIDE, SIDE], align_corners=False)
    gray = datasets.Split(split.pixels[rows], rows).images.mean(1, keepdim=True)
    ink = F.grid_sample(gray, grid, align_corners=False)
    ground, color = between(0.8, 1.0, 3, 1, 1), between(0.0, 0.6, 3, 1, 1)
    return _noisy(ground * (1 - ink) + color * ink, dice), split.labels[rows] - first


def drawn(count: int, seed: int) -> tuple[Tensor, Tensor]:
    """Draw ``count`` shapes, one to a picture: (count, 3, 24, 24), and which of the five kinds each is."""
    scenes = datasets.shapes(count, SIDE, seed, objects=1)
    return _noisy(scenes.images, torch.Generator().manual_seed(seed)), torch.cat(scenes.labels)


def _noisy(images: Tensor, dice: torch.Generator) -> Tensor:
    return images - 0.8 + NOISE * torch.randn(images.shape, generator=dice)  # 0 is about the ground


def few(x: Tensor, y: Tensor, count: int, seed: int) -> tuple[Tensor, Tensor]:
    """Return ``count`` pictures of each class that ``seed`` draws; more contain those of fewer."""
    dice = torch.Generator().manual_seed(seed)
    rows = [r[torch.randperm(len(r), generator=dice)[:count]] for r in ((y == k).nonzero().flatten() for k in range(5))]
    return x[torch.cat(rows)], y[torch.cat(rows)]


def body_and_head(seed: int) -> tuple[list[nn.Module], nn.Module]:
    """Return the steps of an untrained body, and an untrained head for five classes."""
    torch.manual_seed(seed)
    *body, head = Network(TEXT, SHAPE, "kaiming").steps
    return body, head


@torch.no_grad()
def through(steps: Sequence[nn.Module], x: Tensor) -> Tensor:
    """Return the output of frozen ``steps`` for ``x``, in evaluation mode."""
    net = nn.Sequential(*steps).eval()
    return torch.cat([net(part) for part in torch.split(x, 250)])


def accuracy(steps: Sequence[nn.Module], x: Tensor, y: Tensor) -> float:
    return (through(steps, x).argmax(1) == y).float().mean().item()


def train(steps: Sequence[nn.Module], x: Tensor, y: Tensor, count: int, seed: int) -> float:
    """Take ``count`` steps of SGD with all parameters of ``steps``, the rate decaying to 0; return the CPU seconds."""
    net, dice = nn.Sequential(*steps).train(), torch.Generator().manual_seed(seed)
    optimizer = torch.optim.SGD(net.parameters(), RATE, momentum=0.9)
    start = time.thread_time()
    for number in range(count):
        for group in optimizer.param_groups:
            group["lr"] = RATE * (1 + math.cos(math.pi * number / count)) / 2
        rows = torch.randperm(len(y), generator=dice)[:BATCH]
        loss = F.cross_entropy(net(x[rows]), y[rows])
        optimizer.zero_grad()
        torch.autograd.backward(loss)
        optimizer.step()
    return time.thread_time() - start
