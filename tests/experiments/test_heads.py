"""Dense layers or an average on the same maps: what moves in a moved picture, and what each head has to say."""

import pytest
import torch

from convlab.datasets import Split
from experiments import Settings, heads

DATA = Split(torch.zeros(1, 1, 28, 28), torch.zeros(1, dtype=torch.int64))


def test_a_moved_picture_has_zeros_where_nothing_was() -> None:
    x = torch.arange(1.0, 13).view(1, 1, 3, 4)
    assert heads.moved(x, 0).tolist() == x.tolist()
    assert heads.moved(x, 3)[0, 0].tolist() == [[0, 0, 0, 1], [0, 0, 0, 5], [0, 0, 0, 9]]


@pytest.mark.parametrize(
    ("head", "parameters"),
    [
        ("two dense layers", (3136 + 1) * 256 + (256 + 1) * 10),
        ("one dense layer", (3136 + 1) * 10),
        ("1×1 and the average", (64 + 1) * 10),
    ],
)
def test_heads_answer_with_ten_classes(head: str, parameters: int) -> None:
    net = heads.network(head, heads.FULL, DATA)
    assert net(torch.zeros(2, 1, 28, 28)).shape == (2, 10)
    assert net.parameter_count - heads.network(None, heads.FULL, DATA).parameter_count == parameters


def test_the_average_does_not_mind_where_inside_of_the_picture() -> None:
    torch.manual_seed(0)
    net = heads.network("1×1 and the average", heads.FULL, DATA).eval()
    x = torch.zeros(1, 1, 28, 28)
    x[0, 0, 12:15, 8:11] = torch.rand(3, 3)
    torch.testing.assert_close(net(heads.moved(x, 4)), net(x))
    dense = heads.network("one dense layer", heads.FULL, DATA).eval()
    assert (dense(heads.moved(x, 4)) - dense(x)).abs().max() > 1e-4


@pytest.mark.parametrize("losses", [[1.0, 0.5, 0.25, 0.125], []])
def test_training_ends_when_the_loss_has_stood_still_three_times(
    losses: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    rest = iter(losses)
    rates: list[float] = []

    def still(net: object, loader: object, optimizer: torch.optim.Optimizer) -> tuple[float, float]:
        rates.append(optimizer.param_groups[0]["lr"])
        return next(rest, 0.1), 1.0

    monkeypatch.setattr(heads, "train_epoch", still)
    pictures = Split(torch.rand(10, 1, 28, 28), torch.arange(10))
    found = heads.trained("one dense layer", pictures, pictures, 1000, 0.1, 0, Settings(epochs=100))
    once = heads.PATIENCE + 1
    assert found["looks"] == len(losses) + 1 + 3 * once
    assert sorted({round(rate, 6) for rate in rates}) == [0.001, 0.01, 0.1]
    assert heads.trained("one dense layer", pictures, pictures, 1000, 0.1, 0, Settings(epochs=3))["looks"] == 3
