"""Run one submission: student cells in the sandbox, check cells here, and a new sandbox when one has ended.

Runs in the examiner, one process per submission.
"""

from __future__ import annotations

import contextlib
import dataclasses
import linecache
import marshal
import math
import resource
import signal
import socket
import time
import traceback
from collections.abc import Callable, Iterator
from typing import Any

from autograder.engines.judge import CellEnd
from autograder.engines.sealed.compiled import CompiledCell, prepare
from autograder.engines.sealed.examiner.backend import RemoteBackend
from autograder.engines.sealed.examiner.errors import Stopped, StudentError
from autograder.engines.sealed.examiner.link import Link
from autograder.engines.sealed.examiner.names import Sources
from autograder.engines.sealed.examiner.proxy import Proxy
from autograder.engines.sealed.examiner.remote import Remote
from autograder.engines.sealed.protocol.frames import Caps, ProtocolViolation
from autograder.engines.sealed.session import CellRun, Role, Session, SessionCell, seed_of
from autograder.engines.sealed.warm import seed_all
from autograder.errors import EngineError
from autograder.isolation import ProcessLimits
from autograder.model import Outcome
from convlab import backend

__all__ = ["Grading", "cpu_limit", "memory_limit"]

_MOST_DETAIL = 8000
_BUILTIN = frozenset(dir(__builtins__) if not isinstance(__builtins__, dict) else __builtins__)


class Grading:
    """The run of one session; ``report`` is called with each cell's result as soon as it is known."""

    def __init__(self, session: Session, zygote: socket.socket, report: Callable[[CellRun], None]) -> None:
        self.session = session
        self.rules = session.rules
        self.zygote = zygote
        self.report = report
        self.namespace: dict[str, Any] = {"__name__": "__main__"}
        self.names: set[str] = set()  # that the student's cells have defined
        self.release_names: set[str] = set()  # names that the release binds: never the student's
        self.sources = Sources()
        self.failed_cells: dict[int, Stopped] = {}  # cells that ended a sandbox: not run again
        self.broken: dict[str, Stopped] = {}  # tasks whose answer cell is among them
        self.ends: dict[str, int] = {}  # how many sandboxes each task's checks have ended
        self.restarts = 0
        self.given_up: Stopped | None = None
        self.printed = 0
        self.memory = 0  # the most bytes that a sandbox has held
        self.spent = 0.0  # seconds of CPU time of sandboxes that have ended
        self.started = time.monotonic()
        self.knows_hidden_inputs = False  # this sandbox has been given the input of a hidden check
        self.clean: Remote | None = None  # another that never is, for the texts that a student will read
        self.clean_cells = 0  # how many cells it has been through
        self.remote = self._new_remote()
        backend.use(RemoteBackend(lambda: self.remote, self.sources))

    def run(self) -> None:
        """Run every cell in order."""
        done: list[SessionCell] = []
        for cell in self.session.cells:
            start, printed = self._cpu(), ""
            self._check_budget()
            try:
                end = self._check(cell) if cell.role is Role.CHECK else self._cell(cell)
                if cell.role is Role.STUDENT:
                    printed, self.printed = self.remote.link.printed(self.printed)
                if self.knows_hidden_inputs and end.error and (cell.role is Role.STUDENT or _public(cell)):
                    end = self._end_without_hidden_inputs(cell, end, done)
                self.knows_hidden_inputs = self.knows_hidden_inputs or (cell.role is Role.CHECK and not _public(cell))
                stopped = None
            except Stopped as stop:
                end, printed, stopped = _limit(stop), self.remote.link.output, stop
            self.report(CellRun(cell.number, end, printed, round(max(0.0, self._cpu() - start), 4)))
            if stopped is not None:
                self._replace(cell, stopped, done)
            done.append(cell)
        self.memory = max(self.memory, self.remote.link.peak_memory())
        self.remote.link.close()
        if self.clean is not None:
            self.clean.link.close()

    def _end_without_hidden_inputs(self, cell: SessionCell, end: CellEnd, done: list[SessionCell]) -> CellEnd:
        """Return how ``cell`` ends in a sandbox that has met no hidden check.

        A student reads the text of its error, and student code that kept a hidden input could put it there. Where the
        cell raises nothing in the clean sandbox, the text is left out.
        """
        told, namespace = self.remote, self.namespace
        self.namespace = {name: value for name, value in namespace.items() if type(value) is not Proxy}
        again = CellEnd()
        try:
            if self.clean is None and not self.clean_cells:
                self.clean = self._new_remote()
            if self.clean is not None:
                self.remote = self.clean
                for earlier in done[self.clean_cells :]:
                    if earlier.role is not Role.CHECK and earlier.number not in self.failed_cells:
                        self._run_remotely(earlier)
                self.clean_cells = len(done) + (cell.role is Role.STUDENT)
                again = self._check(cell) if cell.role is Role.CHECK else self._run_remotely(cell)
        except Stopped as stop:
            self.remote.link.stop(stop)
            self.remote.link.close()
            self.clean, self.clean_cells = None, len(done) + 1  # and none after it
        finally:
            self.remote, self.namespace = told, namespace
        if not again.error or (again.error == "NameError" != end.error):
            again = CellEnd(end.error if end.error == "CheckFailed" else "Exception")
        return dataclasses.replace(again, limit=None, seconds=end.seconds)

    def _cpu(self) -> float:
        return time.process_time() + self.remote.link.own_seconds()

    def _check_budget(self) -> None:
        """Give up once all sandboxes together, or this process, have used what one submission may."""
        sandboxes = self.spent + self.remote.link.own_seconds()
        if self.clean is not None:
            sandboxes += self.clean.link.own_seconds()
        if self.given_up is None and max(sandboxes, time.process_time()) > self.rules.limits.cpu_seconds:
            self.given_up = Stopped(Outcome.TIME_LIMIT, "the submission has used all its time")

    def _new_remote(self) -> Remote:
        """Start a sandbox that may use what earlier ones of this submission have left."""
        limits = self.rules.limits
        wall = limits.wall_seconds - (time.monotonic() - self.started)
        cpu = limits.cpu_seconds - self.spent
        limits = dataclasses.replace(limits, wall_seconds=max(1.0, wall), cpu_seconds=max(1.0, cpu))
        return Remote(Link(self.zygote, limits, Caps(), self.rules.idle_seconds), self.rules.devices)

    def _cell(self, cell: SessionCell) -> CellEnd:
        """Run a cell in the sandbox, and a setup cell here too."""
        if cell.role is Role.SETUP:
            compiled = cell.compiled or prepare(cell.source, cell.number)
            self._execute(cell, compiled)
            self.release_names |= compiled.binds
            self.sources.add_imports(cell.source)
        else:
            self.sources.add(cell.source)
        if self.given_up is not None:
            return _limit(self.given_up)
        return self._run_remotely(cell)

    def _run_remotely(self, cell: SessionCell) -> CellEnd:
        seconds = self.rules.limits.check_cpu_seconds
        self.remote.link.begin_check(seconds)
        start = self._cpu()
        with _time_limit(seconds):
            names, error = self.remote.run(cell.number, cell.source)
        self.names.update(names)
        seconds = self._cpu() - start
        return CellEnd(seconds=seconds) if error is None else _student_end(error, seconds)

    def _execute(self, cell: SessionCell, compiled: CompiledCell) -> None:
        name = f"<cell {cell.number}>"
        linecache.cache[name] = (len(cell.source), None, cell.source.splitlines(keepends=True), name)
        exec(marshal.loads(compiled.code), self.namespace)

    def _check(self, cell: SessionCell) -> CellEnd:
        stop = self.broken.get(cell.task) or self.given_up
        if stop is not None:
            return _limit(stop)
        compiled = cell.compiled or prepare(cell.source, cell.number)
        # Only names that the student has defined are asked for: the others would tell what the test is about.
        wanted = sorted((compiled.uses & self.names) - self.release_names - _BUILTIN)
        start = self._cpu()
        seconds = self.rules.limits.check_cpu_seconds
        if self.ends.get(cell.task):  # it has shown that it hangs: this need not cost as much again
            seconds /= 4
        self.remote.link.begin_check(seconds)
        try:
            with _time_limit(seconds):
                found = self.remote.request("begin", seed_of(cell, "sandbox"), wanted)
                if type(found) is not dict or not found.keys() <= set(wanted):
                    raise self.remote.link.violated(ProtocolViolation("names that nobody asked for"))
                self.namespace.update(found)
                seed_all(seed_of(cell, "examiner"))
                self._execute(cell, compiled)
        except Exception as error:
            return _end(error, cell, self._cpu() - start)
        finally:
            self.release_names |= compiled.binds
        return CellEnd(seconds=self._cpu() - start)

    def _replace(self, cell: SessionCell, stop: Stopped, done: list[SessionCell]) -> None:
        """Put a new sandbox in the place of one that ended, with the student's cells run again in it."""
        while True:
            self.memory = max(self.memory, self.remote.link.memory)
            self.remote.link.stop(stop)
            self.remote.link.close()
            if cell.role is not Role.CHECK:
                self.failed_cells[cell.number] = stop
            else:
                self.ends[cell.task] = self.ends.get(cell.task, 0) + 1
            if cell.task and (cell.role is not Role.CHECK or self.ends[cell.task] >= self.rules.ends_per_task):
                self.broken[cell.task] = stop
            self.restarts, self.printed = self.restarts + 1, 0
            self.spent += self.remote.link.own_seconds()
            if self.restarts > self.rules.restarts or self.spent > self.rules.limits.cpu_seconds:
                self.given_up = stop
                return
            self.remote, self.knows_hidden_inputs = self._new_remote(), False
            try:
                for cell in done:
                    if cell.role is not Role.CHECK and cell.number not in self.failed_cells:
                        self._run_remotely(cell)
                return
            except Stopped as again:
                stop = again


@contextlib.contextmanager
def _time_limit(seconds: float) -> Iterator[None]:
    """Stop what runs here after ``seconds`` of this process's CPU time: a test may loop over a student's number.

    Python sees the signal when it comes back from a library; where that takes twice as long the kernel ends us.
    """

    def over(*_: object) -> None:
        raise Stopped(Outcome.TIME_LIMIT, "the test took too long on what the student's code returned")

    signal.signal(signal.SIGPROF, over)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    soft = math.ceil(time.process_time() + 2 * seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard))
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _public(cell: SessionCell) -> bool:
    return cell.name == f"{cell.task}-public"


def _limit(stop: Stopped) -> CellEnd:
    return CellEnd("Stopped", stop.detail, stop.detail, stop.outcome)


def _student_end(error: StudentError, seconds: float) -> CellEnd:
    """Describe an error that the student's code raised; ``judge`` finds their line in the traceback."""
    lines = [f"Cell In[{cell}], line {line}" for cell, line in error.places]
    return CellEnd(error.kind, str(error), "\n".join([*lines, f"{error.kind}: {error}"]), None, seconds)


def _end(error: Exception, cell: SessionCell, seconds: float) -> CellEnd:
    name = type(error).__name__
    if isinstance(error, EngineError):
        raise error
    trace = "".join(traceback.format_exception(error))[-_MOST_DETAIL:]
    places = error.places if isinstance(error, StudentError) else ()
    lines = "".join(f"Cell In[{number}], line {line}\n" for number, line in places)
    return CellEnd(name, str(error), trace.replace("Cell In[", "cell in [") + lines, None, seconds)


def cpu_limit(limits: ProcessLimits) -> None:
    """Have the kernel end this process, with SIGXCPU, when it has used what a submission and a check may, twice."""
    most = math.ceil(2 * (limits.cpu_seconds + limits.check_cpu_seconds))
    resource.setrlimit(resource.RLIMIT_CPU, (most, most + 5))


def memory_limit(extra: int) -> None:
    """Bound what this process may add to its address space."""
    with open("/proc/self/statm") as file:
        now = int(file.read().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (now + extra, now + extra))
