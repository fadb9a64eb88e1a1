"""Test an assignment's tests with answers whose worth is known.

The reference and every ``right/`` answer must get full marks, the release must get none, and every ``wrong/`` answer
must lose points in its own task and in no other. Every check must be failed by some wrong answer, or it tests nothing.

The quick way runs the right and wrong answers with the cells of their own task alone, and then one whole notebook that
mixes the first wrong answer of each task: every check must end there as it did alone. It may miss that another answer
disturbs a task that is not its own, and takes a small part of the time.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from autograder.assignment.answers import KnownAnswer
from autograder.assignment.cells import grade_id, is_answer, is_check
from autograder.assignment.material import Material
from autograder.assignment.release import generate
from autograder.assignment.source import read_notebook
from autograder.course import Course
from autograder.local.runner import Cell, Fresh, Job, Launcher, RunLimits, Warm, results, run
from autograder.model import Assignment, CheckResult
from autograder.processes import cores

__all__ = ["Verdict", "Verified", "verify"]

MIXED = KnownAnswer("wrong", "mixed")  # no verdict on it is judged by itself


@dataclass(frozen=True)
class Verdict:
    """What every check gave for one answer."""

    answer: KnownAnswer
    checks: tuple[CheckResult, ...]

    @property
    def points(self) -> float:
        return sum(check.points for check in self.checks)

    @property
    def failed(self) -> tuple[str, ...]:
        return tuple(check.check for check in self.checks if check.points < check.max_points)


@dataclass(frozen=True)
class Verified:
    """All verdicts on one assignment, and each problem as a line that says what to do."""

    assignment: Assignment
    verdicts: tuple[Verdict, ...]
    problems: tuple[str, ...]


def cells_of(source: Any, released: dict[str, str], answer: KnownAnswer) -> tuple[Cell, ...]:
    """Return the code cells of the source notebook with ``answer`` in place."""

    def text(cell: Any) -> str:
        if is_answer(cell) and answer.kind == "release":
            return released[grade_id(cell)]
        return str(answer.code if answer.task and grade_id(cell) == answer.task else cell.source)

    return tuple(
        Cell(grade_id(cell), text(cell), graded=is_check(cell), own=is_answer(cell))
        for cell in source.cells
        if cell.cell_type == "code"
    )


def alone(cells: Sequence[Cell], tasks: Sequence[str], task: str) -> tuple[Cell, ...]:
    """Return the cells that ``task`` needs: its own up to its last check, and those that belong to no task."""

    def owner(cell: Cell) -> str:
        return next((name for name in tasks if cell.key == name or cell.key.startswith(f"{name}-")), "")

    last = max((at for at, cell in enumerate(cells) if cell.graded and owner(cell) == task), default=-1)
    return tuple(cell for at, cell in enumerate(cells) if at <= last and owner(cell) in ("", task))


def first_wrong(answers: Sequence[KnownAnswer]) -> dict[str, int]:
    """Return where in ``answers`` each task's first wrong answer is."""
    return {answer.task: at for at, answer in reversed([*enumerate(answers)]) if answer.kind == "wrong"}


def mixed(cells: Sequence[Cell], answers: Sequence[KnownAnswer]) -> tuple[Cell, ...]:
    """Return ``cells`` with the first wrong answer of every task in place."""
    codes = {task: answers[at].code for task, at in first_wrong(answers).items()}
    return tuple(replace(cell, source=codes.get(cell.key, cell.source)) for cell in cells)


def stubs(course: Course, name: str, answers: set[str]) -> dict[str, str]:
    """Return the answer cells as students get them, by name: from ``exercises/`` if it has these, else made anew."""

    def cells(path: Path) -> dict[str, str]:
        return {grade_id(cell): cell.source for cell in read_notebook(path).cells if is_answer(cell)}

    if course.exercise(name).is_file():
        released = cells(course.exercise(name))
        if set(released) == answers:
            return released
    with tempfile.TemporaryDirectory(prefix="autograder-verify-") as folder:
        return cells(generate(course.source(name), out=Path(folder)))


def verify(
    course: Course,
    names: Sequence[str],
    *,
    jobs: int | None = None,
    repeat: int = 1,
    quick: bool = False,
    limits: RunLimits | None = None,
    launcher: Launcher | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> list[Verified]:
    """Run every known answer of the assignments ``names``, ``repeat`` times, ``jobs`` at once; judge the checks.

    ``quick`` runs right and wrong answers with the cells of their own task alone, and one notebook that mixes them.

    Raises:
        UnknownAssignment, SourceError: as ``Material.read``.
    """
    prepared = []
    for name in names:
        material = Material.read(course.source(name))
        source, assignment = material.notebook, material.assignment
        answers, problems = material.known_answers()
        answers = [KnownAnswer("reference", "reference"), KnownAnswer("release", "release"), *answers]
        released = stubs(course, name, {grade_id(cell) for cell in source.cells if is_answer(cell)})
        prepared.append((source, assignment, answers, problems, released))

    with ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="autograder-verify-")))
        work: list[tuple[int, int, Job]] = []
        for which, (source, assignment, answers, _, released) in enumerate(prepared):
            tasks = [task.name for task in assignment.tasks]
            for at, answer in enumerate(answers):
                cells = cells_of(source, released, answer)
                if quick and answer.task:
                    cells = alone(cells, tasks, answer.task)
                work += [(which, at, Job(cells, scratch))] * repeat
            if quick:
                cells = mixed(cells_of(source, released, answers[0]), answers)
                work += [(which, len(answers), Job(cells, scratch))] * repeat
        if launcher is None and hasattr(os, "fork"):
            launcher = warm = stack.enter_context(Warm())
            for source, _, answers, _, released in prepared:
                rehearse(warm, cells_of(source, released, answers[0]), scratch)
        elif launcher is None:
            launcher = Fresh()
        found: dict[tuple[int, int], list[Verdict]] = {}
        todo = [job for _, _, job in work]
        for done, (index, ends) in enumerate(run(todo, launcher, workers=jobs or cores(), limits=limits), 1):
            which, at, job = work[index]
            _, assignment, answers, _, _ = prepared[which]
            answer = answers[at] if at < len(answers) else MIXED
            verdict = Verdict(answer, results(assignment, job, ends))
            found.setdefault((which, at), []).append(verdict)
            progress(done, len(todo))

    verified = []
    for which, (_, assignment, answers, problems, _) in enumerate(prepared):
        rounds = [found[which, at] for at in range(len(answers))]
        verdicts = tuple(round_[0] for round_ in rounds)
        lines = [*problems, *unsteady(assignment, rounds), *judged(assignment, verdicts)]
        for mix in found.get((which, len(answers)), []):
            lines += disturbed(assignment, verdicts, mix)
        verified.append(Verified(assignment, verdicts, tuple(lines)))
    return verified


def rehearse(launcher: Warm, cells: Sequence[Cell], scratch: Path) -> None:
    """Run the reference in the warm process: each answer is then spared what the first use of a kernel costs."""
    with tempfile.TemporaryDirectory(dir=scratch) as folder:
        plain = [{"key": cell.key, "source": cell.source} for cell in cells]
        (Path(folder) / "job.json").write_text(json.dumps({"cells": plain}), encoding="utf-8")
        launcher.rehearse(Path(folder))


def unsteady(assignment: Assignment, rounds: list[list[Verdict]]) -> Iterator[str]:
    """Say which answers did not get the same from every check each time."""
    for verdicts in rounds:
        differ = {name for verdict in verdicts for name in set(verdict.failed) ^ set(verdicts[0].failed)}
        if differ:
            yield f"{shown(assignment, verdicts[0].answer)}: not the same each time in {', '.join(sorted(differ))}."


def judged(assignment: Assignment, verdicts: Sequence[Verdict]) -> Iterator[str]:
    """Say where a verdict is not the known one, and which checks no wrong answer fails."""
    task_of_check = {check.id: check.task for check in assignment.checks}
    killed: set[str] = set()
    for verdict in verdicts:
        answer, name = verdict.answer, shown(assignment, verdict.answer)
        if answer.kind == "release":
            passed = [check.check for check in verdict.checks if check.points > 0]
            if passed:
                yield f"{name}: the empty notebook passes {', '.join(passed)}; a check must fail without an answer."
        elif answer.kind == "wrong":
            own = [check for check in verdict.failed if task_of_check[check] == answer.task]
            killed.update(own)
            if not own:
                yield f"{name}: passes every check of {answer.task}; add a check that fails it."
            other = [check for check in verdict.failed if task_of_check[check] != answer.task]
            if other:
                yield f"{name}: also fails {', '.join(other)}; a check may ask about its own task only."
        elif verdict.failed:
            why = next(check.message for check in verdict.checks if check.check == verdict.failed[0])
            yield f"{name}: fails {', '.join(verdict.failed)}, but must get full marks. {' '.join(why.split())[:300]}"
    for check in assignment.checks:
        if check.id not in killed:
            yield f"{assignment.name}: no wrong answer fails the check {check.id}; write one, or remove the check."


def disturbed(assignment: Assignment, verdicts: Sequence[Verdict], mix: Verdict) -> Iterator[str]:
    """Say which checks of each task's first wrong answer ended otherwise beside the wrong answers of other tasks."""
    first = first_wrong([verdict.answer for verdict in verdicts])
    together = set(mix.failed)
    for task in assignment.tasks:
        apart = set(verdicts[first[task.name]].failed) if task.name in first else set()
        differ = sorted(check.id for check in task.checks if (check.id in apart) != (check.id in together))
        if differ:
            yield (
                f"{assignment.name}, the first wrong answers of all tasks in one notebook: {', '.join(differ)} "
                f"ended otherwise than with the cells of {task.name} alone; a task may depend on itself only."
            )


def shown(assignment: Assignment, answer: KnownAnswer) -> str:
    """Return how messages call ``answer``: its file, or what it is."""
    if answer.kind in ("wrong", "right"):
        return f"{assignment.name}/{answer.kind}/{answer.task}.py, {answer.name}"
    return f"{assignment.name}, the {answer.kind}"
