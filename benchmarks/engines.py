"""Run one grader over one class in processes of its own, and say what it cost and what marks it gave."""

from __future__ import annotations

import json
import statistics
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.files import write_atomically
from benchmarks import otter, plain_nbgrader
from benchmarks.accounting import Usage, in_flight_bytes, run, tree_bytes
from benchmarks.classes import Workload, make_class

__all__ = ["ENGINES", "Measured", "measure"]

ROOT = Path(__file__).resolve().parent.parent
THREADS = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
_MEMORY_SUBMISSIONS = 14

Marks = Mapping[str, Mapping[str, float]]
Grader = Callable[[Workload, Path, list[str], Path, bool], "Measured"]


@dataclass(frozen=True)
class Measured:
    """One grader on one class of ``submissions``; seconds are of one more submission, memory is of one in flight.

    ``start_cpu_seconds`` is what the class cost besides: starting, warming, ending, and what is done once.
    """

    engine: str
    about: str
    submissions: int
    cpu_seconds: float
    wall_seconds: float
    start_cpu_seconds: float
    private_bytes: int
    marks: Marks = field(repr=False, default_factory=dict)


def measure(engine: str, workload: Workload, folder: Path, count: int, log: Path, *, memory: bool = True) -> Measured:
    """Grade ``count`` submissions with ``engine`` in ``folder``, then a few more to see the memory, if asked to.

    Raises:
        subprocess.CalledProcessError: the grader failed; see ``log``.
    """
    folder.mkdir(parents=True)
    students = make_class(workload, folder, count)
    return ENGINES[engine](workload, folder, students, log, memory)


def _python(module: str, workload: Workload, folder: Path, *more: str) -> list[str]:
    paths = [str(workload.root), workload.assignment, str(folder), str(folder / "out.json")]
    return [sys.executable, "-m", f"benchmarks.{module}", *paths, *more]


def _own(module: str, workload: Workload, folder: Path, log: Path, *more: str) -> tuple[Usage, dict[str, Any]]:
    usage = run(_python(module, workload, folder, *more), cwd=ROOT, environment=THREADS, log=log)
    return usage, json.loads((folder / "out.json").read_text(encoding="utf-8"))


def _floor(workload: Workload, folder: Path, students: list[str], log: Path, memory: bool) -> Measured:
    usage, out = _own("floor", workload, folder, log)
    cpu, wall = statistics.fmean(out["cpu"]), statistics.fmean(out["wall"])
    start = usage.cpu_seconds - cpu * len(students)
    about = "the same cells in one warm process, with no isolation at all"
    return Measured("floor", about, len(students), cpu, wall, start, 0, out["marks"])


def _sealed(workers: int) -> Grader:
    def sealed(workload: Workload, folder: Path, students: list[str], log: Path, memory: bool) -> Measured:
        usage, out = _own("sealed", workload, folder, log, str(workers))
        cpu, wall = float(out["cpu"]), float(out["wall"])
        peak = 0
        if workers == 1 and memory:
            few = folder / "memory"
            make_class(workload, few, _MEMORY_SUBMISSIONS)
            command = _python("sealed", workload, few, "1")
            peak = run(command, cwd=ROOT, environment=THREADS, log=log, memory=in_flight_bytes).private_bytes
        start = usage.cpu_seconds - cpu * len(students)
        about = f"autograder grade --engine sealed --workers {workers}"
        name = "sealed" if workers == 1 else f"sealed-{workers}"
        return Measured(name, about, len(students), cpu, wall, start, peak, out["marks"])

    return sealed


def _nbgrader(workload: Workload, folder: Path, students: list[str], log: Path, memory: bool) -> Measured:
    course, name = workload.course(folder), workload.assignment
    plain_nbgrader.prepare(course, name)
    variables = {**THREADS, **plain_nbgrader.environment(course)}
    one = plain_nbgrader.command(name, students[0])
    run(one, cwd=folder, environment=variables, log=log)  # writes compiled files and the like
    first = run(one, cwd=folder, environment=variables, log=log)
    whole = run(plain_nbgrader.command(name), cwd=folder, environment=variables, log=log)
    looked = run(one, cwd=folder, environment=variables, log=log, memory=tree_bytes) if memory else first
    more = len(students) - 1
    cpu = (whole.cpu_seconds - first.cpu_seconds) / more
    wall = (whole.wall_seconds - first.wall_seconds) / more
    marks = plain_nbgrader.read_marks(course, name)
    about = plain_nbgrader.ABOUT
    return Measured("nbgrader", about, len(students), cpu, wall, first.cpu_seconds - cpu, looked.private_bytes, marks)


def _otter(workload: Workload, folder: Path, students: list[str], log: Path, memory: bool) -> Measured:
    python = otter.make_environment()
    otter.autograder_zip(workload.source, folder / "autograder.zip")
    variables = {**THREADS, **otter.environment(folder)}
    usages, marks = [], {}

    def grade(student: str, look: Callable[[int], int] | None = None) -> Usage:
        name = f"{workload.assignment}.ipynb"
        notebook = json.loads((folder / "submitted" / student / workload.assignment / name).read_text(encoding="utf-8"))
        out = folder / "otter" / student
        write_atomically(out / name, json.dumps(otter.submission(notebook)))
        command = [
            str(python),
            "-m",
            "otter",
            "run",
            "-a",
            str(folder / "autograder.zip"),
            "-o",
            str(out),
            str(out / name),
        ]
        return run(command, cwd=out, environment=variables, log=log, memory=look)

    grade(students[0])
    for student in students:
        usages.append(grade(student))
        marks[student] = otter.read_marks(folder / "otter" / student / "results.json")
    peak = grade(students[0], tree_bytes).private_bytes if memory else 0
    cpu = statistics.fmean(usage.cpu_seconds for usage in usages)
    wall = statistics.fmean(usage.wall_seconds for usage in usages)
    return Measured("otter", otter.ABOUT, len(students), cpu, wall, 0.0, peak, marks)


ENGINES: dict[str, Grader] = {
    "floor": _floor,
    "sealed": _sealed(1),
    "sealed-2": _sealed(2),
    "nbgrader": _nbgrader,
    "otter": _otter,
}
