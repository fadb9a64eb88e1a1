"""Show on stderr how far a long run has come: a live bar on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Protocol

__all__ = ["Progress", "progress"]


class Progress(Protocol):
    """Something that can be told of progress."""

    def __enter__(self) -> Progress: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...
    def begin(self, total: int) -> None: ...
    def step(self, text: str) -> None: ...


def progress(verb: str, quiet: bool = False) -> Progress:
    """Return what suits stderr; ``verb`` is what is being done, as in "Grading"."""
    if quiet:
        return _Silent()
    return _Bar(verb) if sys.stderr.isatty() else _Lines(verb)


class _Silent:
    def __enter__(self) -> _Silent:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def begin(self, total: int) -> None:
        pass

    def step(self, text: str) -> None:
        pass


class _Lines(_Silent):
    """A line after the first step, then at most every ten seconds, and after the last."""

    def __init__(self, verb: str) -> None:
        self.verb = verb

    def begin(self, total: int) -> None:
        self.total, self.done, self.said = total, 0, 0.0
        self.started = time.monotonic()

    def step(self, text: str) -> None:
        self.done += 1
        now = time.monotonic()
        if now - self.said >= 10 or self.done == self.total:
            self.said = now
            rate = self.done / max(now - self.started, 1e-9)
            left = (self.total - self.done) / rate
            remaining = f", about {left:.0f} s left" if self.done < self.total else ""
            print(f"{self.verb} {self.done}/{self.total}, {rate:.1f}/s{remaining}", file=sys.stderr, flush=True)


class _Bar(_Silent):
    def __init__(self, verb: str) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as Rich

        self.bar = Rich(
            TextColumn(verb),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(),
            TextColumn("{task.description}", style="dim"),
            console=Console(stderr=True),
            transient=True,
        )
        self.task = self.bar.add_task("", total=None, rate="")

    def __enter__(self) -> _Bar:
        self.bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.bar.stop()

    def begin(self, total: int) -> None:
        self.started, self.done = time.monotonic(), 0
        self.bar.update(self.task, total=total)

    def step(self, text: str) -> None:
        self.done += 1
        rate = self.done / max(time.monotonic() - self.started, 1e-9)
        self.bar.update(self.task, advance=1, description=text, rate=f"{rate:.1f}/s")
