"""Does a network know which pixels are neighbours? Shuffle them, all pictures in the same way, and train again."""

from __future__ import annotations

from typing import Any

import torch

from convlab import datasets
from convlab.datasets.data import Split
from convlab.datasets.progress import Progress
from convlab.networks import Network
from convlab.networks.training import Curves, fit
from experiments.registry import Experiment, Settings

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


def run(settings: Settings, progress: Progress) -> Any:
    """Train both networks on pictures as they are and on permuted ones; each seed has its own permutation."""
    data = datasets.load(settings.data, size=28, root=settings.root)
    curves: dict[str, dict[str, Any]] = {name: {kind: [] for kind in ORDERS} for name in NETWORKS}
    parameters = {}
    shape = tuple(data.train.pixels.shape[1:])
    for seed in range(settings.seeds):
        order = torch.randperm(28 * 28, generator=torch.Generator().manual_seed(seed))
        for kind in ORDERS:
            halves = [permuted(h, order) if kind == "permuted" else h for h in (data.train, data.test)]
            for name, text in NETWORKS.items():
                train = datasets.DeviceLoader(halves[0], BATCH, device=settings.device, seed=seed)
                test = datasets.DeviceLoader(halves[1], 2 * BATCH, device=settings.device, shuffle=False)
                torch.manual_seed(seed)
                net = Network(text, (shape[0], 28, 28), "kaiming").to(settings.device)
                parameters[name] = net.parameter_count

                def after(curves: Curves, text: str = f"{name}, {kind}, seed {seed}") -> None:
                    progress.step(f"{text}: {curves.test_accuracy[-1]:.1%}")

                found = fit(net, train, test, epochs=settings.epochs, lr=LR, momentum=MOMENTUM, after_epoch=after)
                curves[name][kind].append(found.test_accuracy)
    return {**curves, "parameters": parameters}


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
