"""The small network of chapter 06: what it is asked, how it learns, its file, and that the file answers well."""

from pathlib import Path

import pytest
import torch
from torch import nn

from convlab.datasets import shapes
from convlab.experiments import load, shapes_network
from convlab.experiments.shapes_network import (
    SIZE,
    accuracy,
    kinds,
    main,
    network,
    prepared,
    read_weights,
    train,
    weights_file,
    write_weights,
)


def test_the_network_is_of_convolutions_relus_and_poolings_up_to_its_mean() -> None:
    net = network()
    assert {type(layer) for layer in net[:10]} == {nn.Conv2d, nn.ReLU, nn.MaxPool2d}
    assert net(torch.zeros(2, 3, SIZE, SIZE)).shape == (2, 5)
    assert sum(p.numel() for p in net.parameters()) == load("shapes-network").data["parameters"]


def test_kinds_say_what_is_on_a_picture() -> None:
    scenes = shapes(20, SIZE, 3, objects=(1, 3))
    wanted = [[float(k in found.tolist()) for k in range(5)] for found in scenes.labels]
    assert kinds(scenes).tolist() == wanted
    assert prepared(scenes.images).abs().mean().item() < 1.5


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


def test_the_course_has_weights_that_answer_well_on_pictures_they_have_not_seen() -> None:
    scenes = shapes(150, SIZE, 77, objects=(1, 3))
    answers, pictures = accuracy(read_weights(weights_file()), prepared(scenes.images), kinds(scenes))
    assert answers > 0.98
    assert pictures > 0.93
    record = load("shapes-network")
    assert record.data["bytes"] == weights_file().stat().st_size == 2 * record.data["parameters"]
    assert record.data["answers"] > 0.98


def test_the_command_leaves_weights_and_a_record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shapes_network, "PICTURES", (60, 20))
    options = ["--epochs", "1", "--weights", str(tmp_path / "w.bin"), "--results", str(tmp_path)]
    assert main(options) == 0
    record = load("shapes-network", tmp_path)
    assert len(record.data["test_accuracy"]) == record.epochs == 1
    assert str(tmp_path) not in record.about
    assert (tmp_path / "w.bin").stat().st_size == record.data["bytes"]
