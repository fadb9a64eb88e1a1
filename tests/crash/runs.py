"""Runs of the light class in processes of their own, to be killed or starved, and the marks they must end with."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from autograder.course import Course
from autograder.model import Outcome

HERE = Path(__file__).parents[2]
CLASS = 60


def answer(number: int) -> dict[str, str]:
    return {"half_up": "good" if number % 2 else "bad", "spread": "good" if number % 3 else "bad"}


def expected(count: int = CLASS) -> dict[str, list[tuple[str, str, float]]]:
    """Return the marks of the class: a task's checks all pass, or none does."""
    checks = {"half_up": {"public": 2.0, "halves": 3.0}, "spread": {"public": 2.0, "order": 2.0, "empty": 1.0}}
    found = {}
    for number in range(count):
        good = {task: text == "good" for task, text in answer(number).items()}
        found[f"s{number:03}"] = [
            (f"{task}-{check}", (Outcome.PASSED if good[task] else Outcome.ERROR).value, points if good[task] else 0.0)
            for task, own in checks.items()
            for check, points in own.items()
        ]
    return found


def start(course: Course, *more: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.crash.light", str(course.root), str(course.directory), *more]
    return subprocess.Popen(command, cwd=HERE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def wait_until(condition: Callable[[], bool], seconds: float = 600) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.002)
