"""Compare the CPU time of an answer with that of a reference, so that a loaded machine grades as an idle one does."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch

from convlab.messages import failure

__all__ = ["cpu_ratio", "measure"]

ENOUGH_SECONDS = 1.0


def measure(
    fn: Callable[..., Any],
    reference: Callable[..., Any],
    args: Sequence[Any],
    kwargs: Mapping[str, Any] | None = None,
    *,
    at_most: float,
    rounds: int = 15,
) -> float:
    """Return the ratio of CPU times, ``fn`` to ``reference``, each the best of several runs on one torch thread.

    Runs alternate and the best counts, because other programs on the machine can only make a run slower. Stop early
    when the ratio is at most half of ``at_most``, or three times over it after a second.
    """
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with torch.no_grad():
            fn(*args, **(kwargs or {}))
            reference(*args, **(kwargs or {}))
            own = other = float("inf")
            spent = 0.0
            for done in range(1, rounds + 1):
                for _ in range(3):  # the reference is short: more runs of it, so that its best is as good
                    other = min(other, _cpu_seconds(reference, args, kwargs or {}))
                seconds = _cpu_seconds(fn, args, kwargs or {})
                own, spent = min(own, seconds), spent + seconds
                ratio = own / max(other, 1e-6)
                if (done >= 3 and ratio <= at_most / 2) or (spent >= ENOUGH_SECONDS and ratio >= 3 * at_most):
                    break
    finally:
        torch.set_num_threads(threads)
    return ratio


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


def _cpu_seconds(fn: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]) -> float:
    start = time.process_time()
    fn(*args, **kwargs)
    return time.process_time() - start
