"""Train the LeNet-5 that runs in chapter 05's page, and write its weights as one small file.

    python -m experiments run lenet-live [--root DIR] [--device cpu] [--threads 1] [--epochs 40] [--seed 0]

It is LeNet-5 as d2l gives it: sigmoid, average pooling, and padding 2 for pictures of 28 × 28. It learns MNIST, with
every picture turned, scaled, slanted and moved a little anew in each epoch: people draw less evenly than MNIST.

The file holds half-precision numbers, little-endian, and nothing else: for each of the five layers its weights in
torch's order, then its biases. ``book/results/lenet-live.json`` says how they came about.
"""

from __future__ import annotations

import argparse
import math
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from convlab import datasets
from convlab.datasets.progress import Progress
from convlab.networks.lenet import network, read_weights, weights_file
from convlab.networks.training import confusion, train_epoch
from convlab.results import results_folder
from experiments.record import record, save
from experiments.registry import Command
from experiments.weights import write_weights

__all__ = ["EXPERIMENT", "Jitter", "main", "train"]

NAME = "lenet-live"
COUNT = 61_706
BATCH, HIGHEST_RATE, WARMING_UP = 128, 0.006, 0.15
ABOUT = "Pictures are turned, scaled, slanted and moved a little; the accuracy is that of the half-precision weights."
DEGREES, SCALE, SLANT, PIXELS = 12, 0.15, 0.15, 2


class Jitter:
    """Turn, scale, slant and move each picture of a batch (N, C, H, W) by its own small random amounts."""

    def __init__(self, seed: int = 0) -> None:
        self.generator = torch.Generator().manual_seed(seed)  # on the host: the same pictures on every device

    def __call__(self, x: Tensor) -> Tensor:
        count = len(x)

        def up_to(limit: float, *shape: int) -> Tensor:
            return limit * (2 * torch.rand(count, *shape, generator=self.generator) - 1)

        angle, slant = up_to(math.radians(DEGREES)), up_to(SLANT)
        size = 1 + up_to(SCALE, 2)
        theta = torch.empty(count, 2, 3)
        theta[:, 0, 0], theta[:, 0, 1] = angle.cos() / size[:, 0], (slant - angle.sin()) / size[:, 0]
        theta[:, 1, 0], theta[:, 1, 1] = angle.sin() / size[:, 1], angle.cos() / size[:, 1]
        theta[:, :, 2] = up_to(PIXELS, 2) * 2 / torch.tensor([x.shape[3], x.shape[2]])  # a picture's side is 2 here
        grid = F.affine_grid(theta.to(x.device), list(x.shape), align_corners=False)
        return F.grid_sample(x, grid, align_corners=False)


def train(
    train_batches: datasets.DeviceLoader,
    test_batches: datasets.DeviceLoader,
    epochs: int,
    seed: int = 0,
    after_epoch: Callable[[float], None] = lambda accuracy: None,
) -> tuple[nn.Sequential, dict[str, Any]]:
    """Train a network by Adam, its rate rising and then falling, and return it with its curves."""
    torch.manual_seed(seed)
    net = network().to(train_batches.device)
    optimizer = torch.optim.Adam(net.parameters())
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, HIGHEST_RATE, total_steps=epochs * len(train_batches) + 1, pct_start=WARMING_UP
    )
    optimizer.register_step_post_hook(lambda *_: schedule.step())
    curves: dict[str, Any] = {"train_loss": [], "test_accuracy": []}
    for _ in range(epochs):
        loss, _ = train_epoch(net, train_batches, optimizer)
        curves["train_loss"].append(loss)
        curves["test_accuracy"].append(_accuracy(net, test_batches))
        after_epoch(curves["test_accuracy"][-1])
    return net, curves


def _accuracy(net: nn.Module, batches: datasets.DeviceLoader) -> float:
    table = confusion(net, batches)
    return float(table.diagonal().sum() / table.sum())


def main(arguments: Sequence[str] | None = None) -> int:
    """Train, write the weights, read them back, and record how well they do."""
    parser = argparse.ArgumentParser(prog=f"python -m experiments run {NAME}", description=__doc__.partition("\n")[0])
    parser.add_argument("--root", help="folder that holds MNIST already; downloaded to the cache where not given")
    parser.add_argument("--device", default="cpu", help="cpu, cuda, mps (%(default)s)")
    parser.add_argument("--threads", type=int, help="CPU threads (all, where not given)")
    parser.add_argument("--epochs", type=int, default=40, help="number of epochs (%(default)s)")
    parser.add_argument("--seed", type=int, default=0, help="of weights, order and changes (%(default)s)")
    parser.add_argument("--note", default="", help="a sentence to keep with the record")
    parser.add_argument("--weights", type=Path, default=weights_file(), help="file to write (the site's)")
    parser.add_argument("--results", type=Path, default=results_folder(), help="folder of the record (book/results)")
    chosen = parser.parse_args(arguments)
    torch.set_num_threads(chosen.threads or torch.get_num_threads())
    try:
        data = datasets.load("mnist", root=chosen.root)
    except datasets.DatasetUnavailable as error:
        print(error, file=sys.stderr)
        return 3
    jitter = Jitter(chosen.seed)
    train_batches = datasets.DeviceLoader(data.train, BATCH, device=chosen.device, augment=jitter, seed=chosen.seed)
    test_batches = datasets.DeviceLoader(data.test, 1000, device=chosen.device, shuffle=False)
    start = time.monotonic()
    with Progress(NAME, chosen.epochs) as progress:
        net, curves = train(
            train_batches, test_batches, chosen.epochs, chosen.seed, lambda accuracy: progress.step(f"{accuracy:.2%}")
        )
    write_weights(net, chosen.weights)
    half = _accuracy(read_weights(chosen.weights).to(chosen.device), test_batches)
    options = f"--device {chosen.device} --epochs {chosen.epochs} --seed {chosen.seed}"
    options += f" --threads {chosen.threads}" if chosen.threads else ""
    result = record(
        NAME,
        {**curves, "accuracy": half, "parameters": COUNT, "bytes": chosen.weights.stat().st_size},
        data_set=data.title,
        settings=f"{chosen.epochs} epochs of Adam with batches of {BATCH}, rate up to {HIGHEST_RATE}",
        command=f"python -m experiments run {NAME} {options}",
        device=chosen.device,
        seeds=[chosen.seed],
        epochs=chosen.epochs,
        start=start,
        note=f"{ABOUT} {chosen.note}".strip(),
    )
    save(result, chosen.results)
    print(f"{half:.2%} of MNIST's test pictures, with the weights in {chosen.weights.name}. {result.about}")
    return 0


EXPERIMENT = Command(
    question="How well does the LeNet-5 of chapter 05's page read MNIST, with small weights in half precision?",
    main=main,
)
