"""Does a network know which pixels are neighbours? Shuffle them, all pictures in the same way, and train again."""

from __future__ import annotations

from typing import Any

import torch

from convlab import datasets
from convlab.datasets.data import Split
from convlab.networks import Network
from convlab.networks.training import Curves, fit
from experiments.registry import Experiment, Settings
from experiments.resume import Runs

__all__ = ["EXPERIMENT"]

BATCH, LR, MOMENTUM = 256, 0.05, 0.9
NETWORKS = {
    "mlp": "flat | dense 256 | relu | dense 10",
    "cnn": "conv 16 3 1 | relu | max 2 | conv 32 3 1 | relu | max 2 | flat | dense 10",
}
ORDERS = ("plain", "permuted")


def permuted(split: Split, order: torch.Tensor) -> Split:
    """Return the split with the pixels of every picture, and every channel, in ``order``."""
    return Split(split.pixels.flatten(2)[:, :, order].view_as(split.pixels), split.labels)


def run(settings: Settings, runs: Runs) -> Any:
    """Train both networks on pictures as they are and on permuted ones; each seed has its own permutation."""
    data = runs.sized(28)
    curves: dict[str, dict[str, Any]] = {name: {kind: [] for kind in ORDERS} for name in NETWORKS}
    shape = (data.train.pixels.shape[1], 28, 28)
    parameters = {name: Network(text, shape).parameter_count for name, text in NETWORKS.items()}
    for seed in range(settings.seeds):
        order = torch.randperm(28 * 28, generator=torch.Generator().manual_seed(seed))
        for kind in ORDERS:
            halves = [permuted(h, order) if kind == "permuted" else h for h in (data.train, data.test)]
            for name in NETWORKS:
                one = f"{name}, {kind}, seed {seed}"
                steps = settings.epochs
                curves[name][kind].append(runs(one, trained, one, name, halves, seed, settings, runs, steps=steps))
    return {**curves, "parameters": parameters}


def trained(one: str, name: str, halves: list[Split], seed: int, settings: Settings, runs: Runs) -> list[float]:
    """Train one network; return its test accuracy after each epoch."""
    train = datasets.DeviceLoader(halves[0], BATCH, device=settings.device, seed=seed)
    test = datasets.DeviceLoader(halves[1], 2 * BATCH, device=settings.device, shuffle=False)
    torch.manual_seed(seed)
    net = Network(NETWORKS[name], (halves[0].pixels.shape[1], 28, 28), "kaiming").to(settings.device)

    def after(curves: Curves) -> None:
        runs.step(f"{one}: {curves.test_accuracy[-1]:.1%}")

    found = fit(net, train, test, epochs=settings.epochs, lr=LR, momentum=MOMENTUM, after_epoch=after)
    return found.test_accuracy


def missing(data: Any, seeds: int, epochs: int) -> list[str]:
    return [
        f"{name}: {kind}"
        for name in NETWORKS
        for kind in ORDERS
        if [len(row) for row in data[name][kind]] != [epochs] * seeds
    ]


EXPERIMENT = Experiment(
    question="Does a network know which pixels are neighbours? An MLP and a CNN, on pictures as they are and permuted.",
    describe=lambda s: f"{s.walks} of SGD with batches of {BATCH}, learning rate {LR}, momentum {MOMENTUM}",
    steps=lambda s: len(NETWORKS) * len(ORDERS) * s.seeds * s.epochs,
    run=run,
    missing=missing,
    epochs=5,
)
