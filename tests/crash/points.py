"""Grade a class and die at a chosen moment: ``python -m tests.crash.points ROOT``.

Each line of the input names a class folder and a number, and the run that follows is killed with SIGKILL at that event
(files opened, made, renamed and removed; statements and commits of the gradebook). It answers with the exit status, the
number of events that there were, and the number of submissions that it graded. What is loaded is loaded once: each run
is a fork of its own, so hundreds fit into a minute.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import nbgrader.preprocessors  # noqa: F401  (once, not in each fork)
from sqlalchemy import Engine as Database
from sqlalchemy import event

from autograder.assignment.release import generate
from autograder.course import Course
from autograder.engines.contract import Engine, Graded, Job
from autograder.grading import grade
from tests.crash.light import NAME, LightGrader

FILES = ("open", "os.mkdir", "os.rename", "os.remove", "os.truncate", "shutil.copyfile")


class InProcess:
    """The light grader without Dask. A byte goes to ``tally`` for each student's submission."""

    name, version, warning = "in-process", "1", ""

    def __init__(self, tally: int) -> None:
        self.tally = tally

    def grade(self, jobs: Iterable[Job]) -> Iterator[Graded]:
        for job in jobs:
            if job.submission.student.startswith("s0"):  # not one of the known mistakes
                os.write(self.tally, b"g")
            yield LightGrader(pause=0).grade(job, {})


class Bomb:
    """Counts events below ``folder``, with a byte for each, and kills this process at the one numbered ``fatal``."""

    def __init__(self, folder: Path, fatal: int, tally: int) -> None:
        self.folder, self.fatal, self.tally, self.count = str(folder), fatal, tally, 0
        sys.addaudithook(self.audit)
        for name in ("before_cursor_execute", "after_cursor_execute", "commit"):
            event.listen(Database, name, lambda *_: self.tick())

    def audit(self, name: str, given: tuple[object, ...]) -> None:
        if name in FILES and any(isinstance(one, str | Path) and str(one).startswith(self.folder) for one in given):
            self.tick()

    def tick(self) -> None:
        os.write(self.tally, b"e")
        self.count += 1
        if self.count == self.fatal:
            os.kill(os.getpid(), signal.SIGKILL)


def run(course: Course, made: Path, fatal: int, tally: int) -> None:
    def again(source: Path, *, out: Path, gradebook_url: str) -> Path:
        """Make the release as ``generate`` did before: it costs more than all else, and never touches the class."""
        shutil.copytree(made, out, dirs_exist_ok=True)
        return out / NAME / f"{NAME}.ipynb"

    def factory(template: Path, workers: int | None) -> Engine:
        return InProcess(tally)

    vars(grade)["generate"] = again
    Bomb(course.directory, fatal, tally)
    grade.grade_class(course, NAME, factory=factory)


def main() -> None:
    root = Path(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder)
        course = Course(root, made)
        generate(course.source(NAME), out=made, gradebook_url=f"sqlite:///{made / 'gradebook.db'}")
        for line in sys.stdin:
            directory, fatal = line.rsplit(maxsplit=1)
            read, write = os.pipe()
            child = os.fork()
            if child == 0:
                code = 1
                try:
                    os.close(read)
                    run(Course(root, Path(directory)), made, int(fatal), write)
                    code = 0
                finally:
                    os._exit(code)
            os.close(write)
            with os.fdopen(read, "rb") as tally:
                told = tally.read()
            status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
            print(status, told.count(b"e"), told.count(b"g"), flush=True)


if __name__ == "__main__":
    main()
