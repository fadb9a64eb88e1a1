"""Measure what a submission costs the coordinator: ``python -m benchmarks.scale --submissions 10000 --workers 1000``.

All of the coordinator's work is real: it finds, reads, hashes and repairs every notebook, sends it through a real Dask
scheduler, and writes the executed notebook, the result and the gradebook. The scheduler is a process of its own, as on
a cluster (``autograder grade --scheduler``). The workers are real Dask workers that connect over TCP, many in one
process: a thousand processes do not fit on a small machine. Only the grading itself is left out: a worker answers at
once, with full marks.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import logging
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from autograder.assignment.cells import grade_id
from autograder.assignment.release import generate
from autograder.assignment.source import read_source
from autograder.course import Course
from autograder.engines.contract import Engine, Graded, Job
from autograder.engines.judge import CellEnd, judge
from autograder.grading.grade import grade_class
from autograder.model import SubmissionResult
from benchmarks.accounting import tree_cpu

__all__ = ["Figures", "hand_in", "measure"]

ROOT = Path(__file__).parents[1]
# Each worker looks at its own health fifty times a second: that of a thousand would be all that two cores do.
_CALM = {
    "distributed.admin.tick.interval": "10s",
    "distributed.admin.system-monitor.interval": "1h",
    "distributed.worker.profile.enabled": False,
}


@dataclass(frozen=True)
class Figures:
    """What a run took: CPU time is the coordinator's, ``seconds`` are by the clock.

    ``cpu_ms`` is per submission, everything included; ``dispatch_cpu_ms`` is from the moment that all workers are
    connected until the last result is written, and ``scheduler_cpu_ms`` what Dask's scheduler took meanwhile.
    """

    submissions: int
    workers: int
    cpu_seconds: float
    cpu_ms: float
    dispatch_cpu_ms: float
    scheduler_cpu_ms: float
    seconds: float
    peak_mb: float


class AtOnce:
    """A grader that gives full marks at once."""

    together = 1

    def start(self) -> None:
        pass

    def close(self) -> None:
        pass

    def grade(self, job: Job, hidden: dict[str, str]) -> Graded:
        checks = tuple(judge(check, CellEnd(), CellEnd(), False, {}) for check in job.assignment.checks)
        who = job.submission
        return Graded(SubmissionResult(who.student, who.assignment, job.key, checks, job.intake.notes), job.notebook)


class ScaleEngine:
    """The sealed engine's dispatch with another grader, and a scheduler whose workers are in processes of their own."""

    name, version, warning = "scale", "1", ""

    def __init__(self, workers: int, processes: int) -> None:
        self.workers, self.processes = workers, processes
        self.own = self.scheduler = 0.0

    def grade(self, jobs: Iterable[Job]) -> Iterator[Graded]:
        from autograder.engines.dispatch.cluster import connected
        from autograder.engines.dispatch.dispatcher import Dispatcher
        from autograder.engines.sealed.submission import hidden_cells

        with contextlib.ExitStack() as stack:
            scheduler = stack.enter_context(_process("--schedule"))
            assert scheduler.stdout is not None
            address = scheduler.stdout.readline().strip()
            for number in range(self.processes):
                share = (self.workers + number) // self.processes
                stack.enter_context(_process("--serve", address, str(share)))
            with connected(0, address) as cluster:
                cluster.client.wait_for_workers(self.workers, timeout=300)
                own, other = time.process_time(), tree_cpu(scheduler.pid)
                yield from Dispatcher(AtOnce(), hidden_cells, scheduler=address).grade(jobs)
                self.own, self.scheduler = time.process_time() - own, tree_cpu(scheduler.pid) - other


@contextlib.contextmanager
def _process(*options: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "benchmarks.scale", *options]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


async def _schedule() -> None:
    """Run a scheduler in this process, and print its address."""
    from distributed import Scheduler

    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    async with Scheduler(host="127.0.0.1", port=0, dashboard=False) as scheduler:  # type: ignore[no-untyped-call]
        print(scheduler.address, flush=True)
        await scheduler.finished()


async def _serve(address: str, count: int) -> None:
    """Run ``count`` workers in this process until the scheduler goes."""
    import dask
    from distributed import Worker

    dask.config.set(_CALM)
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    options: dict[str, Any] = {"nthreads": 1, "dashboard_address": None, "memory_limit": 0, "death_timeout": 60}
    workers = []
    for at in range(0, count, 50):
        workers += await asyncio.gather(*(Worker(address, **options) for _ in range(min(50, count - at))))
    await asyncio.gather(*(worker.finished() for worker in workers))


def hand_in(course: Course, name: str, count: int) -> None:
    """Hand in the reference solution ``count`` times."""
    source = course.source(name)
    with tempfile.TemporaryDirectory() as folder:
        notebook: dict[str, Any] = json.loads(generate(source, out=Path(folder)).read_text(encoding="utf-8"))
    reference = {grade_id(cell): cell.source for cell in read_source(source).cells}
    for cell in notebook["cells"]:
        about = cell["metadata"].get("nbgrader", {})
        if about.get("solution"):
            cell["source"] = reference[about["grade_id"]]
    text = json.dumps(notebook)
    for number in range(count):
        path = course.submitted / f"student{number:05}" / name / f"{name}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8")


def measure(course: Course, name: str, workers: int, processes: int = 1) -> Figures:
    """Grade what has been handed in with ``workers`` workers that answer at once."""
    engine = ScaleEngine(workers, processes)

    def factory(template: Path, _: int | None) -> Engine:
        return engine

    before, started = time.process_time(), time.monotonic()
    outcome = grade_class(course, name, factory=factory)
    seconds, cpu = time.monotonic() - started, time.process_time() - before
    assert all(abs(result.points - result.max_points) < 1e-9 for result in outcome.results)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    each = 1000 / outcome.graded
    return Figures(outcome.graded, workers, cpu, each * cpu, each * engine.own, each * engine.scheduler, seconds, peak)


def main() -> None:
    """Make a class, grade it, and print the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--submissions", type=int, default=10_000)
    parser.add_argument("--workers", type=int, default=1_000)
    parser.add_argument("--processes", type=int, default=4, help="that hold the workers")
    parser.add_argument("--root", type=Path, default=ROOT)
    parser.add_argument("--assignment", default="02-convolution-arithmetic")
    parser.add_argument("--serve", nargs=2, metavar=("ADDRESS", "COUNT"), help=argparse.SUPPRESS)
    parser.add_argument("--schedule", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    if given.schedule:
        asyncio.run(_schedule())
        return
    if given.serve:
        asyncio.run(_serve(given.serve[0], int(given.serve[1])))
        return
    with tempfile.TemporaryDirectory(prefix="scale-") as folder:
        course = Course(given.root.absolute(), Path(folder))
        hand_in(course, given.assignment, given.submissions)
        figures = asdict(measure(course, given.assignment, given.workers, given.processes))
        print(json.dumps({name: round(value, 2) for name, value in figures.items()}))


if __name__ == "__main__":
    main()
