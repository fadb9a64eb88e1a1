"""Run submissions one after another through nbgrader's Autograde, in a process of its own.

Runs in a worker process with a small environment and a private course directory. It takes jobs as JSON lines on stdin
and answers each with one JSON line on stdout; a job's notebook has been repaired, but its code is not to be trusted.
"""

from __future__ import annotations

import ctypes
import json
import os
import queue
import shutil
import signal
import sys
import threading
import traceback
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any, TextIO

from autograder.engines.contract import Limits
from autograder.processes import kill_descendants

__all__ = ["main"]

STUDENT = "student"  # within the private course every submission has this name


def _adopt_orphans() -> None:
    """Become the parent of processes whose own parent ends, so that none escapes ``kill_descendants`` (Linux only)."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER


def _limit_memory(size: int) -> None:
    if sys.platform == "linux":
        import resource

        hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
        if hard != resource.RLIM_INFINITY:
            size = min(size, hard)
        resource.setrlimit(resource.RLIMIT_DATA, (size, hard))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _jobs(stdin: TextIO) -> Iterator[dict[str, Any]]:
    """Yield jobs; end this process and all below it as soon as the other end of ``stdin`` is closed."""
    lines: queue.Queue[str] = queue.Queue()

    def read() -> None:
        for line in stdin:
            lines.put(line)
        kill_descendants(os.getpid())
        os._exit(0)

    threading.Thread(target=read, daemon=True).start()
    while True:
        yield json.loads(lines.get())


class Grader:
    """A private course directory with one assignment in its gradebook."""

    def __init__(self, folder: Path, assignment: str) -> None:
        from nbgrader.converters import Autograde
        from nbgrader.coursedir import CourseDirectory
        from nbgrader.preprocessors import (
            CheckCellMetadata,
            DeduplicateIds,
            LimitOutput,
            OverwriteCells,
            OverwriteKernelspec,
        )
        from traitlets.config import Config

        from autograder.engines.nbgrader.execute import IsolatingExecute

        self.folder, self.assignment = folder, assignment
        self.execute = IsolatingExecute()
        config = Config()
        config.CourseDirectory.root = str(folder)
        config.CourseDirectory.assignment_id = assignment
        config.CourseDirectory.student_id = STUDENT
        config.CourseDirectory.db_url = f"sqlite:///{folder / 'gradebook.db'}"
        self.converter = Autograde(coursedir=CourseDirectory(config=config), config=config, force=True)
        self.converter.sanitize_preprocessors = [DeduplicateIds, OverwriteKernelspec, OverwriteCells, CheckCellMetadata]
        # nbgrader's own SaveAutoGrades deducts all points for a line on stderr; marks are decided from how cells ended.
        self.converter.autograde_preprocessors = [self.execute, LimitOutput]

    def grade(self, notebook: dict[str, Any], limits: Limits) -> dict[str, Any]:
        """Run one notebook and return it executed, with how its cells ended."""
        submitted = self.folder / "submitted" / STUDENT / self.assignment
        submitted.mkdir(parents=True)
        try:
            (submitted / f"{self.assignment}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
            self.execute.limits = limits
            self.converter.start()
            done = self.folder / "autograded" / STUDENT / self.assignment / f"{self.assignment}.ipynb"
            executed = json.loads(done.read_text(encoding="utf-8"))
        finally:
            kill_descendants(os.getpid())
            for folder in ("submitted", "autograded"):
                shutil.rmtree(self.folder / folder, ignore_errors=True)
        ends = {index: asdict(end) for index, end in self.execute.ends.items()}
        return {"notebook": executed, "ends": ends, "own_cells": self.execute.own_cells}


def main() -> None:
    """Serve jobs until stdin closes: ``python -m autograder.engines.nbgrader.worker FOLDER ASSIGNMENT``."""
    folder, assignment = Path(sys.argv[1]), sys.argv[2]
    # The kernels inherit descriptors 0 to 2: they must not reach the pipes on which jobs and results travel.
    stdin, stdout = os.fdopen(os.dup(0), encoding="utf-8"), os.fdopen(os.dup(1), "w", encoding="utf-8")
    with open(os.devnull, "r+b") as nothing:
        os.dup2(nothing.fileno(), 0)
        os.dup2(nothing.fileno(), 1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _adopt_orphans()
    grader = None
    for job in _jobs(stdin):
        limits = Limits(**job["limits"])
        answer: dict[str, Any]
        try:
            _limit_memory(limits.memory_bytes)
            grader = grader or Grader(folder, assignment)
            answer = grader.grade(job["notebook"], limits)
        except Exception as error:
            answer = {"failure": traceback.format_exc()[-8000:], "errno": getattr(error, "errno", None)}
        stdout.write(json.dumps(answer) + "\n")
        stdout.flush()


if __name__ == "__main__":
    main()
