"""A class graded through everything but the sandbox: ``python -m tests.crash.light ROOT COURSE [PATIENCE]``.

Marks depend on the answer alone. No torch is loaded, so that a run may be killed many times.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from autograder.course import Course
from autograder.engines.contract import Engine, Graded, Job
from autograder.engines.dispatch import Ungraded
from autograder.engines.dispatch.dispatcher import Dispatcher
from autograder.engines.sealed.submission import hidden_cells
from autograder.gradebook.gradebook import Gradebook
from autograder.model import SubmissionResult
from tests.fakes import by_word

NAME = "01-small"


class LightGrader:
    """Gives a task its points when its answer holds ``good``; dies at ``poison``, and cannot grade ``riddle``."""

    together = 1

    def __init__(self, pause: float = 0.005) -> None:
        self.pause = pause  # in seconds

    def start(self) -> None:
        pass

    def close(self) -> None:
        pass

    def grade(self, job: Job, hidden: dict[str, str]) -> Graded:
        answers = {cell.id: cell.source for cell in job.intake.cells if cell.role == "student"}
        if any("poison" in answer for answer in answers.values()):
            os._exit(1)
        if any("riddle" in answer for answer in answers.values()):
            raise Ungraded("too hard")
        time.sleep(self.pause)
        who = job.submission
        result = SubmissionResult(who.student, who.assignment, job.key, by_word(job), job.intake.notes)
        return Graded(result, job.notebook)


class LightEngine:
    """The sealed engine's dispatch with the light grader."""

    name, version, warning = "light", "1", ""

    def __init__(self, workers: int = 1, pause: float = 0.005) -> None:
        self.workers, self.pause = workers, pause

    def grade(self, jobs: Iterable[Job]) -> Iterator[Graded]:
        return Dispatcher(LightGrader(self.pause), hidden_cells, workers=self.workers).grade(jobs)


def factory(template: Path, workers: int | None) -> Engine:
    return LightEngine(workers or 1, pause=0.02)  # time enough to be killed


def main() -> None:
    """Grade as ``autograder grade`` does, errors and exit codes included."""
    from autograder.cli import main as command_line
    from autograder.grading import grade

    root, directory = map(Path, sys.argv[1:3])
    if len(sys.argv) > 3:
        Gradebook.__init__.__defaults__ = (float(sys.argv[3]),)  # type: ignore[attr-defined]
    given = grade.grade_class

    def with_light_engine(course: Course, name: str, **options: object) -> grade.ClassResult:
        return given(course, name, **{**options, "factory": factory})  # type: ignore[arg-type]

    grade.grade_class = with_light_engine
    command_line(["grade", NAME, "--root", str(root), "--course", str(directory), "--workers", "1", "--json"])


if __name__ == "__main__":
    main()
