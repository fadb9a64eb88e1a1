"""A grader: the warm pair of a worker's threads, replaced when it breaks, and the decision whose fault a failure is.

Trusted; runs in a worker, and imports no torch. It is pickled before it starts.
"""

from __future__ import annotations

import contextlib
import errno
import threading
from collections.abc import Iterator
from pathlib import Path

from autograder.engines.contract import Graded, Job
from autograder.engines.devices import gpu_files
from autograder.engines.dispatch import Ungraded
from autograder.engines.sealed.pair import Interrupted, Pair, PairBroken
from autograder.engines.sealed.session import Role, Rules, Session, SessionCell
from autograder.engines.sealed.submission import grade_job
from autograder.errors import DiskError, EngineError
from autograder.installed import installed

__all__ = ["Grader"]


class Grader:
    """Grades with a pair, a few submissions at a time: ``expected`` is what ``installed`` gives where marks are kept.

    ``weak`` accepts a machine that cannot seal the sandbox completely. A submission that is there when the pair breaks
    is tried again alone, so that nobody pays for what another's did.
    """

    together = 4  # a pair costs two imports of torch, and its zygote can watch a few sandboxes

    def __init__(
        self, readable: tuple[Path, ...], rules: Rules, *, weak: bool = True, expected: dict[str, str] | None = None
    ) -> None:
        self.readable = readable
        self.rules = rules
        self.weak = weak
        self.expected = expected
        self.pair: Pair | None = None
        self.closed = False
        self._turn: _Turn | None = None

    def start(self) -> None:
        """Start the pair, which then loads its libraries on its own.

        Raises:
            EngineError: this machine cannot grade.
        """
        if self.expected is not None:
            here = installed()
            other = [
                f"{name} is {here[name]} there and {v} here" for name, v in self.expected.items() if here[name] != v
            ]
            if other:
                raise EngineError(
                    f"its environment is another one: {'; '.join(other)}.",
                    "Install the same lock file and code on both.",
                )
        if not self.weak:
            from autograder.isolation import probe

            found = probe()
            if not found.full_strength:
                raise EngineError(
                    f"it cannot seal the sandbox: {' '.join(found.lost)}", "Run `autograder doctor` on that machine."
                )
        self._turn = _Turn()  # here, since locks are not pickled
        self.pair = self._new()

    def close(self) -> None:
        self.closed = True
        if self.pair is not None:
            self.pair.close()

    def grade(self, job: Job, hidden: dict[str, str]) -> Graded:
        """Grade ``job``, a second time with a new pair where the first one broke.

        Raises:
            Ungraded: the pair broke twice on this submission, but it grades a harmless one.
            EngineError: nothing can be graded here.
        """
        assert self._turn is not None
        for turn in (self._turn.shared, self._turn.alone):
            with turn():
                pair = self.pair
                assert pair is not None
                try:
                    return grade_job(pair, job, self.rules, hidden)
                except PairBroken as error:
                    broken = error
                except EngineError as error:
                    raise Ungraded(error.message, error.hint) from None
                except OSError as error:
                    if error.errno in (errno.ENOSPC, errno.EDQUOT):
                        raise DiskError("No space left for temporary files while grading.", "Free some.") from None
                    raise
            with self._turn.alone():
                self._replace(pair)
        with self._turn.alone():
            works = self._works()
        if works:
            raise Ungraded(f"the grading processes failed twice on it: {broken.message.splitlines()[-1][:200]}")
        raise broken

    def _new(self) -> Pair:
        devices = gpu_files() if self.rules.device == "cuda" else ()
        return Pair(self.readable, preload=["matplotlib.pyplot"], devices=devices)

    def _replace(self, broken: Pair) -> None:
        if self.closed:
            raise EngineError("Grading was stopped.")
        if self.pair is broken:  # or else another thread, whose submission was there too, has done it
            broken.close()
            self.pair = self._new()

    def _works(self) -> bool:
        """Try a submission that does nothing."""
        assert self.pair is not None
        try:
            (run,) = self.pair.run(Session((SessionCell(0, Role.STUDENT, "x = 1"),), self.rules))
        except (PairBroken, Interrupted):
            return False
        return not run.end.error


class _Turn:
    """Many threads in ``shared``, or one in ``alone``, which waits until the others are out."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._inside = 0
        self._waiting = 0
        self._taken = False

    @contextlib.contextmanager
    def shared(self) -> Iterator[None]:
        with self._changed:
            self._changed.wait_for(lambda: not self._taken and not self._waiting)
            self._inside += 1
        try:
            yield
        finally:
            with self._changed:
                self._inside -= 1
                self._changed.notify_all()

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        with self._changed:
            self._waiting += 1
            self._changed.wait_for(lambda: not self._taken and not self._inside)
            self._waiting -= 1
            self._taken = True
        try:
            yield
        finally:
            with self._changed:
                self._taken = False
                self._changed.notify_all()
