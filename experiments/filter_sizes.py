"""Must a layer choose one filter size? Modules of 1 × 1, 3 × 3, 5 × 5 and mixed filters, at equal cost.

The pictures are the course's drawn shapes, one to a picture, at mixed scales: each is drawn at 48 × 48, made smaller
by a factor between 1 and 4, and put somewhere on 32 × 32; noise is added. The widths of the modules are chosen so that
all networks take about as many multiply-accumulate operations (within 3%), and so have about as many parameters.
"""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from convlab import datasets
from convlab.datasets.data import resized
from convlab.networks import Network
from convlab.networks.training import confusion, train_epoch
from convlab.trace import trace
from experiments.registry import Experiment, Settings
from experiments.resume import Runs

__all__ = ["EXPERIMENT", "NETWORKS", "mixed_scales", "text"]

SIDE, DRAWN, NOISE = 32, 48, 0.05
SCALES = (12, 16, 24, 32)  # sides at which the drawn pictures of 48 × 48 are put on the canvas
TRAIN, TEST = 1000, 1000  # pictures; each seed draws its own
BATCH, MOMENTUM = 25, 0.9
RATES = (0.03, 0.1, 0.3)
TRIAL = 1000  # the seed of the runs that look for a rate
NETWORKS = {  # the filters of a module
    "1×1": "conv 75 1",
    "3×3": "conv 18 3 1",
    "5×5": "conv 8 5 2",
    "mixed": "cat(conv 5 1 ; conv 7 3 1 ; conv 4 5 2)",
}
FIGURES = ("test_accuracy", "train_accuracy", "by_scale")


def text(name: str) -> str:
    """Return the network: a layer of 3 × 3 that all share, two modules, and the average of the maps."""
    module = f"{NETWORKS[name]} | norm | relu"
    return f"conv 8 3 1 | norm | relu | max 2 | {module} | max 2 | {module} | avg 8 | flat | dense 5"


def mixed_scales(count: int, seed: int) -> tuple[Tensor, Tensor, Tensor]:
    """Draw pictures (count, 3, 32, 32), and return the kinds of their shapes and the places of their scales."""
    scenes = datasets.shapes(count, DRAWN, seed, objects=1)
    dice = torch.Generator().manual_seed(seed)
    scales = torch.randint(len(SCALES), (count,), generator=dice)
    pictures = torch.empty(count, 3, SIDE, SIDE)
    for place, size in enumerate(SCALES):
        for row in (scales == place).nonzero().flatten().tolist():
            down, right = torch.randint(SIDE - size + 1, (2,), generator=dice).tolist()
            small = resized(scenes.images[row : row + 1], size)
            around = (right, SIDE - size - right, down, SIDE - size - down)
            pictures[row] = F.pad(small, around, mode="replicate")[0]
    pictures += NOISE * torch.randn(pictures.shape, generator=dice)
    return (pictures - 0.8) / 0.25, torch.cat(scenes.labels), scales


def run(settings: Settings, runs: Runs) -> Any:
    """Find a rate for each network, and train it with that rate and each seed.

    Raises:
        ValueError: other data are asked for than the drawn shapes.
    """
    if settings.data != "shapes":
        raise ValueError(f"This experiment draws its shapes: run with --data shapes, not {settings.data}.")
    found: dict[str, Any] = {}
    for name in NETWORKS:
        net = Network(text(name), (3, SIDE, SIDE))
        trials = [runs(f"{name}, rate {rate}", trained, name, rate, TRIAL, settings) for rate in RATES]
        right = [one["test_accuracy"] for one in trials]
        found[name] = {"macs": trace(net, (3, SIDE, SIDE)).macs, "parameters": net.parameter_count, "validation": right}
        found[name] |= {"rate": RATES[right.index(max(right))]} | {figure: [] for figure in FIGURES}
    for seed in range(settings.seeds):  # last, so that a recording that is stopped has whole seeds
        for name, figures in found.items():
            one = runs(f"{name}, seed {seed}", trained, name, figures["rate"], seed, settings)
            for figure in FIGURES:
                figures[figure].append(one[figure])
    return {"networks": found, "rates": list(RATES), "scales": list(SCALES)}


def trained(name: str, rate: float, seed: int, settings: Settings) -> dict[str, Any]:
    """Train a network on pictures of this seed, and test it on others, over all scales and at each of them."""
    x, y, _ = mixed_scales(TRAIN, 2 * seed)
    loader = datasets.DeviceLoader(datasets.Split(x, y), BATCH, device=settings.device, seed=seed)
    torch.manual_seed(seed)
    net = Network(text(name), (3, SIDE, SIDE), "kaiming").to(settings.device)
    optimizer = torch.optim.SGD(net.parameters(), rate, MOMENTUM)
    right = 0.0
    for epoch in range(settings.epochs):
        for group in optimizer.param_groups:
            group["lr"] = rate * (1 + math.cos(math.pi * epoch / settings.epochs)) / 2
        _, right = train_epoch(net, loader, optimizer)
    x, y, scales = mixed_scales(TEST, 2 * seed + 1)
    by_scale = []
    for place in range(len(SCALES)):
        here = datasets.Split(x[scales == place], y[scales == place])
        table = confusion(net, datasets.DeviceLoader(here, 250, device=settings.device, shuffle=False), 5)
        by_scale.append((int(table.diagonal().sum()), int(table.sum())))
    return {
        "test_accuracy": sum(named for named, _ in by_scale) / sum(count for _, count in by_scale),
        "train_accuracy": right,
        "by_scale": [named / count for named, count in by_scale],
    }


def missing(data: Any, seeds: int, epochs: int) -> list[str]:
    return [
        f"{name}: {figure}" for name in NETWORKS for figure in FIGURES if len(data["networks"][name][figure]) != seeds
    ]


EXPERIMENT = Experiment(
    question="Filters of one size, or of several? 1 × 1, 3 × 3, 5 × 5 and mixed, at equal cost, on mixed scales",
    describe=lambda s: (
        f"{s.walks} of SGD with batches of {BATCH}, momentum {MOMENTUM} and a falling rate, for each network the best "
        f"of {', '.join(map(str, RATES))} in a run of its own; {TRAIN:,} training and {TEST:,} test pictures of "
        f"{SIDE} × {SIDE} with one shape each, {SCALES[0] / DRAWN:.0%} to {SCALES[-1] / DRAWN:.0%} of its drawn size"
    ),
    steps=lambda s: len(NETWORKS) * (len(RATES) + s.seeds),
    run=run,
    missing=missing,
    epochs=10,
    seeds=10,
    data="shapes",
)
