"""The nouns of grading, as frozen dataclasses of plain data: these cross process boundaries.

An assignment has tasks, a task has checks, a check is one graded notebook cell; parts that a person grades stand beside
them. A submission is one student's notebook for one assignment, and grading it gives one result.

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
    "ManualPart",
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
class ManualPart:
    """A cell that a person grades in formgrader: nbgrader's manually graded answers and task cells."""

    id: str
    task: str
    points: float
    title: str


@dataclass(frozen=True)
class Assignment:
    """An assignment as released; ``title`` is the notebook's first heading. ``points`` are those of its checks."""

    name: str
    title: str
    tasks: tuple[Task, ...]
    manual: tuple[ManualPart, ...] = ()

    @property
    def checks(self) -> tuple[Check, ...]:
        return tuple(check for task in self.tasks for check in task.checks)

    @property
    def points(self) -> float:
        return sum(task.points for task in self.tasks)

    @property
    def all_tasks(self) -> tuple[Task, ...]:
        """The tasks, and after them one without checks for each name that only manual parts have."""
        known = {task.name for task in self.tasks}
        first: dict[str, ManualPart] = {}
        for part in self.manual:
            if part.task not in known:
                first.setdefault(part.task, part)
        more = (Task(name, len(known) + n, part.title, ()) for n, (name, part) in enumerate(first.items(), 1))
        return (*self.tasks, *more)

    @property
    def manual_points(self) -> float:
        return sum(part.points for part in self.manual)


@dataclass(frozen=True)
class Submission:
    """One student's notebook for one assignment, as handed in. The file is untrusted.

    ``others`` are the names of files that lie beside it and are not read.
    """

    student: str
    assignment: str
    path: Path
    others: tuple[str, ...] = ()


@dataclass(frozen=True)
class Note:
    """Something that intake repaired or found odd: ``kind`` is a slug, ``text`` is for the student."""

    kind: str
    text: str


@dataclass(frozen=True)
class CheckResult:
    """What one check gave. ``message`` is for the student and holds nothing hidden; ``detail`` is for staff.

    ``key`` identifies what the result depends on. ``mistake`` is for the student too: a tutor's sentence on the known
    mistake that the task's failures match.
    """

    check: str
    outcome: Outcome
    points: float
    max_points: float
    message: str = ""
    detail: str = ""
    cpu_seconds: float = 0.0
    key: str = ""
    mistake: str = ""


@dataclass(frozen=True)
class SubmissionResult:
    """What grading one submission gave. ``key`` identifies notebook, assignment and engine together.

    ``memory_mb`` is the most memory that its code held at once, or None where the engine cannot tell.
    """

    student: str
    assignment: str
    key: str
    checks: tuple[CheckResult, ...]
    notes: tuple[Note, ...] = field(default=())
    seconds: float = 0.0
    memory_mb: float | None = None

    @property
    def by_check(self) -> dict[str, CheckResult]:
        return {check.check: check for check in self.checks}

    @property
    def points(self) -> float:
        return sum(check.points for check in self.checks)

    @property
    def max_points(self) -> float:
        return sum(check.max_points for check in self.checks)
