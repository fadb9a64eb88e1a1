"""A progress bar on stderr, for what takes more than a second; silent where stderr is no terminal."""

from __future__ import annotations

import sys
import time
from types import TracebackType

__all__ = ["Progress"]

PAUSE = 0.2  # seconds between two drawings
WIDTH = 28


class Progress:
    """Count ``total`` steps in a ``with`` block, and draw how far it is, how fast, and how long it will take.

    Where stderr is no terminal (a log file), it writes a line at each tenth of the way, and only if that takes long.
    """

    def __init__(self, what: str, total: int) -> None:
        self.what, self.total, self.done = what, total, 0
        self.terminal = sys.stderr.isatty()
        self.started = self.drawn = time.monotonic()
        self.tenth = 0

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.terminal and self.drawn > self.started:
            self._write("\r\033[K")

    def step(self, note: str = "", count: int = 1) -> None:
        """Say that ``count`` more steps are done; ``note`` stands behind the bar."""
        self.done += count
        now = time.monotonic()
        if self.terminal and now - self.drawn >= PAUSE:
            self.drawn = now
            self._write(f"\r\033[K{self.line(now, note)}")
        elif not self.terminal and self.done * 10 // max(self.total, 1) > self.tenth and now - self.drawn >= 2:
            self.tenth, self.drawn = self.done * 10 // max(self.total, 1), now
            self._write(self.line(now, note) + "\n")

    def line(self, now: float, note: str = "") -> str:
        """Return the bar as text."""
        share = min(self.done / max(self.total, 1), 1.0)
        full = round(share * WIDTH)
        left = (now - self.started) * (1 - share) / share if share else 0.0
        bar = "━" * full + "─" * (WIDTH - full)
        return f"{self.what} {bar} {share:4.0%}  {_clock(left)} left  {note}".rstrip()

    def _write(self, text: str) -> None:
        sys.stderr.write(text)
        sys.stderr.flush()


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02d}"
