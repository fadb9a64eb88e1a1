"""Read files of trained weights: half-precision numbers, little-endian, layer after layer, and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import numpy as np
import torch
from torch import nn

from convlab.results import results_folder

__all__ = ["read_weights", "weights_file"]

N = TypeVar("N", bound=nn.Module)


def weights_file(name: str) -> Path:
    """Return where the site has the file of weights ``name``."""
    return results_folder().parent / "_static" / name


def read_weights(net: N, path: Path) -> N:
    """Put the weights in ``path`` into ``net`` and return it.

    Raises:
        ValueError: the file does not hold as many numbers as the network has.
    """
    numbers = np.frombuffer(path.read_bytes(), dtype="<f2")
    count = sum(p.numel() for p in net.parameters())
    if len(numbers) != count:
        raise ValueError(f"{path.name} holds {len(numbers):,} numbers; the network has {count:,}.")
    nn.utils.vector_to_parameters(torch.from_numpy(numbers.astype(np.float32)), net.parameters())
    return net
