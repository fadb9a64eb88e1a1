"""What runs in a Dask worker: a plugin that keeps a warm grader, and the task that hands it submissions.

Trusted: student code runs in sandboxes below this process. What travels is pickled by us, since both ends are ours.
A worker that is started again, or joins late, gets the plugin from the scheduler.
"""

from __future__ import annotations

import dataclasses
import os
import pickle
import signal
import threading
import time
from dataclasses import dataclass
from typing import Any, Protocol

from distributed import Worker, WorkerPlugin, get_worker

from autograder.engines.contract import Graded, Job
from autograder.engines.dispatch import Ungraded
from autograder.errors import EngineError
from autograder.files import to_json
from autograder.model import Assignment

__all__ = ["Grader", "MaterialPlugin", "WarmPlugin", "WorkerMaterial", "grade_some"]


@dataclass(frozen=True)
class WorkerMaterial:
    """What all submissions of an assignment share, sent to each worker once: ``hidden`` is the text of its cells."""

    assignment: Assignment
    hidden: dict[str, str]


class Grader(Protocol):
    """Something that grades in a worker. It is pickled before ``start``, and used by up to ``together`` threads."""

    together: int

    def start(self) -> None:
        """Begin to warm up, and return at once.

        Raises:
            EngineError: nothing can be graded on this machine.
        """
        ...

    def grade(self, job: Job, hidden: dict[str, str]) -> Graded:
        """Grade one submission.

        Raises:
            Ungraded: this one could not be graded; others can.
            EngineError, OSError: none can be graded here.
        """
        ...

    def close(self) -> None:
        """Terminate everything, even while ``grade`` runs in another thread."""
        ...


class WarmPlugin(WorkerPlugin):
    """Keeps ``grader`` warm in each worker. ``ours``: the workers are on our terminal, and Ctrl-C is ours to handle."""

    def __init__(self, grader: Grader, ours: bool) -> None:
        self.grader = grader
        self.ours = ours
        self.trouble = ""
        self.free = threading.Semaphore(grader.together)

    def __getstate__(self) -> dict[str, Any]:
        return {"grader": self.grader, "ours": self.ours}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__init__(**state)  # type: ignore[misc]

    def setup(self, worker: Worker) -> None:
        """Start the grader; what goes wrong is told with the first submission, for Dask would only log it."""
        if self.ours and threading.current_thread() is threading.main_thread():
            # A handler, unlike SIG_IGN and a blocked signal, is not inherited by the programs that the grader starts.
            signal.signal(signal.SIGINT, lambda *_: None)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        if self.ours:
            threading.Thread(target=self._die_with, args=(os.getppid(),), daemon=True).start()
        try:
            self.grader.start()
        except (EngineError, OSError) as error:
            self.trouble = f"The worker {worker.address} cannot grade: {error}"

    def _die_with(self, parent: int) -> None:
        """End this worker when the coordinator was killed. Dask's own pipe for this can stay open in a sibling."""
        while os.getppid() == parent:
            time.sleep(0.5)
        os._exit(1)  # all below it ends as its sockets close

    def teardown(self, worker: Worker) -> None:
        self.grader.close()


class MaterialPlugin(WorkerPlugin):
    """Keeps an assignment's material in each worker."""

    def __init__(self, material: WorkerMaterial) -> None:
        self.material = material


def grade_some(run: str, material: str, jobs: list[bytes]) -> list[bytes]:
    """Grade the pickled ``jobs`` in order, with the plugins called ``run`` and ``material``.

    Returns a pickled ``Graded``, or the pickled exception, for each; one that is no ``Ungraded`` is the last.
    """
    plugins = get_worker().plugins
    warm, shared = plugins.get(run), plugins.get(material)
    if not isinstance(warm, WarmPlugin) or not isinstance(shared, MaterialPlugin):
        raise EngineError("A worker has not been told what to do.", "Run it again.")
    if warm.trouble:
        raise EngineError(warm.trouble)
    done: list[bytes] = []
    for data in jobs:
        job = dataclasses.replace(pickle.loads(data), assignment=shared.material.assignment)
        try:
            with warm.free:
                done.append(pickle.dumps(_as_text(warm.grader.grade(job, shared.material.hidden)), protocol=5))
        except Ungraded as error:
            done.append(pickle.dumps(error))
        except Exception as error:
            if not isinstance(error, EngineError | OSError):
                who = job.submission.student
                error = EngineError(f"The grading of {who} failed: {type(error).__name__}: {error}.")
            return [*done, pickle.dumps(error)]
    return done


def _as_text(graded: Graded) -> Graded:
    """Return the same with its notebook as JSON: many workers make it, and one process has to write them all."""
    notebook = graded.notebook
    return dataclasses.replace(graded, notebook=to_json(notebook)) if isinstance(notebook, dict) else graded
