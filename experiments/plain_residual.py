"""Does depth help? Plain networks of 20 and 56 layers against residual ones with the same parameters, on CIFAR-10.

After He et al. (2016), section 4.2. On a GPU the networks, pictures and batches are the paper's; on a CPU the same
networks learn from 20,000 pictures at half their side, about 20 minutes a seed, and the record says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import lr_scheduler

from convlab import datasets
from convlab.datasets.data import Data, Split, resized
from convlab.networks.skip_stack import SkipStack
from convlab.networks.training import confusion, train_epoch
from experiments.registry import Experiment, Settings
from experiments.resume import Runs
from experiments.skip_probes import error_without, gradient_by_layer, slice_of_the_loss

__all__ = ["EXPERIMENT", "Scale", "scale_of"]

LR, MOMENTUM, DECAY, PROBE = 0.1 / 128, 0.9, 1e-4, 512  # the rate for each picture of a batch
NETWORKS = {f"{kind}-{6 * n + 2}": (n, kind == "residual") for kind in ("plain", "residual") for n in (3, 9)}
CURVES = ("train_loss", "train_error", "test_error")
PROBES = ("gradient_start", "gradient_end", "slice", "without_pair")
DISTANCES = [i / 10 for i in range(-10, 11)]


@dataclass(frozen=True)
class Scale:
    """How large a run is; ``train`` and ``test`` count pictures, 0 for all of them."""

    width: int
    """channels of the first stage"""
    size: int
    """side of a picture in pixels"""
    train: int
    test: int
    batch: int
    augment: bool


SMALL = Scale(width=16, size=16, train=20_000, test=5000, batch=64, augment=True)
FULL = Scale(width=16, size=32, train=0, test=0, batch=128, augment=True)


def scale_of(device: str) -> Scale:
    """Return the scale of a run on ``device``."""
    return SMALL if device == "cpu" else FULL


def run(settings: Settings, runs: Runs) -> Any:
    """Train each network with each seed, and probe it before and after."""
    found: dict[str, dict[str, Any]] = {name: {figure: [] for figure in (*CURVES, *PROBES)} for name in NETWORKS}
    for seed in range(settings.seeds):
        for name in NETWORKS:
            made = runs(f"{name}, seed {seed}", trained, name, seed, settings, runs, steps=settings.epochs)
            for figure in (*CURVES, *PROBES):
                found[name][figure].append(made[figure])
            found[name]["parameters"] = made["parameters"]
            found[name]["bypassable"] = made["bypassable"]
    return {"networks": found, "distances": DISTANCES}


def trained(name: str, seed: int, settings: Settings, runs: Runs) -> dict[str, Any]:
    """Train one network; return its curves, and what the probes find."""
    n, skips = NETWORKS[name]
    scale = scale_of(settings.device)
    train, test = loaders_of(runs.data, scale, settings.device, seed)
    own = Split(train.pixels, train.labels)
    x, y = next(iter(datasets.DeviceLoader(own, PROBE, device=settings.device, seed=seed)))
    x = standardised(x)
    torch.manual_seed(seed)
    net = SkipStack(n, scale.width, skips).to(settings.device)
    figures: dict[str, Any] = {curve: [] for curve in CURVES} | {"gradient_start": gradient_by_layer(net, x, y)}
    for values in descend(net, train, test, settings.epochs):
        for curve, value in zip(CURVES, values, strict=True):
            figures[curve].append(value)
        runs.step(f"{name}, seed {seed}: test error {values[-1]:.1%}")
    return figures | {
        "gradient_end": gradient_by_layer(net, x, y),
        "slice": slice_of_the_loss(net, x, y, DISTANCES, seed),
        "without_pair": [error_without(net, test, pair) for pair in net.bypassable],
        "parameters": sum(p.numel() for p in net.parameters()),
        "bypassable": net.bypassable,
    }


def loaders_of(data: Data, scale: Scale, device: str, seed: int) -> tuple[datasets.DeviceLoader, datasets.DeviceLoader]:
    """Return loaders of the training and test pictures at ``scale``, a different choice of them for each seed."""
    first: list[Any] = []
    if scale.augment:
        first = [datasets.RandomShift(scale.size // 8, seed), datasets.RandomFlip(seed=seed)]
    halves = []
    for split, count in ((data.train, scale.train), (data.test, scale.test)):
        chosen = torch.randperm(len(split), generator=torch.Generator().manual_seed(seed))[: count or None]
        halves.append(Split(resized(split.pixels[chosen], scale.size), split.labels[chosen]))
    train = datasets.DeviceLoader(
        halves[0], scale.batch, device=device, seed=seed, augment=datasets.Both(*first, standardised)
    )
    return train, datasets.DeviceLoader(halves[1], 500, device=device, shuffle=False, augment=standardised)


def standardised(x: Tensor) -> Tensor:
    """Bring pixels of CIFAR-10 to about mean 0 and deviation 1; gray pictures get three equal channels."""
    return ((x - 0.47) / 0.25).expand(-1, 3, -1, -1)


def descend(
    net: nn.Module,
    train: datasets.DeviceLoader,
    test: datasets.DeviceLoader,
    epochs: int,
    rate: float | None = None,
) -> Iterator[tuple[float, float, float]]:
    """Train; give training loss, training error and test error after each epoch.

    The learning rate rises to ``rate``, or, if there is none, to the usual one for the size of the batches.
    """
    rate = LR * train.batch_size if rate is None else rate
    optimizer = torch.optim.SGD(net.parameters(), rate, MOMENTUM, weight_decay=DECAY)
    rise, fall = len(train), max(1, len(train) * (epochs - 1))
    schedule = lr_scheduler.SequentialLR(
        optimizer,
        [lr_scheduler.LinearLR(optimizer, 0.1, 1, rise), lr_scheduler.CosineAnnealingLR(optimizer, fall)],
        [rise],
    )
    optimizer.register_step_post_hook(lambda *_: schedule.step())
    for _ in range(epochs):
        loss, accuracy = train_epoch(net, train, optimizer)
        table = confusion(net, test)
        yield loss, 1 - accuracy, 1 - (table.diagonal().sum() / table.sum()).item()


def describe(settings: Settings) -> str:
    scale = scale_of(settings.device)
    pictures = f"{scale.train:,} training and {scale.test:,} test pictures" if scale.train else "all pictures"
    shifted = f", shifted by up to {scale.size // 8} pixels and mirrored" if scale.augment else ""
    return (
        f"{settings.walks} of SGD with batches of {scale.batch}, momentum {MOMENTUM}, weight decay {DECAY:g} and a "
        f"learning rate that rises to {LR * scale.batch:g} in the first epoch and falls from there, on {pictures} of "
        f"{scale.size} × {scale.size}{shifted}, {scale.width} channels in the first stage"
    )


def missing(data: Any, seeds: int, epochs: int) -> list[str]:
    lacking = []
    for name, (n, _) in NETWORKS.items():
        figures = data["networks"][name]
        lengths = dict.fromkeys(CURVES, epochs) | dict.fromkeys(PROBES[:2], 6 * n + 1)
        lengths |= {"slice": len(data["distances"]), "without_pair": len(figures["bypassable"])}
        for figure, length in lengths.items():
            if [len(row) for row in figures[figure]] != [length] * seeds:
                lacking.append(f"{name}: {figure}")
    return lacking


EXPERIMENT = Experiment(
    question="Does depth help? 20 and 56 layers, plain and residual: training and test error, gradients, lost layers.",
    describe=describe,
    steps=lambda s: len(NETWORKS) * s.seeds * s.epochs,
    run=run,
    missing=missing,
    epochs=10,
)
