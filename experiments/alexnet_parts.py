"""What did AlexNet's parts do? ReLU against tanh, and local response normalisation, each at its best learning rate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from convlab import datasets
from convlab.datasets import Data, Split
from convlab.networks import Network
from convlab.networks.training import confusion
from experiments.registry import Experiment, Settings
from experiments.resume import Runs

__all__ = ["EXPERIMENT"]

BATCH, MOMENTUM, WINDOW = 50, 0.9, 25
TEXT = "conv 12 5 2 | {f} | max 2 | conv 24 3 1 | {f} | max 2 | conv 24 3 1 | {f} | flat | dense 64 | {f} | dense 10"
NETWORKS = {"tanh": ("tanh", False), "relu": ("relu", False), "relu, LRN": ("relu", True)}
RATES = (0.01, 0.03, 0.1, 0.3)
FIGURES = ("train_error", "test_accuracy")
# the constants of the paper; torch divides alpha by the size
NORMALISATION: dict[str, Any] = {"size": 5, "alpha": 5e-4, "beta": 0.75, "k": 2.0}


@dataclass(frozen=True)
class Scale:
    """How large a run is: the side of the pictures, and how many there are to learn from and to test with, or all."""

    size: int
    train: int | None
    test: int | None


SMALL = Scale(size=16, train=2000, test=2000)
FULL = Scale(size=28, train=None, test=None)


def scale_of(settings: Settings) -> Scale:
    """Return the scale of a run: small on a CPU, unless the full size is asked for."""
    return SMALL if settings.device == "cpu" and not settings.full else FULL


class Normalised(nn.LocalResponseNorm):
    """Normalise as if the maps came from pictures of 0–255, as in the paper: multiply by 255, normalise, divide again.

    Without that, pictures of 0–1 have maps of about 1, and with the paper's constants nothing is left of it but a
    factor of 0.59. Undoing the scale afterwards keeps the same initial weights and rates right for all networks.
    """

    def forward(self, x: Tensor) -> Tensor:
        return super().forward(255 * x) / 255


def network(name: str, in_shape: tuple[int, int, int]) -> Network:
    """Return the network ``name``; with LRN after the first two nonlinearities, as in the paper."""
    function, normalised = NETWORKS[name]
    net = Network(TEXT.format(f=function), in_shape, "kaiming" if function == "relu" else "xavier")
    if normalised:
        for place in (2, 6):  # the second one has moved on by one
            net.steps.insert(place, Normalised(**NORMALISATION))
    return net


def train(net: nn.Module, batches: Any, epochs: int, lr: float) -> list[float]:
    """Train by SGD; return the training error over each ``WINDOW`` steps, of the outputs the steps were made from."""
    optimizer = torch.optim.SGD(net.parameters(), lr, MOMENTUM)
    wrong: list[Tensor] = []
    net.train()
    for _ in range(epochs):
        for x, y in batches:
            logits = net(x)
            optimizer.zero_grad()
            torch.autograd.backward(F.cross_entropy(logits, y))
            optimizer.step()
            wrong.append((logits.detach().argmax(1) != y).float().mean())
    errors = torch.stack(wrong)
    whole = [part for part in torch.split(errors, WINDOW) if len(part) == min(WINDOW, len(errors))]
    return [part.mean().item() for part in whole]


def run(settings: Settings, runs: Runs) -> Any:
    """Train each network with each rate and seed; seeds in the outer loop, so that one is whole first."""
    data = runs.sized(scale_of(settings).size)
    made: dict[tuple[str, float], list[Any]] = {(name, lr): [] for name in NETWORKS for lr in RATES}
    for seed in range(settings.seeds):
        for (name, lr), results in made.items():
            results.append(runs(f"{name}, rate {lr}, seed {seed}", trained, name, lr, seed, data, settings))
    found = {
        name: {figure: [[one[figure] for one in made[name, lr]] for lr in RATES] for figure in FIGURES}
        for name in NETWORKS
    }
    scale = scale_of(settings)
    return {
        "networks": found,
        "rates": list(RATES),
        "window": WINDOW,
        "batch_size": BATCH,
        "pictures": scale.train or len(data.train),
        "size": scale.size,
    }


def trained(name: str, lr: float, seed: int, data: Data, settings: Settings) -> dict[str, Any]:
    """Train one network on pictures that ``seed`` draws; return its training error as it went, and test accuracy."""
    scale = scale_of(settings)
    halves = []
    for split, count, dice in ((data.train, scale.train, seed), (data.test, scale.test, 0)):
        rows = torch.randperm(len(split), generator=torch.Generator().manual_seed(dice))[:count]
        halves.append(Split(split.pixels[rows], split.labels[rows]))
    batches = datasets.DeviceLoader(halves[0], BATCH, device=settings.device, seed=seed, augment=centred)
    test = datasets.DeviceLoader(halves[1], 500, device=settings.device, shuffle=False, augment=centred)
    torch.manual_seed(seed)
    net = network(name, (data.train.pixels.shape[1], scale.size, scale.size)).to(settings.device)
    errors = train(net, batches, settings.epochs, lr)
    table = confusion(net, test)
    return {"train_error": errors, "test_accuracy": (table.diagonal().sum() / table.sum()).item()}


def centred(x: Tensor) -> Tensor:
    """Take a middle value from pixels of 0–1: the paper subtracted each pixel's mean over the training pictures."""
    return x - 0.45


def missing(data: Any, seeds: int, epochs: int) -> list[str]:
    """Name the networks and rates of which runs are missing; a curve has a figure for each ``WINDOW`` steps."""
    return [
        f"{name}: rate {lr}"
        for name in NETWORKS
        for number, lr in enumerate(RATES)
        if len(data["networks"][name]["test_accuracy"][number]) != seeds
        or [len(c) > 0 for c in data["networks"][name]["train_error"][number]] != [True] * seeds
    ]


def describe(settings: Settings) -> str:
    scale = scale_of(settings)
    pictures = f"{scale.train:,} training and {scale.test:,} test pictures" if scale.train else "all pictures"
    return (
        f"{settings.walks} of SGD with batches of {BATCH}, momentum {MOMENTUM}, learning rates "
        f"{', '.join(map(str, RATES))}, on {pictures} of {scale.size} × {scale.size}; local response normalisation "
        "acts on maps as from pictures of 0–255"
    )


EXPERIMENT = Experiment(
    question="What did AlexNet's parts do? ReLU against tanh, with and without local response normalisation.",
    describe=describe,
    steps=lambda s: len(NETWORKS) * len(RATES) * s.seeds,
    run=run,
    missing=missing,
    epochs=25,
    has_full_size=True,
)
