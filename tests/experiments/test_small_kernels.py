"""One layer of 7×7 against three of 3×3: that the experiment compares what it says, and times what it says."""

from typing import Any

import pytest
import torch

from convlab.networks import Network
from convlab.trace import trace
from experiments import Settings, small_kernels


@pytest.mark.parametrize("form", small_kernels.STEPS)
def test_every_form_sees_seven_pixels_and_keeps_the_size(form: str) -> None:
    net = small_kernels.layers(form, 4)
    table = trace(net, (4, 9, 12))
    assert table.layers[-1].field == (7, 7)
    assert table.layers[-1].shape == (4, 9, 12)


def test_parameters_and_work_are_49_to_27() -> None:
    one, three = (trace(small_kernels.layers(form, 8), (8, 10, 10)) for form in small_kernels.TIMED)
    assert one.macs * 27 == three.macs * 49
    assert one.parameters == 49 * 64 + 8
    assert three.parameters == 27 * 64 + 3 * 8


def test_without_relus_between_the_three_are_one_filter() -> None:
    torch.manual_seed(0)
    net = small_kernels.layers("three 3×3, one ReLU", 2)
    assert isinstance(net, Network)
    linear = torch.nn.Sequential(*list(net.steps)[:-1])
    a, b = torch.randn(2, 1, 2, 8, 8)
    bias = linear(torch.zeros(1, 2, 8, 8))
    torch.testing.assert_close(linear(2 * a - b) - bias, 2 * (linear(a) - bias) - (linear(b) - bias))
    assert [type(step).__name__ for step in small_kernels.layers("three 3×3", 2).steps].count("ReLU") == 3


def test_times_are_seconds_of_one_picture_and_the_best_of_the_repeats(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [0.0]
    monkeypatch.setattr(small_kernels.time, "process_time", lambda: clock[0])
    steps = iter([5.0, 4.0, 8.0, 6.0, 7.0] + [12.0] * 5)

    def work(net: Any, x: Any) -> None:
        clock[0] += next(steps)

    times = small_kernels._times(work, torch.nn.ReLU(), torch.zeros(1), Settings(seeds=2))
    assert times == pytest.approx([1.0, 3.0])
