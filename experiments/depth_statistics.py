"""What happens in a deep stack before training, to activations going forward and gradients going backward?"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from convlab import datasets
from convlab.datasets import Data
from convlab.networks import Network
from experiments.registry import Experiment, Settings
from experiments.resume import Runs

__all__ = ["EXPERIMENT"]

BATCH, DEPTH, CHANNELS = 128, 20, 16
STACKS = {  # the steps after each convolution, and how its weights start
    "sigmoid": ("sigmoid", "xavier"),
    "tanh": ("tanh", "xavier"),
    "relu": ("relu", "kaiming"),
    "relu, Xavier": ("relu", "xavier"),
    "sigmoid, batch norm": ("norm | sigmoid", "xavier"),
    "relu, batch norm": ("norm | relu", "kaiming"),
}
FIGURES = ("activation_std", "picture_std", "gradient_norm")


def run(settings: Settings, runs: Runs) -> Any:
    """Send one batch through each stack and its gradient back.

    ``activation_std`` is the standard deviation of all activations of a layer; ``picture_std`` that of one unit over
    the pictures of the batch, averaged over units: what is left of the differences between pictures. ``gradient_norm``
    is the Euclidean norm of the loss's gradient with respect to the layer's weights.
    """
    data = runs.sized(28)
    found: dict[str, dict[str, Any]] = {name: {figure: [] for figure in FIGURES} for name in STACKS}
    for name in STACKS:
        for seed in range(settings.seeds):
            measured = runs(f"{name}, seed {seed}", measure, name, seed, data, settings.device)
            for figure, values in zip(FIGURES, measured, strict=True):
                found[name][figure].append(values)
    return {**found, "depth": DEPTH, "channels": CHANNELS}


def measure(name: str, seed: int, data: Data, device: str) -> tuple[list[float], list[float], list[float]]:
    """Return the statistics of one stack that starts from ``seed``."""
    after, initial = STACKS[name]
    x, y = next(iter(datasets.DeviceLoader(data.train, BATCH, device=device, seed=seed)))
    torch.manual_seed(seed)
    body = " | ".join([f"conv {CHANNELS} 3 1 | {after}"] * DEPTH)
    net = Network(f"{body} | avg 28 | flat | dense 10", (x.shape[1], 28, 28), initial).to(device)
    return statistics(net, (x - x.mean()) / x.std(), y)


def statistics(net: Network, x: Tensor, y: Tensor) -> tuple[list[float], list[float], list[float]]:
    """Return for each layer the spread of its activations, overall and between pictures, and its gradient's norm."""
    convolutions = [step for step in net.steps if isinstance(step, nn.Conv2d)]
    nonlinear = nn.Sigmoid | nn.Tanh | nn.ReLU
    spreads: list[float] = []
    differences: list[float] = []
    out = x
    for step in net.steps:
        out = step(out)
        if isinstance(step, nonlinear):
            spreads.append(out.detach().std().item())
            differences.append(out.detach().std(0).mean().item())
    torch.autograd.backward(F.cross_entropy(out, y))
    norms = [float(torch.linalg.vector_norm(c.weight.grad)) for c in convolutions if c.weight.grad is not None]
    return spreads, differences, norms


def missing(data: Any, seeds: int, epochs: int) -> list[str]:
    return [
        f"{name}: {figure}"
        for name in STACKS
        for figure in FIGURES
        if [len(layers) for layers in data[name][figure]] != [data["depth"]] * seeds
    ]


EXPERIMENT = Experiment(
    question=f"What becomes of activations and gradients through {DEPTH} layers, before training?",
    describe=lambda s: f"{DEPTH} convolutions 3×3 of {CHANNELS} channels, untrained, one standardised batch of {BATCH}",
    steps=lambda s: len(STACKS) * s.seeds,
    run=run,
    missing=missing,
    seeds=5,
)
