"""Run notebook cells in processes of their own, on this machine, for people who trust them.

For ``autograder check`` (a student's own notebook) and ``autograder verify`` (an author's files), in the process of the
person who called it. Trusts the cells: submissions of a class are not run here, since nothing keeps a cell from reading
what it likes. Time and output are limited from outside.

Two launchers: ``Fresh`` starts a new Python for each program, on every platform; ``Warm`` forks each from a process
that has imported torch already (POSIX). ``run`` drives several programs at once by looking at their folders, which
needs neither threads nor pipes.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.engines.judge import CellEnd, judge
from autograder.errors import EngineError
from autograder.local.launcher import Fresh, Launcher, Process, Warm
from autograder.model import Assignment, CheckResult, Outcome
from autograder.processes import cpu_seconds

__all__ = ["Allowance", "CodeCell", "Fresh", "Launcher", "Program", "Warm", "results", "run"]

POLL_SECONDS = 0.01
MOST_ATTEMPTS = 4


@dataclass(frozen=True)
class CodeCell:
    """A code cell: ``key`` names it, ``graded`` cells are checks, ``own`` cells are the student's."""

    key: str
    source: str
    graded: bool = False
    own: bool = False


@dataclass(frozen=True)
class Program:
    """Cells to run one after the other in one process, which starts in ``folder``."""

    cells: tuple[CodeCell, ...]
    folder: Path
    stop: bool = False  # at the first check that fails
    allowed: Allowance | None = None  # where it is another than that of all


@dataclass(frozen=True)
class Allowance:
    """What one cell may use. The wall clock is generous, so that only CPU time decides on a busy machine.

    ``start_seconds`` is for all that comes before the first cell: on a busy machine Python and torch load slowly.
    """

    cpu_seconds: float = 30.0
    wall_seconds: float = 120.0
    start_seconds: float = 300.0
    output_bytes: int = 5_000_000


@dataclass
class Attempt:
    """One start of a program. Cells in ``ends`` that are checks, or that did not finish, are left out of it."""

    index: int
    program: Program
    ends: dict[str, CellEnd]
    number: int
    allowed: Allowance
    folder: Path = field(init=False)
    process: Process = field(init=False)
    changed: float = field(default_factory=time.monotonic)
    size: int = 0
    looked: float = 0.0
    cpu_before: float = 0.0

    def start(self, launcher: Launcher, base: Path) -> None:
        self.folder = base / f"{self.index}-{self.number}"
        self.folder.mkdir()
        cells = [
            {"key": cell.key, "source": cell.source, "graded": cell.graded, "number": number}
            for number, cell in enumerate(self.program.cells, 1)
            if cell.key not in self.ends or not (cell.graded or self.ends[cell.key].limit)
        ]
        program = {"cells": cells, "folder": str(self.program.folder.absolute()), "stop": self.program.stop}
        (self.folder / "program.json").write_text(json.dumps(program), encoding="utf-8")
        self.process = launcher.start(self.folder)

    def next(self) -> Attempt:
        """Return the next start of the program, for the checks that have not run."""
        return Attempt(self.index, self.program, self.ends, self.number + 1, self.allowed)

    def stopped(self) -> Outcome | None:
        """Return None while the program runs within its allowance, else how it stopped (PASSED: it ended by itself)."""
        code = self.process.exit_code()
        if code is not None:
            return Outcome.PASSED
        size = file_size(self.folder / "ends.jsonl")
        if size != self.size:
            self.size, self.changed, self.looked = size, time.monotonic(), 0.0
            self.cpu_before = cpu_seconds(self.process.pid())
        waited = time.monotonic() - self.changed
        if waited > (self.allowed.wall_seconds if size else self.allowed.start_seconds) or self.out_of_cpu(waited):
            self.process.kill()
            return Outcome.TIME_LIMIT
        if file_size(self.folder / "output.txt") > self.allowed.output_bytes:
            self.process.kill()
            return Outcome.OUTPUT_LIMIT
        return None

    def out_of_cpu(self, waited: float) -> bool:
        """Say whether the cell that has run for ``waited`` seconds computed for too long; asks now and then only."""
        if not self.size or waited < max(self.allowed.cpu_seconds, self.looked + 0.1):
            return False
        self.looked = waited
        return cpu_seconds(self.process.pid()) - self.cpu_before > self.allowed.cpu_seconds

    def collect(self, how: Outcome) -> bool:
        """Take over what the program wrote; return whether all its cells were run."""
        running = ""
        lines = self.folder / "ends.jsonl"
        for text in lines.read_text(encoding="utf-8").splitlines() if lines.is_file() else ():
            line = json.loads(text)
            if "done" in line:
                return True
            running = line.get("start", "")
            if "end" in line:
                known = {name: line[name] for name in ("error", "text", "traceback", "seconds") if name in line}
                self.ends[line["end"]] = CellEnd(**known)
        if not running:
            said = (self.folder / "output.txt").read_text(encoding="utf-8", errors="replace").strip().splitlines()
            raise EngineError("The process for the cells could not be started.", said[-1] if said else "")
        self.ends[running] = CellEnd(limit=Outcome.CRASHED if how is Outcome.PASSED else how)
        if self.program.stop and any(cell.graded and cell.key == running for cell in self.program.cells):
            return True
        missing = [cell.key for cell in self.program.cells if cell.graded and cell.key not in self.ends]
        if self.number >= MOST_ATTEMPTS:
            self.ends.update(dict.fromkeys(missing, self.ends[running]))
        return not missing or self.number >= MOST_ATTEMPTS


def file_size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def run(
    programs: Sequence[Program], launcher: Launcher, *, workers: int = 1, allowed: Allowance | None = None
) -> Iterator[tuple[int, dict[str, CellEnd]]]:
    """Yield, as each is ready, a program's index and how its cells ended; every graded cell has an end.

    A cell that runs into a limit, or ends its process, is left out when the program is started again for the checks
    that had not run by then.

    Raises:
        EngineError: a process could not be started, or died before its first cell.
    """
    allowed = allowed or Allowance()
    active: list[Attempt] = []
    waiting = [Attempt(index, one, {}, 1, one.allowed or allowed) for index, one in enumerate(programs)][::-1]
    with tempfile.TemporaryDirectory(prefix="autograder-run-") as base:
        try:
            while waiting or active:
                while waiting and len(active) < workers:
                    attempt = waiting.pop()
                    attempt.changed = time.monotonic()
                    attempt.start(launcher, Path(base))
                    active.append(attempt)
                for attempt in list(active):
                    how = attempt.stopped()
                    if how is None:
                        continue
                    active.remove(attempt)
                    if attempt.collect(how):
                        yield attempt.index, attempt.ends
                    else:
                        waiting.append(attempt.next())
                time.sleep(POLL_SECONDS)
        finally:
            for attempt in active:
                attempt.process.kill()


def results(
    assignment: Assignment, program: Program, ends: Mapping[str, CellEnd], unwritten: Collection[str] = ()
) -> tuple[CheckResult, ...]:
    """Return what each check that ``program`` ran gave; a program that stopped did not run all.

    ``unwritten`` are the tasks whose answer is still the stub.
    """
    own = {number: cell.source for number, cell in enumerate(program.cells, 1) if cell.own}
    ran: dict[str, Any] = {cell.key: cell for cell in program.cells if cell.graded}
    return tuple(
        judge(check, ends[check.id], ends.get(check.task, CellEnd()), check.task in unwritten, own)
        for check in assignment.checks
        if check.id in ran and (check.id in ends or not program.stop)
    )
