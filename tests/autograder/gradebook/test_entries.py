"""The rows of a submission are those that nbgrader's own methods write."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from autograder.assignment.material import Material
from autograder.assignment.release import generate
from autograder.course import Course
from autograder.gradebook.entries import Entry
from autograder.gradebook.gradebook import Gradebook
from autograder.gradebook.nbgrader_api import quiet_nbgrader
from autograder.model import CheckResult, Outcome, SubmissionResult

NAME = "01-small"
SOURCE = Path(__file__).parents[1] / "small_course/solutions" / NAME / f"{NAME}.py"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("template")
    generate(SOURCE, out=folder, gradebook_url=f"sqlite:///{folder / 'gradebook.db'}")
    return folder / "gradebook.db"


def rows(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return every row that belongs to a submission, with cells by name and without the random ids."""
    queries = {
        "student": "SELECT * FROM student",
        "submission": "SELECT a.name, s.student_id, s.timestamp, s.extension FROM submitted_assignment s "
        "JOIN assignment a ON a.id = s.assignment_id",
        "notebook": "SELECT n.name, s.student_id, b.flagged, b.late_submission_penalty FROM submitted_notebook b "
        "JOIN notebook n ON n.id = b.notebook_id JOIN submitted_assignment s ON s.id = b.assignment_id",
        **{
            table: f"SELECT c.name, c.type, s.student_id, {columns} "
            f"FROM {table} g JOIN base_cell c ON c.id = g.cell_id "
            "JOIN submitted_notebook b ON b.id = g.notebook_id JOIN submitted_assignment s ON s.id = b.assignment_id"
            for table, columns in {
                "grade": "g.auto_score, g.manual_score, g.extra_credit, g.needs_manual_grade",
                "comment": "g.auto_comment, g.manual_comment",
            }.items()
        },
    }
    connection = sqlite3.connect(path)
    found = {name: sorted(connection.execute(query).fetchall(), key=repr) for name, query in queries.items()}
    connection.close()
    return found


def test_rows_equal_those_of_nbgraders_methods(template: Path, tmp_path: Path) -> None:
    when = "2026-03-01 10:00:00 UTC"
    checks = Material.read(SOURCE).assignment.checks[:3]  # as if the other cells were for a person to grade
    for side in ("ours", "theirs"):
        (tmp_path / side).mkdir()
        shutil.copy(template, tmp_path / side / "gradebook.db")
    ours = Gradebook(Course(tmp_path, tmp_path / "ours"))
    done = tuple(CheckResult(check.id, Outcome.PASSED, check.points, check.points) for check in checks)
    ours.put(Entry(SubmissionResult("ada", NAME, "key", done), when, frozenset({"spread"})))
    ours.close()
    with quiet_nbgrader():
        from nbgrader.api import Gradebook as Api

        with Api(f"sqlite:///{tmp_path / 'theirs' / 'gradebook.db'}") as theirs:
            theirs.update_or_create_student("ada")
            with theirs.db.no_autoflush:
                submission = theirs.update_or_create_submission(NAME, "ada", timestamp=when)
            scores = {check.id: check.points for check in checks}
            for notebook in submission.notebooks:
                for grade in notebook.grades:
                    grade.auto_score = scores.get(grade.name)
                    grade.needs_manual_grade = grade.name not in scores
                for comment in notebook.comments:
                    comment.auto_comment = "No response." if comment.name == "spread" else None
            theirs.db.commit()
    expected, found = (rows(tmp_path / side / "gradebook.db") for side in ("theirs", "ours"))
    assert len(expected["grade"]) == 5
    assert found == expected


def test_a_second_time_changes_the_rows_and_adds_none(template: Path, tmp_path: Path) -> None:
    shutil.copy(template, tmp_path / "gradebook.db")
    book = Gradebook(Course(tmp_path, tmp_path))
    checks = Material.read(SOURCE).assignment.checks
    for share in (1.0, 0.5, 0.5):
        done = tuple(CheckResult(c.id, Outcome.PASSED, share * c.points, c.points) for c in checks)
        book.put(Entry(SubmissionResult("ada", NAME, "key", done)))
    book.close()
    found = rows(tmp_path / "gradebook.db")
    assert [len(found[name]) for name in ("student", "submission", "notebook", "grade", "comment")] == [1, 1, 1, 5, 2]
    assert sum(float(str(row[3])) for row in found["grade"]) == pytest.approx(5)


def test_submissions_together_are_written_as_each_alone(template: Path, tmp_path: Path) -> None:
    checks = Material.read(SOURCE).assignment.checks

    def entry(student: str, share: float, **more: Any) -> Entry:
        done = tuple(CheckResult(c.id, Outcome.PASSED, share * c.points, c.points) for c in checks)
        return Entry(SubmissionResult(student, NAME, "key", done), **more)

    refused = (CheckResult(checks[0].id, Outcome.UNREADABLE, 0.0, checks[0].points, "It is no notebook."),)
    first = [entry("ada", 1.0), entry("bo", 0.25, unwritten=frozenset({"half_up"}))]
    second = [
        entry("cy", 0.5, timestamp="2026-03-01 10:00:00 UTC"),
        Entry(SubmissionResult("dee", NAME, "key", refused)),
        entry("bo", 0.75),  # once more, among new ones
        entry("eve", 1.0, unwritten=frozenset({"spread"})),
    ]
    found = []
    for side, batches in (("alone", [[each] for each in first + second]), ("together", [first, second])):
        (tmp_path / side).mkdir()
        shutil.copy(template, tmp_path / side / "gradebook.db")
        book = Gradebook(Course(tmp_path, tmp_path / side))
        for batch in batches:
            book.put(*batch)
        book.close()
        found.append(rows(tmp_path / side / "gradebook.db"))
    assert [len(found[1][name]) for name in ("student", "submission", "grade", "comment")] == [5, 5, 25, 10]
    assert found[0] == found[1]
