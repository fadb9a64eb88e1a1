"""One page about the whole class, and a CSV file of its marks beside it.

For each check: how many passed (its difficulty), and whether those who passed it also did well elsewhere (its
discrimination: the point-biserial correlation of passing with the points of all *other* checks). A check near zero or
below tells nothing about who understood; look at it first.
"""

from __future__ import annotations

import csv
import io
import math
import os
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.charts import dots, histogram
from autograder.course import Course
from autograder.marks import Marks
from autograder.model import Assignment, CheckResult, Note, Outcome, SubmissionResult
from autograder.pages import number, one_line, render, safe_student
from autograder.release import write_atomically

__all__ = ["CheckFigures", "ClassReport", "StudentRow", "TaskFigures", "analyse", "discrimination", "marks_csv"]
__all__ += ["write_report"]


@dataclass(frozen=True)
class StudentRow:
    """One student's marks; ``tasks`` and ``checks`` are in the assignment's order."""

    student: str
    total: float
    tasks: tuple[float, ...]
    checks: tuple[float, ...]
    notes: tuple[Note, ...]
    seconds: float
    unreadable: str
    adjusted: bool


@dataclass(frozen=True)
class TaskFigures:
    name: str
    title: str
    mean: float
    max_points: float

    @property
    def share(self) -> float:
        return min(1.0, self.mean / self.max_points) if self.max_points else 0.0


@dataclass(frozen=True)
class CheckFigures:
    """``seen`` submissions could be read; ``discrimination`` is None where it is not defined."""

    id: str
    title: str
    max_points: float
    seen: int
    failed_by: tuple[str, ...]
    discrimination: float | None

    @property
    def passed(self) -> float:
        return 1 - len(self.failed_by) / self.seen if self.seen else 0.0


@dataclass(frozen=True)
class ClassReport:
    """What the page shows."""

    assignment: Assignment
    students: tuple[StudentRow, ...]
    tasks: tuple[TaskFigures, ...]
    checks: tuple[CheckFigures, ...]

    @property
    def max_points(self) -> float:
        return self.assignment.points

    @property
    def totals(self) -> list[float]:
        return [row.total for row in self.students]

    @property
    def mean(self) -> float:
        return statistics.fmean(self.totals)

    @property
    def median(self) -> float:
        return statistics.median(self.totals)

    @property
    def full(self) -> int:
        return sum(total >= self.max_points - 1e-9 for total in self.totals)

    @property
    def hardest(self) -> list[CheckFigures]:
        """The checks that somebody failed, most failed first."""
        return sorted((c for c in self.checks if c.failed_by), key=lambda c: -len(c.failed_by))

    @property
    def noted(self) -> list[StudentRow]:
        return [row for row in self.students if row.notes or row.unreadable]

    def summary(self) -> dict[str, Any]:
        """Return the figures as plain JSON data."""
        return {
            "assignment": self.assignment.name,
            "submissions": len(self.students),
            "max_points": self.max_points,
            "mean": self.mean,
            "median": self.median,
            "full_marks": self.full,
            "unreadable": [row.student for row in self.students if row.unreadable],
            "tasks": [{"name": t.name, "mean": t.mean, "max_points": t.max_points} for t in self.tasks],
            "checks": [{"id": c.id, "passed": c.passed, "discrimination": c.discrimination} for c in self.checks],
        }


def discrimination(passed: Sequence[bool], rest: Sequence[float]) -> float | None:
    """Return the point-biserial correlation of ``passed`` with ``rest``, or None where either does not vary."""
    if len(passed) < 3 or len(set(passed)) < 2 or max(rest) - min(rest) < 1e-9:
        return None
    value = statistics.correlation([float(p) for p in passed], [float(r) for r in rest])
    return None if math.isnan(value) else value


def _row(assignment: Assignment, result: SubmissionResult, marks: Marks) -> StudentRow:
    given = {check.check: check for check in result.checks}

    def points(check: str) -> float:
        auto = given[check].points if check in given else 0.0
        return marks.points(check, auto) + marks.extra.get(check, 0.0)

    unreadable = any(check.outcome is Outcome.UNREADABLE for check in result.checks)
    return StudentRow(
        student=safe_student(result.student),
        total=marks.total(result),
        tasks=tuple(sum(points(check.id) for check in task.checks) for task in assignment.tasks),
        checks=tuple(points(check.id) for check in assignment.checks),
        notes=result.notes,
        seconds=result.seconds,
        unreadable=(result.checks[0].message or "The notebook could not be read.") if unreadable else "",
        adjusted=bool(marks.manual or marks.extra or marks.penalty),
    )


def analyse(assignment: Assignment, results: Sequence[SubmissionResult], marks: Mapping[str, Marks]) -> ClassReport:
    """Work out the class's figures; checks are judged on the notebooks that could be read, before changes by hand.

    Raises:
        PathError: a student's id cannot name a folder.
    """
    rows = tuple(
        _row(assignment, result, marks.get(result.student, Marks()))
        for result in sorted(results, key=lambda r: r.student)
    )
    unreadable = {row.student for row in rows if row.unreadable}
    readable = [result for result in results if result.student not in unreadable]
    by_student = {result.student: {check.check: check for check in result.checks} for result in readable}
    checks = []
    for check in assignment.checks:
        blank = CheckResult(check.id, Outcome.FAILED, 0.0, check.points)
        given = {student: found.get(check.id, blank) for student, found in by_student.items()}
        passed = [one.outcome is Outcome.PASSED for one in given.values()]
        rest = [sum(c.points for c in by_student[student].values()) - one.points for student, one in given.items()]
        failed_by = tuple(sorted(s for s, one in given.items() if one.outcome is not Outcome.PASSED))
        checks.append(
            CheckFigures(check.id, check.title, check.points, len(given), failed_by, discrimination(passed, rest))
        )
    tasks = tuple(
        TaskFigures(task.name, task.title or task.name, statistics.fmean(row.tasks[i] for row in rows), task.points)
        for i, task in enumerate(assignment.tasks)
    )
    return ClassReport(assignment, rows, tasks, tuple(checks))


def _cell(text: str) -> str:
    """Return ``text`` so that no spreadsheet takes it for a formula."""
    return f"'{text}" if text.lstrip()[:1] in ("=", "+", "-", "@") else text


def marks_csv(report: ClassReport) -> str:
    """Return the marks as CSV: a row per student; student, total, points per task, points per check, notes."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\r\n")
    tasks = [task.name for task in report.tasks]
    table.writerow(_cell(name) for name in ("student", "total", *tasks, *(c.id for c in report.checks), "notes"))
    for row in report.students:
        notes = "; ".join(one_line(text, 300) for text in (row.unreadable, *(n.text for n in row.notes)) if text)
        points = [number(value) for value in (row.total, *row.tasks, *row.checks)]
        table.writerow([_cell(row.student), *points, _cell(notes)])
    return out.getvalue()


def write_report(
    course: Course, assignment: Assignment, results: Sequence[SubmissionResult], marks: Mapping[str, Marks]
) -> tuple[Path, Path, ClassReport]:
    """Write ``report/<assignment>/index.html`` and ``marks.csv``; return both paths and the figures."""
    report = analyse(assignment, results, marks)
    folder = course.report / assignment.name
    links = {}
    for row in report.students:
        page = course.feedback / row.student / assignment.name / f"{assignment.name}.html"
        if page.is_file():
            links[row.student] = os.path.relpath(page, folder).replace(os.sep, "/")
    mean, top = number(report.mean), number(report.max_points)
    seconds = [row.seconds for row in report.students]
    html = render(
        "report.html",
        report=report,
        links=links,
        marks_chart=histogram(
            report.totals,
            report.max_points,
            f"Histogram of marks: {len(report.students)} submissions, mean {mean} of {top} points.",
        ),
        time_chart=dots(seconds, "seconds", f"Grading time per submission: at most {max(seconds):.3g} seconds."),
        seconds=sum(seconds),
    )
    write_atomically(folder / "marks.csv", marks_csv(report))
    write_atomically(folder / "index.html", html)
    return folder / "index.html", folder / "marks.csv", report
