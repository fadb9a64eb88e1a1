"""Delete blocks of trained residual networks, without retraining: how much accuracy is lost? After Veit et al. (2016).

The networks are ResNet-20, -32, -44 and -56 for CIFAR-10, trained by Y. Idelbayev (akamaster/pytorch_resnet_cifar10,
BSD 2-clause). Their weights are read from the folder ``weights`` below the data's root, or downloaded.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from convlab import datasets
from convlab.datasets.files import folder
from convlab.datasets.progress import Progress
from experiments.registry import Experiment, Settings

__all__ = ["EXPERIMENT"]

SOURCE = "https://github.com/akamaster/pytorch_resnet_cifar10/raw/master/pretrained_models"
FILES = {  # the number in a file's name is the beginning of its SHA-256
    20: "resnet20-12fca82f.th",
    32: "resnet32-d509ac18.th",
    44: "resnet44-014dd654.th",
    56: "resnet56-4bfd9763.th",
}
MOST = 10  # blocks deleted at once
MEAN, DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)  # which these networks were trained with
State = dict[str, Tensor]


def run(settings: Settings, progress: Progress) -> Any:
    """Delete each block alone, and then sets of blocks that each seed draws.

    Raises:
        ValueError: the data are not those that the networks were trained on.
    """
    if settings.data != "cifar10":
        raise ValueError(f"These networks know CIFAR-10 only: run with --data cifar10, not {settings.data}.")
    test = datasets.load(settings.data, root=settings.root).test
    mean, deviation = (torch.tensor(values).view(3, 1, 1) for values in (MEAN, DEVIATION))
    x, y = ((test.images - mean) / deviation).to(settings.device), test.labels.to(settings.device)
    found: dict[str, Any] = {}
    for depth in FILES:
        state = {name: value.to(settings.device) for name, value in weights(depth, settings.root).items()}
        blocks = depth // 2 - 1
        figures: dict[str, Any] = {"whole": error(state, x, y), "without": [], "several": []}
        for block in range(blocks):
            figures["without"].append(error(state, x, y, {block}))
            progress.step(f"ResNet-{depth} without block {block + 1}")
        keeping = [block for block in range(blocks) if block % (blocks // 3) or block == 0]
        for seed in range(settings.seeds):
            order = torch.randperm(len(keeping), generator=torch.Generator().manual_seed(seed)).tolist()
            gone = [keeping[i] for i in order]
            most = min(MOST, len(gone))
            figures["several"].append([error(state, x, y, set(gone[: k + 1])) for k in range(most)])
            progress.step(f"ResNet-{depth} without {most} blocks, seed {seed}")
        found[str(depth)] = figures
    return {"networks": found, "pictures": len(y)}


def weights(depth: int, root: str | None) -> State:
    """Return the trained tensors by name."""
    name = FILES[depth]
    here = folder(root) / "weights" / name
    if here.is_file():
        read = torch.load(here, map_location="cpu", weights_only=True)
    else:
        where = str(Path(folder(root)) / "weights")
        read = torch.hub.load_state_dict_from_url(
            f"{SOURCE}/{name}", where, map_location="cpu", progress=False, check_hash=True, weights_only=True
        )
    return {key.removeprefix("module."): value for key, value in read["state_dict"].items()}


@torch.no_grad()
def error(state: State, x: Tensor, y: Tensor, without: Collection[int] = (), batch: int = 500) -> float:
    """Return the share of pictures that are misclassified with the blocks ``without`` left out."""
    wrong = [
        (answers(state, part, without).argmax(1) != truth).float()
        for part, truth in zip(torch.split(x, batch), torch.split(y, batch), strict=True)
    ]
    return torch.cat(wrong).mean().item()


def answers(state: State, x: Tensor, without: Collection[int] = ()) -> Tensor:
    """Return the logits of pictures (N, 3, 32, 32): each block is read from ``state`` by its name, and added.

    A block that is left out adds nothing; what goes around it stays.
    """
    names = sorted({key[: key.index(".conv")] for key in state if ".conv1." in key}, key=_numbers)
    h = F.relu(_normalised(state, "bn1", F.conv2d(x, state["conv1.weight"], padding=1)))
    for number, name in enumerate(names):
        narrow, wide = h.shape[1], state[f"{name}.conv1.weight"].shape[0]
        stride = wide // narrow
        inner = F.conv2d(h, state[f"{name}.conv1.weight"], stride=stride, padding=1)
        inner = F.relu(_normalised(state, f"{name}.bn1", inner))
        inner = _normalised(state, f"{name}.bn2", F.conv2d(inner, state[f"{name}.conv2.weight"], padding=1))
        total = torch.zeros_like(inner) if number in without else inner
        total.narrow(1, (wide - narrow) // 2, narrow).add_(h[:, :, ::stride, ::stride])
        h = F.relu(total)
    return F.linear(h.mean((2, 3)), state["linear.weight"], state["linear.bias"])


def _normalised(state: State, name: str, x: Tensor) -> Tensor:
    mean, var, scale, shift = (state[f"{name}.{part}"] for part in ("running_mean", "running_var", "weight", "bias"))
    return F.batch_norm(x, mean, var, scale, shift)


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


EXPERIMENT = Experiment(
    question="How much does a trained residual network lose when blocks are taken out of it?",
    describe=lambda s: "trained ResNets of 20, 32, 44 and 56 layers, blocks deleted, nothing trained anew",
    steps=lambda s: sum(depth // 2 - 1 + s.seeds for depth in FILES),
    run=run,
    missing=missing,
    seeds=5,
)
