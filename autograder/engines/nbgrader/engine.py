"""The engine that drives nbgrader's own Autograde, several submissions at a time.

Each worker is a process of its own with a private course directory (``autograder.engines.nbgrader.worker``). Student
code runs in an ordinary Jupyter kernel below it, with the rights of whoever grades: this engine keeps submissions apart
from each other and from the class's files as far as honest code goes, and no further.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import queue
import selectors
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Generator, Iterable
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

import autograder
from autograder.engines.contract import Graded, Job
from autograder.engines.judge import CellEnd, judge
from autograder.errors import DiskError, EngineError
from autograder.model import CheckResult, Outcome, SubmissionResult
from autograder.processes import kill_descendants

__all__ = ["NbgraderEngine"]


class NbgraderEngine:
    """Grade with ``workers`` processes; ``template`` is an SQLite gradebook that holds the assignment."""

    name = "nbgrader"
    warning = (
        "Student code runs with your rights: it can read your files and the hidden tests. "
        "Grade work you do not trust on a machine where that does no harm."
    )

    def __init__(self, template: Path, workers: int | None = None) -> None:
        self.template = template
        self.workers = workers or os.cpu_count() or 1

    @property
    def version(self) -> str:
        return f"{version('nbgrader')}-1"

    def grade(self, jobs: Iterable[Job]) -> Generator[Graded, None, None]:
        waiting: queue.Queue[Job] = queue.Queue()
        for job in jobs:
            waiting.put(job)
        count = waiting.qsize()
        done: queue.Queue[Graded | BaseException] = queue.Queue()
        ungraded: list[str] = []
        with contextlib.ExitStack() as stack:
            threads = [
                stack.enter_context(_Lane(self.template, waiting, done)) for _ in range(min(self.workers, count))
            ]
            for lane in threads:
                lane.thread.start()
            for _ in range(count):
                outcome = done.get()
                if isinstance(outcome, _NotGraded):
                    ungraded.append(f"{outcome.student} ({outcome.reason})")
                elif isinstance(outcome, BaseException):
                    raise outcome
                else:
                    yield outcome
        if ungraded:
            raise EngineError(f"Not graded: {'; '.join(sorted(ungraded))}.", "The others are; run it again for these.")


class _NotGraded(Exception):
    def __init__(self, student: str, reason: str) -> None:
        super().__init__(student, reason)
        self.student, self.reason = student, reason


class _Lane:
    """A thread that keeps one worker process busy, and replaces it when it dies or hangs."""

    def __init__(self, template: Path, waiting: queue.Queue[Job], done: queue.Queue[Graded | BaseException]) -> None:
        self.template, self.waiting, self.done = template, waiting, done
        self.thread = threading.Thread(target=self._work, daemon=True)
        self.stop = threading.Event()
        self.process: subprocess.Popen[bytes] | None = None
        self.folder = Path()

    def __enter__(self) -> _Lane:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        if self.thread.ident is not None:
            self.thread.join(30)
        self._end()

    def _work(self) -> None:
        try:
            while not self.stop.is_set():
                try:
                    job = self.waiting.get_nowait()
                except queue.Empty:
                    return
                outcome = self._try(job)
                if outcome is not None:
                    self.done.put(outcome)
        except BaseException as error:
            self.done.put(error)
        finally:
            self._end()

    def _try(self, job: Job) -> Graded | _NotGraded | None:
        """Grade one job, a second time with a new process if the first one failed."""
        reason = ""
        for _ in range(2):
            started = time.monotonic()
            answer = self._ask(job)
            if self.stop.is_set():
                return None
            if answer is None:
                reason = ""
                self._end()
            elif "failure" in answer:
                if answer["errno"] in (errno.ENOSPC, errno.EDQUOT):
                    raise DiskError("No space left for temporary files while grading.", "Free some and run it again.")
                reason = answer["failure"].strip().splitlines()[-1][:200]
                self._end()
            else:
                return Graded(_result(job, answer, time.monotonic() - started), answer["notebook"])
        if reason:
            return _NotGraded(job.submission.student, reason)
        return Graded(_crashed(job), None)

    def _ask(self, job: Job) -> dict[str, Any] | None:
        """Send one job and return the answer, or None when the process died, hung or was asked to stop."""
        process = self.process or self._start(job.submission.assignment)
        assert process.stdin is not None
        assert process.stdout is not None
        line = json.dumps({"notebook": job.notebook, "limits": asdict(job.limits)}) + "\n"
        deadline = time.monotonic() + job.limits.submission_seconds + 2 * job.limits.setup_seconds
        answer = bytearray()
        try:
            process.stdin.write(line.encode())
            process.stdin.flush()
            with selectors.DefaultSelector() as selector:
                selector.register(process.stdout, selectors.EVENT_READ)
                while not answer.endswith(b"\n"):
                    if self.stop.is_set() or time.monotonic() > deadline:
                        return None
                    if selector.select(0.2):
                        chunk = os.read(process.stdout.fileno(), 1 << 20)
                        if not chunk:
                            return None
                        answer += chunk
            return dict(json.loads(answer))
        except (OSError, ValueError):
            return None

    def _start(self, assignment: str) -> subprocess.Popen[bytes]:
        self.folder = Path(tempfile.mkdtemp(prefix="autograder-"))
        shutil.copy(self.template, self.folder / "gradebook.db")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "autograder.engines.nbgrader.worker", str(self.folder), assignment],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(self.folder),
            cwd=self.folder,
            start_new_session=True,
        )
        return self.process

    def _end(self) -> None:
        process, self.process = self.process, None
        if process is not None:
            kill_descendants(process.pid)
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                with contextlib.suppress(OSError):
                    pipe.close()  # type: ignore[union-attr]
            shutil.rmtree(self.folder, ignore_errors=True)


def _environment(home: Path) -> dict[str, str]:
    """Return the complete environment of a worker and its kernels: of the caller's, only how to find Python."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL", "SYSTEMROOT") if name in os.environ}
    return kept | {
        "HOME": str(home),
        "TMPDIR": str(home),
        "PYTHONPATH": str(Path(autograder.__file__).parents[1]),
        "PYTHONDONTWRITEBYTECODE": "1",
        "OMP_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "MPLBACKEND": "agg",
        "CUDA_VISIBLE_DEVICES": "",
    }


def _result(job: Job, answer: dict[str, Any], seconds: float) -> SubmissionResult:
    """Judge every check of an executed notebook."""
    numbers = {
        cell["metadata"]["nbgrader"]["grade_id"]: str(index)
        for index, cell in enumerate(answer["notebook"]["cells"])
        if cell["metadata"].get("nbgrader", {}).get("grade_id")
    }
    stubs = {cell.id for cell in job.intake.cells if cell.unwritten}
    others = any(not cell.id and cell.kind == "code" for cell in job.intake.cells)

    def end(name: str) -> CellEnd:
        data = answer["ends"].get(numbers.get(name, ""))
        if data is None:
            return CellEnd()
        return CellEnd(**{**data, "limit": Outcome(data["limit"]) if data["limit"] else None})

    checks: list[CheckResult] = []
    for check in job.assignment.checks:
        if numbers.get(check.id) not in answer["ends"]:
            raise EngineError(
                f"The check {check.id} was not run.", "The source and the gradebook differ: release it again."
            )
        own = {int(count): text for count, text in answer["own_cells"].get(numbers[check.id], {}).items()}
        checks.append(judge(check, end(check.id), end(check.task), check.task in stubs and not others, own))
    return _with(job, tuple(checks), seconds)


def _crashed(job: Job) -> SubmissionResult:
    end = CellEnd("WorkerDied", "the worker process died or hung, twice", limit=Outcome.CRASHED)
    return _with(job, tuple(judge(c, end, CellEnd(), False, {}) for c in job.assignment.checks), 0.0)


def _with(job: Job, checks: tuple[CheckResult, ...], seconds: float) -> SubmissionResult:
    who = job.submission
    return SubmissionResult(who.student, who.assignment, job.key, checks, job.intake.notes, round(seconds, 2))
