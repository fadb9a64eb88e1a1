"""The coordinator killed at every kind of moment, by number: whatever the moments, nothing is lost."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from autograder.course import Course
from autograder.grading.results import ResultStore
from tests.crash.classes import ROOT, assert_nothing_lost, come_late, hand_in, marks, penalties
from tests.crash.light import NAME

CLASS = 7
LATE = ["s001", "s004", "s006"]
MOMENTS = 490
HERE = Path(__file__).parents[2]
Run = Callable[[Path, int], tuple[int, int, int]]
NEVER = 0  # events are counted from 1


@pytest.fixture(scope="module")
def run() -> Iterator[Run]:
    """Grade the class of a folder and be killed at an event; return the status, the events, and what was graded."""
    command = [sys.executable, "-m", "tests.crash.points", str(ROOT)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, cwd=HERE, text=True, **pipes) as process:  # type: ignore[call-overload]

        def run(folder: Path, fatal: int) -> tuple[int, int, int]:
            print(folder, fatal, file=process.stdin, flush=True)
            status, events, graded = map(int, process.stdout.readline().split())
            return status, events, graded

        yield run


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("untouched")
    course = Course(ROOT, folder)
    hand_in(course, CLASS, lambda number: {"half_up": "good" if number % 2 else "bad", "spread": "good"})
    come_late(course, LATE)
    return folder


@pytest.fixture(scope="module")
def undisturbed(run: Run, untouched: Path, tmp_path_factory: pytest.TempPathFactory) -> Course:
    folder = tmp_path_factory.mktemp("undisturbed") / "class"
    shutil.copytree(untouched, folder)
    status, events, graded = run(folder, NEVER)
    assert (status, graded) == (0, CLASS)
    assert events > MOMENTS - 40
    course = Course(ROOT, folder)
    assert [student for student, penalty in penalties(course).items() if penalty] == LATE
    return course


@pytest.mark.timeout(1200)
@settings(max_examples=20, deadline=None, derandomize=True)
@given(moments=st.lists(st.integers(1, MOMENTS), min_size=1, max_size=4))
@example(moments=[1])
@example(moments=[2, 2, 2, 2])
def test_whatever_the_moments_nothing_is_lost(
    run: Run, untouched: Path, undisturbed: Course, tmp_path_factory: pytest.TempPathFactory, moments: list[int]
) -> None:
    expected = marks(ResultStore(undisturbed.directory).all(NAME))
    folder = tmp_path_factory.mktemp("killed") / "class"
    shutil.copytree(untouched, folder)
    graded, killed = 0, 0
    for moment in moments:
        status, events, some = run(folder, moment)
        assert status in (0, -signal.SIGKILL)
        assert (status == 0) == (events < moment)
        graded, killed = graded + some, killed + (status != 0)
    status, _, some = run(folder, NEVER)
    assert status == 0
    assert_nothing_lost(Course(ROOT, folder), expected)
    assert penalties(Course(ROOT, folder)) == pytest.approx(penalties(undisturbed))
    assert CLASS <= graded + some <= CLASS + killed  # a kill costs at most the one that was being worked on
    shutil.rmtree(folder)
