"""Test an assignment's tests with mutants of its reference, and find those that no check fails.

Each mutant runs with the cells of its own task alone, in a fork of a warm process, and ends at the first check that
fails it. One that computes far longer than the reference counts as killed: the graders' limits would end it too. For
authors, who trust the files: the mutants run on their machine, without a sandbox.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.assignment.answers import Equivalent
from autograder.course import Course
from autograder.engines.judge import CellEnd
from autograder.local.mutants import Mutant, mutants
from autograder.local.operators import OPERATORS
from autograder.local.runner import Allowance, CodeCell, Program, Warm, results, run
from autograder.local.verify import Prepared, alone, rehearse
from autograder.model import Assignment
from autograder.processes import cores

__all__ = ["Mutated", "Tried", "try_mutants"]

TIMES_THE_REFERENCE, FEWEST_SECONDS = 10, 2.0  # of CPU time, for one cell
WALL_SECONDS = 60.0  # on a busy machine; only what waits without computing comes to it


@dataclass(frozen=True)
class Tried:
    """A mutant of ``task``, the check that killed it ("" if it survived), and the mark that says it is equivalent."""

    task: str
    mutant: Mutant
    killed_by: str
    mark: Equivalent | None = None


@dataclass(frozen=True)
class Mutated:
    """All mutants of one assignment, and each problem as a line that says what to do."""

    assignment: Assignment
    tried: tuple[Tried, ...]
    problems: tuple[str, ...]

    @property
    def killed(self) -> tuple[Tried, ...]:
        return tuple(one for one in self.tried if one.killed_by)

    @property
    def equivalent(self) -> tuple[Tried, ...]:
        return tuple(one for one in self.tried if one.mark and not one.killed_by)

    @property
    def survivors(self) -> tuple[Tried, ...]:
        return tuple(one for one in self.tried if not one.mark and not one.killed_by)


def try_mutants(
    course: Course,
    names: Sequence[str],
    *,
    workers: int | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
    launcher: Warm | None = None,
) -> Iterator[Mutated]:
    """Yield what became of the mutants of each assignment in ``names``, one assignment after the other.

    They run in the warm process of ``launcher``; without one, each assignment has a process of its own.

    Raises:
        UnknownAssignment, SourceError: as ``Material.read``.
    """
    prepared = [Prepared.read(course, name) for name in names]
    made = [{task: mutants(text) for task, text in one.material.reference.items()} for one in prepared]
    total, done = sum(len(some) for tasks in made for some in tasks.values()), 0
    progress(0, total)
    for one, of_task in zip(prepared, made, strict=True):
        name = one.material.name
        tried: dict[int, Tried] = {}
        problems: list[str] = []
        with tempfile.TemporaryDirectory(prefix="autograder-mutants-") as scratch, ExitStack() as stack:
            warm = launcher or stack.enter_context(Warm())
            session = Session(one, Path(scratch), warm, workers or cores())
            references = session.references()
            for task in list(of_task):
                failed = session.failed(task, references[task])
                if failed:
                    done += len(of_task.pop(task))
                    problems.append(f"{name}, the reference of {task}: fails {failed}, so no mutant of it was tried.")
            for at, ended in session.mutants(of_task, references):
                tried[at] = ended
                done += 1
                progress(done, total)
        marked, wrong_marks = match(name, [tried[at] for at in sorted(tried)], one.material.equivalents())
        yield Mutated(one.material.assignment, tuple(marked), (*problems, *wrong_marks))


class Session:
    """Run variants of one assignment's answers, each with the cells of its own task."""

    def __init__(self, prepared: Prepared, folder: Path, launcher: Warm, workers: int) -> None:
        self.prepared, self.folder, self.launcher = prepared, folder, launcher
        self.workers = workers + (workers > 1)  # one starts while one ends
        self.assignment = prepared.material.assignment
        self.whole = prepared.cells(prepared.answers[0])
        self.tasks = [task.name for task in self.assignment.tasks]

    def program(self, task: str, code: str | None = None, allowed: Allowance | None = None) -> Program:
        """Return the program for ``task`` with ``code`` as its answer, or with the reference."""
        cells = alone(self.whole, self.tasks, task)
        if code is None:
            return Program(cells, self.folder)
        return Program(tuple(with_answer(cell, task, code) for cell in cells), self.folder, True, allowed)

    def references(self) -> dict[str, dict[str, CellEnd]]:
        """Return how the cells of each task end with the reference, once the warm process has rehearsed it."""
        rehearse(self.launcher, self.whole, self.folder)
        tasks = list(self.prepared.material.reference)
        programs = [self.program(task) for task in tasks]
        return {tasks[at]: ends for at, ends in run(programs, self.launcher, workers=self.workers)}

    def failed(self, task: str, ends: Mapping[str, CellEnd], program: Program | None = None) -> str:
        """Return the first check that does not give its points, "" where all do."""
        given = results(self.assignment, program or self.program(task), ends)
        return next((check.check for check in given if check.points < check.max_points), "")

    def mutants(
        self, of_task: Mapping[str, Sequence[Mutant]], references: Mapping[str, Mapping[str, CellEnd]]
    ) -> Iterator[tuple[int, Tried]]:
        """Yield each mutant as it ends, with its place among all."""
        jobs = [(task, mutant) for task, some in of_task.items() for mutant in some]
        allowed = {task: allowance(references[task]) for task in of_task}
        programs = [self.program(task, mutant.code, allowed[task]) for task, mutant in jobs]
        for at, ends in run(programs, self.launcher, workers=self.workers):
            task, mutant = jobs[at]
            yield at, Tried(task, mutant, self.failed(task, ends, programs[at]))


def with_answer(cell: CodeCell, task: str, code: str) -> CodeCell:
    return replace(cell, source=code) if cell.key == task else cell


def allowance(ends: Mapping[str, CellEnd]) -> Allowance:
    """Return what a cell of a mutant may use, given how the reference's cells ended."""
    longest = max((end.seconds for end in ends.values()), default=0.0)
    seconds = max(FEWEST_SECONDS, TIMES_THE_REFERENCE * longest)
    return Allowance(cpu_seconds=seconds, wall_seconds=max(WALL_SECONDS, 2 * seconds))


def match(name: str, tried: Sequence[Tried], marks: Sequence[Equivalent]) -> tuple[list[Tried], list[str]]:
    """Return ``tried`` with its marks, and what is wrong with the marks, in a line each."""
    problems = []
    marked = list(tried)
    for mark in marks:
        where = f"{name}/wrong/{mark.task}.py, equivalent({mark.what[:80]!r})"
        mine = [at for at, one in enumerate(tried) if one.task == mark.task and named(mark.what, one.mutant)]
        alive = [at for at in mine if not tried[at].killed_by]
        if not mine and "->" not in mark.what and mark.what not in OPERATORS:
            problems.append(
                f"{where}: unknown; name an operator ({', '.join(OPERATORS)}), or write old text -> new text."
            )
        elif not mine and any(one.task == mark.task for one in tried):
            problems.append(f"{where}: matches no mutant; copy a line of verify --mutants, or remove the mark.")
        elif mine and not alive:
            check = tried[mine[0]].killed_by
            problems.append(f"{where}: is not equivalent, {check} fails it; remove the mark.")
        elif mine and all(marked[at].mark for at in alive):
            problems.append(f"{where}: another mark names the same; remove one.")
        for at in alive:
            marked[at] = replace(marked[at], mark=marked[at].mark or mark)
    return marked, problems


def named(what: str, mutant: Mutant) -> bool:
    """Say whether a mark means ``mutant``; white space does not count."""
    return what == mutant.operator or what.split() == mutant.change.split()
