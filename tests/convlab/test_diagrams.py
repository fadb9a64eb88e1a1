import xml.etree.ElementTree as ET

import pytest
import torch
from torch import nn

from convlab import diagrams

CASES = [
    (7, 3, 1, 0, 1),
    (7, 3, 2, 0, 1),
    (7, 3, 3, 0, 1),
    (7, 3, 1, 1, 1),
    (7, 3, 1, 0, 2),
    (7, 3, 2, 1, 2),
    (8, 4, 3, 2, 1),
    (5, 1, 4, 0, 3),
]


@pytest.mark.parametrize(("size", "kernel_size", "stride", "padding", "dilation"), CASES)
def test_windows_says_what_torch_does(size: int, kernel_size: int, stride: int, padding: int, dilation: int) -> None:
    layer = nn.Conv1d(1, 1, kernel_size, stride, padding, dilation, bias=False)
    nn.init.ones_(layer.weight)
    x = torch.zeros(1, 1, size, requires_grad=True)
    y = layer(x)
    y.sum().backward()
    assert x.grad is not None
    unread = int((x.grad == 0).sum())
    drawing = diagrams.windows(size, kernel_size, stride, padding, dilation)
    assert f"{y.shape[-1]} windows; inputs that no window reads: {unread}" in drawing.alt
    assert drawing.caption == f"{y.shape[-1]} outputs"


def test_windows_draws_one_tap_for_each_weight_of_each_window() -> None:
    svg = diagrams.windows(7, 3, 2).svg
    blue = [p for p in ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}path") if "fill: #3d85c6" in str(p.attrib)]
    assert len(blue) == 9


def test_grid_writes_every_value() -> None:
    svg = diagrams.grid(torch.tensor([[1.0, -2.0, 0.0], [10.0, 0.5, 7.0]]), "Six numbers").svg
    texts = [element.text for element in ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]
    assert sorted(t.strip().replace("−", "-") for t in texts if t) == sorted(["1", "-2", "0", "10", "0.5", "7"])


def test_grid_leaves_zeros_empty_and_tells_the_signs_apart() -> None:
    svg = diagrams.grid([[0, 0]], "Zeros").svg
    assert "#3d85c6" not in svg
    assert "#d9752b" not in svg
    both = diagrams.grid([[3, -3]], "Both signs").svg
    assert "#3d85c6" in both
    assert "#d9752b" in both


def test_grid_frames_the_marked_block_only_when_asked() -> None:
    frame = "#d2566a"
    assert frame not in diagrams.grid([[1, 2], [3, 4]], "Plain").svg
    assert frame in diagrams.grid([[1, 2], [3, 4]], "Framed", marked=(slice(0, 1), slice(1, 2))).svg
