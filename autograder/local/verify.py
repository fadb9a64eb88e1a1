"""Test an assignment's tests with answers whose worth is known.

The reference and every ``right/`` answer must get full marks, and with the reference every cell must run, examples
and figures too; the release must get none, and every ``wrong/`` answer must lose points in its own task and in no
other. Every check must be failed by some wrong answer, or it tests nothing.

The quick way runs the right and wrong answers with the cells of their own task alone, and then one whole notebook that
mixes the first wrong answer of each task: every check must end there as it did alone. It may miss that another answer
disturbs a task that is not its own, and takes a small part of the time. The smoke test runs three notebooks alone: the
reference, the release, and the mixed one, where every task must lose points. For authors, who trust the files: the
answers run on their machine, without a sandbox.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from queue import SimpleQueue
from threading import Lock
from typing import Any

from autograder.assignment.answers import KnownAnswer
from autograder.assignment.cells import grade_id, is_answer, is_check
from autograder.assignment.material import Material
from autograder.assignment.release import generate
from autograder.assignment.source import read_notebook
from autograder.course import Course
from autograder.engines.judge import CellEnd
from autograder.local.runner import Allowance, CodeCell, Fresh, Launcher, Program, Warm, results, run
from autograder.model import Assignment, CheckResult, Outcome
from autograder.processes import cores

__all__ = ["Trial", "Verified", "verify"]

SMOKE = 2  # reference and release alone
MIXED = KnownAnswer("wrong", "mixed")  # no verdict on it is judged by itself


@dataclass(frozen=True)
class Trial:
    """One answer, and what every check gave for it."""

    answer: KnownAnswer
    checks: tuple[CheckResult, ...]
    broken: tuple[str, ...] = ()  # what went wrong in cells that are no checks, by name

    @property
    def points(self) -> float:
        return sum(check.points for check in self.checks)

    @property
    def failed(self) -> tuple[str, ...]:
        return tuple(check.check for check in self.checks if check.points < check.max_points)


@dataclass(frozen=True)
class Verified:
    """All trials of one assignment, and each problem as a line that says what to do."""

    assignment: Assignment
    trials: tuple[Trial, ...]
    problems: tuple[str, ...]


@dataclass(frozen=True)
class Prepared:
    """An assignment with the answers to try one by one, and those to mix in one notebook: each task's first wrong one.

    Also what is wrong with their files, and the released stubs by name.
    """

    material: Material
    answers: list[KnownAnswer]
    problems: list[str]
    stubs: dict[str, str]
    to_mix: Sequence[KnownAnswer] = ()

    @classmethod
    def read(cls, course: Course, name: str, smoke: bool = False) -> Prepared:
        material = Material.read(course.source(name))
        known, problems = material.known_answers()
        answers = [KnownAnswer("reference", "reference"), KnownAnswer("release", "release"), *([] if smoke else known)]
        to_mix = [known[at] for at in first_wrong(known).values()]
        return cls(material, answers, problems, released_stubs(course, material), to_mix)

    def cells(self, answer: KnownAnswer) -> tuple[CodeCell, ...]:
        """Return the code cells of the source notebook with ``answer`` in place."""

        def text(cell: Any) -> str:
            if is_answer(cell) and answer.kind == "release":
                return self.stubs[grade_id(cell)]
            return str(answer.code if answer.task and grade_id(cell) == answer.task else cell.source)

        return tuple(
            CodeCell(grade_id(cell), text(cell), graded=is_check(cell), own=is_answer(cell))
            for cell in self.material.notebook.cells
            if cell.cell_type == "code"
        )

    def programs(self, folder: Path, apart: bool) -> list[Program]:
        """Return the program that tries each answer, in their order, and with ``apart`` the mixed notebook's."""
        tasks = [task.name for task in self.material.assignment.tasks]
        cells = [self.cells(answer) for answer in self.answers]
        if apart:
            several = mixed(cells[0], self.to_mix)
            narrow = zip(cells, self.answers, strict=True)
            cells = [alone(all_, tasks, answer.task) if answer.task else all_ for all_, answer in narrow]
            cells.append(several)
        return [Program(some, folder) for some in cells]


def alone(cells: Sequence[CodeCell], tasks: Sequence[str], task: str) -> tuple[CodeCell, ...]:
    """Return the cells that ``task`` needs: its own up to its last check, and those that belong to no task."""

    def owner(cell: CodeCell) -> str:
        return next((name for name in tasks if cell.key == name or cell.key.startswith(f"{name}-")), "")

    last = max((at for at, cell in enumerate(cells) if cell.graded and owner(cell) == task), default=-1)
    return tuple(cell for at, cell in enumerate(cells) if at <= last and owner(cell) in ("", task))


def first_wrong(answers: Sequence[KnownAnswer]) -> dict[str, int]:
    """Return where in ``answers`` each task's first wrong answer is."""
    return {answer.task: at for at, answer in reversed([*enumerate(answers)]) if answer.kind == "wrong"}


def mixed(cells: Sequence[CodeCell], answers: Sequence[KnownAnswer]) -> tuple[CodeCell, ...]:
    """Return ``cells`` with ``answers``, one for a task, in place."""
    codes = {answer.task: answer.code for answer in answers}
    return tuple(replace(cell, source=codes.get(cell.key, cell.source)) for cell in cells)


def released_stubs(course: Course, material: Material) -> dict[str, str]:
    """Return the answer cells as students get them, by name: from ``exercises/`` if it has these, else made anew."""

    def cells(path: Path) -> dict[str, str]:
        return {grade_id(cell): cell.source for cell in read_notebook(path).cells if is_answer(cell)}

    answers = {grade_id(cell) for cell in material.notebook.cells if is_answer(cell)}
    if course.exercise(material.name).is_file():
        released = cells(course.exercise(material.name))
        if set(released) == answers:
            return released
    with tempfile.TemporaryDirectory(prefix="autograder-verify-") as folder:
        return cells(generate(material.source, out=Path(folder)))


def verify(
    course: Course,
    names: Sequence[str],
    *,
    workers: int | None = None,
    repeat: int = 1,
    quick: bool = False,
    smoke: bool = False,
    first: bool = False,
    allowed: Allowance | None = None,
    launcher: Launcher | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> list[Verified]:
    """Run every known answer of the assignments ``names``, ``repeat`` times, ``workers`` at once; judge the checks.

    ``quick`` runs right and wrong answers with the cells of their own task alone, and one notebook that mixes them;
    ``smoke`` runs the reference, the release and that notebook alone.
    With ``first`` a wrong answer ends at the first check that fails it, unless some check is then failed by none.

    Raises:
        UnknownAssignment, SourceError: as ``Material.read``.
    """
    prepared = [Prepared.read(course, name, smoke) for name in names]
    workers = workers or cores()
    warm = launcher is None and hasattr(os, "fork")
    abreast = min(workers, len(prepared)) if warm else 1
    with ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="autograder-verify-")))
        trying = [Trying(one, scratch, repeat, quick or smoke, first, allowed) for one in prepared]
        count = Count(sum(len(one.programs) for one in trying), progress)
        pool = stack.enter_context(ThreadPoolExecutor(max(abreast, 1)))
        launchers: SimpleQueue[Launcher] = SimpleQueue()
        for _ in range(abreast):  # on an error they close before the pool waits for its threads, which then end too
            launchers.put(stack.enter_context(Warm()) if warm else launcher or Fresh())

        def tried(one: Trying) -> Verified:
            mine = launchers.get()
            try:
                if isinstance(mine, Warm) and warm and not smoke:  # three programs are too few to pay for it
                    rehearse(mine, one.prepared.cells(one.answers[0]), scratch)
                return one.all(mine, workers // abreast + (abreast > 1), count)  # one starts while one ends
            finally:
                launchers.put(mine)

        longest_first = sorted(trying, key=lambda one: -len(one.programs))
        found = {one.prepared.material.name: pool.submit(tried, one) for one in longest_first}
        try:
            return [found[one.material.name].result() for one in prepared]
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


class Count:
    """Count the programs that have ended, in whatever thread, and say how many of ``total``."""

    def __init__(self, total: int, progress: Callable[[int, int], None]) -> None:
        self.done, self.total, self.progress = 0, total, progress
        self.lock = Lock()

    def add(self, done: int = 0, total: int = 0) -> None:
        with self.lock:
            self.done, self.total = self.done + done, self.total + total
            self.progress(self.done, self.total)


class Trying:
    """The answers of one assignment, and how to try them."""

    def __init__(
        self, prepared: Prepared, folder: Path, repeat: int, apart: bool, first: bool, allowed: Allowance | None
    ) -> None:
        self.prepared, self.allowed = prepared, allowed
        self.answers = [*prepared.answers, *([MIXED] if apart else [])]
        self.through = set(first_wrong(prepared.answers).values())
        programs = prepared.programs(folder, apart)
        if first:
            programs = [replace(one, stop=self.may_stop(at)) for at, one in enumerate(programs)]
        self.programs = programs * repeat

    def may_stop(self, at: int) -> bool:
        """Say whether an answer may end at the first check that fails it: not if the mixed notebook is compared."""
        answer = self.answers[at]
        return answer.kind == "wrong" and answer is not MIXED and at not in self.through

    def all(self, launcher: Launcher, workers: int, count: Count) -> Verified:
        """Run every answer as often as asked, and judge them."""
        trials = self.run(range(len(self.programs)), launcher, workers, count)
        again = self.stopped_too_early(trials)
        if again:
            self.programs = [replace(program, stop=False) for program in self.programs]
            count.add(total=len(again))
            trials |= self.run(again, launcher, workers, count)
        each = len(self.answers)
        rounds = [[trials[at] for at in range(first, len(self.programs), each)] for first in range(each)]
        mixes = rounds.pop() if MIXED in self.answers else []
        return verified(self.prepared, rounds, mixes)

    def run(self, which: Sequence[int], launcher: Launcher, workers: int, count: Count) -> dict[int, Trial]:
        """Return what the programs at the places ``which`` gave, by place."""
        found = {}
        programs = [self.programs[at] for at in which]
        for index, ends in run(programs, launcher, workers=workers, allowed=self.allowed):
            at = which[index]
            given = results(self.prepared.material.assignment, programs[index], ends)
            found[at] = Trial(self.answers[at % len(self.answers)], given, broken(programs[index], ends))
            count.add(done=1)
        return found

    def stopped_too_early(self, trials: dict[int, Trial]) -> list[int]:
        """Return the wrong answers that a check had no chance to fail which none has failed so far."""
        failed = {check for trial in trials.values() if trial.answer.kind == "wrong" for check in trial.failed}
        tasks = self.prepared.material.assignment.tasks
        open_ = {task.name for task in tasks if any(check.id not in failed for check in task.checks)}
        return [at for at in trials if self.programs[at].stop and trials[at].answer.task in open_]


def broken(program: Program, ends: Mapping[str, CellEnd]) -> tuple[str, ...]:
    """Return how each cell that is no check ended, where it did not end well."""
    others = [(cell.key or "a cell without a name", ends.get(cell.key)) for cell in program.cells if not cell.graded]
    return tuple(
        f"{name} ended with {end.error or end.limit} {end.text}".strip()
        for name, end in others
        if end and (end.error or end.limit)
    )


def verified(prepared: Prepared, rounds: list[list[Trial]], mixes: Sequence[Trial] = ()) -> Verified:
    """Judge the trials of an assignment; ``rounds`` are those of each answer, ``mixes`` those of the mixed notebook."""
    assignment = prepared.material.assignment
    trials = tuple(repeated[0] for repeated in rounds)
    lines = [*prepared.problems, *unsteady(assignment, rounds), *judged(assignment, trials)]
    for mix in mixes:
        lines += [*disturbed(assignment, trials, mix), *kept(prepared, mix)]
    return Verified(assignment, trials, tuple(lines))


def rehearse(launcher: Warm, cells: Sequence[CodeCell], scratch: Path) -> None:
    """Run the reference in the warm process: each answer is then spared what the first use of a kernel costs."""
    with tempfile.TemporaryDirectory(dir=scratch) as folder:
        plain = [{"key": cell.key, "source": cell.source} for cell in cells]
        (Path(folder) / "program.json").write_text(json.dumps({"cells": plain}), encoding="utf-8")
        launcher.rehearse(Path(folder))


def unsteady(assignment: Assignment, rounds: list[list[Trial]]) -> Iterator[str]:
    """Say which answers did not get the same from every check each time."""
    for trials in rounds:
        differ = {name for trial in trials for name in set(trial.failed) ^ set(trials[0].failed)}
        if differ:
            yield f"{shown(assignment, trials[0].answer)}: not the same each time in {', '.join(sorted(differ))}."


def judged(assignment: Assignment, trials: Sequence[Trial]) -> Iterator[str]:
    """Say where a trial did not end as it must, and which checks no wrong answer fails."""
    reference = next(trial for trial in trials if trial.answer.kind == "reference")
    if reference.failed:  # a wrong reference, or a wrong check: then every other answer fails for the same reason
        yield f"{loses(assignment, reference)} The other answers are judged once the reference passes."
        return
    task_of_check = {check.id: check.task for check in assignment.checks}
    killed: set[str] = set()
    for trial in trials:
        answer, name = trial.answer, shown(assignment, trial.answer)
        if answer.kind == "release":
            passed = [check.check for check in trial.checks if check.points > 0]
            if passed:
                yield f"{name}: the empty notebook passes {', '.join(passed)}; a check must fail without an answer."
        elif answer.kind == "wrong":
            own = [check for check in trial.failed if task_of_check[check] == answer.task]
            killed.update(own)
            if not own:
                yield f"{name}: passes every check of {answer.task}; add a check that fails it."
            other = [check for check in trial.failed if task_of_check[check] != answer.task]
            if other:
                yield f"{name}: also fails {', '.join(other)}; a check may ask about its own task only."
        elif answer.kind == "reference" and trial.broken:
            yield f"{name}: {'; '.join(trial.broken)}. Every cell must run with the reference in place."
        elif trial.failed:
            yield loses(assignment, trial)
    tried = any(trial.answer.kind == "wrong" for trial in trials)
    for check in assignment.checks:
        if tried and check.id not in killed:
            yield f"{assignment.name}: no wrong answer fails the check {check.id}; write one, or remove the check."


def loses(assignment: Assignment, trial: Trial) -> str:
    """Say which checks an answer fails that must fail none, with what the first of them says to staff."""
    first = next(check for check in trial.checks if check.check == trial.failed[0])
    error = first.detail.strip().partition("\n")[0] if first.outcome is Outcome.ERROR else ""
    said = " ".join(f"{first.message} {error if error not in first.message else ''}".split())[:400]
    return f"{shown(assignment, trial.answer)}: fails {', '.join(trial.failed)}, but must get full marks. {said}"


def disturbed(assignment: Assignment, trials: Sequence[Trial], mix: Trial) -> Iterator[str]:
    """Say which checks of each task's first wrong answer ended differently beside the wrong answers of other tasks."""
    first = first_wrong([trial.answer for trial in trials])
    together = set(mix.failed)
    for task in assignment.tasks:
        if task.name not in first:
            continue
        apart = set(trials[first[task.name]].failed)
        differ = sorted(check.id for check in task.checks if (check.id in apart) != (check.id in together))
        if differ:
            yield (
                f"{assignment.name}, the first wrong answers of all tasks in one notebook: {', '.join(differ)} "
                f"ended differently than with the cells of {task.name} alone; a task may depend on itself only."
            )


def kept(prepared: Prepared, mix: Trial) -> Iterator[str]:
    """Say which wrong answers of the mixed notebook lost nothing, and which tasks without one lost points there."""
    assignment, failed = prepared.material.assignment, set(mix.failed)
    wrong = {answer.task: answer for answer in prepared.to_mix}
    for task in assignment.tasks:
        lost = [check.id for check in task.checks if check.id in failed]
        if task.name in wrong and not lost and len(prepared.answers) == SMOKE:
            name = shown(assignment, wrong[task.name])
            yield f"{name}: passes every check of {task.name} beside the first wrong answers of the other tasks."
        if task.name not in wrong and lost:
            yield f"{assignment.name}: {', '.join(lost)} failed beside other tasks' wrong answers; make it independent."


def shown(assignment: Assignment, answer: KnownAnswer) -> str:
    """Return how messages call ``answer``: its file, or what it is."""
    if answer.kind in ("wrong", "right"):
        return f"{assignment.name}/{answer.kind}/{answer.task}.py, {answer.name}"
    return f"{assignment.name}, the {answer.kind}"
