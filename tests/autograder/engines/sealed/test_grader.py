"""Several threads share a pair: what one submission does to it costs the others nothing."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from autograder.engines.dispatch import Ungraded
from autograder.engines.sealed import grader as module
from autograder.engines.sealed.grader import Grader
from autograder.engines.sealed.pair import PairBroken
from autograder.engines.sealed.session import Rules

TOGETHER = 4


class FakePair:
    """Breaks for everybody who is there when a killer comes."""

    def __init__(self) -> None:
        self.broken = threading.Event()
        self.closed = False

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[FakePair]:
    """The pairs that a grader made, in order."""
    pairs: list[FakePair] = []
    first = threading.Barrier(TOGETHER)

    def new(self: Grader) -> FakePair:
        pairs.append(FakePair())
        return pairs[-1]

    def grade_job(pair: FakePair, job: str, rules: Rules, hidden: dict[str, str]) -> str:
        if pair is pairs[0]:
            first.wait(30)
        if job == "killer":
            pair.broken.set()
        elif pair is not pairs[0]:
            time.sleep(0.05)  # long enough for a killer that was let in beside it
        if pair.broken.wait(30 if pair is pairs[0] else 0):
            raise PairBroken("The zygote is gone.")
        return f"marks of {job}"

    monkeypatch.setattr(Grader, "_new", new)
    monkeypatch.setattr(Grader, "_works", lambda self: True)
    monkeypatch.setattr(module, "grade_job", grade_job)
    return pairs


def outcome(grader: Grader, job: Any) -> object:
    try:
        return grader.grade(job, {})
    except Ungraded as error:
        return type(error)


def test_only_the_one_that_breaks_pairs_is_left_out(made: list[FakePair]) -> None:
    grader = Grader((), Rules())
    grader.start()
    jobs = ["ada", "killer", "bob", "cyd"]
    with ThreadPoolExecutor(TOGETHER) as pool:
        found = list(pool.map(lambda job: outcome(grader, job), jobs))
    assert found == ["marks of ada", Ungraded, "marks of bob", "marks of cyd"]
    # A broken pair is replaced once, however many were on it: for all of them, and again after the killer's second try.
    assert [pair.closed for pair in made] == [True, True, False]
    assert grader.grade("dan", {}) == "marks of dan"  # type: ignore[arg-type, comparison-overlap]
