"""A test that hangs in a library, on a student's number, costs its own task, and is over when it is given up."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from autograder.engines.sealed.pair import Interrupted, Pair
from autograder.engines.sealed.session import Role, Rules, Session, SessionCell
from autograder.engines.sealed.submission import grade_cells
from autograder.isolation import ProcessLimits
from autograder.model import Outcome

LIMITS = ProcessLimits(cpu_seconds=60, check_cpu_seconds=1.0, wall_seconds=120)
# `sum` looks at no signal until it is done.
ANSWER = "def size():\n    return 10**13\n\ndef other():\n    return 4\n"


def session(*checks: tuple[str, str], answer: str = ANSWER, limits: ProcessLimits = LIMITS) -> Session:
    cells = [SessionCell(0, Role.STUDENT, answer)]
    for number, (task, source) in enumerate(checks, 1):
        cells.append(SessionCell(number, Role.CHECK, source, f"{task}-{number}", task))
    return Session(tuple(cells), Rules(limits))


def children(pair: Pair) -> list[str]:
    """The examiners that are running."""
    parent = pair.pids[1]
    return Path(f"/proc/{parent}/task/{parent}/children").read_text().split()


@pytest.mark.parametrize("again", [False, True])
def test_a_test_that_hangs_costs_its_own_task(pair: Pair, again: bool) -> None:
    checks = [("one", "assert other() == 4"), ("one", "sum(range(size()))"), ("one", "assert other() == 4")]
    checks += [("two", "assert other() == 4"), ("two", "assert other() == 5")]
    checks += [("three", "sum(range(size()))"), ("four", "assert other() == 4")] if again else []
    runs = grade_cells(pair, session(*checks))
    limits = [run.end.limit for run in runs[1:]]
    late = Outcome.TIME_LIMIT
    assert limits == [None, late, late, None, None, *([late, None] if again else [])]
    assert [run.end.error for run in runs[4:6]] == ["", "AssertionError"]
    assert "took too long" in runs[2].end.text
    assert [run.number for run in runs] == list(range(len(checks) + 1))


def test_all_tests_that_hang_end_soon(pair: Pair) -> None:
    start = time.process_time()
    runs = grade_cells(pair, session(*((f"task{n}", "sum(range(size()))") for n in range(8))))
    assert [run.end.limit for run in runs[1:]] == [Outcome.TIME_LIMIT] * 8
    assert time.process_time() - start < 5
    assert children(pair) == []


def test_an_examiner_that_is_given_up_ends(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("autograder.engines.sealed.pair._PATIENCE", 0.0)
    limits = ProcessLimits(cpu_seconds=60, check_cpu_seconds=30.0, wall_seconds=3)
    with pytest.raises(Interrupted) as caught:
        pair.run(session(("one", "sum(range(size()))"), limits=limits))
    assert caught.value.hung
    until = time.monotonic() + 20
    while children(pair) and time.monotonic() < until:
        time.sleep(0.02)
    assert children(pair) == []


def test_one_that_dies_otherwise_is_tried_again(pair: Pair) -> None:
    checks = [("one", "assert other() == 4"), ("two", "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)")]
    runs = grade_cells(pair, session(*checks))
    assert [run.end.limit for run in runs[1:]] == [None, Outcome.CRASHED]
    assert "stopped twice: its process ended" in runs[2].end.traceback
