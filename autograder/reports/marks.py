"""The marks that stand: what grading gave, with what the instructor changed in the gradebook.

Runs in the process of the instructor's command; reads the stored results and the gradebook, and writes neither.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.course import Course
from autograder.errors import GradebookError, UsageError
from autograder.gradebook.gradebook import Gradebook
from autograder.gradebook.nbgrader_api import quiet_nbgrader
from autograder.grading.results import ResultStore
from autograder.model import SubmissionResult

if TYPE_CHECKING:
    from autograder.grading.grade import ClassResult

__all__ = ["Marks", "NotGraded", "graded", "marks_table", "read_marks"]


class NotGraded(UsageError):
    """Nothing has been graded that the call asks about."""


@dataclass(frozen=True)
class Marks:
    """What a person entered for one submission: points and extra credit by cell name, comments, a late penalty."""

    manual: Mapping[str, float] = field(default_factory=dict)
    extra: Mapping[str, float] = field(default_factory=dict)
    comments: tuple[tuple[str, str], ...] = ()
    penalty: float = 0.0

    def points(self, check: str, auto: float) -> float:
        """Return the points that stand for ``check``, without extra credit."""
        return self.manual.get(check, auto)

    def total(self, result: SubmissionResult) -> float:
        """Return the points that stand for the whole submission, as ``nbgrader export`` gives them."""
        auto = {check.check: check.points for check in result.checks}
        return max(0.0, sum({**auto, **self.manual}.values()) + sum(self.extra.values()) - self.penalty)


def graded(course: Course, assignment: str) -> list[SubmissionResult]:
    """Return every result of ``assignment``, but of students whose folder has been taken out of ``submitted/``.

    Raises:
        NotGraded: there is none.
    """
    results = ResultStore(course.directory).all(assignment)
    if course.submitted.is_dir():  # else the class has been put away as a whole
        results = [result for result in results if (course.submitted / result.student).is_dir()]
    if not results:
        raise NotGraded(
            f"Nothing of {assignment} has been graded in {course.directory}.", f"Run `autograder grade {assignment}`."
        )
    return results


def read_marks(course: Course, assignment: str) -> dict[str, Marks]:
    """Return what the gradebook holds, by student; empty when there is no gradebook or it lacks the assignment.

    Raises:
        GradebookError: there is one, and it cannot be read.
    """
    url = course.gradebook_url
    if url.startswith("sqlite:///") and not Path(url.removeprefix("sqlite:///")).is_file():
        return {}  # opening it would make an empty one
    Gradebook(course).check()
    with quiet_nbgrader():
        from nbgrader.api import Gradebook as Api
        from sqlalchemy.exc import SQLAlchemyError

        try:
            with Api(url) as gradebook:
                submissions = gradebook.assignment_submissions(assignment) if _holds(gradebook, assignment) else []
                return {str(submission.student.id): _marks(submission) for submission in submissions}
        except SQLAlchemyError as error:
            reason = str(getattr(error, "orig", error)).splitlines()[0]
            raise GradebookError(
                f"The gradebook cannot be read: {reason}.", "Close what else uses it, or restore it."
            ) from error


def _holds(gradebook: object, assignment: str) -> bool:
    return any(known.name == assignment for known in gradebook.assignments)  # type: ignore[attr-defined]


def _marks(submission: object) -> Marks:
    notebooks = list(submission.notebooks)  # type: ignore[attr-defined]
    grades = [grade for notebook in notebooks for grade in notebook.grades]
    comments = [comment for notebook in notebooks for comment in notebook.comments]
    return Marks(
        manual={grade.name: grade.manual_score for grade in grades if grade.manual_score is not None},
        extra={grade.name: grade.extra_credit for grade in grades if grade.extra_credit},
        comments=tuple(sorted((note.name, note.manual_comment) for note in comments if note.manual_comment)),
        penalty=sum(notebook.late_submission_penalty or 0.0 for notebook in notebooks),
    )


def marks_table(outcome: ClassResult) -> str:
    """Return the table of marks as text: a row per student, a column per task, and what the columns are."""
    tasks = outcome.assignment.tasks
    rows = [["student", *(f"T{task.number}" for task in tasks), "total", "notes"]]
    rows.append(["of", *(f"{task.points:g}" for task in tasks), f"{outcome.assignment.points:g}", ""])
    for result in outcome.results:
        points = {check.check: check.points for check in result.checks}
        marks = [sum(points.get(check.id, 0.0) for check in task.checks) for task in tasks]
        rows.append(
            [result.student, *(f"{mark:g}" for mark in marks), f"{result.points:g}", str(len(result.notes) or "")]
        )
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [
        "  ".join([row[0].ljust(widths[0]), *(t.rjust(w) for t, w in zip(row[1:], widths[1:], strict=True))]).rstrip()
        for row in rows
    ]
    lines.insert(2, "─" * max(map(len, lines)))
    return "\n".join([*lines, "", *(f"T{task.number}  {task.title}" for task in tasks)])
