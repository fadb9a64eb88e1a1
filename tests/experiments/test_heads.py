"""Dense layers or an average on the same maps: what moves in a moved picture, and what each head has to say."""

import pytest
import torch

from convlab.networks import Network
from experiments import heads


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
    net = Network(f"{heads.TRUNK} | {heads.HEADS[head]}", (1, 28, 28))
    assert net(torch.zeros(2, 1, 28, 28)).shape == (2, 10)
    assert net.parameter_count - Network(heads.TRUNK, (1, 28, 28)).parameter_count == parameters


def test_the_average_does_not_mind_where_inside_of_the_picture() -> None:
    torch.manual_seed(0)
    net = Network(f"{heads.TRUNK} | {heads.HEADS['1×1 and the average']}", (1, 28, 28)).eval()
    x = torch.zeros(1, 1, 28, 28)
    x[0, 0, 12:15, 8:11] = torch.rand(3, 3)
    torch.testing.assert_close(net(heads.moved(x, 4)), net(x))
    dense = Network(f"{heads.TRUNK} | {heads.HEADS['one dense layer']}", (1, 28, 28)).eval()
    assert (dense(heads.moved(x, 4)) - dense(x)).abs().max() > 1e-4


def test_the_steps_of_an_epoch_do_not_depend_on_the_number_of_pictures() -> None:
    assert [max(heads.COUNTS) % count for count in heads.COUNTS] == [0, 0]
    assert [count % heads.BATCH for count in heads.COUNTS] == [0, 0]
