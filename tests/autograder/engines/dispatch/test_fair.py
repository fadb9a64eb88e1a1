"""The same marks on an idle machine and on one with far too much to do: limits that decide are CPU time."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import MappingProxyType

import pytest

from autograder.assignment.release import generate
from autograder.assignment.source import load_assignment
from autograder.engines.contract import Job, Limits
from autograder.engines.sealed.grader import Grader
from autograder.engines.sealed.session import Rules
from autograder.engines.sealed.submission import hidden_cells
from autograder.model import Outcome, Submission
from autograder.submissions.intake import Release, repair
from tests.crash.classes import REFERENCE, SOURCE

LIMIT = 1.0  # seconds of CPU for a check
RIVALS = 4  # other processes on the one core that grades
BURN = """
import time
def burn(seconds):
    end = time.process_time() + seconds
    while time.process_time() < end: pass
"""
ANSWERS = MappingProxyType(
    {
        "quick": (REFERENCE["half_up"], Outcome.PASSED),
        "near the limit": (f"{BURN}burn({0.6 * LIMIT})\n{REFERENCE['half_up']}", Outcome.PASSED),
        "over the limit": (f"{BURN}def half_up(value):\n    burn({3 * LIMIT})", Outcome.TIME_LIMIT),
        "waits a little": (f"import time\ntime.sleep(1)\n{REFERENCE['half_up']}", Outcome.PASSED),
        "as fast as the reference": (f"half_up_plain = round\n{REFERENCE['half_up']}", Outcome.PASSED),
    }
)
RATIO = """
import torch
from convlab import checks
def work(values):
    return sum(v * v for v in values)
ratio = checks.cpu_ratio(spread, work, (list(range(20000)),), at_most=50, what="CPU time of spread")
"""


@pytest.fixture
def one_core() -> Iterator[None]:
    """Keep what this test starts on one core: overload there costs the other tests nothing."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(before)})
    yield
    os.sched_setaffinity(0, before)


@pytest.fixture
def grader(one_core: None) -> Iterator[Grader]:
    started = Grader((), Rules())
    started.start()
    yield started
    started.close()


def outcomes(grader: Grader, release: Release) -> dict[str, tuple[list[Outcome], float]]:
    hidden = hidden_cells(SOURCE) | {"spread-order": RATIO}
    found = {}
    for student, (answer, _) in ANSWERS.items():
        cells = {"half_up": answer, "spread": REFERENCE["spread"]}
        intake = repair(filled(release, cells), release)
        who = Submission(student, SOURCE.stem, Path("n.ipynb"))
        limits = Limits(cell_seconds=LIMIT)
        job = Job(who, "key", intake, release.build(intake.cells), load_assignment(SOURCE), SOURCE, limits)
        result = grader.grade(job, hidden).result
        found[student] = ([check.outcome for check in result.checks], result.points)
    return found


def filled(release: Release, cells: dict[str, str]) -> bytes:
    import json

    notebook = json.loads(json.dumps(release.notebook))
    for cell in notebook["cells"]:
        cell["source"] = cells.get(cell["metadata"]["nbgrader"]["grade_id"], cell["source"])
    return json.dumps(notebook).encode()


@pytest.mark.timeout(600)
def test_an_overloaded_machine_gives_the_same_marks(grader: Grader, tmp_path: Path) -> None:
    release = Release.read(generate(SOURCE, out=tmp_path))
    alone = outcomes(grader, release)
    assert {student: set(found[:2]) for student, (found, _) in alone.items()} == {
        student: {expected} for student, (_, expected) in ANSWERS.items()
    }
    assert alone["quick"][1] == pytest.approx(10)
    busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(RIVALS)]
    try:
        loaded = outcomes(grader, release)
    finally:
        for process in busy:
            process.kill()
            process.wait()
    assert loaded == alone
