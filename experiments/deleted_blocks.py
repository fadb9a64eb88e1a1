"""Delete blocks of trained residual networks, without retraining: how much accuracy is lost? After Veit et al. (2016).

The networks are ResNet-20, -32, -44 and -56 for CIFAR-10, trained by Y. Idelbayev (akamaster/pytorch_resnet_cifar10,
BSD 2-clause). Their weights are read from the folder ``weights`` below the data's root, or downloaded.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from convlab import datasets
from convlab.datasets.files import folder
from experiments.registry import Experiment, Settings
from experiments.resume import Runs

__all__ = ["EXPERIMENT"]

SOURCE = "https://github.com/akamaster/pytorch_resnet_cifar10/raw/master/pretrained_models"
FILES = {  # the number in a file's name is the beginning of its SHA-256
    20: "resnet20-12fca82f.th",
    32: "resnet32-d509ac18.th",
    44: "resnet44-014dd654.th",
    56: "resnet56-4bfd9763.th",
}
MOST = 10  # blocks deleted at once
PICTURES, FEWER = 2000, 500  # test pictures on a CPU, for blocks alone and for several; all, at the full size
MEAN, DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)  # which these networks were trained with
IN_CACHE = 8  # pictures at once on a CPU: three times as fast as 100, whose maps do not fit into its cache
EPSILON = 1e-5  # of their batch normalisation
State = dict[str, Tensor]


def run(settings: Settings, runs: Runs) -> Any:
    """Delete each block alone, and then sets of blocks that each seed draws.

    Raises:
        ValueError: the data are not those that the networks were trained on.
    """
    if settings.data != "cifar10":
        raise ValueError(f"These networks know CIFAR-10 only: run with --data cifar10, not {settings.data}.")
    test = runs.data.test
    chosen = torch.randperm(len(test), generator=torch.Generator().manual_seed(0))[: count(settings)]
    mean, deviation = (torch.tensor(values).view(3, 1, 1) for values in (MEAN, DEVIATION))
    x = ((test.images[chosen] - mean) / deviation).to(settings.device)
    y = test.labels[chosen].to(settings.device)
    found: dict[str, Any] = {}
    networks: dict[int, Layers] = {}
    for depth in FILES:
        read, published = weights(depth, settings.root)
        networks[depth] = folded({name: value.to(settings.device) for name, value in read.items()})
        alone = [set[int](), *({block} for block in range(depth // 2 - 1))]
        whole, *without = runs(f"ResNet-{depth}, each block alone", errors, networks[depth], x, y, alone)
        found[str(depth)] = {"published": published, "whole": whole, "without": without, "several": []}
    few = slice(FEWER if count(settings) else None)
    for seed in range(settings.seeds):
        for depth, layers in networks.items():
            sets = drawn(depth // 2 - 1, seed)
            made = runs(f"ResNet-{depth}, several blocks, seed {seed}", errors, layers, x[few], y[few], sets)
            found[str(depth)]["several"].append(made)
    return {"networks": found, "pictures": len(y), "pictures_several": len(y[few])}


def count(settings: Settings) -> int | None:
    """Return how many test pictures are asked; None stands for all."""
    return PICTURES if settings.device == "cpu" and not settings.full else None


def drawn(blocks: int, seed: int) -> list[set[int]]:
    """Return sets of one block, two and more, each with one more than the last; blocks that change the size stay."""
    keeping = [block for block in range(blocks) if block % (blocks // 3) or block == 0]
    order = torch.randperm(len(keeping), generator=torch.Generator().manual_seed(seed)).tolist()
    return [{keeping[i] for i in order[: k + 1]} for k in range(min(MOST, len(keeping)))]


def weights(depth: int, root: str | None) -> tuple[State, float]:
    """Return the trained tensors by name, and the test error that is kept with them."""
    name = FILES[depth]
    here = folder(root) / "weights" / name
    if here.is_file():
        read = torch.load(here, map_location="cpu", weights_only=True)
    else:
        read = downloaded(name, folder(root) / "weights")
    state = {key.removeprefix("module."): value for key, value in read["state_dict"].items()}
    return state, 1 - float(read["best_prec1"]) / 100


def downloaded(name: str, where: Path) -> Any:
    """Download a file of weights.

    Raises:
        DatasetUnavailable: there is no network.
    """
    try:
        return torch.hub.load_state_dict_from_url(
            f"{SOURCE}/{name}", str(where), map_location="cpu", progress=False, check_hash=True, weights_only=True
        )
    except OSError as error:
        raise datasets.DatasetUnavailable(
            f"{name} could not be downloaded. Without a network, pass --root of a folder that holds weights/{name}."
        ) from error


@dataclass(frozen=True)
class Block:
    """Hold two convolutions with their batch normalisation folded in, and the stride of the first."""

    first: tuple[Tensor, Tensor]
    second: tuple[Tensor, Tensor]
    stride: int


@dataclass(frozen=True)
class Layers:
    """Hold a trained network: the first convolution, the blocks, and the dense layer."""

    stem: tuple[Tensor, Tensor]
    blocks: list[Block]
    dense: tuple[Tensor, Tensor]


def folded(state: State) -> Layers:
    """Return the network of ``state``, its blocks in the order of their numbers."""
    blocks = []
    narrow = state["conv1.weight"].shape[0]
    for name in sorted({key[: key.index(".conv")] for key in state if ".conv1." in key}, key=_numbers):
        first, second = (_folded(state, f"{name}.conv{i}", f"{name}.bn{i}") for i in (1, 2))
        blocks.append(Block(first, second, first[0].shape[0] // narrow))
        narrow = first[0].shape[0]
    return Layers(_folded(state, "conv1", "bn1"), blocks, (state["linear.weight"], state["linear.bias"]))


def _folded(state: State, conv: str, norm: str) -> tuple[Tensor, Tensor]:
    """Return weight and bias of a convolution that does what the convolution and its normalisation do."""
    mean, var, scale, shift = (state[f"{norm}.{part}"] for part in ("running_mean", "running_var", "weight", "bias"))
    factor = scale / (var + EPSILON).sqrt()
    weight = state[f"{conv}.weight"] * factor.view(-1, 1, 1, 1)
    return weight.contiguous(memory_format=torch.channels_last), shift - mean * factor


@torch.no_grad()
def errors(layers: Layers, x: Tensor, y: Tensor, without: Sequence[Collection[int]]) -> list[float]:
    """Return for each set of blocks the share of pictures that are misclassified when they are left out."""
    wrong = torch.zeros(len(without), dtype=torch.int64)
    batch = IN_CACHE if x.device.type == "cpu" else 500
    x = x.contiguous(memory_format=torch.channels_last)
    for part, truth in zip(torch.split(x, batch), torch.split(y, batch), strict=True):
        maps = [F.relu(F.conv2d(part, *layers.stem, padding=1))]  # what goes into each block of the whole network
        for block in layers.blocks:
            maps.append(through(block, maps[-1]))
        for place, gone in enumerate(without):
            first = min(gone, default=len(layers.blocks))
            wrong[place] += (answers(layers, maps[first], gone, first).argmax(1) != truth).sum().cpu()
    return (wrong / len(y)).tolist()


def answers(layers: Layers, h: Tensor, without: Collection[int] = (), first: int = 0) -> Tensor:
    """Return the logits for what goes into the block ``first``."""
    for number, block in enumerate(layers.blocks[first:], first):
        h = through(block, h, number not in without)
    return F.linear(h.mean((2, 3)), *layers.dense)


def through(block: Block, h: Tensor, kept: bool = True) -> Tensor:
    """Return what leaves a block. One that is not ``kept`` adds nothing; what goes around it stays."""
    narrow, wide = h.shape[1], block.second[0].shape[0]
    around = h[:, :, :: block.stride, :: block.stride]
    if wide > narrow:
        each = (wide - narrow) // 2
        around = F.pad(around, (0, 0, 0, 0, each, each))
    if not kept:
        return around  # no negative number is in it: a ReLU would change nothing
    inner = F.conv2d(h, *block.first, stride=block.stride, padding=1).relu_()
    return F.conv2d(inner, *block.second, padding=1).add_(around).relu_()


def _numbers(name: str) -> tuple[int, int]:
    stage, block = name.removeprefix("layer").split(".")
    return int(stage), int(block)


def missing(data: Any, seeds: int, epochs: int) -> list[str]:
    lacking = []
    for depth in FILES:
        figures = data["networks"][str(depth)]
        blocks = depth // 2 - 1
        if len(figures["without"]) != blocks:
            lacking.append(f"ResNet-{depth}: without")
        if [len(row) for row in figures["several"]] != [min(MOST, blocks - 2)] * seeds:
            lacking.append(f"ResNet-{depth}: several")
    return lacking


def describe(settings: Settings) -> str:
    asked = count(settings)
    pictures = f"{asked:,} test pictures ({FEWER:,} for several blocks)" if asked else "all test pictures"
    return f"{pictures}, trained ResNets of 20, 32, 44 and 56 layers, blocks deleted, nothing trained anew"


EXPERIMENT = Experiment(
    question="How much does a trained residual network lose when blocks are taken out of it?",
    describe=describe,
    steps=lambda s: len(FILES) * (1 + s.seeds),
    run=run,
    missing=missing,
    seeds=5,
    data="cifar10",
    has_full_size=True,
)
