"""A rehearsal runs the reference in the examiner's parent: it must hold nothing of a student's, and spoil nothing."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.assignment.release import generate
from autograder.assignment.source import load_assignment
from autograder.engines.contract import Job
from autograder.engines.sealed.pair import Pair
from autograder.engines.sealed.session import Role, Rules, Session, SessionCell
from autograder.engines.sealed.submission import grade_job, hidden_cells, rehearsal_of
from autograder.isolation import ProcessLimits
from autograder.model import Submission
from autograder.submissions.intake import Release, repair

SOURCE = Path(__file__).parents[3] / "small_course/solutions/01-small/01-small.py"
SETUP = SessionCell(0, Role.SETUP, "import os, threading, time\nimport torch\n", "setup")
RULES = Rules(ProcessLimits(cpu_seconds=3.0, check_cpu_seconds=2.0))
MARK = "print('written by a student')"


@pytest.fixture(scope="module")
def job(tmp_path_factory: pytest.TempPathFactory) -> Job:
    folder = tmp_path_factory.mktemp("release")
    release = Release.read(generate(SOURCE, out=folder))
    notebook = json.loads(json.dumps(release.notebook))
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("solution"):
            cell["source"] = MARK
    notebook["cells"].append({"cell_type": "code", "metadata": {}, "outputs": [], "source": MARK, "id": "own"})
    intake = repair(json.dumps(notebook).encode(), release)
    who = Submission("someone", "01-small", Path("n.ipynb"))
    return Job(who, "key", intake, release.build(intake.cells), load_assignment(SOURCE), SOURCE)


def rehearse(pair: Pair, *answers: str) -> bool:
    cells = [SessionCell(n, Role.STUDENT, text, f"answer{n}") for n, text in enumerate(answers, 1)]
    return pair.rehearse(Session((SETUP, *cells), RULES))


def check(pair: Pair, text: str) -> str:
    """Run one check and return the name of its error."""
    (_, _, run) = pair.run(
        Session(
            (SETUP, SessionCell(1, Role.STUDENT, "x = 1", "x"), SessionCell(2, Role.CHECK, text, "x-public")), RULES
        )
    )
    return run.end.error


def test_nothing_of_a_students_is_rehearsed(job: Job) -> None:
    session = rehearsal_of(job, Rules(), hidden_cells(SOURCE))
    assert {cell.role for cell in session.cells} == {Role.SETUP, Role.STUDENT, Role.CHECK}
    assert MARK not in "".join(cell.source for cell in session.cells)
    assert {cell.name for cell in session.cells} >= {"setup", "half_up", "spread", "half_up-public"}


def test_grading_rehearses_once_for_each_assignment(job: Job, pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Session] = []
    real = pair.rehearse
    monkeypatch.setattr(pair, "rehearse", lambda session: asked.append(session) or real(session))
    monkeypatch.setattr(pair, "rehearsed", set())
    results = [grade_job(pair, job, Rules()).result for _ in range(2)]
    assert len(asked) == 1
    assert [result.points for result in results] == pytest.approx([0, 0])


def test_a_slow_library_is_loaded_before_a_student_who_names_it(
    job: Job, pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[set[str]] = []
    monkeypatch.setattr(pair, "load", asked.append)
    names_it = [
        replace(cell, source="import torchvision") if cell.id == "half_up" else cell for cell in job.intake.cells
    ]
    for cells in (job.intake.cells, names_it):
        grade_job(pair, replace(job, intake=replace(job.intake, cells=cells)), Rules())
    assert asked == [set(), {"torchvision"}]


def test_what_is_loaded_is_there_for_every_sandbox(pair: Pair) -> None:
    pair.load(["wave"])
    (*_, run) = pair.run(
        Session(
            (
                SETUP,
                SessionCell(1, Role.STUDENT, "import sys\nloaded = 'wave' in sys.modules", "x"),
                SessionCell(2, Role.CHECK, "assert loaded", "x-public"),
            ),
            RULES,
        )
    )
    assert run.end.error == ""


def test_what_was_rehearsed_is_there_for_every_examiner(pair: Pair) -> None:
    assert rehearse(pair, "import sys, fractions, colorsys\nassert 'colorsys' in sys.modules")
    assert check(pair, "import sys\nassert 'colorsys' in sys.modules") == ""


@pytest.mark.parametrize(
    "answer",
    [
        "threading.Thread(target=time.sleep, args=(600,), daemon=True).start()",
        "os._exit(0)",
        "while True: pass",
        "import ctypes; ctypes.string_at(0)",
    ],
    ids=["leaves a thread", "ends the process", "does not end", "crashes"],
)
def test_a_reference_that_would_spoil_the_parent_is_left_out(pair: Pair, answer: str) -> None:
    assert rehearse(pair, answer) is False
    assert check(pair, "assert x == 1") == ""


def test_a_rehearsal_leaves_torch_and_the_process_as_they_were(pair: Pair) -> None:
    assert rehearse(
        pair,
        "torch.set_default_dtype(torch.float64); torch.set_grad_enabled(False)",
        "os.environ['LEFT_BEHIND'] = '1'; os.chdir('/usr')",
        "raise RuntimeError('a reference may fail')",
    )
    left = "import os, torch\nassert torch.ones(1).dtype == torch.float32 and torch.is_grad_enabled()\n"
    assert check(pair, left + "assert 'LEFT_BEHIND' not in os.environ and os.getcwd() != '/usr'") == ""
