"""The nouns of grading, as frozen dataclasses of plain data: these cross process boundaries.

An assignment has tasks, a task has checks, a check is one graded notebook cell. A submission is one
student's notebook for one assignment, and grading it gives one result.

Cell names (nbgrader's ``grade_id``) carry the structure: the solution cell of a task is named
``conv2d``, its checks ``conv2d-public``, ``conv2d-groups``, its statement ``conv2d-statement``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

__all__ = [
    "Assignment",
    "Check",
    "CheckResult",
    "Note",
    "Outcome",
    "Submission",
    "SubmissionResult",
    "Task",
]


class Outcome(StrEnum):
    """How a check ended. All but ``PASSED`` give no points; none of them is our own failure."""

    PASSED = "passed"
    FAILED = "failed"  # a check's assertion said no
    ERROR = "error"  # the student's code raised
    TIME_LIMIT = "time limit"
    MEMORY_LIMIT = "memory limit"
    OUTPUT_LIMIT = "output limit"
    CRASHED = "crashed"  # the process that ran the student's code died
    UNREADABLE = "unreadable"  # there was no notebook to run


@dataclass(frozen=True)
class Check:
    """One graded cell: ``id`` is its grade_id, ``title`` what it checks, in a student's words."""

    id: str
    task: str
    points: float
    public: bool
    title: str


@dataclass(frozen=True)
class Task:
    """One exercise of an assignment, in the notebook's order (``number`` counts from 1)."""

    name: str
    number: int
    title: str
    checks: tuple[Check, ...]

    @property
    def points(self) -> float:
        return sum(check.points for check in self.checks)


@dataclass(frozen=True)
class Assignment:
    """An assignment as released; ``title`` is the notebook's first heading."""

    name: str
    title: str
    tasks: tuple[Task, ...]

    @property
    def checks(self) -> tuple[Check, ...]:
        return tuple(check for task in self.tasks for check in task.checks)

    @property
    def points(self) -> float:
        return sum(task.points for task in self.tasks)


@dataclass(frozen=True)
class Submission:
    """One student's notebook for one assignment, as handed in. The file is untrusted."""

    student: str
    assignment: str
    path: Path


@dataclass(frozen=True)
class Note:
    """Something that intake repaired or found odd: ``kind`` is a slug, ``text`` is for the student."""

    kind: str
    text: str


@dataclass(frozen=True)
class CheckResult:
    """What one check gave. ``message`` is for the student and holds nothing hidden; ``detail`` is for staff."""

    check: str
    outcome: Outcome
    points: float
    max_points: float
    message: str = ""
    detail: str = ""
    cpu_seconds: float = 0.0


@dataclass(frozen=True)
class SubmissionResult:
    """What grading one submission gave. ``key`` identifies notebook, assignment and engine together."""

    student: str
    assignment: str
    key: str
    checks: tuple[CheckResult, ...]
    notes: tuple[Note, ...] = field(default=())
    seconds: float = 0.0

    @property
    def points(self) -> float:
        return sum(check.points for check in self.checks)

    @property
    def max_points(self) -> float:
        return sum(check.max_points for check in self.checks)
