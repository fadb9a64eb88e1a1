"""Modules of one filter size and of several: equal cost, shapes at all scales, and a tiny run."""

import pytest
import torch

from convlab.datasets import catalogue
from convlab.networks import Network
from convlab.trace import trace
from experiments import Settings, common, filter_sizes
from experiments import __main__ as command_line
from experiments.filter_sizes import NETWORKS, SCALES, SIDE, mixed_scales, text


def test_all_networks_cost_the_same_within_three_percent() -> None:
    macs = {name: trace(Network(text(name), (3, SIDE, SIDE)), (3, SIDE, SIDE)).macs for name in NETWORKS}
    assert max(macs.values()) < 1.03 * min(macs.values())


def test_shapes_come_at_all_scales_inside_the_picture() -> None:
    x, kinds, scales = mixed_scales(60, 3)
    assert x.shape == (60, 3, SIDE, SIDE)
    assert set(kinds.tolist()) == set(range(5))
    assert set(scales.tolist()) == set(range(len(SCALES)))
    again, _, _ = mixed_scales(60, 3)
    assert torch.equal(x, again)
    spread = [x[scales == place].flatten(1).std(1).mean().item() for place in range(len(SCALES))]
    assert spread == sorted(spread)  # the larger the shape, the more of the picture is not background


def test_a_tiny_run_is_complete(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "DRAWN", (2, 2))  # those are not used
    monkeypatch.setattr(filter_sizes, "TRAIN", 50)
    monkeypatch.setattr(filter_sizes, "TEST", 40)
    monkeypatch.setattr(filter_sizes, "RATES", (0.1,))
    record = command_line.record("filter-sizes", Settings(data="shapes", seeds=2, epochs=1, threads=1))
    assert common("filter-sizes").missing(record.data, 2, 1) == []
    assert len(common("filter-sizes").missing(record.data, 3, 1)) == 3 * len(NETWORKS)
    assert record.data_set == "drawn shapes"


def test_other_pictures_are_refused() -> None:
    with pytest.raises(ValueError, match="run with --data shapes"):
        common("filter-sizes").run(Settings(data="digits"), None)  # type: ignore[arg-type]
