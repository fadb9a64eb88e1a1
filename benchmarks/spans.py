"""Time functions from outside: replace them by ones that add the CPU time of their own thread to a table.

A function's time is its own: what a timed function inside it took counts there. The thread's clock is asked, since a
process with an RLIMIT_CPU counts its own CPU time in ticks of 4 ms.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable
from time import thread_time
from typing import Any

__all__ = ["Spans"]

Label = str | Callable[..., str]


class Spans:
    """The table: for each label how often and how many CPU seconds. ``missing`` are functions that were not found."""

    def __init__(self) -> None:
        self.totals: dict[str, list[float]] = {}
        self.missing: list[str] = []
        self._local = threading.local()
        self._replaced: list[tuple[Any, str, Any]] = []

    def reset(self) -> None:
        """Forget everything, as in a process that was just forked."""
        self.totals.clear()
        self._local.stack = []

    def add(self, label: str, seconds: float) -> None:
        entry = self.totals.setdefault(label, [0, 0.0])
        entry[0] += 1
        entry[1] += seconds

    def add_within(self, label: str, seconds: float) -> None:
        """Add time that a timed function around it must not count as its own."""
        self.add(label, seconds)
        if stack := self._stack():
            stack[-1] += seconds

    def timed(self, function: Callable[..., Any], label: Label) -> Callable[..., Any]:
        """Return ``function`` with its time added to ``label``, which may depend on the arguments."""

        @functools.wraps(function)
        def timed(*args: Any, **kwargs: Any) -> Any:
            stack = self._stack()
            stack.append(0.0)
            start = thread_time()
            try:
                return function(*args, **kwargs)
            finally:
                spent = thread_time() - start
                inner = stack.pop() if stack else 0.0
                if stack:
                    stack[-1] += spent
                self.add(label if isinstance(label, str) else label(*args), spent - inner)

        return timed

    def wrap(self, owner: Any, name: str, label: Label) -> None:
        """Replace the function ``name`` of a module or class; one that is gone is noted as missing."""
        function = getattr(owner, name, None)
        if function is None:
            self.missing.append(f"{getattr(owner, '__name__', owner)}.{name}")
        else:
            self._replaced.append((owner, name, function))
            setattr(owner, name, self.timed(function, label))

    def unwrap(self) -> None:
        """Put every function that ``wrap`` replaced back in its place."""
        while self._replaced:
            setattr(*self._replaced.pop())

    def so_far(self) -> dict[str, list[float]]:
        """Return a copy of the table as it is now."""
        return {label: list(entry) for label, entry in list(self.totals.items())}

    def _stack(self) -> list[float]:
        if not hasattr(self._local, "stack"):
            self._local.stack = []
        stack: list[float] = self._local.stack
        return stack
