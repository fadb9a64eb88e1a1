"""Record the torch operations that run, whatever the source looks like: in this thread and in those that it starts."""

from __future__ import annotations

import _thread
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from torch.utils._python_dispatch import TorchDispatchMode

__all__ = ["Recorder", "record_threads"]

_start = _thread.start_new_thread
_running: list[Recorder] = []


class _Mode(TorchDispatchMode):  # type: ignore[no-untyped-call]
    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        """Answer no: the default imports torch._dynamo, which takes seconds and is not needed to record names."""
        return False


class Recorder(_Mode):  # type: ignore[no-untyped-call]
    """Record the names of the operations that run, each once, in order.

    A mode of torch holds in its own thread. ``record_threads`` makes others tell whichever recorder is at work.
    """

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.ops: dict[str, None] = {}

    def __enter__(self) -> Recorder:
        record_threads()
        _running.append(self)
        super().__enter__()  # type: ignore[no-untyped-call]
        return self

    def __exit__(self, *error: Any) -> None:
        super().__exit__(*error)  # type: ignore[no-untyped-call]
        _running.remove(self)

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        self.ops[_name(func)] = None
        return func(*args, **(kwargs or {}))


class _Tell(_Mode):  # type: ignore[no-untyped-call]
    """Tell the recorders at work what runs in another thread."""

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        for recorder in tuple(_running):
            recorder.ops[_name(func)] = None
        return func(*args, **(kwargs or {}))


def _name(func: Any) -> str:
    return str(func.name()).split(".")[0]


def record_threads() -> None:
    """Let every thread that starts from now on tell the recorders; call it before foreign code runs."""
    for module, name in ((_thread, "start_new_thread"), (_thread, "start_new"), (threading, "_start_new_thread")):
        setattr(module, name, _start_telling)


def _start_telling(function: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any] | None = None) -> int:
    def run() -> None:
        with _Tell():  # type: ignore[no-untyped-call]
            function(*args, **(kwargs or {}))

    return _start(run, ())
