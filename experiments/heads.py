"""Compare heads on the feature maps: dense layers or global average pooling, with few and with shifted pictures."""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from convlab import datasets
from convlab.datasets.progress import Progress
from convlab.networks import Network
from convlab.networks.training import confusion, train_epoch
from experiments.registry import Experiment, Settings

__all__ = ["EXPERIMENT", "moved"]

BATCH = 50
RATE = 0.05
COUNTS = (300, 3000)  # pictures to learn from; an epoch has as many steps for each of them
SHIFTS = (0, 2, 4, 6, 8)  # pixels to the right
TRUNK = (
    "conv 16 3 1 | norm | relu | max 2 | conv 32 3 1 | norm | relu | max 2 | conv 64 3 1 | norm | relu"  # 64 × 7 × 7
)
HEADS = {
    "two dense layers": "flat | dense 256 | relu | dense 10",
    "one dense layer": "flat | dense 10",
    "1×1 and the average": "conv 10 1 | avg 7 | flat",
}
FIGURES = ("train_accuracy", "test_accuracy", "shifted")


def moved(images: Tensor, pixels: int) -> Tensor:
    """Return pictures (N, C, H, W) moved to the right by so many pixels; zeros enter, the right edge is cut off."""
    return F.pad(images, (pixels, 0))[..., : images.shape[-1]]


def run(settings: Settings, progress: Progress) -> Any:
    """Train each head on each number of pictures with each seed."""
    data = datasets.load(settings.data, size=28, root=settings.root)
    test = _batches(data.test.images, data.test.labels, settings.device)
    shape = (data.train.pixels.shape[1], 28, 28)
    trunk = Network(TRUNK, shape).parameter_count
    found: dict[str, Any] = {}
    for head, layers in HEADS.items():
        found[head] = {figure: [[] for _ in COUNTS] for figure in FIGURES}
        for place, count in enumerate(COUNTS):
            for seed in range(settings.seeds):
                chosen = torch.randperm(len(data.train), generator=torch.Generator().manual_seed(seed))[:count]
                part = datasets.Split(data.train.pixels[chosen], data.train.labels[chosen])
                torch.manual_seed(seed)
                net = Network(f"{TRUNK} | {layers}", shape, "kaiming").to(settings.device)
                _train(net, part, settings, seed, max(COUNTS) // count)
                own = _accuracy(net, _batches(part.images, part.labels, settings.device))
                shifted = [_accuracy(net, [(moved(x, pixels), y) for x, y in test]) for pixels in SHIFTS]
                for figure, value in zip(FIGURES, (own, shifted[0], shifted), strict=True):
                    found[head][figure][place].append(value)
                progress.step(f"{head}, {count} pictures, seed {seed}: {shifted[0]:.1%}")
        found[head]["parameters"] = net.parameter_count
        found[head]["head"] = net.parameter_count - trunk
    return {"heads": found, "counts": list(COUNTS), "shifts": list(SHIFTS)}


def _train(net: nn.Module, part: datasets.Split, settings: Settings, seed: int, walks: int) -> None:
    loader = datasets.DeviceLoader(part, BATCH, device=settings.device, seed=seed)
    optimizer = torch.optim.SGD(net.parameters(), RATE, 0.9)
    for epoch in range(settings.epochs):
        for group in optimizer.param_groups:
            group["lr"] = RATE * (1 + math.cos(math.pi * epoch / settings.epochs)) / 2
        for _ in range(walks):
            train_epoch(net, loader, optimizer)


def _batches(images: Tensor, labels: Tensor, device: str) -> list[tuple[Tensor, Tensor]]:
    return [
        (x.to(device), y.to(device)) for x, y in zip(torch.split(images, 1000), torch.split(labels, 1000), strict=True)
    ]


def _accuracy(net: nn.Module, batches: list[tuple[Tensor, Tensor]]) -> float:
    table = confusion(net, batches)
    return (table.diagonal().sum() / table.sum()).item()


def missing(data: Any, seeds: int, epochs: int) -> list[str]:
    return [
        f"{head}, {count} pictures: {figure}"
        for head in HEADS
        for place, count in enumerate(COUNTS)
        for figure in FIGURES
        if len(data["heads"][head][figure][place]) != seeds
    ]


EXPERIMENT = Experiment(
    question="Dense layers on the maps, or their average: which learns from few pictures, and which minds a shift?",
    describe=lambda s: (
        f"{s.epochs * max(COUNTS) // BATCH} steps of SGD with momentum 0.9, batches of {BATCH} and a rate that falls "
        f"from {RATE}"
    ),
    steps=lambda s: len(HEADS) * len(COUNTS) * s.seeds,
    run=run,
    missing=missing,
    epochs=6,
)
