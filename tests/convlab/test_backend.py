"""Checks ask the backend where the student's code is; in a notebook that changes nothing."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

import pytest
import torch

from convlab import backend, checks, rules, timing
from convlab.messages import CheckFailed


class Elsewhere(backend.Local):
    """A backend that notes what it is asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def place(self, *objects):
        self.asked.append("place")
        return super().place(*objects)

    def prepared(self, fn, cases):
        self.asked.append(f"prepared {len(cases)}")
        return super().prepared(fn, cases)

    def used_names(self, fn):
        self.asked.append("used_names")
        return super().used_names(fn)

    def cpu_seconds(self, fn, args, kwargs, calls):
        self.asked.append("cpu_seconds")
        return 0.1 * calls if fn is slow else 0.05 * calls


def slow(x: int) -> int:
    return x


def quick(x: int) -> int:
    return x


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> Elsewhere:
    monkeypatch.setattr(backend, "_current", backend.current())  # put back afterwards
    backend.use(found := Elsewhere())
    return found


def test_every_check_that_depends_on_the_place_asks_the_backend(elsewhere: Elsewhere) -> None:
    assert checks.place(1, 2) == (1, 2)
    checks.agrees(abs, abs, iter([(1,), (-2,)]), "x")
    with pytest.raises(CheckFailed):
        checks.refuses(abs, [(1,)], "x")
    rules.from_scratch(torch.relu, [torch.zeros(1)])
    assert timing.measure(slow, quick, (1,), at_most=100) == pytest.approx(2)
    assert list(dict.fromkeys(elsewhere.asked)) == ["place", "prepared 2", "prepared 1", "used_names", "cpu_seconds"]


def test_in_a_notebook_everything_is_as_it_is() -> None:
    local = backend.current()
    assert type(local) is backend.Local
    assert local.place(one := object()) is one
    assert local.prepared(abs, [(1,)]) is abs
    assert "torch.nn.functional.relu" in [name for name, _ in local.used_names(_uses_relu)]


def test_cpu_time_is_added_up_over_the_calls() -> None:
    def busy() -> None:
        end = time.process_time() + 0.01
        while time.process_time() < end:
            os.getpid()

    assert backend.Local().cpu_seconds(busy, (), {}, 3) >= 0.03


def test_the_cases_of_a_generator_are_taken_before_the_first_call() -> None:
    drawn = []

    def cases() -> Iterator[tuple[int]]:
        for case in (1, 2):
            drawn.append(case)
            yield (case,)

    def answer(x: int) -> int:
        assert drawn == [1, 2]
        return x

    checks.agrees(answer, lambda x: x, cases(), "x")


def _uses_relu(x: torch.Tensor) -> torch.Tensor:
    return torch.nn.functional.relu(x)
