"""Measured anatomy against numbers computed by hand or known from papers."""

import pytest
import torch
from torch import nn
from torchvision.models import alexnet

from convlab.anatomy import anatomy, seen_by_one_unit, visits


def test_alexnet_has_the_receptive_field_of_the_literature() -> None:
    facts = anatomy(alexnet(weights=None).features, (3, 224, 224))
    assert [f.field for f in facts] == [11, 19, 51, 67, 99, 131, 163, 195]  # Araujo et al., 2019: 195, stride 32
    assert [f.jump for f in facts] == [4, 8, 8, 16, 16, 16, 16, 32]
    assert facts[-1].shape == (256, 6, 6)
    assert sum(f.macs for f in facts) == 655_566_528


def test_shapes_parameters_and_macs_of_one_layer_by_hand() -> None:
    (fact,) = anatomy(nn.Sequential(nn.Conv2d(4, 6, (3, 5), stride=2, groups=2)), (4, 9, 11))
    assert fact.shape == (6, 4, 4)
    assert fact.parameters == 6 * 2 * 15 + 6
    assert fact.macs == 6 * 4 * 4 * 2 * 15


@pytest.mark.parametrize(
    ("layers", "field", "jump"),
    [
        ([nn.Conv2d(1, 2, 3)], 3, 1),
        ([nn.Conv2d(1, 2, 3), nn.ReLU(), nn.Conv2d(2, 2, 3), nn.Conv2d(2, 1, 3)], 7, 1),
        ([nn.Conv2d(1, 2, 3, padding=1), nn.MaxPool2d(2), nn.Conv2d(2, 1, 3)], 8, 2),
        ([nn.Conv2d(1, 1, 3, dilation=4)], 9, 1),
        ([nn.Conv2d(1, 1, 1), nn.AvgPool2d(2, 3)], 2, 3),
        ([nn.Conv2d(1, 1, 7, stride=2, padding=3), nn.MaxPool2d(3, 2, 1)], 11, 4),
    ],
)
def test_field_and_jump_of_stacks_by_hand(layers: list[nn.Module], field: int, jump: int) -> None:
    last = anatomy(nn.Sequential(*layers), (1, 40, 40))[-1]
    assert (last.field, last.jump) == (field, jump)


def test_layers_that_look_at_single_pixels_are_left_out() -> None:
    net = nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.ReLU(), nn.Dropout(), nn.MaxPool2d(2))
    assert [f.name for f in anatomy(net, (1, 12, 12))] == ["Conv2d", "MaxPool2d"]


def test_the_network_is_left_as_it_was() -> None:
    conv = nn.Conv2d(1, 2, 3)
    before = conv.weight.detach().clone()
    anatomy(nn.Sequential(conv), (1, 12, 12))
    visits(conv, 7, 7)
    torch.testing.assert_close(conv.weight.detach(), before, rtol=0, atol=0)


@pytest.mark.parametrize(
    "layer",
    [
        nn.Conv2d(1, 1, 3),
        nn.Conv2d(1, 1, (2, 4), stride=(1, 2), padding=(1, 0)),
        nn.Conv2d(1, 1, 3, stride=3, dilation=2, padding=2),
    ],
)
def test_visits_counts_windows(layer: nn.Conv2d) -> None:
    height, width = 7, 9
    expected = torch.zeros(height, width, dtype=torch.int64)
    rows, columns = layer(torch.zeros(1, 1, height, width)).shape[2:]
    for i in range(rows):
        for j in range(columns):
            for u in range(layer.kernel_size[0]):
                for v in range(layer.kernel_size[1]):
                    row = i * layer.stride[0] - int(layer.padding[0]) + u * layer.dilation[0]
                    column = j * layer.stride[1] - int(layer.padding[1]) + v * layer.dilation[1]
                    if 0 <= row < height and 0 <= column < width:
                        expected[row, column] += 1
    assert torch.equal(visits(layer, height, width), expected)


def test_visits_wants_a_convolution() -> None:
    with pytest.raises(TypeError, match="MaxPool2d"):
        visits(nn.MaxPool2d(2), 4, 4)


def test_one_unit_sees_its_receptive_field_and_no_more() -> None:
    torch.manual_seed(0)
    net = nn.Sequential(nn.Conv2d(2, 3, 3, padding=1), nn.Conv2d(3, 1, 3, padding=1))
    seen = seen_by_one_unit(net, torch.randn(1, 2, 11, 13))
    assert seen.shape == (11, 13)
    rows, columns = seen.nonzero(as_tuple=True)
    assert (int(rows.min()), int(rows.max())) == (3, 7)
    assert (int(columns.min()), int(columns.max())) == (4, 8)
