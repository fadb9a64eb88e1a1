"""Record what grading gave, so that a run that is killed anywhere loses at most what it was working on.

For each submission, in this order: the executed notebook is written, then the durable result, then the gradebook, and
only then is it reported. Submissions that are ready at the same moment share a transaction of the gradebook. Runs in
the coordinator, which alone writes there.
"""

from __future__ import annotations

import time
from types import TracebackType
from typing import Any

from autograder.course import Course
from autograder.gradebook.directory import write_autograded
from autograder.gradebook.entries import Entry
from autograder.gradebook.gradebook import Gradebook
from autograder.grading.handed_in import timestamp
from autograder.grading.results import ResultStore
from autograder.model import SubmissionResult
from autograder.progress import Progress

__all__ = ["Recorder"]

_MOST_TOGETHER = 16
_TOGETHER_SECONDS = 0.2


class Recorder:
    """Writes results, and enters marks in the gradebook until it is closed: use it in a ``with``.

    Marks that come quickly share a transaction, which is what costs. A run that is killed before that has its results
    in files, and the next one enters them.
    """

    def __init__(self, course: Course, store: ResultStore, gradebook: Gradebook, shown: Progress) -> None:
        self.course, self.store, self.gradebook, self.shown = course, store, gradebook, shown
        self._waiting: list[Entry] = []
        self._written = 0.0

    def record(
        self,
        result: SubmissionResult,
        executed: dict[str, Any] | bytes,
        unwritten: frozenset[str] = frozenset(),
        look_again: bool = True,
    ) -> None:
        """Record one submission; ``unwritten`` and ``look_again`` are the gradebook's (``Entry``)."""
        write_autograded(self.course, result, executed)
        self.store.save(result)
        self._enter(Entry(result, timestamp(self.course, result), unwritten, look_again))
        self.shown.step(result.student, result.points)

    def _enter(self, entry: Entry) -> None:
        self._waiting.append(entry)
        if len(self._waiting) >= _MOST_TOGETHER or time.monotonic() - self._written > _TOGETHER_SECONDS:
            self._write()

    def _write(self) -> None:
        batch, self._waiting = self._waiting, []  # should it fail, __exit__ does not try it again
        self.gradebook.put(*batch)
        self._written = time.monotonic()

    def __enter__(self) -> Recorder:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._write()
