"""What gradients say of windows, against counts by hand."""

import pytest
import torch
from torch import nn

from convlab.trace import seen_by_one_unit, visits


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


def test_the_layer_is_left_as_it_was() -> None:
    conv = nn.Conv2d(1, 2, 3)
    before = conv.weight.detach().clone()
    visits(conv, 7, 7)
    torch.testing.assert_close(conv.weight.detach(), before, rtol=0, atol=0)
