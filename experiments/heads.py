"""Compare heads on the feature maps: dense layers or global average pooling, with few and with shifted pictures.

Each head has its own learning rate, the best of three on pictures held back, and learns until it has converged: the
rate is divided by ten whenever the training loss stands still, and when it does so for the third time, training ends.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.optim.lr_scheduler import ReduceLROnPlateau

from convlab import datasets
from convlab.datasets import Split
from convlab.networks import Network
from convlab.networks.training import confusion, train_epoch
from experiments.registry import Experiment, Settings
from experiments.resume import Runs

__all__ = ["EXPERIMENT", "Scale", "moved", "scale_of"]

BATCH, MOMENTUM = 50, 0.9
RATES = (0.01, 0.03, 0.1)
TRIAL = 1000  # the seed of the runs that look for a rate
WALK = 1000  # pictures after which the loss is looked at, however many there are to learn from
FALL, PATIENCE, BETTER = 0.1, 3, 0.02  # a loss that is not 2% better within four looks stands still; the rate falls
DROPS = 2  # of the rate; when the loss stands still once more, training ends
SHIFTS = (0, 2, 4, 6, 8)  # pixels to the right
TRUNK = (
    "conv {0} 3 1 | norm | relu | max 2 | conv {1} 3 1 | norm | relu | max 2 | conv {2} 3 1 | norm | relu"  # … × 7 × 7
)
HEADS = {
    "two dense layers": "flat | dense 256 | relu | dense 10",
    "one dense layer": "flat | dense 10",
    "1×1 and the average": "conv 10 1 | avg 7 | flat",
}
FIGURES = ("train_accuracy", "test_accuracy", "shifted", "looks")


@dataclass(frozen=True)
class Scale:
    """How large a run is."""

    channels: tuple[int, int, int]
    """of the trunk's three convolutions"""
    counts: tuple[int, ...]
    """pictures to learn from"""
    test: int
    """pictures to test with, and as many training pictures are held back for the rate; at most all"""


SMALL = Scale(channels=(8, 16, 32), counts=(200, 1000), test=2000)
FULL = Scale(channels=(16, 32, 64), counts=(300, 3000, 30_000), test=10_000)


def scale_of(settings: Settings) -> Scale:
    """Return the scale of a run: small on a CPU, unless the full size is asked for."""
    return SMALL if settings.device == "cpu" and not settings.full else FULL


def moved(images: Tensor, pixels: int) -> Tensor:
    """Return pictures (N, C, H, W) moved to the right by so many pixels; zeros enter, the right edge is cut off."""
    return F.pad(images, (pixels, 0))[..., : images.shape[-1]]


def run(settings: Settings, runs: Runs) -> Any:
    """Find each head's rate, and train it on each number of pictures with each seed."""
    scale = scale_of(settings)
    data = runs.sized(28)
    order = torch.randperm(len(data.train), generator=torch.Generator().manual_seed(0))
    kept = min(scale.test, len(order) // 6)
    held, free = _part(data.train, order[:kept]), _part(data.train, order[kept:])
    rows = torch.randperm(len(data.test), generator=torch.Generator().manual_seed(0))[: scale.test]
    test = _part(data.test, rows)
    trunk = network(None, scale, free).parameter_count
    counts = [min(count, len(free)) for count in scale.counts]
    found: dict[str, Any] = {}
    for head in HEADS:
        size = network(head, scale, free).parameter_count
        figures: dict[str, Any] = {"parameters": size, "head": size - trunk}
        figures["validation"] = [
            runs(f"{head}, rate {rate}", trained, head, free, held, max(counts), rate, TRIAL, settings)["test_accuracy"]
            for rate in RATES
        ]
        figures["rate"] = RATES[figures["validation"].index(max(figures["validation"]))]
        made = [
            [
                runs(
                    f"{head}, {count} pictures, seed {seed}",
                    *(trained, head, free, test, count, figures["rate"], seed, settings),
                )
                for seed in range(settings.seeds)
            ]
            for count in counts
        ]
        found[head] = figures | {figure: [[one[figure] for one in row] for row in made] for figure in FIGURES}
    return {"heads": found, "counts": counts, "shifts": list(SHIFTS), "rates": list(RATES), "look_after": WALK}


def network(head: str | None, scale: Scale, split: Split) -> Network:
    """Return the trunk with a head, or alone."""
    layers = "" if head is None else f" | {HEADS[head]}"
    return Network(TRUNK.format(*scale.channels) + layers, (split.pixels.shape[1], 28, 28), "kaiming")


def trained(
    head: str, free: Split, test: Split, count: int, rate: float, seed: int, settings: Settings
) -> dict[str, Any]:
    """Train until nothing changes, on ``count`` pictures that ``seed`` draws; return the accuracies.

    ``looks`` says how often the training loss was looked at: after each 1,000 pictures. With ``settings.epochs`` of
    them at most, training ends even if the loss still falls.
    """
    chosen = torch.randperm(len(free), generator=torch.Generator().manual_seed(seed))[:count]
    part = _part(free, chosen)
    torch.manual_seed(seed)
    net = network(head, scale_of(settings), free).to(settings.device)
    loader = datasets.DeviceLoader(part, BATCH, device=settings.device, seed=seed)
    optimizer = torch.optim.SGD(net.parameters(), rate, MOMENTUM)
    schedule = ReduceLROnPlateau(optimizer, factor=FALL, patience=PATIENCE, threshold=BETTER)
    looks = 0
    while looks < settings.epochs and optimizer.param_groups[0]["lr"] > rate * FALL ** (DROPS + 0.5):
        losses = [train_epoch(net, loader, optimizer)[0] for _ in range(max(1, WALK // count))]
        schedule.step(sum(losses) / len(losses))
        looks += 1
    asked = _batches(test, settings.device)
    shifted = [_accuracy(net, [(moved(x, pixels), y) for x, y in asked]) for pixels in SHIFTS]
    own = _accuracy(net, _batches(part, settings.device))
    return {"train_accuracy": own, "test_accuracy": shifted[0], "shifted": shifted, "looks": looks}


def _part(split: Split, rows: Tensor) -> Split:
    return Split(split.pixels[rows], split.labels[rows])


def _batches(split: Split, device: str) -> list[tuple[Tensor, Tensor]]:
    pairs = zip(torch.split(split.images, 500), torch.split(split.labels, 500), strict=True)
    return [(x.to(device), y.to(device)) for x, y in pairs]


def _accuracy(net: nn.Module, batches: list[tuple[Tensor, Tensor]]) -> float:
    table = confusion(net, batches)
    return (table.diagonal().sum() / table.sum()).item()


def describe(settings: Settings) -> str:
    scale = scale_of(settings)
    return (
        f"trained with SGD, momentum {MOMENTUM} and batches of {BATCH} until the training loss stood still for the "
        f"third time (the rate falls to a tenth each time), at most {settings.epochs} times {WALK:,} pictures; the "
        f"rate is, for each head, the best of {', '.join(map(str, RATES))}; a trunk of "
        f"{', '.join(map(str, scale.channels))} channels; {scale.test:,} test pictures"
    )


def missing(data: Any, seeds: int, epochs: int) -> list[str]:
    return [
        f"{head}, {count} pictures: {figure}"
        for head in HEADS
        for place, count in enumerate(data["counts"])
        for figure in FIGURES
        if len(data["heads"][head][figure][place]) != seeds
    ]


EXPERIMENT = Experiment(
    question="Dense layers on the maps, or their average: which learns from few pictures, and which minds a shift?",
    describe=describe,
    steps=lambda s: len(HEADS) * (len(RATES) + len(scale_of(s).counts) * s.seeds),
    run=run,
    missing=missing,
    epochs=150,
    has_full_size=True,
)
