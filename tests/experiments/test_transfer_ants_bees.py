"""Ants and bees: how networks are cut in two, what each way trains, and the record."""

from pathlib import Path
from statistics import mean

import pytest
import torch
from torch import nn
from torchvision.models import get_model

from convlab import datasets
from convlab.datasets.progress import Progress
from convlab.results import load
from experiments import transfer_ants_bees
from experiments.resume import Runs
from experiments.transfer_ants_bees import NETWORKS, WAYS, Parts, chosen_rows, compare, main, parts


def tiny() -> Parts:
    early = nn.Sequential(nn.Conv2d(3, 4, 3, stride=2), nn.BatchNorm2d(4), nn.ReLU())
    late = nn.Sequential(nn.Conv2d(4, 6, 3), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten())
    return Parts(early, late, 6)


def pictures() -> datasets.Data:
    """Dark ants and light bees."""
    dice = torch.Generator().manual_seed(1)
    labels = torch.arange(14) % 2
    pixels = torch.rand(14, 3, 16, 16, generator=dice) * 60 + labels[:, None, None, None] * 150
    part = datasets.Split(pixels.to(torch.uint8), labels)
    return datasets.Data("hymenoptera", "ants and bees", part, part, ("ants", "bees"))


@pytest.mark.parametrize("name", NETWORKS)
def test_the_parts_are_the_network_without_its_head(name: str) -> None:
    torch.manual_seed(0)
    cut = parts(name, None, known=False)
    x = torch.rand(2, 3, 64, 64)
    with torch.no_grad():
        features = cut.late.eval()(cut.early.eval()(x))
    assert features.shape == (2, cut.width)
    whole = sum(p.numel() for p in get_model(name, weights=None).parameters())
    body = sum(p.numel() for part in cut for p in part.parameters())
    inputs = {"squeezenet1_0": 512}.get(name, cut.width)
    assert whole - body == 1000 * (inputs + 1)


def test_weights_are_read_from_a_file_in_half_precision(tmp_path: Path) -> None:
    net = get_model("squeezenet1_0", weights=None)
    path = tmp_path / "weights.pth"
    torch.save({name: value.half() for name, value in net.state_dict().items()}, path)
    read = parts("squeezenet1_0", path)
    assert torch.allclose(read.early[0].weight, net.features[0].weight, atol=1e-3)
    assert read.early[0].weight.dtype == torch.float32


def test_as_many_of_each_and_the_fewer_are_among_the_more() -> None:
    labels = torch.tensor([0, 1, 1, 0, 0, 1, 1, 0, 1])
    small, large = (chosen_rows(labels, count, seed=3) for count in (2, 4))
    assert labels[small].bincount().tolist() == [2, 2]
    assert set(small.tolist()) <= set(large.tolist())


def test_every_way_learns_what_is_easy_and_leaves_the_known_weights_alone() -> None:
    torch.manual_seed(0)
    known = tiny()
    before = [value.clone() for part in known for value in part.state_dict().values()]
    runs = Runs(Progress("some", 1), pictures())
    found = compare(known, tiny, runs, counts=(3, 7), seeds=2, steps=80, longer=2)
    assert list(found["ways"]) == list(WAYS)
    assert runs.made == len(WAYS) * 2 * 2 + 2
    assert found["longer"]["steps"] == 160
    assert len(found["longer"]["accuracy"]) == 2
    for way in WAYS:
        assert [len(row) for row in found["ways"][way]["accuracy"]] == [2, 2]
        assert mean(found["ways"][way]["accuracy"][1]) > 0.9
        assert min(min(row) for row in found["ways"][way]["seconds"]) > 0
    after = [value for part in known for value in part.state_dict().values()]
    assert all(torch.equal(a, b) for a, b in zip(before, after, strict=True))
    assert found["parameters"] == {"early": 3 * 4 * 9 + 4 + 8, "late": 4 * 6 * 9 + 6}


def test_the_command_records_and_names_no_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(transfer_ants_bees, "parts", lambda network, weights, known=True: tiny())
    monkeypatch.setattr(transfer_ants_bees.datasets, "load", lambda name, size, root: pictures())
    monkeypatch.setattr(transfer_ants_bees, "COUNTS", (2, 3))
    options = ["--root", str(tmp_path / "secret"), "--weights", str(tmp_path / "file"), "--results", str(tmp_path)]
    assert main(["--network", "mobilenet_v2", "--seeds", "1", "--steps", "2", *options]) == 0
    assert "transfer-ants-bees.json" in capsys.readouterr().out
    text = (tmp_path / "transfer-ants-bees.json").read_text(encoding="utf-8")
    assert str(tmp_path) not in text
    record = load("transfer-ants-bees", tmp_path)
    assert record.data["network"] == "MobileNetV2"
    assert record.command.endswith("--network mobilenet_v2 --size 224 --steps 2 --seeds 1 --threads 1")


def test_what_imagenet_taught_helps_with_ants_and_bees() -> None:
    record = load("transfer-ants-bees")
    assert len(record.seeds) >= 3
    found = {way: [mean(row) for row in record.data["ways"][way]["accuracy"]] for way in WAYS}
    assert all(len(curve) == len(record.data["counts"]) for curve in found.values())
    assert found["fixed features"][0] > found["from nothing"][-1]
    assert found["fixed features"][-1] > 0.85
    assert record.data["network"] in record.settings
    assert "--weights" not in record.command
    assert "--root" not in record.command
