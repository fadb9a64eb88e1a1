"""Train the small network that chapter 06 looks into, and write its weights as one small file.

    python -m convlab.experiments.shapes_network [--epochs 40] [--seed 0] [--threads 1]

It is asked which kinds of shapes are on a drawn picture of 48 × 48: five scores, one for each kind, each on its own.
The file holds half-precision numbers, little-endian, and nothing else: for each layer its weights, then
its biases. ``book/results/shapes-network.json`` says how they came about.
"""

from __future__ import annotations

import argparse
import platform
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from convlab.datasets.progress import Progress
from convlab.datasets.scenes import SHAPE_NAMES, Scenes, shapes
from convlab.experiments.__main__ import device_name
from convlab.experiments.record import Record, results_folder, save

__all__ = ["SIZE", "accuracy", "kinds", "main", "network", "prepared", "read_weights", "train", "weights_file"]

NAME = "shapes-network"
MODULE = "convlab.experiments.shapes_network"
SIZE, BATCH, HIGHEST_RATE = 48, 50, 0.005
PICTURES = (4000, 1000)  # to learn from, and for the test
SEEDS = (1000, 2000)  # of the drawings: the first test pictures of the page are those of any longer set
CHANNELS = (16, 32, 48, 48)


def network() -> nn.Sequential:
    """Return an untrained network: pictures (N, 3, 48, 48) to one score for each kind of shape (N, 5)."""
    a, b, c, d = CHANNELS
    net = nn.Sequential(
        *(nn.Conv2d(3, a, 7, padding=3), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Conv2d(a, b, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Conv2d(b, c, 3, padding=1), nn.ReLU()),
        *(nn.Conv2d(c, d, 3, padding=1), nn.ReLU()),
        *(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(d, len(SHAPE_NAMES))),
    )
    for layer in net:
        if isinstance(layer, nn.Conv2d):
            nn.init.kaiming_normal_(layer.weight)
            if layer.bias is not None:
                nn.init.zeros_(layer.bias)
    return net


def prepared(images: Tensor) -> Tensor:
    """Return pictures (N, 3, H, W) from 0 to 1 as the network wants them: 0 is about the background."""
    return (images - 0.85) / 0.2


def kinds(scenes: Scenes) -> Tensor:
    """Return what is on each picture, float32 (n, 5): 1 for each kind that is, 0 for each that is not."""
    rows = [F.one_hot(found, len(SHAPE_NAMES)).amax(0) for found in scenes.labels]
    return torch.stack(rows).float()


def drawn(which: int) -> tuple[Tensor, Tensor]:
    scenes = shapes(PICTURES[which], SIZE, SEEDS[which], objects=(1, 3))
    return prepared(scenes.images), kinds(scenes)


def train(
    x: Tensor, y: Tensor, epochs: int, seed: int = 0, after_epoch: Callable[[nn.Module], None] = lambda net: None
) -> nn.Sequential:
    """Train by AdamW, its rate rising and then falling; pictures are turned by quarters and mirrored at random."""
    torch.manual_seed(seed)
    net = network()
    optimizer = torch.optim.AdamW(net.parameters(), HIGHEST_RATE)
    steps = epochs * -(-len(x) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, HIGHEST_RATE, total_steps=steps)
    for _ in range(epochs):
        for rows in torch.split(torch.randperm(len(x)), BATCH):
            quarters, mirrored = torch.randint(4, ()).item(), torch.rand(()) < 0.5
            batch = x[rows].rot90(int(quarters), (2, 3))
            loss = F.binary_cross_entropy_with_logits(net(batch.flip(3) if mirrored else batch), y[rows])
            optimizer.zero_grad()
            torch.autograd.backward(loss)
            optimizer.step()
            schedule.step()
        after_epoch(net)
    return net


@torch.no_grad()
def accuracy(net: nn.Module, x: Tensor, y: Tensor) -> tuple[float, float]:
    """Return the share of right answers, of all kinds on all pictures, and of pictures with all kinds right."""
    answers = torch.cat([net(part) for part in torch.split(x, 250)])
    right = (answers > 0) == (y > 0)
    answered, whole = right.float().mean(), right.all(1).float().mean()
    return answered.item(), whole.item()


def write_weights(net: nn.Module, path: Path) -> None:
    """Write the weights of ``net`` to ``path`` in half precision."""
    numbers = nn.utils.parameters_to_vector(net.parameters()).detach().numpy()
    path.write_bytes(numbers.astype("<f2").tobytes())


def read_weights(path: Path) -> nn.Sequential:
    """Return the network whose weights are in ``path``.

    Raises:
        ValueError: the file does not hold as many numbers as the network has.
    """
    numbers, net = np.frombuffer(path.read_bytes(), dtype="<f2"), network()
    count = sum(p.numel() for p in net.parameters())
    if len(numbers) != count:
        raise ValueError(f"{path.name} holds {len(numbers):,} numbers; the network has {count:,}.")
    nn.utils.vector_to_parameters(torch.from_numpy(numbers.astype(np.float32)), net.parameters())
    return net


def weights_file() -> Path:
    """Return where the course has the weights."""
    return results_folder().parent / "_static" / "alexnet-shapes.bin"


def main(arguments: Sequence[str] | None = None) -> int:
    """Train, write the weights, read them back, and record how well they do."""
    parser = argparse.ArgumentParser(prog=f"python -m {MODULE}", description=__doc__.partition("\n")[0])
    parser.add_argument("--epochs", type=int, default=40, help="number of epochs (%(default)s)")
    parser.add_argument("--seed", type=int, default=0, help="of weights, order and turns (%(default)s)")
    parser.add_argument("--threads", type=int, default=1, help="CPU threads (%(default)s)")
    parser.add_argument("--note", default="", help="a sentence to keep with the record")
    parser.add_argument("--weights", type=Path, default=weights_file(), help="file to write (the course's)")
    parser.add_argument("--results", type=Path, default=results_folder(), help="folder of the record (book/results)")
    chosen = parser.parse_args(arguments)
    torch.set_num_threads(chosen.threads)
    start = time.monotonic()
    test = drawn(1)
    curve: list[float] = []
    with Progress(NAME, chosen.epochs) as progress:

        def after(net: nn.Module) -> None:
            curve.append(accuracy(net, *test)[0])
            progress.step(f"{curve[-1]:.2%}")

        net = train(*drawn(0), chosen.epochs, chosen.seed, after)
    write_weights(net, chosen.weights)
    answers, pictures = accuracy(read_weights(chosen.weights), *test)
    found = {"test_accuracy": curve, "answers": answers, "pictures": pictures, "bytes": chosen.weights.stat().st_size}
    record = Record(
        experiment=NAME,
        data=found | {"parameters": sum(p.numel() for p in net.parameters())},
        data_set=f"{PICTURES[0]:,} drawn scenes of one to three shapes, {PICTURES[1]:,} for the test",
        settings=f"{chosen.epochs} epochs of AdamW with batches of {BATCH}, rate up to {HIGHEST_RATE}",
        command=f"python -m {MODULE} --epochs {chosen.epochs} --seed {chosen.seed} --threads {chosen.threads}",
        device=device_name("cpu"),
        seeds=[chosen.seed],
        epochs=chosen.epochs,
        versions={"python": platform.python_version()} | {p: version(p) for p in ("torch", "torchvision", "numpy")},
        date=datetime.now(UTC).date().isoformat(),
        seconds=time.monotonic() - start,
        note=f"The accuracies are those of the half-precision weights. {chosen.note}".strip(),
    )
    save(record, chosen.results)
    print(f"{answers:.2%} of the answers, {pictures:.2%} of the test pictures wholly right. {record.about}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
