"""Teach ``convlab`` about proxies, in this process: where its checks look inside a function, or call it very often.

Runs in the examiner. ``rules.from_scratch`` searches the student's source (the text that was handed in, not what the
sandbox says) and records torch operations in the sandbox; ``checks.cpu_ratio`` takes the student's CPU time from the
kernel; ``checks.agrees`` and ``checks.refuses`` send all their cases in one request.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import torch

import convlab.checks
import convlab.names
import convlab.rules
import convlab.timing
from autograder.engines.sealed.examiner.names import Sources
from autograder.engines.sealed.examiner.proxy import Proxy, name_of
from autograder.engines.sealed.examiner.remote import Remote

__all__ = ["install"]

# What one request costs the sandbox beside the student's own work, measured in an idle machine.
_REQUEST_SECONDS = 100e-6
_BYTE_SECONDS = 1e-9
_MOST_CASES = 2000
_SCALARS = frozenset({int, float, bool, str, type(None)})

_local_seconds = convlab.timing._seconds_a_call
_local_names = convlab.names.used_names
_local_agrees = convlab.checks.agrees
_local_refuses = convlab.checks.refuses

Case = Sequence[Any] | Mapping[str, Any]


def install(remote: Callable[[], Remote], sources: Sources, place: Callable[..., Any]) -> None:
    """Make the checks of this process ask ``remote()`` where a function is the student's."""

    def used_names(fn: object) -> Iterator[tuple[str, str]]:
        return iter(sources.mentions(name_of(fn))) if type(fn) is Proxy else _local_names(fn)

    def seconds_a_call(fn: Any, args: Sequence[Any], kwargs: Mapping[str, Any]) -> float:
        if type(fn) is not Proxy:
            return _local_seconds(fn, args, kwargs)
        link = remote().link
        seconds, calls, batch = 0.0, 0, 1
        while seconds < convlab.timing.MEASURED_SECONDS and calls < convlab.timing.MOST_CALLS:
            start = link.cpu_seconds()
            result = remote().request("repeat", fn, tuple(args), dict(kwargs), batch)
            spent = link.cpu_seconds() - start
            moved = sum(v.nbytes for v in (*args, *kwargs.values(), result) if isinstance(v, torch.Tensor))
            seconds += spent - _REQUEST_SECONDS - moved * _BYTE_SECONDS  # below zero between two ticks of the clock
            calls += batch
            batch = calls
        return max(seconds, 1e-6) / calls

    def agrees(fn: Any, reference: Callable[..., Any], cases: Iterable[Case], what: str, **more: Any) -> None:
        cases = list(cases)
        _local_agrees(_ahead(remote(), fn, cases), reference, cases, what, **more)

    def refuses(fn: Any, cases: Iterable[Case], what: str, **more: Any) -> None:
        cases = list(cases)
        _local_refuses(_ahead(remote(), fn, cases), cases, what, **more)

    convlab.rules.used_names = used_names  # type: ignore[attr-defined]
    convlab.timing._seconds_a_call = seconds_a_call
    convlab.checks.agrees = agrees
    convlab.checks.refuses = refuses
    convlab.checks.place = place


def _ahead(remote: Remote, fn: Any, cases: list[Case]) -> Any:
    """Return what gives the results of ``fn`` on ``cases`` in their order, asked for at once if all are plain."""
    calls = [((), dict(case)) if isinstance(case, Mapping) else (tuple(case), {}) for case in cases]
    if type(fn) is not Proxy or not 1 < len(calls) <= _MOST_CASES or not _plain(calls):
        return fn
    results = remote.many(fn, calls)

    def replay(*args: Any, **kwargs: Any) -> Any:
        result = next(results)
        if isinstance(result, Exception):
            raise result
        return result

    return replay


def _plain(value: Any) -> bool:
    kind = type(value)
    if kind is dict:
        return _plain(list(value.values()))
    if kind is list or kind is tuple:
        return _SCALARS.issuperset(map(type, value)) or all(map(_plain, value))
    return kind in _SCALARS
