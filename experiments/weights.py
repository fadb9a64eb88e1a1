"""Write a file of trained weights, which ``convlab.networks.weights`` reads."""

from __future__ import annotations

from pathlib import Path

from torch import nn

__all__ = ["write_weights"]


def write_weights(net: nn.Module, path: Path) -> None:
    """Write the weights of ``net`` to ``path``: half precision, little-endian, in torch's order, and nothing else."""
    numbers = nn.utils.parameters_to_vector(net.parameters()).detach().cpu().numpy()
    path.write_bytes(numbers.astype("<f2").tobytes())
