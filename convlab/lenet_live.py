"""Train the LeNet-5 that runs in chapter 05's page, and write its weights as one small file.

    python -m convlab.lenet_live [--root DIR] [--device cpu] [--threads 1] [--epochs 40] [--seed 0]

It is LeNet-5 as d2l gives it: sigmoid, average pooling, and padding 2 for pictures of 28 × 28. It learns MNIST, with
every picture turned, scaled, slanted and moved a little anew in each epoch: people draw less evenly than MNIST.

The file holds half-precision numbers, little-endian, and nothing else: for each of the five layers its weights in
torch's order, then its biases. ``book/results/lenet-live.json`` says how they came about.
"""

from __future__ import annotations

import argparse
import math
import platform
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from convlab import datasets
from convlab.datasets.progress import Progress
from convlab.experiments.__main__ import device_name
from convlab.experiments.record import Record, results_folder, save
from convlab.experiments.training import confusion, train_epoch

__all__ = ["COUNT", "Jitter", "main", "network", "read_weights", "train", "weights_file", "write_weights"]

MODULE = "convlab.lenet_live"
COUNT = 61_706
BATCH, HIGHEST_RATE, WARMING_UP = 128, 0.006, 0.15
ABOUT = "Pictures are turned, scaled, slanted and moved a little; the accuracy is that of the half-precision weights."
DEGREES, SCALE, SLANT, PIXELS = 12, 0.15, 0.15, 2


def network() -> nn.Sequential:
    """Return an untrained LeNet-5: (N, 1, 28, 28) to ten scores, 61,706 weights, by Glorot's initialisation."""
    net = nn.Sequential(
        *(nn.Conv2d(1, 6, 5, padding=2), nn.Sigmoid(), nn.AvgPool2d(2)),
        *(nn.Conv2d(6, 16, 5), nn.Sigmoid(), nn.AvgPool2d(2)),
        nn.Flatten(),
        *(nn.Linear(400, 120), nn.Sigmoid()),
        *(nn.Linear(120, 84), nn.Sigmoid()),
        nn.Linear(84, 10),
    )
    for layer in net:
        if isinstance(layer, nn.Conv2d | nn.Linear):
            nn.init.xavier_uniform_(layer.weight)
    return net


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


def write_weights(net: nn.Module, path: Path) -> None:
    """Write the weights of ``net`` to ``path`` in half precision."""
    numbers = nn.utils.parameters_to_vector(net.parameters()).detach().cpu().numpy()
    path.write_bytes(numbers.astype("<f2").tobytes())


def read_weights(path: Path) -> nn.Sequential:
    """Return the network whose weights are in ``path``.

    Raises:
        ValueError: the file does not hold 61,706 numbers.
    """
    numbers = np.frombuffer(path.read_bytes(), dtype="<f2")
    if len(numbers) != COUNT:
        raise ValueError(f"{path.name} holds {len(numbers):,} numbers; LeNet-5 has {COUNT:,}.")
    net = network()
    nn.utils.vector_to_parameters(torch.from_numpy(numbers.astype(np.float32)), net.parameters())
    return net


def weights_file() -> Path:
    """Return where the site has the weights."""
    return results_folder().parent / "_static" / "lenet5.bin"


def main(arguments: Sequence[str] | None = None) -> int:
    """Train, write the weights, read them back, and record how well they do."""
    parser = argparse.ArgumentParser(prog=f"python -m {MODULE}", description=__doc__.partition("\n")[0])
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
    with Progress("LeNet-5", chosen.epochs) as progress:
        net, curves = train(
            train_batches, test_batches, chosen.epochs, chosen.seed, lambda accuracy: progress.step(f"{accuracy:.2%}")
        )
    write_weights(net, chosen.weights)
    half = _accuracy(read_weights(chosen.weights).to(chosen.device), test_batches)
    threads = f" --threads {chosen.threads}" if chosen.threads else ""
    record = Record(
        experiment="lenet-live",
        data={**curves, "accuracy": half, "parameters": COUNT, "bytes": chosen.weights.stat().st_size},
        data_set=data.title,
        settings=f"{chosen.epochs} epochs of Adam with batches of {BATCH}, rate up to {HIGHEST_RATE}",
        command=f"python -m {MODULE} --device {chosen.device} --epochs {chosen.epochs} --seed {chosen.seed}{threads}",
        device=device_name(chosen.device),
        seeds=[chosen.seed],
        epochs=chosen.epochs,
        versions={"python": platform.python_version()} | {p: version(p) for p in ("torch", "torchvision", "numpy")},
        date=datetime.now(UTC).date().isoformat(),
        seconds=time.monotonic() - start,
        note=f"{ABOUT} {chosen.note}".strip(),
    )
    save(record, chosen.results)
    print(f"{half:.2%} of MNIST's test pictures, with the weights in {chosen.weights.name}. {record.about}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
