"""The trained LeNet-5 of chapter 05's page, as d2l gives it: sigmoid, average pooling, padding 2 for 28 × 28 pixels.

``experiments/lenet_live.py`` trains it.
"""

from __future__ import annotations

from pathlib import Path

from torch import nn

from convlab.networks import weights

__all__ = ["network", "read_weights", "weights_file"]


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


def weights_file() -> Path:
    """Return where the site has the trained weights."""
    return weights.weights_file("lenet5.bin")


def read_weights(path: Path | None = None) -> nn.Sequential:
    """Return the network with the weights in ``path``, by default the site's.

    Raises:
        ValueError: the file does not hold 61,706 numbers.
    """
    return weights.read_weights(network(), path or weights_file())
