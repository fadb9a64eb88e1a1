"""One submission in the sealed engine: its cells with the place where each runs, its checks judged, its notebook.

Trusted; runs in a worker, and imports no torch. It judges with the words that every engine uses.
"""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from autograder.assignment.cells import task_of
from autograder.assignment.material import Material
from autograder.engines.contract import Graded, Job
from autograder.engines.judge import CellEnd, judge
from autograder.engines.sealed.compiled import prepare
from autograder.engines.sealed.pair import Interrupted, Pair
from autograder.engines.sealed.session import CellRun, Role, Rules, Session, SessionCell
from autograder.errors import EngineError
from autograder.model import CheckResult, Outcome, SubmissionResult
from autograder.submissions.intake import IntakeCell

__all__ = ["grade_cells", "grade_job", "hidden_cells", "rehearsal_of", "session_of"]


# Seconds to import: only where a cell holds the word. A gradient of a given gradient makes torch import sympy.
SLOW_MODULES = {
    "torchvision": "torchvision",
    **dict.fromkeys(("requires_grad", "gradients_close", ".backward("), "torch.fx.experimental.symbolic_shapes"),
}


def grade_job(pair: Pair, job: Job, rules: Rules, hidden: Mapping[str, str] | None = None) -> Graded:
    """Grade one job: run its cells, judge its checks, and fill in the notebook's outputs.

    ``hidden`` is the text of the assignment's cells; where it is not given, the job's source is read.
    """
    start = time.monotonic()
    hidden = hidden_cells(job.source) if hidden is None else hidden
    session = session_of(job, rules, hidden)
    named = "\n".join([*hidden.values(), *(cell.source for cell in session.cells)])
    pair.load({module for word, module in SLOW_MODULES.items() if word in named})
    key = hash(tuple(hidden.items()))
    if rules.device == "cpu":  # CUDA may start in the children only
        with pair.rehearsing:
            if key not in pair.rehearsed:
                pair.rehearse(rehearsal_of(job, rules, hidden))
                pair.rehearsed.add(key)
    runs = grade_cells(pair, session)
    checks = tuple(_judged(job, runs))
    who = job.submission
    seconds = round(time.monotonic() - start, 3)
    memory = max((run.memory_bytes for run in runs), default=0) / 1e6
    result = SubmissionResult(
        who.student, who.assignment, job.key, checks, job.intake.notes, seconds, round(memory, 1) or None
    )
    return Graded(result, _executed(job, session, runs))


def session_of(job: Job, rules: Rules, hidden: Mapping[str, str] | None = None) -> Session:
    """Return the code cells of a repaired submission with the place where each runs.

    The released cell called ``setup`` runs in both halves: it imports what checks and answers use. Other released cells
    that are no checks are demonstrations, and run beside the student's code if the rules ask for them.
    """

    def role(cell: IntakeCell) -> Role:
        if cell.role == "check":
            return Role.CHECK
        return Role.SETUP if cell.role == "locked" and cell.id == "setup" else Role.STUDENT

    hidden = hidden_cells(job.source) if hidden is None else hidden
    cells = [
        _cell(number, role(cell), hidden.get(cell.id, cell.source) if cell.role != "student" else cell.source, cell.id)
        for number, cell in enumerate(job.intake.cells)
        if cell.kind == "code"
        and (cell.role != "locked" or cell.id == "setup" or rules.demonstrations)
        and (cell.role != "check" or job.checks is None or cell.id in job.checks)
    ]
    limits = dataclasses.replace(
        rules.limits,
        check_cpu_seconds=job.limits.cell_seconds,
        wall_seconds=job.limits.submission_seconds,
        memory_bytes=min(rules.limits.memory_bytes, job.limits.memory_bytes),
    )
    return Session(tuple(cells), dataclasses.replace(rules, limits=limits))


def rehearsal_of(job: Job, rules: Rules, hidden: Mapping[str, str]) -> Session:
    """Return the reference's session: the released cells and the answers of the source, nothing of a student's."""
    every = dataclasses.replace(job, checks=None)
    cells = [cell for cell in session_of(every, rules, hidden).cells if cell.name in hidden]
    own = [dataclasses.replace(c, source=hidden[c.name]) if c.role is Role.STUDENT else c for c in cells]
    return Session(tuple(own), rules)


def hidden_cells(path: Path) -> dict[str, str]:
    """Return the text of an assignment's named cells, hidden tests included: the release has none."""
    return Material.read(path).texts


def _cell(number: int, role: Role, source: str, name: str) -> SessionCell:
    compiled = None if role is Role.STUDENT else prepare(source, number)
    return SessionCell(number, role, source, name, task_of(name), compiled)


def grade_cells(pair: Pair, session: Session) -> list[CellRun]:
    """Run a session; cells that an examiner's end left without a result get one that says so.

    An examiner dies of what a student's values make a test do, if at all, and a sandbox of what the student's code
    does, or because the machine ran out of memory: once is tried again, twice is the student's. A test that hangs would
    hang again: what follows is run without the checks of its task.
    """
    ended: dict[int, CellRun] = {}
    left, died, hung = session, False, 0
    while True:
        try:
            runs = pair.run(left)
            if died or not any(run.end.limit is Outcome.CRASHED for run in runs):
                break
            died = True
        except Interrupted as end:
            runs, cell = end.runs, left.cells[min(len(end.runs), len(left.cells) - 1)]
            if end.hung and cell.role is Role.CHECK and hung < _MOST_HUNG:
                hung += 1
                ended |= _ended(left, runs, _HUNG, of=cell.task)
                left = dataclasses.replace(left, cells=tuple(c for c in left.cells if c.number not in ended))
            elif end.hung or died:
                how = f"the examiner stopped twice: {end.reason}"
                stop = _HUNG if end.hung else CellEnd("Stopped", end.reason, how, Outcome.CRASHED)
                ended |= _ended(left, runs, stop)
                break
            else:
                died = True
    ended |= {run.number: run for run in runs if run.number not in ended}
    return [ended[cell.number] for cell in session.cells]


_MOST_HUNG = 2  # tasks whose tests hang before the rest is given up too
_TOO_LONG = "the test took too long on what the student's code returned"
_HUNG = CellEnd("Stopped", _TOO_LONG, _TOO_LONG, Outcome.TIME_LIMIT)


def _ended(session: Session, runs: list[CellRun], stop: CellEnd, of: str | None = None) -> dict[int, CellRun]:
    """Return the results of the checks of the task ``of``, or of all cells: those in ``runs``, and ``stop``."""
    done = {run.number: run for run in runs}
    cells = [cell for cell in session.cells if of is None or (cell.role is Role.CHECK and cell.task == of)]
    return {cell.number: done.get(cell.number) or CellRun(cell.number, stop) for cell in cells}


def _judged(job: Job, runs: list[CellRun]) -> Iterator[CheckResult]:
    cells = job.intake.cells
    ends = {run.number: run.end for run in runs}
    cpu = {run.number: run.cpu_seconds for run in runs}
    numbers = {cell.id: number for number, cell in enumerate(cells) if cell.id and cell.kind == "code"}
    stubs = {cell.id for cell in cells if cell.unwritten}
    others = any(not cell.id and cell.kind == "code" for cell in cells)
    own = {number: cell.source for number, cell in enumerate(cells) if cell.role == "student"}
    for check in job.assignment.checks:
        if job.checks is not None and check.id not in job.checks:
            continue
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
        cell |= {"outputs": [*outputs, *cell.get("outputs", ())], "execution_count": count}
    return notebook
