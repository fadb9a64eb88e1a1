"""The network of chapter 05's page is d2l's LeNet-5, and its file of weights is read as a whole or not at all."""

from pathlib import Path

import pytest
import torch
from torch import nn

from convlab.networks.lenet import network, read_weights


def test_the_network_is_d2ls() -> None:
    net = network()
    assert sum(p.numel() for p in net.parameters()) == 61_706
    x = torch.zeros(3, 1, 28, 28)
    shapes = []
    for layer in net:
        x = layer(x)
        shapes.append(tuple(x.shape[1:]))
    assert shapes[1:6] == [(6, 28, 28), (6, 14, 14), (16, 10, 10), (16, 10, 10), (16, 5, 5)]
    assert [shape[0] for shape in shapes[6:]] == [400, 120, 120, 84, 84, 10]
    assert sum(isinstance(layer, nn.Sigmoid) for layer in net) == 4


def test_a_file_of_another_size_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "weights.bin"
    path.write_bytes(b"\0" * 10)
    with pytest.raises(ValueError, match=r"weights\.bin holds 5 numbers; the network has 61,706"):
        read_weights(path)
