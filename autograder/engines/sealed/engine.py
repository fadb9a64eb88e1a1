"""The sealed engine behind ``autograder.engines.contract.Engine``: jobs in, results and executed notebooks out.

Trusted; runs in the command's own process, and imports no torch.
"""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.engines.contract import Graded, Job
from autograder.engines.sealed.grader import Grader
from autograder.engines.sealed.session import Rules
from autograder.engines.sealed.submission import hidden_cells
from autograder.installed import installed

if TYPE_CHECKING:
    from autograder.engines.dispatch.dispatcher import Dispatcher

__all__ = ["SealedEngine"]

VERSION = "1"


class SealedEngine:
    """Grade with ``workers`` warm pairs, each in a Dask worker here, or with the workers of ``scheduler``.

    ``readable`` are paths that student code may read. ``weak`` accepts workers that cannot seal the sandbox completely.
    Tests make their tensors on ``device``. With ``cuda`` a submission takes one ``GPU`` of its worker.
    ``say`` gets what a person who waits should know.
    """

    name = "sealed"

    def __init__(
        self,
        workers: int = 1,
        readable: tuple[Path, ...] = (),
        rules: Rules | None = None,
        *,
        scheduler: str | None = None,
        device: str = "cpu",
        weak: bool = True,
        say: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.workers = workers
        self.readable = readable
        self.rules = dataclasses.replace(rules or Rules(), device=device)
        self.scheduler = scheduler
        self.weak = weak
        self._dispatcher: Dispatcher | None = None
        self.say = say

    @property
    def version(self) -> str:
        return f"{self.name}-{VERSION}" + (f"-{self.rules.device}" if self.rules.device != "cpu" else "")

    @property
    def warning(self) -> str:
        if self.scheduler is not None:
            return "Workers of the scheduler may leave parts of the sandbox open." if self.weak else ""
        from autograder.isolation import probe

        return " ".join(probe().lost)

    def grade(self, jobs: Iterable[Job]) -> Iterator[Graded]:
        """Yield each job's result as it is ready; ``jobs`` are taken a few at a time.

        Raises:
            EngineError: nothing can be graded, or all that can be is: the message names the others.
            UsageError: there is no such scheduler.
        """
        return (self._dispatcher or self._new_dispatcher()).grade(jobs)

    @contextlib.contextmanager
    def kept(self) -> Iterator[None]:
        """Keep warm processes from one ``grade`` to the next."""
        self._dispatcher = self._new_dispatcher()
        try:
            with self._dispatcher.kept():
                yield
        finally:
            self._dispatcher = None

    def _new_dispatcher(self) -> Dispatcher:
        from autograder.engines.dispatch.dispatcher import Dispatcher

        elsewhere = self.scheduler is not None
        grader = Grader(self.readable, self.rules, weak=self.weak, expected=installed() if elsewhere else None)
        needs = {"GPU": 1.0} if self.rules.device == "cuda" else None
        return Dispatcher(
            grader, hidden_cells, workers=self.workers, scheduler=self.scheduler, needs=needs, say=self.say
        )
