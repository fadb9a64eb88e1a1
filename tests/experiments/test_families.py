"""Six kinds of network, made small: what their texts say, what normalisation adds, and how a rate is chosen."""

from typing import Any

import pytest
import torch
from torch import Tensor, nn

from convlab import results
from convlab.datasets import Split
from convlab.datasets.progress import Progress
from convlab.networks import Network
from experiments import Settings, families
from experiments.families import FULL, NETWORKS, SMALL, normalised, scale_of
from experiments.resume import Runs

SHAPE = (1, 28, 28)


def convolutions(name: str) -> list[nn.Conv2d]:
    return [m for m in Network(NETWORKS[name], SHAPE).modules() if isinstance(m, nn.Conv2d)]


@pytest.mark.parametrize("name", NETWORKS)
def test_each_answers_with_ten_classes_and_normalisation_adds_two_numbers_a_channel(name: str) -> None:
    plain, normed = Network(NETWORKS[name], SHAPE), Network(normalised(NETWORKS[name]), SHAPE)
    assert plain(torch.zeros(2, *SHAPE)).shape == normed(torch.zeros(2, *SHAPE)).shape == (2, 10)
    channels = [conv.out_channels for conv in convolutions(name)]
    assert len([m for m in normed.modules() if isinstance(m, nn.BatchNorm2d)]) == len(channels)
    assert normed.parameter_count == plain.parameter_count + 2 * sum(channels)


def test_a_norm_stands_behind_each_convolution_inside_of_brackets_too() -> None:
    assert normalised("conv 8 3 1 | relu | sum(conv 16 3 1 2 ; conv 16 1 0 2) | dense 10") == (
        "conv 8 3 1 | norm | relu | sum(conv 16 3 1 2 | norm ; conv 16 1 0 2 | norm) | dense 10"
    )


def test_what_makes_each_of_them() -> None:
    assert max(conv.kernel_size[0] for conv in convolutions("AlexNet")) == 7
    assert {conv.kernel_size for conv in convolutions("VGG")} == {(3, 3)}
    assert [conv.kernel_size for conv in convolutions("NiN")].count((1, 1)) == 8
    assert "dense" not in NETWORKS["NiN"]
    assert NETWORKS["GoogLeNet"].count("cat(") == NETWORKS["ResNet"].count("sum(") == 3


def test_more_pictures_on_a_gpu_or_when_asked() -> None:
    assert scale_of(Settings()) == SMALL
    assert scale_of(Settings(full=True)) == FULL
    assert scale_of(Settings(device="cuda")) == FULL
    assert "7,500 training pictures" in families.describe(Settings())
    assert "55,000 training pictures" in families.describe(Settings(full=True))


def test_the_rate_is_the_best_on_pictures_that_nothing_learns_from(monkeypatch: pytest.MonkeyPatch) -> None:
    random = torch.Generator().manual_seed(0)
    whole = torch.arange(120).view(-1, 1, 1, 1).expand(-1, 1, 28, 28).to(torch.uint8)
    labels = torch.randint(10, (120,), generator=random)
    data = families.datasets.Data("none", "None", Split(whole, labels), Split(whole[:7], labels[:7]), ())
    monkeypatch.setattr(families, "NETWORKS", {"small": "flat | dense 10"})
    learned: set[int] = set()
    held: set[int] = set()
    rates: list[float] = []

    def descend(net: nn.Module, train: Any, rate: float, epochs: int) -> list[tuple[float, float]]:
        learned.update(train.pixels[:, 0, 0, 0].tolist())
        rates.append(rate)
        return [(0.5, 1.0)] * epochs

    def accuracy(net: nn.Module, pictures: Any) -> float:
        shown: Tensor = pictures.pixels[:, 0, 0, 0]
        held.update(shown.tolist() if len(shown) == 20 else [])
        return {0.01: 0.2, 0.03: 0.7, 0.1: 0.4}[rates[-1]]

    monkeypatch.setattr(families, "descend", descend)
    monkeypatch.setattr(families, "accuracy", accuracy)
    with Progress("families", 10) as progress:
        found = families.run(Settings(data="none", seeds=2, epochs=3), Runs(progress, data))["networks"]["small"]
    assert rates == [*families.RATES, 0.03, 0.03] * 2
    assert found["plain"]["validation"] == [0.2, 0.7, 0.4]
    assert found["plain"]["rate"] == found["normalised"]["rate"] == 0.03
    assert len(held) == 20
    assert held & learned == set()
    assert held | learned == set(range(120))


def test_the_rate_falls_while_training(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[float] = []

    def look(net: Any, train: Any, optimizer: torch.optim.Optimizer) -> tuple[float, float]:
        seen.append(optimizer.param_groups[0]["lr"])
        return 1.0, 0.25

    monkeypatch.setattr(families, "train_epoch", look)
    pictures = families.batches(
        Split(torch.zeros(3, 1, 2, 2), torch.zeros(3, dtype=torch.int64)), torch.arange(3), "cpu"
    )
    epochs = list(families.descend(Network("flat | dense 10", (1, 2, 2)), pictures, 0.2, 2))
    assert seen == pytest.approx([0.2, 0.1])
    assert [right for right, _ in epochs] == [0.25, 0.25]
    assert min(seconds for _, seconds in epochs) >= 0


def test_the_record_counts_what_the_texts_say() -> None:
    found = results.load("families").data["networks"]
    assert set(found) == set(NETWORKS)
    for name, text in NETWORKS.items():
        assert found[name]["plain"]["parameters"] == Network(text, SHAPE).parameter_count
        assert found[name]["normalised"]["parameters"] == Network(normalised(text), SHAPE).parameter_count
        plain, normed = (found[name][form]["test_accuracy"] for form in families.FORMS)
        assert 0.3 < min(*plain, *normed) <= max(*plain, *normed) < 0.95
        assert sum(normed) > sum(plain)
