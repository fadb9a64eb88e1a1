"""Train the small network that chapter 06 looks into, and write its weights as one small file.

    python -m experiments run shapes-network [--epochs 40] [--seed 0] [--threads 1]

It is asked which kinds of shapes are on a drawn picture of 48 × 48: five scores, one for each kind, each on its own.
The file holds half-precision numbers, little-endian, and nothing else: for each layer its weights, then
its biases. ``book/results/shapes-network.json`` says how they came about.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from convlab.datasets import shapes
from convlab.datasets.progress import Progress
from convlab.networks.shapes import SIZE, accuracy, kinds, network, prepared, read_weights, weights_file
from convlab.results import results_folder
from experiments.record import record, save
from experiments.registry import Command
from experiments.weights import write_weights

__all__ = ["EXPERIMENT", "main", "train"]

NAME = "shapes-network"
BATCH, HIGHEST_RATE = 50, 0.005
PICTURES = (4000, 1000)  # to learn from, and for the test
SEEDS = (1000, 2000)  # of the drawings: the first test pictures of the page are those of any longer set


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


def main(arguments: Sequence[str] | None = None) -> int:
    """Train, write the weights, read them back, and record how well they do."""
    parser = argparse.ArgumentParser(prog=f"python -m experiments run {NAME}", description=__doc__.partition("\n")[0])
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
    options = f"--epochs {chosen.epochs} --seed {chosen.seed} --threads {chosen.threads}"
    result = record(
        NAME,
        found | {"parameters": sum(p.numel() for p in net.parameters())},
        data_set=f"{PICTURES[0]:,} drawn scenes of one to three shapes, {PICTURES[1]:,} for the test",
        settings=f"{chosen.epochs} epochs of AdamW with batches of {BATCH}, rate up to {HIGHEST_RATE}",
        command=f"python -m experiments run {NAME} {options}",
        seeds=[chosen.seed],
        epochs=chosen.epochs,
        start=start,
        note=f"The accuracies are those of the half-precision weights. {chosen.note}".strip(),
    )
    save(result, chosen.results)
    print(f"{answers:.2%} of the answers, {pictures:.2%} of the test pictures wholly right. {result.about}")
    return 0


EXPERIMENT = Command(
    question="How well does a small network, made to be looked into, find the kinds of shapes on a drawing?",
    main=main,
)
