"""The small network of chapter 06: how it learns, its file, and its record."""

from pathlib import Path

import pytest
import torch
from torch import nn

from convlab.datasets import shapes
from convlab.networks.shapes import SIZE, kinds, network, prepared, read_weights
from convlab.results import load
from experiments import shapes_network
from experiments.shapes_network import main, train
from experiments.weights import write_weights


def test_some_epochs_lower_the_loss_and_a_seed_repeats_them() -> None:
    scenes = shapes(60, SIZE, 4, objects=1)
    x, y = prepared(scenes.images), kinds(scenes)

    def loss(net: nn.Module) -> float:
        with torch.no_grad():
            return nn.functional.binary_cross_entropy_with_logits(net(x), y).item()

    torch.manual_seed(0)
    start = loss(network())
    first, again = (train(x, y, 3, seed=0) for _ in range(2))
    assert loss(first) < start
    assert loss(again) == pytest.approx(loss(first), rel=1e-3)


def test_weights_survive_their_file(tmp_path: Path) -> None:
    net = network()
    write_weights(net, tmp_path / "w.bin")
    for before, after in zip(net.parameters(), read_weights(tmp_path / "w.bin").parameters(), strict=True):
        assert torch.allclose(before, after, rtol=1e-3, atol=1e-6)
    (tmp_path / "w.bin").write_bytes(b"\0" * 10)
    with pytest.raises(ValueError, match=r"w\.bin holds 5 numbers"):
        read_weights(tmp_path / "w.bin")


def test_the_command_leaves_weights_and_a_record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shapes_network, "PICTURES", (60, 20))
    options = ["--epochs", "1", "--weights", str(tmp_path / "w.bin"), "--results", str(tmp_path)]
    assert main(options) == 0
    record = load("shapes-network", tmp_path)
    assert len(record.data["test_accuracy"]) == record.epochs == 1
    assert str(tmp_path) not in record.about
    assert (tmp_path / "w.bin").stat().st_size == record.data["bytes"]
