"""Where the code that checks look at runs: beside them, as in a notebook, or in another process, as in a grader.

``checks``, ``rules`` and ``timing`` ask the backend wherever that makes a difference. Beside them is the default; a
grader that runs the student's code elsewhere hands its own backend to ``use``.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Protocol

from convlab import names

__all__ = ["Backend", "Case", "Local", "current", "use"]

Case = Sequence[Any] | Mapping[str, Any]  # the positional arguments of one call, or its keyword arguments


class Backend(Protocol):
    """How checks reach a function or an object that may be the student's."""

    def place(self, *objects: Any) -> Any:
        """Move objects that a test made to where the student's code runs: one, or a tuple of several together."""
        ...

    def prepared(self, fn: Callable[..., Any], cases: Sequence[Case]) -> Callable[..., Any]:
        """Return a function that stands for ``fn`` and is called on each of ``cases`` once, in their order."""
        ...

    def used_names(self, fn: object) -> Iterator[tuple[str, str]]:
        """Yield (dotted name, source line) of what ``fn`` mentions; see ``convlab.names``."""
        ...

    def cpu_seconds(self, fn: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any], calls: int) -> float:
        """Return the CPU time that ``calls`` calls of ``fn`` take together; 0 between two ticks of a clock."""
        ...


class Local:
    """The backend of a notebook: the student's code runs in this process."""

    def place(self, *objects: Any) -> Any:
        """Return the objects themselves."""
        return objects[0] if len(objects) == 1 else objects

    def prepared(self, fn: Callable[..., Any], cases: Sequence[Case]) -> Callable[..., Any]:
        """Return ``fn`` itself."""
        return fn

    def used_names(self, fn: object) -> Iterator[tuple[str, str]]:
        """Search the source of ``fn``."""
        return names.used_names(fn)

    def cpu_seconds(self, fn: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any], calls: int) -> float:
        """Measure each call by this process's CPU clock."""
        return sum(_cpu_seconds(fn, args, kwargs) for _ in range(calls))


def _cpu_seconds(fn: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]) -> float:
    start = time.process_time()
    fn(*args, **kwargs)
    return time.process_time() - start


_current: Backend = Local()


def current() -> Backend:
    """Return the backend that checks ask."""
    return _current


def use(backend: Backend) -> None:
    """Let checks in this process ask ``backend`` from now on."""
    global _current
    _current = backend
