"""The coordinator's loop: submissions go out a window at a time, results come back as they are ready.

Every submission gives one result or one reason. A worker that dies has its submissions done by another. Those that were
there when several workers died are tried again at the end, one alone: should they die again it is left out and named.

A Dask task costs about 15 ms of CPU time, so quick submissions share one.
"""

from __future__ import annotations

import contextlib
import dataclasses
import pickle
import statistics
import time
import uuid
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from autograder.engines.contract import Graded, Job
from autograder.engines.dispatch import Ungraded
from autograder.engines.dispatch.cluster import Cluster, connected
from autograder.errors import EngineError
from autograder.model import Assignment

__all__ = ["Dispatcher"]

_LOOK_EVERY = 2.0  # seconds between two looks at how many workers there are
_FEWEST = 4  # in flight even where no worker is there yet: clusters that grow on demand see the demand
_NOBODY_SECONDS = 10.0
_TASK_SECONDS = 0.5  # that a task of several submissions may take
_MOST_IN_A_TASK = 8
_RECENT = 15  # results from which the time of the next is estimated
_NOTHING = Assignment("", "", ())


class Dispatcher:
    """Grade jobs with ``grader``, up to ``workers`` at a time here, or on the workers of ``scheduler``.

    ``needs`` is what a submission takes of a worker's Dask resources. ``say`` gets what a person who waits should know.
    """

    def __init__(
        self,
        grader: Any,
        hidden: Callable[[Path], dict[str, str]],
        *,
        workers: int = 1,
        scheduler: str | None = None,
        needs: dict[str, float] | None = None,
        say: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.grader = grader
        self.hidden = hidden
        self.workers = workers
        self.scheduler = scheduler
        self.needs = needs or {}
        self.say = say
        self._kept: contextlib.ExitStack | None = None
        self._run: _Run | None = None

    @contextlib.contextmanager
    def kept(self) -> Iterator[None]:
        """Keep workers and their warm graders from one ``grade`` to the next; the first starts them."""
        with contextlib.ExitStack() as self._kept:
            try:
                yield
            finally:
                self._kept = self._run = None

    def grade(self, jobs: Iterable[Job]) -> Iterator[Graded]:
        """Yield each job's result as it is ready. ``jobs`` are taken as workers become free, not all at once.

        Raises:
            EngineError: grading cannot go on; or all that could be graded is, and these are not.
            UsageError: there is no such scheduler.
        """
        if self._run is not None:
            yield from self._run.results(iter(jobs))
            return
        with contextlib.ExitStack() as here:
            stack = here if self._kept is None else self._kept
            together = self.grader.together
            connection = connected(self.workers, self.scheduler, self.needs or None, together)
            run = _Run(self, stack.enter_context(connection))
            stack.callback(run.stop)
            run.start()
            self._run = None if self._kept is None else run
            yield from run.results(iter(jobs))


class _Run:
    """One class on one cluster. Its plugins have names of their own: several runs may share a cluster."""

    def __init__(self, plan: Dispatcher, cluster: Cluster) -> None:
        self.plan, self.cluster, self.client = plan, cluster, cluster.client
        self.name = f"autograder-{uuid.uuid4().hex}"
        self.materials: dict[tuple[Path, Assignment], str] = {}
        self.sent: dict[str, list[Job]] = {}  # by the key of the task
        self.flying = 0  # submissions in them
        self.recent: deque[float] = deque(maxlen=_RECENT)  # seconds of the last results
        self.suspects: list[Job] = []
        self.alone = False
        self.ungraded: list[str] = []
        self.looked = 0.0
        self.threads = 0
        self.held: Job | None = None  # taken, and to go with the next task

    def start(self) -> None:
        """Have workers warm up, before there is a job for them."""
        from autograder.engines.dispatch.worker import WarmPlugin

        self.client.register_plugin(WarmPlugin(self.plan.grader, self.cluster.local is not None), name=self.name)
        self.cluster.want(1)

    def stop(self) -> None:
        """Take everything of this run from the workers; what they are running is terminated."""
        # A cluster that is lost cannot be cleaned; the reason why has been raised, or it is gone with us.
        with contextlib.suppress(Exception):
            for name in (self.name, *self.materials.values()):
                self.client.unregister_worker_plugin(name)

    def results(self, jobs: Iterator[Job]) -> Iterator[Graded]:
        from distributed import as_completed

        self.sent, self.flying, self.suspects, self.alone, self.ungraded, self.held = {}, 0, [], False, [], None
        flying = as_completed(loop=self.client.loop)  # type: ignore[no-untyped-call]
        while True:
            while some := self._take(jobs):
                flying.add(self._send(some))  # type: ignore[no-untyped-call]
            if self.sent:
                yield from self._collect(flying, self._wait(flying))
            elif self.suspects:
                self.alone = True
                jobs, self.suspects = iter(self.suspects), []
            else:
                break
        if self.ungraded:
            raise EngineError(
                f"Not graded: {'; '.join(sorted(self.ungraded))}.", "All others are; run it again for these."
            )

    def _take(self, jobs: Iterator[Job]) -> list[Job]:
        """Return the jobs of the next task, all of one assignment; none when enough is in flight or all are sent."""
        flying = self.flying
        share = 1 if self.alone else self._share()
        if flying and flying + share > (1 if self.alone else max(_FEWEST, 2 * self._threads() * share)):
            return []
        some: list[Job] = []
        while len(some) < share:
            job, self.held = self.held or next(jobs, None), None
            if job is None:
                break
            if some and job.source != some[0].source:
                self.held = job
                break
            some.append(job)
        return some

    def _share(self) -> int:
        """Return how many submissions the next task should hold, by the time that the last ones took."""
        if not self.recent:
            return 1
        return max(1, min(_MOST_IN_A_TASK, int(_TASK_SECONDS / max(statistics.median(self.recent), 1e-3))))

    def _send(self, jobs: list[Job]) -> Any:
        from autograder.engines.dispatch.worker import grade_some

        material = self._material(jobs[0])
        data = [pickle.dumps(dataclasses.replace(job, assignment=_NOTHING), protocol=5) for job in jobs]
        key = f"grade-{uuid.uuid4().hex}"  # its own, so that no result is ever taken for another's
        self.sent[key] = jobs
        self.flying += len(jobs)
        self.cluster.want(len(self.sent))
        return self.client.submit(
            grade_some, self.name, material, data, key=key, pure=False, resources=self.plan.needs or None
        )

    def _material(self, job: Job) -> str:
        """Return the name under which workers hold what the job shares with others; tell them if it is new."""
        from autograder.engines.dispatch.worker import MaterialPlugin, WorkerMaterial

        shared = (job.source, job.assignment)
        if shared not in self.materials:
            name = f"{self.name}-{len(self.materials)}"
            plugin = MaterialPlugin(WorkerMaterial(job.assignment, self.plan.hidden(job.source)))
            self.client.register_plugin(plugin, name=name)
            self.materials[shared] = name
        return self.materials[shared]

    def _threads(self) -> int:
        now = time.monotonic()
        if now - self.looked > _LOOK_EVERY:
            self.looked, self.threads = now, self.cluster.threads()
        return self.threads

    def _wait(self, flying: Any) -> list[Any]:
        """Wait for at least one task to end, and report once when there is no worker for them."""
        started, told = time.monotonic(), False
        looked = started
        while not flying.has_ready():
            with flying.thread_condition:
                flying.thread_condition.wait(0.1)
            if time.monotonic() - looked > _LOOK_EVERY:
                looked = time.monotonic()
                self.cluster.replace_lost()
            if self.client.status in ("closed", "closing"):
                raise self._lost()
            if not told and time.monotonic() - started > _NOBODY_SECONDS and self.cluster.threads() == 0:
                self.plan.say(f"No worker is connected to {self.plan.scheduler}: waiting for one.")
                told = True
        return list(flying.next_batch())

    def _collect(self, flying: Any, ended: list[Any]) -> Iterator[Graded]:
        done = {future.key: future for future in ended if future.status == "finished"}
        # A worker may die with results that nobody has fetched: Dask has the submissions graded again.
        again = [future for future in ended if future.status in ("lost", "pending")]
        for future in ended:
            if future.key not in done and future not in again:
                self._failed(future)
        found = self.client.gather(done, errors="skip")
        for future in (*again, *(future for key, future in done.items() if key not in found)):
            flying.add(future)
        for key, outcomes in found.items():
            for job, data in zip(self._landed(key), outcomes, strict=False):
                outcome = pickle.loads(data)
                if isinstance(outcome, Ungraded):
                    self.ungraded.append(f"{job.submission.student} ({outcome.message})")
                elif isinstance(outcome, BaseException):
                    raise outcome
                else:
                    self.recent.append(outcome.result.seconds)
                    yield outcome

    def _landed(self, key: str) -> list[Job]:
        jobs = self.sent.pop(key)
        self.flying -= len(jobs)
        return jobs

    def _failed(self, future: Any) -> None:
        from distributed import KilledWorker

        jobs = self._landed(future.key)
        if future.status != "error":
            raise self._lost()
        error = future.exception()
        if isinstance(error, KilledWorker):
            if self.alone:
                self.ungraded.append(f"{jobs[0].submission.student} (its worker died, again and again)")
            else:
                self.suspects += jobs
        elif isinstance(error, EngineError | OSError):
            raise error
        else:
            raise EngineError(f"A worker failed: {type(error).__name__}: {error}.") from error

    def _lost(self) -> EngineError:
        where = self.plan.scheduler or "this machine"
        return EngineError(
            f"The scheduler on {where} is gone.", "Start it and run this again: what was graded is kept."
        )
