"""What did AlexNet's parts do? ReLU against tanh, and local response normalisation, each at its best learning rate."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from convlab import datasets
from convlab.datasets.progress import Progress
from convlab.networks import Network
from convlab.networks.training import confusion
from experiments.registry import Experiment, Settings

__all__ = ["EXPERIMENT"]

BATCH, MOMENTUM, WINDOW = 128, 0.9, 25
TEXT = "conv 12 5 2 | {f} | max 2 | conv 24 3 1 | {f} | max 2 | conv 24 3 1 | {f} | flat | dense 64 | {f} | dense 10"
NETWORKS = {"tanh": ("tanh", False), "relu": ("relu", False), "relu, LRN": ("relu", True)}
RATES = (0.01, 0.03, 0.1)
# the constants of the paper; torch divides alpha by the size
NORMALISATION: dict[str, Any] = {"size": 5, "alpha": 5e-4, "beta": 0.75, "k": 2.0}


def network(name: str, in_shape: tuple[int, int, int]) -> Network:
    """Return the network ``name``; with LRN after the first two nonlinearities, as in the paper."""
    function, normalised = NETWORKS[name]
    net = Network(TEXT.format(f=function), in_shape, "kaiming" if function == "relu" else "xavier")
    if normalised:
        for place in (2, 6):  # the second one has moved on by one
            net.steps.insert(place, nn.LocalResponseNorm(**NORMALISATION))
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


def run(settings: Settings, progress: Progress) -> Any:
    """Train each network with each rate and seed."""
    found: dict[str, Any] = {}
    for name in NETWORKS:
        found[name] = {"train_error": [], "test_accuracy": []}
        for lr in RATES:
            curves, accuracies = [], []
            for seed in range(settings.seeds):
                train_batches, test = datasets.loaders(
                    settings.data, BATCH, size=28, device=settings.device, seed=seed, root=settings.root
                )
                torch.manual_seed(seed)
                channels = next(iter(test))[0].shape[1]
                net = network(name, (channels, 28, 28)).to(settings.device)
                curves.append(train(net, train_batches, settings.epochs, lr))
                table = confusion(net, test)
                accuracies.append((table.diagonal().sum() / table.sum()).item())
                progress.step(f"{name}, rate {lr}, seed {seed}: {accuracies[-1]:.1%}")
            found[name]["train_error"].append(curves)
            found[name]["test_accuracy"].append(accuracies)
    return {"networks": found, "rates": list(RATES), "window": WINDOW}


def missing(data: Any, seeds: int, epochs: int) -> list[str]:
    """Name the networks and rates of which runs are missing; a curve has a figure for each ``WINDOW`` steps."""
    return [
        f"{name}: rate {lr}"
        for name in NETWORKS
        for number, lr in enumerate(RATES)
        if len(data["networks"][name]["test_accuracy"][number]) != seeds
        or [len(c) >= epochs for c in data["networks"][name]["train_error"][number]] != [True] * seeds
    ]


EXPERIMENT = Experiment(
    question="What did AlexNet's parts do? ReLU against tanh, with and without local response normalisation.",
    describe=lambda s: (
        f"{s.walks} of SGD with batches of {BATCH}, momentum {MOMENTUM}, learning rates {', '.join(map(str, RATES))}"
    ),
    steps=lambda s: len(NETWORKS) * len(RATES) * s.seeds,
    run=run,
    missing=missing,
)
