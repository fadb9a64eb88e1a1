"""The trained network that chapter 06 looks into: which kinds of shapes are on a drawn picture of 48 × 48 pixels?

It gives five scores, one for each kind, each decided on its own. ``experiments/shapes_network.py`` trains it.
"""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from convlab.datasets.scenes import SHAPE_NAMES, Scenes
from convlab.networks import weights

__all__ = ["SIZE", "accuracy", "kinds", "network", "prepared", "read_weights", "weights_file"]

SIZE = 48
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


@torch.no_grad()
def accuracy(net: nn.Module, x: Tensor, y: Tensor) -> tuple[float, float]:
    """Return the share of right answers, of all kinds on all pictures, and of pictures with all kinds right."""
    answers = torch.cat([net(part) for part in torch.split(x, 250)])
    right = (answers > 0) == (y > 0)
    answered, whole = right.float().mean(), right.all(1).float().mean()
    return answered.item(), whole.item()


def weights_file() -> Path:
    """Return where the site has the trained weights."""
    return weights.weights_file("alexnet-shapes.bin")


def read_weights(path: Path | None = None) -> nn.Sequential:
    """Return the network with the weights in ``path``, by default the site's.

    Raises:
        ValueError: the file does not hold as many numbers as the network has.
    """
    return weights.read_weights(network(), path or weights_file())
