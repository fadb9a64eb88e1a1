"""Is it the learning rate that plain-56 fails by? The control of ``plain-residual``: four rates, and 32 layers.

All is as in that experiment, but on a CPU the networks are half as wide and learn from few pictures.
"""

from __future__ import annotations

from typing import Any

import torch

from convlab.networks.skip_stack import SkipStack
from experiments.plain_residual import DECAY, FULL, LR, MOMENTUM, Scale, descend, loaders_of
from experiments.registry import Experiment, Settings
from experiments.resume import Runs

__all__ = ["EXPERIMENT", "NETWORKS", "scale_of"]

USUAL = 0.05  # the rate of plain-residual on a CPU
NETWORKS = {  # n, whether it has skips, and its rates
    "plain-56": (9, False, (0.005, 0.01, 0.02, USUAL)),
    "plain-32": (5, False, (USUAL,)),
    "residual-32": (5, True, (USUAL,)),
}
SMALL = Scale(width=8, size=16, train=5_000, test=2_000, batch=64, augment=True)
CURVES = ("train_loss_curve", "train_error_curve", "test_error_curve")


def scale_of(settings: Settings) -> Scale:
    """Return the scale of a run: small on a CPU, unless the full size is asked for."""
    return SMALL if settings.device == "cpu" and not settings.full else FULL


def rates_of(name: str, scale: Scale) -> list[float]:
    """Return the rates of a network; with larger batches they rise as those of ``plain-residual`` do."""
    return [rate / USUAL * LR * scale.batch for rate in NETWORKS[name][2]]


def run(settings: Settings, runs: Runs) -> Any:
    """Train each network with each of its rates and each seed; the seeds come last, so that one is whole first."""
    scale = scale_of(settings)
    rates = {name: rates_of(name, scale) for name in NETWORKS}
    made: dict[tuple[str, float], list[Any]] = {(name, rate): [] for name in NETWORKS for rate in rates[name]}
    for seed in range(settings.seeds):
        for (name, rate), curves in made.items():
            curves.append(
                runs(
                    f"{name}, rate {rate:g}, seed {seed}",
                    trained,
                    name,
                    rate,
                    seed,
                    settings,
                    runs,
                    steps=settings.epochs,
                )
            )
    found: dict[str, Any] = {}
    for name in NETWORKS:
        each = [made[name, rate] for rate in rates[name]]
        found[name] = {"rates": rates[name]}
        for curve in CURVES:
            found[name][curve] = [[one[curve] for one in seeds] for seeds in each]
        for figure in ("train_error", "test_error"):
            found[name][figure] = [[one[f"{figure}_curve"][-1] for one in seeds] for seeds in each]
    return {"networks": found, "pictures": scale.train or len(runs.data.train), "width": scale.width}


def trained(name: str, rate: float, seed: int, settings: Settings, runs: Runs) -> dict[str, list[float]]:
    """Train one network; return its loss and errors after each epoch."""
    n, skips, _ = NETWORKS[name]
    scale = scale_of(settings)
    train, test = loaders_of(runs.data, scale, settings.device, seed)
    torch.manual_seed(seed)
    net = SkipStack(n, scale.width, skips).to(settings.device).to(memory_format=torch.channels_last)
    curves: dict[str, list[float]] = {curve: [] for curve in CURVES}
    for values in descend(net, train, test, settings.epochs, rate):
        for curve, value in zip(CURVES, values, strict=True):
            curves[curve].append(value)
        runs.step(f"{name}, rate {rate:g}, seed {seed}: training error {values[1]:.1%}")
    return curves


def describe(settings: Settings) -> str:
    scale = scale_of(settings)
    pictures = f"{scale.train:,} training and {scale.test:,} test pictures" if scale.train else "all pictures"
    return (
        f"{settings.walks} of SGD with batches of {scale.batch}, momentum {MOMENTUM}, weight decay {DECAY:g} and a "
        f"learning rate that rises in the first epoch and falls from there, on {pictures} of {scale.size} × "
        f"{scale.size}, shifted by up to {scale.size // 8} pixels and mirrored, {scale.width} channels in the first "
        "stage"
    )


def missing(data: Any, seeds: int, epochs: int) -> list[str]:
    lacking = []
    for name, (_, _, rates) in NETWORKS.items():
        figures = data["networks"][name]
        for figure in ("train_error", "test_error"):
            if [len(row) for row in figures[figure]] != [seeds] * len(rates):
                lacking.append(f"{name}: {figure}")
        for curve in CURVES:
            if [[len(one) for one in row] for row in figures[curve]] != [[epochs] * seeds] * len(rates):
                lacking.append(f"{name}: {curve}")
    return lacking


EXPERIMENT = Experiment(
    question="Is it the learning rate that the plain network of 56 layers fails by? Four rates, and 32 layers.",
    describe=describe,
    steps=lambda s: sum(len(rates) for _, _, rates in NETWORKS.values()) * s.seeds * s.epochs,
    run=run,
    missing=missing,
    epochs=8,
    has_full_size=True,
)
