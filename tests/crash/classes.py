"""Classes to crash on, and what must hold when all is over."""

from __future__ import annotations

import json
import sqlite3
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from autograder.assignment.material import Material
from autograder.assignment.release import generate
from autograder.course import Course
from autograder.gradebook.nbgrader_api import quiet_nbgrader
from autograder.grading.results import ResultStore
from autograder.model import SubmissionResult

NAME = "01-small"
ROOT = Path(__file__).parents[1] / "autograder/small_course"
SOURCE = ROOT / "solutions" / NAME / f"{NAME}.py"
REFERENCE = Material.read(SOURCE).reference


def hand_in(course: Course, count: int, answer: Callable[[int], dict[str, str]]) -> None:
    """Hand in ``count`` notebooks; ``answer`` gives the text of each one's answer cells."""
    with tempfile.TemporaryDirectory() as folder:
        released = generate(SOURCE, out=Path(folder)).read_text(encoding="utf-8")
    for number in range(count):
        notebook: dict[str, Any] = json.loads(released)
        texts = answer(number)
        for cell in notebook["cells"]:
            about = cell["metadata"]["nbgrader"]
            cell["source"] = texts.get(about["grade_id"], cell["source"]) if about["solution"] else cell["source"]
        path = course.submitted / f"s{number:03}" / NAME / f"{NAME}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(notebook), encoding="utf-8")


def come_late(course: Course, students: Sequence[str]) -> None:
    """Hand in the notebooks of ``students`` after the assignment was due, which costs all points."""
    with quiet_nbgrader():
        from nbgrader.api import Gradebook as Api

        with Api(course.gradebook_url) as api:
            api.add_assignment(NAME, duedate="2024-01-01")
    for student in students:
        (course.submitted / student / NAME / "timestamp.txt").write_text("2024-01-02 10:00:00 UTC")
    config = "c = get_config()\nc.LateSubmissionPlugin.penalty_method = 'zero'\n"
    (course.directory / "nbgrader_config.py").write_text(config)


def penalties(course: Course) -> dict[str, float | None]:
    """Return what each submission lost by coming late."""
    connection = sqlite3.connect(course.directory / "gradebook.db")
    rows = connection.execute(
        "SELECT a.student_id, n.late_submission_penalty FROM submitted_assignment a JOIN submitted_notebook n "
        "ON n.assignment_id = a.id ORDER BY a.student_id"
    ).fetchall()
    connection.close()
    return dict(rows)


def stored(course: Course) -> int:
    """Return how many results there are."""
    return len(list((course.directory / ".autograder" / "results" / NAME).glob("*.json")))


def in_gradebook(course: Course) -> list[tuple[str, float, int]]:
    """Return a row for each submission: the student, the sum of the marks, how many grades."""
    connection = sqlite3.connect(course.directory / "gradebook.db")
    rows = connection.execute(
        "SELECT a.student_id, sum(g.auto_score), count(*) FROM submitted_assignment a JOIN submitted_notebook n "
        "ON n.assignment_id = a.id JOIN grade g ON g.notebook_id = n.id GROUP BY a.id ORDER BY a.student_id"
    ).fetchall()
    connection.close()
    return rows


def marks(results: list[SubmissionResult]) -> dict[str, list[tuple[str, str, float]]]:
    """Return what is a mark of each result: not its times."""
    return {r.student: [(c.check, c.outcome.value, c.points) for c in r.checks] for r in results}


def assert_nothing_lost(course: Course, expected: dict[str, list[tuple[str, str, float]]]) -> None:
    """Assert that each submission has exactly one result, notebook and set of grades, all as ``expected``."""
    results = ResultStore(course.directory).all(NAME)
    assert marks(results) == expected
    assert stored(course) == len(expected)
    totals = {student: sum(points for *_, points in checks) for student, checks in expected.items()}
    assert in_gradebook(course) == [(student, totals[student], 5) for student in sorted(expected)]
    for student in expected:
        text = (course.autograded / student / NAME / f"{NAME}.ipynb").read_text(encoding="utf-8")
        assert json.loads(text)["nbformat"] == 4
    assert list(course.directory.rglob("*.part")) == []
