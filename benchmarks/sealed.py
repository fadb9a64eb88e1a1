"""Grade a class with the sealed engine, as ``autograder grade --engine sealed`` does, and take the time on the way.

Run as ``python -m benchmarks.sealed ROOT ASSIGNMENT CLASS OUT WORKERS``, in a process of its own.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from autograder.course import Course
from benchmarks.accounting import tree_cpu

__all__ = ["main"]

EDGE = 3  # submissions at both ends that are not counted: the first warm up, the last leave workers idle


class Marks:
    """Take the clock at each submission, and the CPU time of all processes after the first and before the last few."""

    def __init__(self) -> None:
        self.clock: list[float] = []
        self.cpu: list[float] = []
        self.between: tuple[int, int] = (0, 0)

    def __enter__(self) -> Marks:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def begin(self, total: int, *_: object) -> None:
        if not self.clock:  # later ones are of known mistakes, which the engine grades once for an assignment
            edge = EDGE if total > 4 * EDGE else 1
            self.between = (edge, total - edge)

    def step(self, *_: object) -> None:
        self.clock.append(time.monotonic())
        if len(self.clock) in self.between:
            self.cpu.append(tree_cpu(os.getpid()))

    def marginal(self) -> tuple[float, float]:
        """Return the CPU and clock seconds of one more submission."""
        first, last = self.between
        count = last - first
        return (self.cpu[1] - self.cpu[0]) / count, (self.clock[last - 1] - self.clock[first - 1]) / count


def main(arguments: Sequence[str]) -> None:
    """Grade, and write marks and times to OUT."""
    from autograder.engines.choose import engine_factory
    from autograder.grading.grade import grade_class

    root, name, folder, out, workers = arguments
    marks = Marks()
    course = Course.open(Path(root), Path(folder))
    outcome = grade_class(course, name, workers=int(workers), factory=engine_factory("sealed"), shown=marks)
    cpu, wall = marks.marginal()
    given = {result.student: {check.check: check.points for check in result.checks} for result in outcome.results}
    Path(out).write_text(json.dumps({"marks": given, "cpu": cpu, "wall": wall}), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
