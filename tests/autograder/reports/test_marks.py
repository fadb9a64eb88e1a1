"""What an instructor enters in nbgrader's gradebook is what stands."""

import sqlite3
import warnings
from contextlib import closing
from pathlib import Path

import pytest

from autograder.course import Course
from autograder.errors import GradebookError, UsageError
from autograder.gradebook.nbgrader_api import quiet_nbgrader
from autograder.grading.results import ResultStore
from autograder.model import CheckResult, Outcome, SubmissionResult
from autograder.reports.marks import Marks, NotGraded, graded, read_marks

NAME = "01-small"
CELLS = {"a-public": 2.0, "a-more": 3.0}


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    monkeypatch.delenv("AUTOGRADER_DB", raising=False)
    return Course(tmp_path, tmp_path)


def result(student: str = "ann") -> SubmissionResult:
    checks = tuple(CheckResult(name, Outcome.PASSED, points, points) for name, points in CELLS.items())
    return SubmissionResult(student, NAME, "k", checks)


def fill(course: Course) -> None:
    """Enter ann (changed by hand) and bob (as graded), with nbgrader's own API."""
    with quiet_nbgrader():
        warnings.simplefilter("ignore")  # nbgrader's add_submission warns about itself
        from nbgrader.api import Gradebook

        with Gradebook(course.gradebook_url) as book:
            book.add_assignment(NAME)
            book.add_notebook(NAME, NAME)
            for cell, points in CELLS.items():
                book.add_grade_cell(cell, NAME, NAME, max_score=points, cell_type="code")
            book.add_solution_cell("a", NAME, NAME)
            for student in ("ann", "bob"):
                book.add_student(student)
                book.add_submission(NAME, student)
                for cell, points in CELLS.items():
                    book.find_grade(cell, NAME, NAME, student).auto_score = points
            grade = book.find_grade("a-more", NAME, NAME, "ann")
            grade.manual_score, grade.extra_credit = 1.5, 0.25
            book.find_comment("a", NAME, NAME, "ann").manual_comment = "Well argued."
            book.find_comment("a", NAME, NAME, "bob").auto_comment = "No response."
            book.find_submission_notebook(NAME, NAME, "bob").late_submission_penalty = 2.0
            book.db.commit()
            totals = {s.student.id: s.score - s.late_submission_penalty for s in book.assignment_submissions(NAME)}
    assert totals == {"ann": pytest.approx(3.75), "bob": pytest.approx(3.0)}


def test_manual_scores_extra_credit_comments_and_penalty_are_read(course: Course) -> None:
    fill(course)
    marks = read_marks(course, NAME)
    assert marks["ann"] == Marks({"a-more": 1.5}, {"a-more": 0.25}, (("a", "Well argued."),), 0.0)
    assert marks["bob"] == Marks(penalty=2.0)
    assert marks["ann"].total(result()) == pytest.approx(3.75)
    assert marks["bob"].total(result("bob")) == pytest.approx(3.0)
    assert read_marks(course, "02-other") == {}


def test_no_gradebook_means_no_changes_and_makes_none(course: Course) -> None:
    assert read_marks(course, NAME) == {}
    assert list(course.directory.iterdir()) == []
    assert Marks().total(result()) == pytest.approx(5.0)


def test_a_penalty_takes_no_more_than_there_is() -> None:
    assert Marks(penalty=9).total(result()) == pytest.approx(0.0)


def test_a_file_that_is_no_gradebook_is_one_clear_line(course: Course) -> None:
    (course.directory / "gradebook.db").write_bytes(b"not a database, but long enough to look at" * 30)
    with pytest.raises(GradebookError, match=r"gradebook\.db"):
        read_marks(course, NAME)


def test_another_nbgraders_gradebook_is_refused(course: Course) -> None:
    with closing(sqlite3.connect(course.directory / "gradebook.db")) as db:
        db.execute("create table alembic_version (version_num text)")
        db.execute("insert into alembic_version values ('0123456789ab')")
        db.commit()
    with pytest.raises(GradebookError, match="0123456789ab"):
        read_marks(course, NAME)


def test_nothing_graded_says_what_to_run(course: Course) -> None:
    with pytest.raises(NotGraded, match="autograder grade 01-small") as caught:
        graded(course, NAME)
    assert isinstance(caught.value, UsageError)
    ResultStore(course.directory).save(result())
    assert graded(course, NAME) == [result()]


def test_who_was_taken_out_of_the_class_is_left_out(tmp_path: Path) -> None:
    course = Course(tmp_path, tmp_path)
    ResultStore(tmp_path).save(result())
    course.submitted.mkdir()
    with pytest.raises(NotGraded):
        graded(course, NAME)
    (course.submitted / result().student).mkdir()
    assert graded(course, NAME) == [result()]
