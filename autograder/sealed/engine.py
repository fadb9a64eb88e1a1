"""The sealed engine behind ``autograder.engine.Engine``: jobs in, results and executed notebooks out.

Trusted; runs in a worker or in the command's own process, and imports no torch. It judges with the words that every
engine uses.
"""

from __future__ import annotations

import dataclasses
import functools
import queue
import threading
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from autograder.engine import Graded, Job
from autograder.engine.judge import CellEnd, judge
from autograder.errors import EngineError
from autograder.intake import IntakeCell
from autograder.model import CheckResult, Outcome, SubmissionResult
from autograder.sealed.pair import Interrupted, Pair
from autograder.sealed.release import prepare
from autograder.sealed.session import Cell, CellRun, Role, Rules, Session
from autograder.source import grade_id, read_source, task_of

__all__ = ["SealedEngine", "grade_cells", "session_of"]

VERSION = "1"


class SealedEngine:
    """Grade with ``workers`` pairs of warm processes; ``readable`` are paths that student code may read."""

    name = "sealed"

    def __init__(self, workers: int = 1, readable: tuple[Path, ...] = (), rules: Rules | None = None) -> None:
        self.workers = workers
        self.readable = readable
        self.rules = rules or Rules()

    @property
    def version(self) -> str:
        return f"{self.name}-{VERSION}"

    @property
    def warning(self) -> str:
        from autograder.isolation import probe

        return " ".join(probe().lost)

    def grade(self, jobs: Iterable[Job]) -> Iterator[Graded]:
        """Yield each job's result as it is ready.

        Raises:
            EngineError: a pair of processes cannot be kept alive.
        """
        waiting: queue.Queue[Job] = queue.Queue()
        for job in jobs:
            waiting.put(job)
        count = waiting.qsize()
        done: queue.Queue[Graded | BaseException] = queue.Queue()
        stop = threading.Event()

        def work() -> None:
            try:
                with Pair(self.readable, preload=["matplotlib.pyplot"]) as pair:
                    while not stop.is_set():
                        done.put(grade_job(pair, waiting.get_nowait(), self.rules))
            except queue.Empty:
                pass
            except BaseException as error:
                done.put(error)

        threads = [threading.Thread(target=work, daemon=True) for _ in range(min(self.workers, count))]
        for thread in threads:
            thread.start()
        try:
            for _ in range(count):
                graded = done.get()
                if isinstance(graded, BaseException):
                    raise graded
                yield graded
        finally:
            stop.set()
            for thread in threads:
                thread.join(30)


def grade_job(pair: Pair, job: Job, rules: Rules) -> Graded:
    """Grade one job: run its cells, judge its checks, and fill in the notebook's outputs."""
    start = time.monotonic()
    session = session_of(job, rules)
    runs = grade_cells(pair, session)
    checks = tuple(_judged(job, runs))
    who = job.submission
    seconds = round(time.monotonic() - start, 3)
    result = SubmissionResult(who.student, who.assignment, job.key, checks, job.intake.notes, seconds)
    return Graded(result, _executed(job, session, runs))


def session_of(job: Job, rules: Rules) -> Session:
    """Return the code cells of a repaired submission with the place where each runs.

    The released cell called ``setup`` runs in both halves: it imports what checks and answers use. Other released cells
    that are no checks are demonstrations, and run beside the student's code if the rules ask for them.
    """

    def role(cell: IntakeCell) -> Role:
        if cell.role == "check":
            return Role.CHECK
        return Role.SETUP if cell.role == "locked" and cell.id == "setup" else Role.STUDENT

    hidden = _sources(job.source)
    cells = [
        _cell(number, role(cell), hidden.get(cell.id, cell.source) if cell.role != "student" else cell.source, cell.id)
        for number, cell in enumerate(job.intake.cells)
        if cell.kind == "code" and (cell.role != "locked" or cell.id == "setup" or rules.demonstrations)
    ]
    limits = dataclasses.replace(
        rules.limits,
        check_cpu_seconds=job.limits.cell_seconds,
        wall_seconds=job.limits.submission_seconds,
        memory_bytes=min(rules.limits.memory_bytes, job.limits.memory_bytes),
    )
    return Session(tuple(cells), dataclasses.replace(rules, limits=limits))


@functools.lru_cache(maxsize=8)
def _sources(path: Path) -> dict[str, str]:
    """Return the text of an assignment's named cells, hidden tests included: the release has none."""
    return {name: cell.source for cell in read_source(path).cells if (name := grade_id(cell))}


def _cell(number: int, role: Role, source: str, name: str) -> Cell:
    released = None if role is Role.STUDENT else prepare(source, number)
    return Cell(number, role, source, name, task_of(name), released)


def grade_cells(pair: Pair, session: Session) -> list[CellRun]:
    """Run a session; cells that an examiner's end left without a result get one that says so.

    An examiner dies of what a student's values make a test do, if at all: once is tried again, twice is the student's.
    """
    runs: list[CellRun] = []
    reason = ""
    for _ in range(2):
        try:
            return pair.run(session)
        except Interrupted as end:
            runs, reason = end.runs, end.reason
    stop = CellEnd("Stopped", reason, f"the examiner stopped twice: {reason}", Outcome.CRASHED)
    return [*runs, *(CellRun(cell.number, stop) for cell in session.cells[len(runs) :])]


def _judged(job: Job, runs: list[CellRun]) -> Iterator[CheckResult]:
    cells = job.intake.cells
    ends = {run.number: run.end for run in runs}
    cpu = {run.number: run.cpu_seconds for run in runs}
    numbers = {cell.id: number for number, cell in enumerate(cells) if cell.id and cell.kind == "code"}
    stubs = {cell.id for cell in cells if cell.unwritten}
    others = any(not cell.id and cell.kind == "code" for cell in cells)
    own = {number: cell.source for number, cell in enumerate(cells) if cell.role == "student"}
    for check in job.assignment.checks:
        if check.id not in numbers:
            raise EngineError(
                f"The check {check.id} was not run.", "The source and the release differ: release it again."
            )
        number = numbers[check.id]
        answer = ends.get(numbers.get(check.task, -1), CellEnd())
        result = judge(check, ends[number], answer, check.task in stubs and not others, own)
        yield dataclasses.replace(result, cpu_seconds=cpu[number])


def _executed(job: Job, session: Session, runs: list[CellRun]) -> dict[str, Any]:
    """Return the notebook with the hidden tests, what the student's cells printed and how cells ended; for staff."""
    notebook: dict[str, Any] = {**job.notebook, "cells": [dict(cell) for cell in job.notebook["cells"]]}
    for ran in session.cells:
        notebook["cells"][ran.number]["source"] = ran.source
    for count, run in enumerate(runs, 1):
        cell = notebook["cells"][run.number]
        outputs: list[dict[str, Any]] = []
        if run.printed:
            outputs.append({"output_type": "stream", "name": "stdout", "text": run.printed})
        if run.end.error:
            error = {"ename": run.end.error, "evalue": run.end.text, "traceback": run.end.traceback.split("\n")}
            outputs.append({"output_type": "error", **error})
        cell |= {"outputs": outputs, "execution_count": count}
    return notebook
