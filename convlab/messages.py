"""What a student reads when a check fails: what was checked, what came out, the likely cause, the next step.

This module needs nothing but Python, so that the grading side can name ``CheckFailed`` without importing torch.
"""

from __future__ import annotations

import hashlib

__all__ = ["NO_RETURN", "CheckFailed", "failure", "share"]

NO_RETURN = ("the function ends without return.", "end your function with return and the result.")


class CheckFailed(AssertionError):
    """Say that an answer is wrong; ``str()`` of it is the whole message for the student."""

    def _render_traceback_(self) -> list[str]:
        """Tell IPython to show the message alone: a traceback into the checks would teach nothing."""
        return ["Check failed", *str(self).splitlines()]


def failure(
    what: str, found: str, *, case: str = "", cause: str = "", step: str = "", evidence: object = None
) -> CheckFailed:
    """Return a ``CheckFailed`` whose message has one line each for what, found, cause and step.

    ``case`` names the call that was made. Only a public check may give it: with it the message may show values,
    without it the message never does. ``evidence`` is what the function gave in all cases, and nothing expected: a hash
    of it becomes a note of the error, by which a grader can tell apart mistakes that have the same message.
    """
    head = f"{what.rstrip('.:')}: {case}" if case else what.rstrip(".:")
    if not step and case:
        step = "work this case out by hand, then print what your function makes of it."
    elif not step:
        step = "try a small case of your own, of the kind that the first line names, and work it out by hand."
    lines = [head, found]
    if cause:
        lines.append(f"Likely cause: {cause}")
    lines.append(f"Next: {step}")
    error = CheckFailed("\n".join(lines))
    if evidence is not None:
        error.add_note(f"Evidence: {hashlib.sha256(_plain(evidence).encode()).hexdigest()[:16]}")
    return error


def _plain(value: object) -> str:
    """Return ``value`` as text: floats to nine digits, and of objects the type alone."""
    if isinstance(value, float):
        return f"{value:.9g}"
    if isinstance(value, tuple | list):
        return f"({','.join(map(_plain, value))})"
    return repr(value) if value is None or isinstance(value, bool | int | str) else type(value).__name__


def share(count: int, total: int, noun: str) -> str:
    """Return roughly how many of ``total`` things: "a few of 10 cases".

    A hidden check says no exact number: answers made for the purpose could read hidden values from it.
    """
    if total == 1:
        return f"the only {noun}"
    if count == total:
        return f"all {total} {noun}s"
    word = "most" if count >= 0.6 * total else "about half" if count >= 0.4 * total else "a few"
    return f"{word} of {total} {noun}s"
