"""One feedback page per graded submission, for the student: marks, what each check found, what to do next.

Nothing hidden can reach a page: hidden tests are never read here, and a result's ``detail`` is never passed on. Runs in
the process of the instructor's command; messages are untrusted text and pass through ``autograder.reports.html``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.course import Course
from autograder.errors import PathError
from autograder.files import write_atomically
from autograder.model import Assignment, Check, CheckResult, ManualPart, Outcome, SubmissionResult, Task
from autograder.reports.html import render, safe_student
from autograder.reports.marks import Marks, NotGraded

__all__ = ["MAX_PAGE_BYTES", "feedback_page", "public_tests", "write_feedback"]

MAX_PAGE_BYTES = 150_000
_MOST_NOTES = 30

WORDS = {
    Outcome.PASSED: ("passed", ""),
    Outcome.FAILED: ("not passed", "The check did not get what it expected. Compare your answer with the task's text."),
    Outcome.ERROR: ("stopped by an error", "Your code stopped with an error here. Run the cell yourself to see it."),
    Outcome.TIME_LIMIT: ("took too long", "Your code ran past the time limit. Look for a loop that never ends."),
    Outcome.MEMORY_LIMIT: ("used too much memory", "Your code asked for more memory than the limit allows."),
    Outcome.OUTPUT_LIMIT: ("printed too much", "Your code printed more than the limit allows. Remove prints in loops."),
    Outcome.CRASHED: ("crashed", "The process that ran your code ended before the check did."),
    Outcome.UNREADABLE: ("could not be read", "There was no notebook that could be run."),
}


@dataclass(frozen=True)
class CheckView:
    """A check as the page shows it. It has no field for ``detail``, so a template cannot show one."""

    title: str
    public: bool
    passed: bool
    word: str
    points: float
    max_points: float
    by_hand: bool
    extra: float
    message: str
    test: str


@dataclass(frozen=True)
class PartView:
    """A part that a person grades; ``points`` is None until then."""

    title: str
    points: float | None
    max_points: float
    extra: float


@dataclass(frozen=True)
class TaskView:
    """A task as the page shows it; ``mistake`` is a tutor's sentence on the known mistake that it shows."""

    name: str
    number: int
    title: str
    points: float
    max_points: float
    checks: tuple[CheckView, ...]
    comments: tuple[str, ...]
    mistake: str = ""
    parts: tuple[PartView, ...] = ()

    @property
    def share(self) -> float:
        return min(1.0, max(0.0, self.points / self.max_points)) if self.max_points else 0.0


def public_tests(notebook: Path) -> dict[str, str]:
    """Return the source of every test in a *released* notebook, by cell name; empty when there is no such file.

    The release holds public tests only. A cell that still carries a hidden-test mark is left out all the same.
    """
    found = {}
    try:
        for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
            about = cell["metadata"].get("nbgrader", {})
            source = "".join(cell["source"])
            if about.get("grade") and "HIDDEN TESTS" not in source:
                found[str(about["grade_id"])] = source.strip()
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}
    return found


def _check(check: Check, given: CheckResult | None, marks: Marks, test: str) -> CheckView:
    result = given or CheckResult(check.id, Outcome.FAILED, 0.0, check.points, "This check was not run.")
    word, fallback = WORDS[result.outcome]
    passed = result.outcome is Outcome.PASSED
    return CheckView(
        title=check.title or check.id,
        public=check.public,
        passed=passed,
        word=word,
        points=marks.points(check.id, result.points),
        max_points=result.max_points,
        by_hand=check.id in marks.manual,
        extra=marks.extra.get(check.id, 0.0),
        message="" if passed else (result.message.strip() or fallback),
        test=test if check.public else "",
    )


def _task(
    task: Task,
    results: Mapping[str, CheckResult],
    marks: Marks,
    tests: Mapping[str, str],
    manual: Iterable[ManualPart] = (),
) -> TaskView:
    checks: list[CheckView] = []
    for check in task.checks:
        view = _check(check, results.get(check.id), marks, tests.get(check.id, ""))
        if view.message and any(earlier.message == view.message for earlier in checks):
            view = replace(view, message="", word=f"{view.word}, for the reason given above")
        checks.append(view)
    parts = tuple(
        PartView(part.title, marks.manual.get(part.id), part.points, marks.extra.get(part.id, 0.0)) for part in manual
    )
    named = (results[check.id].mistake for check in task.checks if check.id in results)
    return TaskView(
        name=task.name,
        number=task.number,
        title=task.title or task.name,
        points=sum(check.points for check in checks) + sum(part.points or 0.0 for part in parts),
        max_points=sum(check.max_points for check in checks) + sum(part.max_points for part in parts),
        checks=tuple(checks),
        comments=tuple(text for cell, text in marks.comments if cell.partition("-")[0] == task.name),
        mistake=next((text for text in named if text), ""),
        parts=parts,
    )


def feedback_page(
    assignment: Assignment, result: SubmissionResult, marks: Marks | None = None, tests: Mapping[str, str] | None = None
) -> str:
    """Return the page of one submission as HTML of at most ``MAX_PAGE_BYTES``; long texts are shortened to fit."""
    marks = marks or Marks()
    known = {check.id for check in assignment.checks}
    # An assignment may have changed since it was graded: points of checks that are gone still count.
    gone = tuple(
        Check(left.check, left.check.partition("-")[0], left.max_points, False, left.check)
        for left in result.checks
        if left.check not in known
    )
    tasks = assignment.all_tasks
    if gone:
        tasks = (*tasks, Task("earlier", len(tasks) + 1, "Checks of an earlier version", gone))
    results = {check.check: check for check in result.checks}
    manual = {task.name: [part for part in assignment.manual if part.task == task.name] for task in tasks}
    views = [_task(task, results, marks, tests or {}, manual[task.name]) for task in tasks]
    names = {task.name for task in tasks}
    unreadable = any(check.outcome is Outcome.UNREADABLE for check in result.checks)
    values = {
        "student": result.student,
        "title": assignment.title or assignment.name,
        "name": assignment.name,
        "tasks": views,
        "total": marks.total(result),
        "max_points": sum(view.max_points for view in views),
        "extra": sum(marks.extra.values()),
        "penalty": marks.penalty,
        "unreadable": (result.checks[0].message.strip() or WORDS[Outcome.UNREADABLE][1]) if unreadable else "",
        "notes": [note.text for note in result.notes[:_MOST_NOTES]],
        "more_notes": max(0, len(result.notes) - _MOST_NOTES),
        "comments": [text for cell, text in marks.comments if cell.partition("-")[0] not in names],
    }
    page = ""
    for limit, show_tests in ((2000, True), (1000, False), (300, False), (80, False)):
        page = render("feedback.html", limit=limit, show_tests=show_tests, **values)
        if len(page.encode()) <= MAX_PAGE_BYTES:
            break
    return page


def write_feedback(
    course: Course,
    assignment: Assignment,
    results: Iterable[SubmissionResult],
    marks: Mapping[str, Marks],
    students: Iterable[str] = (),
) -> list[Path]:
    """Write ``feedback/<student>/<assignment>/<assignment>.html`` for each result (of ``students`` only, if any).

    Raises:
        NotGraded: a named student has no result.
        PathError: an id cannot name a folder, or its folder leads elsewhere. Nothing is written then.
    """
    by_student = {safe_student(result.student): result for result in results}
    wanted = list(dict.fromkeys(students)) or sorted(by_student)
    for student in wanted:
        if student not in by_student:
            raise NotGraded(f"No result of {student!r} for {assignment.name}.", "Check the id, or grade it first.")
    name = assignment.name
    pages = {student: course.feedback / student / name / f"{name}.html" for student in wanted}
    for page in pages.values():
        if not page.parent.resolve().is_relative_to(course.feedback.resolve()):
            raise PathError(f"{page.parent} leads out of the feedback folder.", "Remove the link.")
    tests = public_tests(course.exercises / name / f"{name}.ipynb")
    for student, page in pages.items():
        write_atomically(page, feedback_page(assignment, by_student[student], marks.get(student), tests))
    return list(pages.values())
