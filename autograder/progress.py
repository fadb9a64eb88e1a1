"""Show on stderr how far a long run has come: a bar on a terminal, a line now and then elsewhere, JSON where asked.

Runs in the process of the command. Names of students are shown as text, and never as markup.
"""

from __future__ import annotations

import json
import sys
import time
from types import TracebackType
from typing import Any, Protocol

__all__ = ["Progress", "progress"]


class Progress(Protocol):
    """Something that can be told of progress.

    ``begin`` starts a stretch of work, with its own verb if it has one; ``step`` says what is done now and, of a
    submission, its points.
    """

    def __enter__(self) -> Progress: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...
    def begin(self, total: int, verb: str = "") -> None: ...
    def step(self, text: str, points: float | None = None) -> None: ...


def progress(verb: str, quiet: bool = False, as_json: bool = False) -> Progress:
    """Return what suits stderr; ``verb`` is what is being done, as in "Grading"."""
    if quiet:
        return _Silent()
    if as_json:
        return _Events(verb)
    return _Bar(verb) if sys.stderr.isatty() else _Lines(verb)


class _Silent:
    def __enter__(self) -> _Silent:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        pass

    def begin(self, total: int, verb: str = "") -> None:
        pass

    def step(self, text: str, points: float | None = None) -> None:
        pass


class _Counting(_Silent):
    """Counts steps and their rate; ``rate`` is per second, ``remaining`` in seconds."""

    def __init__(self, verb: str) -> None:
        self.verb = verb
        self.total = self.done = 0
        self.started = time.monotonic()

    def begin(self, total: int, verb: str = "") -> None:
        self.verb = verb or self.verb
        self.total, self.done = total, 0
        self.started = time.monotonic()

    def step(self, text: str, points: float | None = None) -> None:
        self.done += 1

    @property
    def rate(self) -> float:
        return self.done / max(time.monotonic() - self.started, 1e-9)

    @property
    def remaining(self) -> float:
        return (self.total - self.done) / self.rate


class _Lines(_Counting):
    """A line after the first step, then at most every ten seconds, and after the last."""

    said = -10.0

    def begin(self, total: int, verb: str = "") -> None:
        super().begin(total, verb)
        self.said = -10.0

    def step(self, text: str, points: float | None = None) -> None:
        super().step(text, points)
        now = time.monotonic()
        if now - self.said >= 10 or self.done == self.total:
            self.said = now
            left = f", about {self.remaining:.0f} s left" if self.done < self.total else ""
            print(f"{self.verb} {self.done}/{self.total}, {self.rate:.1f}/s{left}", file=sys.stderr, flush=True)


class _Events(_Counting):
    """A JSON object a line, for scripts; the last is ``finished``, ``stopped`` (by Ctrl-C) or ``failed``."""

    graded = 0

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        stopped = kind is not None and issubclass(kind, KeyboardInterrupt)
        self._say("stopped" if stopped else "failed" if kind else "finished", graded=self.graded)

    def begin(self, total: int, verb: str = "") -> None:
        super().begin(total, verb)
        self._say("begin", doing=self.verb.lower(), of=total)

    def step(self, text: str, points: float | None = None) -> None:
        super().step(text, points)
        self.graded += points is not None
        about = {} if points is None else {"student": text, "points": points}
        place = {"done": self.done, "of": self.total}
        speed = {"rate": round(self.rate, 3), "remaining_s": round(self.remaining, 1)}
        self._say("step" if points is None else "graded", **about, **place, **speed)

    def _say(self, event: str, **values: Any) -> None:
        print(json.dumps({"event": event, **values}, ensure_ascii=False), file=sys.stderr, flush=True)


class _Bar(_Counting):
    def __init__(self, verb: str) -> None:
        super().__init__(verb)
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as Rich

        self.bar = Rich(
            TextColumn("{task.fields[verb]}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(),
            TextColumn("{task.description}", style="dim", markup=False),
            console=Console(stderr=True),
            transient=True,
        )
        self.task = self.bar.add_task("", total=None, rate="", verb=verb)

    def __enter__(self) -> _Bar:
        self.bar.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self.bar.stop()

    def begin(self, total: int, verb: str = "") -> None:
        super().begin(total, verb)
        self.bar.reset(self.task, total=total, description="", rate="", verb=self.verb)

    def step(self, text: str, points: float | None = None) -> None:
        super().step(text, points)
        self.bar.update(self.task, advance=1, description=text, rate=f"{self.rate:.1f}/s")
