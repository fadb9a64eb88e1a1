"""Too low, right, too high: the same small network from the same start, once for each learning rate."""

from __future__ import annotations

import math
from typing import Any

import torch
from torch.nn import functional as F

from convlab import datasets
from convlab.datasets import Data
from convlab.networks import Network
from experiments.registry import Experiment, Settings
from experiments.resume import Runs

__all__ = ["EXPERIMENT"]

BATCH = 256
RATES = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0)
NETWORK = "conv 8 5 2 | relu | max 2 | conv 16 5 | relu | max 2 | flat | dense 64 | relu | dense 10"


def run(settings: Settings, runs: Runs) -> Any:
    """Keep the loss of every step; None from the step on where it is no finite number."""
    data = runs.sized(28)
    seeds = range(settings.seeds)
    losses = [
        [runs(f"rate {rate:g}, seed {seed}", trained, rate, seed, data, settings) for seed in seeds] for rate in RATES
    ]
    return {"rates": list(RATES), "loss": losses, "steps_per_epoch": -(-len(data.train) // BATCH)}


def trained(rate: float, seed: int, data: Data, settings: Settings) -> list[float | None]:
    """Train with one rate; return the loss of every step."""
    train = datasets.DeviceLoader(data.train, BATCH, device=settings.device, seed=seed)
    torch.manual_seed(seed)  # the same start and the same batches for each rate
    net = Network(NETWORK, (data.train.pixels.shape[1], 28, 28), "kaiming").to(settings.device)
    optimizer = torch.optim.SGD(net.parameters(), rate)
    steps: list[float | None] = []
    for _ in range(settings.epochs):
        for x, y in train:
            loss = F.cross_entropy(net(x), y)
            net.zero_grad()
            torch.autograd.backward(loss)
            optimizer.step()
            value = loss.item()
            steps.append(value if math.isfinite(value) else None)
    return steps


def missing(data: Any, seeds: int, epochs: int) -> list[str]:
    wanted = [epochs * data["steps_per_epoch"]] * seeds
    absent = [] if data["rates"] == list(RATES) else ["rates"]
    return absent + [
        f"loss at {rate:g}"
        for rate, runs in zip(RATES, data["loss"], strict=True)
        if [len(steps) for steps in runs] != wanted
    ]


EXPERIMENT = Experiment(
    question="Which learning rates are too low, and which too high? The loss of every step, for eight of them.",
    describe=lambda s: f"{s.walks} of plain SGD with batches of {BATCH}",
    steps=lambda s: len(RATES) * s.seeds,
    run=run,
    missing=missing,
)
