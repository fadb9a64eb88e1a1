"""Compare the CPU time of an answer with that of a reference, so that a loaded machine grades as an idle one does."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch

from convlab import backend
from convlab.messages import failure

__all__ = ["cpu_ratio", "measure"]

# A process under a CPU limit (RLIMIT_CPU), as in grading, sees its CPU clock step by ticks of the kernel, 1 to 10 ms: a
# short call may seem to take nothing. So calls are added up to many ticks.
MEASURED_SECONDS = 0.06
MOST_CALLS = 4096


def measure(
    fn: Callable[..., Any],
    reference: Callable[..., Any],
    args: Sequence[Any],
    kwargs: Mapping[str, Any] | None = None,
    *,
    at_most: float,
    rounds: int = 5,
) -> float:
    """Return the ratio of CPU times, ``fn`` to ``reference``, on one torch thread: the smallest of several rounds.

    Stop at a ratio of at most half of ``at_most``, and at one that is three times over it: more rounds would not turn
    these.
    """
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    best = float("inf")
    try:
        with torch.no_grad():
            fn(*args, **(kwargs or {}))  # the first call of each warms caches and is not measured
            reference(*args, **(kwargs or {}))
            for _ in range(rounds):
                other = _seconds_a_call(reference, args, kwargs or {})
                best = min(best, _seconds_a_call(fn, args, kwargs or {}) / other)
                if best <= at_most / 2 or best >= 3 * at_most:
                    break
    finally:
        torch.set_num_threads(threads)
    return best


def cpu_ratio(
    fn: Callable[..., Any],
    reference: Callable[..., Any],
    args: Sequence[Any],
    kwargs: Mapping[str, Any] | None = None,
    *,
    at_most: float,
    what: str,
    hint: str = "",
) -> float:
    """Check that ``fn`` takes at most ``at_most`` times the CPU time of ``reference``; return the ratio.

    Raises:
        CheckFailed: it takes longer.
    """
    ratio = measure(fn, reference, args, kwargs, at_most=at_most)
    if ratio > at_most:
        found = f"Your function took {ratio:.0f} times the CPU time of the reference; {at_most:g} times is allowed."
        cause = hint or "a Python loop that runs once per pixel."
        raise failure(what, found, cause=cause, step="let each line of Python work on whole tensors.")
    return ratio


def _seconds_a_call(fn: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]) -> float:
    """Return the mean CPU time of a call, over batches that double until they took long enough to be measured."""
    seconds, calls, batch = 0.0, 0, 1
    while seconds < MEASURED_SECONDS and calls < MOST_CALLS:
        seconds += backend.current().cpu_seconds(fn, args, kwargs, batch)
        calls += batch
        batch = calls
    return max(seconds, 1e-6) / calls
