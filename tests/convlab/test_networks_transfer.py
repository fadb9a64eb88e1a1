"""The small world of the transfer experiments: what is painted, how few are drawn, where the network is cut."""

import copy

import pytest
import torch
from torch import nn

from convlab import datasets
from convlab.networks import transfer
from convlab.networks.transfer import (
    CUTS,
    SHAPE,
    accuracy,
    body_and_head,
    drawn,
    few,
    painted,
    through,
    train,
)


def split(classes: int = 10, channels: int = 1) -> datasets.Split:
    """Gray pictures of uint8 whose brightness is their class."""
    labels = torch.arange(4 * classes) % classes
    pixels = (labels * 20)[:, None, None, None].expand(-1, channels, 9, 9).to(torch.uint8)
    return datasets.Split(pixels, labels)


@pytest.mark.parametrize("channels", [1, 3])
def test_pictures_are_painted_dark_on_light_from_five_classes(channels: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transfer, "NOISE", 0.0)
    x, y = painted(split(channels=channels), 5, 60, seed=3)
    assert x.shape == (60, *SHAPE)
    assert set(y.tolist()) == {0, 1, 2, 3, 4}
    assert x.max() <= 0.2001  # the lightest ground, 1.0, less 0.8
    darkest = x.amin((1, 2, 3))
    assert darkest[y == 4].mean() < darkest[y == 0].mean() - 0.1  # more ink in class 9 than in class 5
    again, _ = painted(split(channels=channels), 5, 60, seed=3)
    assert torch.equal(x, again)
    blank, _ = painted(datasets.Split(torch.zeros(10, 1, 8, 8), torch.arange(10)), 0, 20, seed=1)
    assert blank.min() >= -0.0001  # nothing but ground


def test_drawn_shapes_look_alike_in_size_and_range() -> None:
    x, y = drawn(12, 1)
    assert x.shape == (12, *SHAPE)
    assert y.shape == (12,)
    assert -1.1 < x.min().item() < x.max().item() < 0.5


def test_more_pictures_contain_the_fewer() -> None:
    y = torch.arange(50) % 5
    x = torch.arange(50.0)[:, None]
    small, labels = few(x, y, 2, seed=4)
    large, _ = few(x, y, 6, seed=4)
    assert labels.bincount().tolist() == [2] * 5
    assert set(small.flatten().tolist()) <= set(large.flatten().tolist())
    assert few(x, y, 2, seed=5)[0].tolist() != small.tolist()


def test_the_network_is_cut_after_each_pooling() -> None:
    body, head = body_and_head(0)
    assert len(body) == CUTS[-1]
    assert [type(body[cut - 1]) for cut in CUTS[1:-1]] == [nn.MaxPool2d] * 3
    assert isinstance(body[-1], nn.Flatten)
    x = torch.rand(3, *SHAPE)
    assert [tuple(through(body[:cut], x).shape[1:]) for cut in CUTS[1:]] == [
        (16, 12, 12),
        (32, 6, 6),
        (48, 3, 3),
        (64,),
    ]
    assert sum(p.numel() for part in body for p in part.parameters()) == 46_992
    assert sum(p.numel() for p in head.parameters()) == 325


def test_what_is_frozen_leaves_no_trace() -> None:
    body, _ = body_and_head(1)
    before = copy.deepcopy(nn.Sequential(*body).state_dict())
    seen = through(body, torch.rand(4, *SHAPE) + 3)
    assert not seen.requires_grad
    for name, value in nn.Sequential(*body).state_dict().items():
        assert torch.equal(value, before[name])


def test_training_learns_and_repeats_itself() -> None:
    x, y = drawn(300, 7)
    results = []
    for _ in range(2):
        body, head = body_and_head(2)
        assert train([*body, head], x, y, 40, seed=3) > 0
        results.append(accuracy([*body, head], x, y))
    assert results[0] > 0.4
    assert results[0] == pytest.approx(results[1], abs=1e-6)
