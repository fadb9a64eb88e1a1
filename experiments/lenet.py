"""LeNet-5 as it was and with today's parts: the same sizes, data, optimizer, initialisation and number of epochs."""

from __future__ import annotations

import time
from typing import Any

import torch

from convlab import datasets
from convlab.datasets import Data
from convlab.networks import Network
from convlab.networks.training import Curves, confusion, fit
from experiments.registry import Experiment, Settings
from experiments.resume import Runs

__all__ = ["EXPERIMENT"]

BATCH = 256
CURVES = ("train_loss", "train_accuracy", "test_accuracy")
NETWORKS = {  # the network, its learning rate, and whether that falls; a constant 0.9 is how d2l trains its LeNet
    "1998 style": (
        "conv 6 5 2 | sigmoid | avg 2 | conv 16 5 | sigmoid | avg 2 | flat"
        " | dense 120 | sigmoid | dense 84 | sigmoid | dense 10",
        0.9,
        False,
    ),
    "today": (
        "conv 6 5 2 | norm | relu | max 2 | conv 16 5 | norm | relu | max 2 | flat"
        " | dense 120 | norm | relu | dense 84 | norm | relu | dense 10",
        0.1,
        True,
    ),
}


def run(settings: Settings, runs: Runs) -> Any:
    """Train both networks with each seed."""
    data = runs.sized(28)
    networks: dict[str, dict[str, Any]] = {}
    table = torch.zeros(10, 10, dtype=torch.int64)
    for name, (_, lr, falling) in NETWORKS.items():
        networks[name] = {"lr": lr, "falling": falling} | {figure: [] for figure in (*CURVES, "seconds")}
        for seed in range(settings.seeds):
            made = runs(f"{name}, seed {seed}", trained, name, seed, data, settings, runs, steps=settings.epochs)
            for figure in (*CURVES, "seconds"):
                networks[name][figure].append(made[figure])
            networks[name]["parameters"] = made["parameters"]
            if name == "today":
                table += torch.tensor(made["confusion"])
    return {"networks": networks, "confusion": table.tolist(), "classes": list(data.classes)}


def trained(name: str, seed: int, data: Data, settings: Settings, runs: Runs) -> dict[str, Any]:
    """Train one network; return its curves, its seconds, its size and its confusion matrix."""
    text, lr, falling = NETWORKS[name]
    train = datasets.DeviceLoader(data.train, BATCH, device=settings.device, seed=seed)
    test = datasets.DeviceLoader(data.test, BATCH, device=settings.device, shuffle=False)
    torch.manual_seed(seed)
    net = Network(text, (data.train.pixels.shape[1], 28, 28)).to(settings.device)

    def after(curves: Curves) -> None:
        runs.step(f"{name}, seed {seed}: {curves.test_accuracy[-1]:.1%}")

    start = time.monotonic()
    curves = fit(net, train, test, epochs=settings.epochs, lr=lr, falling=falling, after_epoch=after)
    seconds = time.monotonic() - start
    found: dict[str, Any] = {curve: getattr(curves, curve) for curve in CURVES}
    table = confusion(net, test).tolist()
    return found | {"seconds": seconds, "parameters": net.parameter_count, "confusion": table}


def rates() -> str:
    named = (f"{lr:g} ({name}{', falling' if falling else ''})" for name, (_, lr, falling) in NETWORKS.items())
    return " and ".join(named)


def missing(data: Any, seeds: int, epochs: int) -> list[str]:
    return [
        f"{name}: {curve}"
        for name in NETWORKS
        for curve in CURVES
        if [len(row) for row in data["networks"][name][curve]] != [epochs] * seeds
    ]


EXPERIMENT = Experiment(
    question="What did the years since 1998 change? LeNet-5 with its own parts, and with today's.",
    describe=lambda s: f"{s.walks} of SGD with batches of {BATCH} from Xavier weights, learning rates {rates()}",
    steps=lambda s: len(NETWORKS) * s.seeds * s.epochs,
    run=run,
    missing=missing,
    epochs=10,
)
