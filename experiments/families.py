"""Six kinds of network on one data set: as many epochs, and the same search for a learning rate, for each of them.

Each keeps the idea of its model and is scaled down to pictures of 28 × 28. Each is trained as it stands here, and with
batch normalisation after every convolution, so that its idea can be told from what normalisation does.
"""

from __future__ import annotations

import math
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from convlab import datasets
from convlab.networks import Network
from convlab.networks.training import confusion, train_epoch
from convlab.trace import trace
from experiments.registry import Experiment, Settings
from experiments.resume import Runs

__all__ = ["EXPERIMENT", "NETWORKS", "Scale", "normalised", "scale_of"]

SIDE, BATCH, MOMENTUM = 28, 64, 0.9
RATES = (0.01, 0.03, 0.1)
TRIAL = 1000  # the seed of the runs that look for a rate
FORMS = ("plain", "normalised")
FIGURES = ("train_accuracy", "test_accuracy", "seconds")
MIXED = (
    "cat(conv {0} 1 | relu ; conv {0} 1 | relu | conv {1} 3 1 | relu ;"
    " conv {2} 1 | relu | conv {3} 5 2 | relu ; max 3 1 1 | conv {3} 1 | relu)"
)
NETWORKS = {
    "LeNet": (
        "conv 6 5 2 | relu | max 2 | conv 16 5 | relu | max 2 | flat | dense 120 | relu | dense 84 | relu | dense 10"
    ),
    "AlexNet": (
        "conv 12 7 3 | relu | max 3 2 | conv 24 5 2 | relu | max 3 2 | conv 36 3 1 | relu | conv 36 3 1 | relu"
        " | conv 24 3 1 | relu | max 3 2 | flat | dense 256 | relu | dense 256 | relu | dense 10"
    ),
    "VGG": (
        "conv 8 3 1 | relu | conv 8 3 1 | relu | max 2 | conv 16 3 1 | relu | conv 16 3 1 | relu | max 2"
        " | conv 32 3 1 | relu | conv 32 3 1 | relu | max 2 | flat | dense 256 | relu | dense 256 | relu | dense 10"
    ),
    "NiN": (
        "conv 12 5 2 | relu | conv 12 1 | relu | conv 12 1 | relu | max 3 2 | conv 24 5 2 | relu | conv 24 1 | relu"
        " | conv 24 1 | relu | max 3 2 | conv 36 3 1 | relu | conv 36 1 | relu | conv 36 1 | relu"
        " | conv 10 3 1 | relu | conv 10 1 | relu | conv 10 1 | relu | avg 6 | flat"
    ),
    "GoogLeNet": (
        "conv 8 5 2 | relu | max 3 2 1 | conv 8 1 | relu | conv 16 3 1 | relu"
        f" | {MIXED.format(8, 16, 4, 8)} | max 3 2 1 | {MIXED.format(16, 32, 4, 8)} | {MIXED.format(24, 48, 8, 16)}"
        " | avg 7 | flat | dense 10"
    ),
    "ResNet": (
        "conv 8 3 1 | relu | sum(conv 8 3 1 | relu | conv 8 3 1 ; same) | relu"
        " | sum(conv 16 3 1 2 | relu | conv 16 3 1 ; conv 16 1 0 2) | relu"
        " | sum(conv 32 3 1 2 | relu | conv 32 3 1 ; conv 32 1 0 2) | relu | avg 7 | flat | dense 10"
    ),
}


@dataclass(frozen=True)
class Scale:
    """How many pictures a run uses, where there are so many."""

    train: int
    """to learn from; each seed, and the search for a rate, draws its own"""
    held_back: int
    """training pictures that only choose the rate"""


SMALL = Scale(train=7_500, held_back=2_000)
FULL = Scale(train=55_000, held_back=5_000)


def scale_of(settings: Settings) -> Scale:
    """Return the scale of a run: small on a CPU, unless the full size is asked for."""
    return SMALL if settings.device == "cpu" and not settings.full else FULL


def normalised(text: str) -> str:
    """Return the text of a network with batch normalisation after every convolution."""
    return re.sub(r"conv [\d ]*\d", r"\g<0> | norm", text)


def run(settings: Settings, runs: Runs) -> Any:
    """Find a rate for each form of each network, and train it with that rate and each seed."""
    scale = scale_of(settings)
    data = runs.sized(SIDE)
    shape = (data.train.pixels.shape[1], SIDE, SIDE)
    order = torch.randperm(len(data.train), generator=torch.Generator().manual_seed(0))
    held = min(scale.held_back, len(order) // 6)
    free, checked = order[held:], (data.train, order[:held])
    test = (data.test, torch.arange(len(data.test)))
    found: dict[str, Any] = {}
    for name, text in NETWORKS.items():
        found[name] = {"macs": trace(Network(text, shape), shape).macs}
        for form in FORMS:
            made = text if form == "plain" else normalised(text)
            both = f"{name}, {form}"
            figures: dict[str, Any] = {"parameters": Network(made, shape).parameter_count}
            trials = [
                runs(f"{both}, rate {rate}", outcome, made, data.train, free, checked, rate, TRIAL, settings)
                for rate in RATES
            ]
            figures["validation"] = [one["test_accuracy"] for one in trials]
            figures["rate"] = RATES[figures["validation"].index(max(figures["validation"]))]
            seeds = [
                runs(f"{both}, seed {seed}", outcome, made, data.train, free, test, figures["rate"], seed, settings)
                for seed in range(settings.seeds)
            ]
            found[name][form] = figures | {figure: [one[figure] for one in seeds] for figure in FIGURES}
    return {"networks": found, "rates": list(RATES)}


def outcome(
    text: str,
    split: datasets.Split,
    free: Tensor,
    asked: tuple[datasets.Split, Tensor],
    rate: float,
    seed: int,
    settings: Settings,
) -> dict[str, Any]:
    """Train a network; return its training accuracy and seconds by epoch, and its accuracy on the ``asked`` rows."""
    net, epochs = trained(text, split, free, rate, seed, settings)
    return {
        "train_accuracy": [right for right, _ in epochs],
        "seconds": [seconds for _, seconds in epochs],
        "test_accuracy": accuracy(net, batches(*asked, settings.device)),
    }


def trained(
    text: str, split: datasets.Split, free: Tensor, rate: float, seed: int, settings: Settings
) -> tuple[Network, list[tuple[float, float]]]:
    """Train the network on pictures that ``seed`` draws from the free ones; return it, and what each epoch gave."""
    torch.manual_seed(seed)
    net = Network(text, (split.pixels.shape[1], SIDE, SIDE), "kaiming").to(settings.device)
    order = torch.randperm(len(free), generator=torch.Generator().manual_seed(seed))
    many = batches(split, free[order[: scale_of(settings).train]], settings.device, seed)
    return net, list(descend(net, many, rate, settings.epochs))


def batches(split: datasets.Split, chosen: Tensor, device: str, seed: int | None = None) -> datasets.DeviceLoader:
    """Return batches of the chosen pictures, shuffled where a seed is given."""
    part = datasets.Split(split.pixels[chosen], split.labels[chosen])
    shuffle = seed is not None
    return datasets.DeviceLoader(part, BATCH if shuffle else 500, device=device, shuffle=shuffle, seed=seed or 0)


def descend(net: nn.Module, train: datasets.DeviceLoader, rate: float, epochs: int) -> Iterator[tuple[float, float]]:
    """Train; give the training accuracy of each epoch, as it went, and its seconds: of the CPU where that trains."""
    clock = time.process_time if train.device.type == "cpu" else time.perf_counter
    optimizer = torch.optim.SGD(net.parameters(), rate, MOMENTUM)
    for epoch in range(epochs):
        for group in optimizer.param_groups:
            group["lr"] = rate * (1 + math.cos(math.pi * epoch / epochs)) / 2
        start = clock()
        _, right = train_epoch(net, train, optimizer)
        yield right, clock() - start


def accuracy(net: nn.Module, pictures: datasets.DeviceLoader) -> float:
    table = confusion(net, pictures)
    return (table.diagonal().sum() / table.sum()).item()


def describe(settings: Settings) -> str:
    scale = scale_of(settings)
    return (
        f"{settings.walks} of SGD with batches of {BATCH}, momentum {MOMENTUM} and a falling learning rate on "
        f"{scale.train:,} training pictures; the rate is, for each network, the best of "
        f"{', '.join(map(str, RATES))} on {scale.held_back:,} training pictures held back, in a run of its own"
    )


def missing(data: Any, seeds: int, epochs: int) -> list[str]:
    lacking = []
    for name in NETWORKS:
        for form in FORMS:
            figures = data["networks"][name][form]
            curves = [len(row) for figure in ("train_accuracy", "seconds") for row in figures[figure]]
            if curves != [epochs] * (2 * seeds) or len(figures["test_accuracy"]) != seeds:
                lacking.append(f"{name}, {form}")
    return lacking


EXPERIMENT = Experiment(
    question="LeNet, AlexNet, VGG, NiN, GoogLeNet and ResNet, made small: which learns most in as many epochs?",
    describe=describe,
    steps=lambda s: len(NETWORKS) * len(FORMS) * (len(RATES) + s.seeds),
    run=run,
    missing=missing,
    epochs=3,
    has_full_size=True,
)
