"""The examiner's backend for the checks of ``convlab``: what they do with a function when it is the student's.

Runs in the examiner. The names that an answer mentions come from the text that was handed in, not from what the sandbox
says; its CPU time comes from the kernel, and the cases of one check travel in one request.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import torch

from autograder.engines.sealed.examiner.names import Sources
from autograder.engines.sealed.examiner.proxy import Proxy, name_of
from autograder.engines.sealed.examiner.remote import Remote
from convlab.backend import Case, Local

__all__ = ["RemoteBackend"]

# What one request costs the sandbox beside the student's own work, measured in an idle machine.
_REQUEST_SECONDS = 100e-6
_BYTE_SECONDS = 1e-9
_MOST_CASES = 2000
_SCALARS = frozenset({int, float, bool, str, type(None)})


class RemoteBackend(Local):
    """Ask the sandbox that ``remote`` returns where a function is the student's, and this process where it is not.

    ``sources`` is the text of the student's cells.
    """

    def __init__(self, remote: Callable[[], Remote], sources: Sources) -> None:
        self._remote = remote
        self._sources = sources

    def place(self, *objects: Any) -> Any:
        """Move the objects into the sandbox and return proxies of them."""
        return self._remote().place(*objects)

    def prepared(self, fn: Any, cases: Sequence[Case]) -> Any:
        """Ask for the results of all cases in one request, if each case is plain."""
        calls = [((), dict(case)) if isinstance(case, Mapping) else (tuple(case), {}) for case in cases]
        if type(fn) is not Proxy or not 1 < len(calls) <= _MOST_CASES or not _plain(calls):
            return fn
        results = self._remote().many(fn, calls)

        def replay(*_args: Any, **_kwargs: Any) -> Any:
            result = next(results)
            if isinstance(result, Exception):
                raise result
            return result

        return replay

    def used_names(self, fn: object) -> Iterator[tuple[str, str]]:
        """Search the student's cells for a function of theirs."""
        return iter(self._sources.mentions(name_of(fn))) if type(fn) is Proxy else super().used_names(fn)

    def cpu_seconds(self, fn: Any, args: Sequence[Any], kwargs: Mapping[str, Any], calls: int) -> float:
        """Measure the sandbox from outside, less what the requests themselves cost: between two ticks, below zero."""
        if type(fn) is not Proxy:
            return super().cpu_seconds(fn, args, kwargs, calls)
        remote = self._remote()
        start = remote.link.cpu_seconds()
        result = remote.request("repeat", fn, tuple(args), dict(kwargs), calls)
        spent = remote.link.cpu_seconds() - start
        moved = sum(v.nbytes for v in (*args, *kwargs.values(), result) if isinstance(v, torch.Tensor))
        return spent - _REQUEST_SECONDS - moved * _BYTE_SECONDS


def _plain(value: Any) -> bool:
    kind = type(value)
    if kind is dict:
        return _plain(list(value.values()))
    if kind is list or kind is tuple:
        return _SCALARS.issuperset(map(type, value)) or all(map(_plain, value))
    return kind in _SCALARS
