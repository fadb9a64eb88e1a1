"""A timed function's time is its own, without that of timed functions inside it."""

from __future__ import annotations

import types
from time import thread_time

import pytest

from benchmarks.spans import Spans


def burn(seconds: float) -> None:
    end = thread_time() + seconds
    while thread_time() < end:
        pass


def test_what_is_inside_counts_there_only() -> None:
    spans = Spans()
    inner = spans.timed(lambda: burn(0.2), "inner")

    def outer() -> None:
        inner()
        burn(0.05)
        inner()

    spans.timed(outer, "outer")()
    assert spans.totals["inner"] == [2, pytest.approx(0.4, abs=0.02)]
    assert spans.totals["outer"] == [1, pytest.approx(0.05, abs=0.02)]


def test_a_label_may_depend_on_the_arguments_and_errors_count_too() -> None:
    spans = Spans()

    def fail(name: str) -> None:
        raise KeyError(name)

    timed = spans.timed(fail, lambda name: f"fail {name}")
    for name in ("a", "b", "b"):
        with pytest.raises(KeyError):
            timed(name)
    assert {label: calls for label, (calls, _) in spans.totals.items()} == {"fail a": 1, "fail b": 2}


def test_a_function_that_is_gone_is_noted() -> None:
    spans, module = Spans(), types.ModuleType("engine")
    spans.wrap(module, "graded", "x")
    assert spans.missing == ["engine.graded"]
