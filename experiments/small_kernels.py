"""One layer of 7×7 against three of 3×3 that see as far: how well they learn, and how long they take."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import torch
from torch import nn

from convlab import datasets
from convlab.datasets import Data
from convlab.networks import Network
from convlab.networks.training import Curves, fit
from convlab.trace import trace
from experiments.registry import Experiment, Settings
from experiments.resume import Runs

__all__ = ["EXPERIMENT", "layers"]

BATCH = 128
RATE = 0.05
PICTURES = 4  # in a timed batch
REPEATS = 5  # of which the quickest counts
CURVES = ("train_loss", "train_accuracy", "test_accuracy")
STEPS = {
    "one 7×7": "conv {c} 7 3 | norm | relu",
    "three 3×3": "conv {c} 3 1 | norm | relu | conv {c} 3 1 | norm | relu | conv {c} 3 1 | norm | relu",
    "three 3×3, one ReLU": "conv {c} 3 1 | norm | conv {c} 3 1 | norm | conv {c} 3 1 | norm | relu",
}
TIMED = ("one 7×7", "three 3×3")
SIZES = ((64, 56), (128, 28), (256, 14))  # channels, and height and width


def text(form: str) -> str:
    """Return the network of a form: the layers in question twice, between pooling."""
    first, second = (STEPS[form].format(c=channels) for channels in (16, 32))
    return f"conv 16 3 1 | norm | relu | max 2 | {first} | max 2 | {second} | max 2 | flat | dense 10"


def layers(form: str, channels: int) -> nn.Module:
    """Return convolutions and ReLUs of a form from ``channels`` to ``channels``, for any height and width."""
    return Network(STEPS[form].format(c=channels).replace("| norm ", ""), (channels, 7, 7))


def run(settings: Settings, runs: Runs) -> Any:
    """Train each form with each seed, then take the time of each form at each size."""
    return {"learning": _learning(settings, runs), "timing": _timing(settings, runs)}


def _learning(settings: Settings, runs: Runs) -> dict[str, Any]:
    data = runs.sized(28)
    shape = (data.train.pixels.shape[1], 28, 28)
    found: dict[str, Any] = {}
    for form in STEPS:
        net = Network(text(form), shape)
        found[form] = {"parameters": net.parameter_count, "macs": trace(net, shape).macs}
        made = [
            runs(f"{form}, seed {seed}", _trained, form, seed, data, settings, runs, steps=settings.epochs)
            for seed in range(settings.seeds)
        ]
        found[form] |= {curve: [curves[curve] for curves in made] for curve in CURVES}
    return found


def _trained(form: str, seed: int, data: Data, settings: Settings, runs: Runs) -> dict[str, list[float]]:
    """Train one form; return its curves."""
    train = datasets.DeviceLoader(data.train, BATCH, device=settings.device, seed=seed)
    test = datasets.DeviceLoader(data.test, BATCH, device=settings.device, shuffle=False)
    torch.manual_seed(seed)
    net = Network(text(form), (data.train.pixels.shape[1], 28, 28)).to(settings.device)

    def after(curves: Curves) -> None:
        runs.step(f"{form}, seed {seed}: {curves.test_accuracy[-1]:.1%}")

    curves = fit(net, train, test, epochs=settings.epochs, lr=RATE, momentum=0.9, falling=True, after_epoch=after)
    return {curve: getattr(curves, curve) for curve in CURVES}


def _timing(settings: Settings, runs: Runs) -> list[dict[str, Any]]:
    seeds = range(settings.seeds)
    return [
        # the repeats of a time belong together: they are one run
        runs(f"{channels} channels of {size} × {size}, {len(seeds)} times", _row, channels, size, settings)
        for channels, size in SIZES
    ]


def _row(channels: int, size: int, settings: Settings) -> dict[str, Any]:
    row: dict[str, Any] = {"channels": channels, "size": size}
    for form in TIMED:
        net = layers(form, channels).to(settings.device)
        x = torch.randn(PICTURES, channels, size, size, device=settings.device, requires_grad=True)
        facts = trace(net, (channels, size, size))
        row[form] = {"macs": facts.macs, "parameters": facts.parameters}
        row[form] |= {name: _times(work, net, x, settings) for name, work in WORK.items()}
    return row


@torch.no_grad()
def _forward(net: nn.Module, x: torch.Tensor) -> None:
    net(x)


def _both(net: nn.Module, x: torch.Tensor) -> None:
    torch.autograd.grad(net(x).sum(), [x, *net.parameters()])


WORK: dict[str, Callable[[nn.Module, torch.Tensor], None]] = {"forward": _forward, "training": _both}


def _times(
    work: Callable[[nn.Module, torch.Tensor], None], net: nn.Module, x: torch.Tensor, settings: Settings
) -> list[float]:
    """Return seconds a picture, one for each seed: CPU time on a CPU, by the clock on a device that is waited for."""
    cuda = settings.device.startswith("cuda")
    clock = time.perf_counter if cuda else time.process_time
    times = []
    for _ in range(settings.seeds):
        best = float("inf")
        for _ in range(REPEATS):
            start = clock()
            work(net, x)
            if cuda:
                torch.cuda.synchronize(settings.device)
            best = min(best, clock() - start)
        times.append(best / PICTURES)
    return times


def missing(data: Any, seeds: int, epochs: int) -> list[str]:
    curves = [
        f"{form}: {curve}"
        for form in STEPS
        for curve in CURVES
        if [len(row) for row in data["learning"][form][curve]] != [epochs] * seeds
    ]
    times = [
        f"{row['channels']} channels, {form}: {name}"
        for row in data["timing"]
        for form in TIMED
        for name in WORK
        if len(row[form][name]) != seeds
    ]
    return curves + times + ([] if len(data["timing"]) == len(SIZES) else ["timing"])


EXPERIMENT = Experiment(
    question="Three layers of 3×3 in place of one of 7×7: do they learn more, and are they quicker?",
    describe=lambda s: (
        f"{s.walks} of SGD with momentum 0.9, batches of {BATCH} and a rate that falls from {RATE}; "
        f"times are the best of {REPEATS} with batches of {PICTURES}"
    ),
    steps=lambda s: len(STEPS) * s.seeds * s.epochs + len(SIZES),
    run=run,
    missing=missing,
    epochs=2,
)
