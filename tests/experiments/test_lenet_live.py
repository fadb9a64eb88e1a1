"""The network of chapter 05's page: d2l's LeNet-5, what its training does to pictures, its file, and its record."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from convlab import datasets
from convlab.datasets.data import Data, Split
from convlab.networks.lenet import network, read_weights, weights_file
from convlab.results import Record, load, results_folder
from experiments import lenet_live
from experiments.lenet_live import Jitter, train
from experiments.weights import write_weights

COUNT = 61_706


def digits() -> Data:
    """Scikit-learn's digits as MNIST has them: a box of 20 × 20 within 28 × 28."""

    def framed(split: Split) -> Split:
        large = F.interpolate(split.images, (20, 20), mode="bilinear", align_corners=False)
        return Split(F.pad(large, [4] * 4), split.labels)

    small = datasets.load("digits")
    return Data("mnist", "MNIST", framed(small.train), framed(small.test), small.classes)


def test_jitter_changes_each_picture_a_little_and_not_its_argument() -> None:
    x = digits().train.images[:50]
    before = x.clone()
    first, again, other = Jitter(1)(x), Jitter(1)(x), Jitter(2)(x)
    assert torch.equal(x, before)
    assert first.shape == x.shape
    assert torch.equal(first, again)
    assert not torch.equal(first, other)
    assert 0 <= first.min().item() <= first.max().item() <= 1.0001
    changed = (first - x).abs().flatten(1).amax(1)
    assert changed.min().item() > 0.05
    ink = first.flatten(1).sum(1) / x.flatten(1).sum(1)
    assert 0.55 < ink.min().item() < ink.max().item() < 1.6  # both sides shrink or grow by at most 15%


def test_jitter_moves_by_two_pixels_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DEGREES", "SCALE", "SLANT"):
        monkeypatch.setattr(lenet_live, name, 0)
    spot = torch.zeros(400, 1, 28, 40)
    spot[:, :, 13:15, 19:21] = 1
    moved = Jitter()(spot)
    assert moved.sum((1, 2, 3)).tolist() == pytest.approx([4.0] * 400, abs=1e-3)
    down = (moved.sum((1, 3)) * (torch.arange(28) + 0.5)).sum(1) / 4 - 14
    right = (moved.sum((1, 2)) * (torch.arange(40) + 0.5)).sum(1) / 4 - 20
    for distance in (down, right):
        assert 1.8 < distance.abs().max().item() < 2.001


def test_it_learns() -> None:
    data = digits()
    train_batches = datasets.DeviceLoader(data.train, 64)
    test_batches = datasets.DeviceLoader(data.test, 500, shuffle=False)
    seen: list[float] = []
    net, curves = train(train_batches, test_batches, epochs=12, after_epoch=seen.append)
    assert seen == curves["test_accuracy"]
    assert len(curves["train_loss"]) == 12
    assert curves["train_loss"][-1] < 0.5 * curves["train_loss"][0]
    assert curves["test_accuracy"][-1] > 0.7
    assert isinstance(net, nn.Sequential)


def test_weights_come_back_in_half_precision(tmp_path: Path) -> None:
    torch.manual_seed(3)
    net, path = network(), tmp_path / "weights.bin"
    write_weights(net, path)
    assert path.stat().st_size == 2 * COUNT
    for old, new in zip(net.parameters(), read_weights(path).parameters(), strict=True):
        assert torch.equal(old.half().float(), new)
    numbers = np.frombuffer(path.read_bytes(), dtype="<f2")
    assert numbers[:25].tolist() == net[0].weight[0].half().flatten().tolist()
    assert numbers[150:156].tolist() == net[0].bias.half().tolist()


def run(tmp_path: Path, *more: str) -> int:
    return lenet_live.main(["--weights", str(tmp_path / "w.bin"), "--results", str(tmp_path), "--epochs", "1", *more])


def test_the_command_writes_weights_and_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    data = digits()
    monkeypatch.setattr(datasets, "load", lambda name, root: data)
    assert run(tmp_path, "--threads", "1", "--seed", "4", "--note", "A try.") == 0
    record = load("lenet-live", tmp_path)
    assert record.command == "python -m experiments run lenet-live --device cpu --epochs 1 --seed 4 --threads 1"
    assert record.note.endswith("half-precision weights. A try.")
    assert (record.seeds, record.epochs) == ([4], 1)
    assert record.data["bytes"] == (tmp_path / "w.bin").stat().st_size == 2 * COUNT
    assert len(record.data["test_accuracy"]) == len(record.data["train_loss"]) == 1
    assert f"{record.data['accuracy']:.2%} of MNIST's test pictures" in capsys.readouterr().out


def test_the_command_says_what_to_do_without_mnist(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def nowhere(name: str, root: str | None) -> Data:
        raise datasets.DatasetUnavailable("MNIST is not here.")

    monkeypatch.setattr(datasets, "load", nowhere)
    assert run(tmp_path) == 3
    assert capsys.readouterr().err.strip() == "MNIST is not here."
    assert not (tmp_path / "w.bin").exists()


@pytest.fixture(scope="module")
def record() -> Record:
    return load("lenet-live")


def test_the_record_is_of_the_weights_of_the_site(record: Record) -> None:
    assert weights_file() == results_folder().parent / "_static" / "lenet5.bin"
    assert weights_file().stat().st_size == record.data["bytes"] == 2 * COUNT
    assert record.data["parameters"] == COUNT
    assert record.data["accuracy"] >= 0.985
    assert abs(record.data["accuracy"] - record.data["test_accuracy"][-1]) < 0.001
    assert len(record.data["test_accuracy"]) == record.epochs
    assert record.data_set == "MNIST"


def test_the_record_names_no_folder_of_anybodys_machine() -> None:
    text = (results_folder() / "lenet-live.json").read_text(encoding="utf-8")
    assert not re.search(r"--root|/\w+/", text)


def test_the_sites_weights_read_other_peoples_digits() -> None:
    data = digits()
    x, y = data.test.images, data.test.labels
    with torch.no_grad():
        right = (read_weights(weights_file())(x).argmax(1) == y).float().mean().item()
    assert right > 0.85  # they were 8 × 8 pixels, and the network never saw any of them
