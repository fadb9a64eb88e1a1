"""One fake engine for all tests: it runs in the tests' own process, takes its marks from a function, and keeps count.

A marking function returns what each wanted check of a job gave. ``by_answer`` gives full marks to what is written,
``by_word`` to answers that hold "good", ``by_running`` runs the cells, and ``always`` says what it was told.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from typing import Any

from autograder.assignment.material import Material
from autograder.engines.contract import Graded, Job
from autograder.engines.judge import CellEnd, judge
from autograder.model import Check, CheckResult, Outcome, SubmissionResult

__all__ = ["FakeEngine", "Marking", "always", "by_answer", "by_running", "by_word", "fixed", "wanted"]

Marking = Callable[[Job], tuple[CheckResult, ...]]


def wanted(job: Job) -> Iterator[Check]:
    """Yield the checks that ``job`` asks for."""
    return (check for check in job.assignment.checks if job.checks is None or check.id in job.checks)


def by_answer(job: Job) -> tuple[CheckResult, ...]:
    """Pass the checks of each task whose answer is not the stub."""
    unwritten = {cell.id for cell in job.intake.cells if cell.unwritten}
    return tuple(
        judge(c, CellEnd("X" if c.task in unwritten else ""), CellEnd(), c.task in unwritten, {}) for c in wanted(job)
    )


def by_word(job: Job) -> tuple[CheckResult, ...]:
    """Pass the checks of each task whose answer holds the word "good"."""
    answers = {cell.id: cell.source for cell in job.intake.cells if cell.role == "student"}
    ends = {task: CellEnd("" if "good" in text else "AssertionError", "no") for task, text in answers.items()}
    return tuple(judge(check, ends[check.task], CellEnd(), False, {}) for check in wanted(job))


def by_running(job: Job) -> tuple[CheckResult, ...]:
    """Run the student's cells and the assignment's checks here, one after the other."""
    texts, names = Material.read(job.source).texts, dict[str, Any]()
    ends: dict[str, CellEnd] = {}
    for cell in job.intake.cells:
        if cell.kind == "code":
            ends[cell.id] = _run(cell.source if cell.role == "student" else texts[cell.id], names)
    unwritten = {cell.id for cell in job.intake.cells if cell.unwritten}
    return tuple(judge(check, ends[check.id], CellEnd(), check.task in unwritten, {}) for check in wanted(job))


def _run(text: str, names: dict[str, Any]) -> CellEnd:
    try:
        exec(text, names)
    except Exception as error:
        return CellEnd(type(error).__name__, str(error))
    return CellEnd()


def always(outcome: Outcome) -> Marking:
    """Give every wanted check this outcome."""
    share = float(outcome is Outcome.PASSED)
    return lambda job: tuple(CheckResult(c.id, outcome, c.points * share, c.points) for c in wanted(job))


def fixed(**outcomes: Outcome) -> Marking:
    """Give the named checks, of one point each, these outcomes, whatever the job asks for."""
    given = tuple(CheckResult(c, outcome, float(outcome is Outcome.PASSED), 1.0) for c, outcome in outcomes.items())
    return lambda _: given


class FakeEngine:
    """An engine that gives the marks of ``marking``; ``jobs`` are those that it was given.

    The code cells of the executed notebook that it ran say which job it was, counted from 1. ``before`` is called with
    each job before it is graded, and may raise.
    """

    warning = "Quick and careless."

    def __init__(self, marking: Marking = by_answer, before: Callable[[Job], object] = lambda _: None) -> None:
        self.name, self.version = "fake", "1"
        self.marking, self.before = marking, before
        self.jobs: list[Job] = []

    @property
    def graded(self) -> list[str]:
        """The students that were graded, known mistakes among them."""
        return [job.submission.student for job in self.jobs]

    @property
    def ran(self) -> list[set[str]]:
        """The checks that each job ran."""
        return [{check.id for check in wanted(job)} for job in self.jobs]

    def grade(self, jobs: Iterable[Job]) -> Generator[Graded, None, None]:
        for job in jobs:
            self.before(job)
            self.jobs.append(job)
            who = job.submission
            result = SubmissionResult(who.student, who.assignment, job.key, self.marking(job), job.intake.notes, 1.0)
            yield Graded(result, self._executed(job))

    def _executed(self, job: Job) -> dict[str, Any]:
        ran = {check.id for check in wanted(job)}
        idle = {check.id for check in job.assignment.checks} - ran
        cells = [dict(cell) for cell in job.notebook.get("cells", [])]
        for cell in cells:
            name = cell["metadata"].get("nbgrader", {}).get("grade_id", "")
            if cell["cell_type"] == "code" and name not in idle:
                text = {"output_type": "stream", "name": "stdout", "text": f"run {len(self.jobs)}"}
                cell |= {"outputs": [text], "execution_count": len(self.jobs)}
        return {**job.notebook, "cells": cells}
