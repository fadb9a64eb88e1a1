"""One page about the whole class, and a CSV file of its marks beside it.

For each check: how many passed (its difficulty), and whether those who passed it also did well elsewhere (its
discrimination: the point-biserial correlation of passing with the points of all *other* checks). A check near zero or
below tells nothing about who understood; look at it first. For staff. Runs in the process of the instructor's command;
texts that come from students pass through ``autograder.reports.html``.
"""

from __future__ import annotations

import csv
import io
import math
import os
import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.course import Course
from autograder.files import write_atomically
from autograder.model import Assignment, CheckResult, Note, Outcome, SubmissionResult, Task
from autograder.reports.charts import dots, histogram
from autograder.reports.html import number, one_line, render, safe_student
from autograder.reports.marks import Marks

__all__ = ["CheckFigures", "ClassReport", "MistakeFigures", "StudentRow", "TaskFigures", "analyse", "discrimination"]
__all__ += ["marks_csv", "write_report"]


@dataclass(frozen=True)
class StudentRow:
    """One student's marks; ``tasks``, ``checks`` and ``manual`` parts are in the assignment's order."""

    student: str
    total: float
    tasks: tuple[float, ...]
    checks: tuple[float, ...]
    notes: tuple[Note, ...]
    seconds: float
    unreadable: str
    adjusted: bool
    manual: tuple[float | None, ...] = ()
    mistakes: tuple[str, ...] = ()
    memory_mb: float | None = None


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
class MistakeFigures:
    """A known mistake, by its sentence, and the students whose failures match it."""

    sentence: str
    task: str
    made_by: tuple[str, ...]


@dataclass(frozen=True)
class ClassReport:
    """What the page shows."""

    assignment: Assignment
    students: tuple[StudentRow, ...]
    tasks: tuple[TaskFigures, ...]
    checks: tuple[CheckFigures, ...]
    mistakes: tuple[MistakeFigures, ...] = ()

    @property
    def max_points(self) -> float:
        return self.assignment.points + self.assignment.manual_points

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
    def memory(self) -> list[float]:
        """The memory of each submission in MB, where it is known."""
        return [row.memory_mb for row in self.students if row.memory_mb is not None]

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
            "mistakes": [{"task": m.task, "sentence": m.sentence, "students": m.made_by} for m in self.mistakes],
            "seconds": sum(row.seconds for row in self.students),
            "most_memory_mb": max(self.memory, default=None),
        }


def discrimination(passed: Sequence[bool], rest: Sequence[float]) -> float | None:
    """Return the point-biserial correlation of ``passed`` with ``rest``, or None where either does not vary."""
    if len(passed) < 3 or len(set(passed)) < 2 or max(rest) - min(rest) < 1e-9:
        return None
    value = statistics.correlation([float(p) for p in passed], [float(r) for r in rest])
    return None if math.isnan(value) else value


def _row(assignment: Assignment, tasks: Sequence[Task], result: SubmissionResult, marks: Marks) -> StudentRow:
    given = {check.check: check for check in result.checks}

    def points(check: str) -> float:
        auto = given[check].points if check in given else 0.0
        return marks.points(check, auto) + marks.extra.get(check, 0.0)

    unreadable = any(check.outcome is Outcome.UNREADABLE for check in result.checks)
    by_hand = {part.id for part in assignment.manual}
    return StudentRow(
        student=safe_student(result.student),
        total=marks.total(result),
        tasks=tuple(sum(map(points, _cells(assignment, task))) for task in tasks),
        checks=tuple(points(check.id) for check in assignment.checks),
        notes=result.notes,
        seconds=result.seconds,
        unreadable=(result.checks[0].message or "The notebook could not be read.") if unreadable else "",
        adjusted=bool(set(marks.manual) - by_hand or marks.extra or marks.penalty),
        manual=tuple(marks.manual.get(part.id) for part in assignment.manual),
        mistakes=tuple(dict.fromkeys(check.mistake for check in result.checks if check.mistake)),
        memory_mb=result.memory_mb,
    )


def _cells(assignment: Assignment, task: Task) -> list[str]:
    """Return the names of all cells that give points in a task."""
    return [check.id for check in task.checks] + [part.id for part in assignment.manual if part.task == task.name]


def _mistakes(results: Sequence[SubmissionResult]) -> Iterator[MistakeFigures]:
    """Yield the known mistakes that somebody made, most frequent first."""
    made: dict[tuple[str, str], set[str]] = {}
    for result in results:
        for check in result.checks:
            if check.mistake:
                made.setdefault((check.check.partition("-")[0], check.mistake), set()).add(result.student)
    for (task, sentence), students in sorted(made.items(), key=lambda item: (-len(item[1]), item[0])):
        yield MistakeFigures(sentence, task, tuple(sorted(students)))


def analyse(assignment: Assignment, results: Sequence[SubmissionResult], marks: Mapping[str, Marks]) -> ClassReport:
    """Work out the class's figures; checks are judged on the notebooks that could be read, before changes by hand.

    Raises:
        PathError: a student's id cannot name a folder.
    """
    all_tasks = assignment.all_tasks
    rows = tuple(
        _row(assignment, all_tasks, result, marks.get(result.student, Marks()))
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
    worth = {check.id: check.points for check in assignment.checks}
    worth |= {part.id: part.points for part in assignment.manual}
    most = {task.name: sum(worth[cell] for cell in _cells(assignment, task)) for task in all_tasks}
    tasks = tuple(
        TaskFigures(task.name, task.title or task.name, statistics.fmean(row.tasks[i] for row in rows), most[task.name])
        for i, task in enumerate(all_tasks)
    )
    return ClassReport(assignment, rows, tasks, tuple(checks), tuple(_mistakes(readable)))


def _cell(text: str) -> str:
    """Return ``text`` so that no spreadsheet takes it for a formula."""
    return f"'{text}" if text.lstrip()[:1] in ("=", "+", "-", "@") else text


def marks_csv(report: ClassReport) -> str:
    """Return the marks as CSV: a row per student, with points per task, check and part graded by hand."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\r\n")
    tasks = [task.name for task in report.tasks]
    cells = [*(check.id for check in report.checks), *(part.id for part in report.assignment.manual)]
    last = ("known mistakes", "seconds", "memory_mb", "notes")
    table.writerow(_cell(name) for name in ("student", "total", *tasks, *cells, *last))
    for row in report.students:
        notes = "; ".join(one_line(text, 300) for text in (row.unreadable, *(n.text for n in row.notes)) if text)
        points = ["" if value is None else number(value) for value in (row.total, *row.tasks, *row.checks, *row.manual)]
        used = [number(row.seconds), "" if row.memory_mb is None else number(row.memory_mb)]
        table.writerow(
            [_cell(row.student), *points, _cell(one_line(" ".join(row.mistakes), 1000)), *used, _cell(notes)]
        )
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
    seconds, memory = [row.seconds for row in report.students], report.memory
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
        memory_chart=dots(memory, "MB", f"Memory per submission: at most {max(memory):.3g} MB.") if memory else "",
        seconds=sum(seconds),
    )
    write_atomically(folder / "marks.csv", marks_csv(report))
    write_atomically(folder / "index.html", html)
    return folder / "index.html", folder / "marks.csv", report
