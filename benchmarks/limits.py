"""What grading may cost at most: measured by ``make bench``, since a number of milliseconds is no test of a change."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from autograder.course import Course
from benchmarks.classes import WORKLOADS
from benchmarks.scale import hand_in, measure

__all__ = ["MOST_MS", "coordinator_ms", "yardstick"]

MOST_MS = 5.0
"""CPU time of the coordinator for a submission, on a machine where ``yardstick`` gives as much"""
COUNTS = (20, 320)


def yardstick() -> float:
    """Return the CPU time in ms of a piece of Python: on a machine that shares its cores a second of CPU does less."""
    best = float("inf")
    for _ in range(5):
        start = time.process_time()
        total = 0
        for number in range(100_000):
            total += number % 7
        best = min(best, 1000 * (time.process_time() - start))
    return best


def coordinator_ms(counts: tuple[int, int] = COUNTS) -> float:
    """Return the coordinator's CPU time in ms for a submission more, as of a machine of the yardstick's speed."""
    light = WORKLOADS["light"]
    used = []
    before = yardstick()
    for count in (counts[0], *counts):  # the first run imports; the difference leaves out what a run costs at all
        with tempfile.TemporaryDirectory(prefix="limits-") as folder:
            course = Course(light.root, Path(folder))
            hand_in(course, light.assignment, count)
            used.append(measure(course, light.assignment, workers=50).cpu_seconds)
    slowness = max(1.0, max(before, yardstick()) / MOST_MS)
    return 1000 * (used[2] - used[1]) / (counts[1] - counts[0]) / slowness
