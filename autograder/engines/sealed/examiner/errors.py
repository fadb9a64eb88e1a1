"""What the examiner raises for the student's doing: errors that a test may catch, and ends that it may not.

Runs in the examiner. Names and texts of errors come from the sandbox and are only shown, never believed.
"""

from __future__ import annotations

import functools

from autograder.model import Outcome

__all__ = ["CannotBeChecked", "Stopped", "StudentError", "student_error"]

_KNOWN: dict[str, type[Exception]] = {
    kind.__name__: kind
    for kind in (
        *(
            ArithmeticError,
            AssertionError,
            AttributeError,
            BufferError,
            EOFError,
            FileNotFoundError,
            FloatingPointError,
        ),
        *(ImportError, IndexError, KeyError, LookupError, MemoryError, ModuleNotFoundError, NameError, OSError),
        *(NotImplementedError, OverflowError, PermissionError, RecursionError, ReferenceError, RuntimeError),
        *(StopIteration, SyntaxError, SystemError, TimeoutError, TypeError, UnboundLocalError, UnicodeError),
        *(ValueError, ZeroDivisionError),
    )
}
_MOST_TEXT = 2000


class Stopped(BaseException):
    """Say that the sandbox is gone. Not an ``Exception``: no test may take it for the error it expects."""

    def __init__(self, outcome: Outcome, detail: str) -> None:
        super().__init__(outcome, detail)
        self.outcome = outcome
        self.detail = detail


class StudentError(Exception):
    """An error of the student's code: its class name there, its text, and (cell, line) of its frames in their cells."""

    kind = "Exception"
    places: tuple[tuple[int, int], ...] = ()

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else ""


class CannotBeChecked(Exception):
    """A value of the student's that no message can hold. What it says is one of ``encode.REASONS``, never theirs.

    No error that a test may ask for: a function that should raise TypeError has not done so.
    """


@functools.cache
def _class(name: str, base: str) -> type[StudentError]:
    bases = (StudentError, _KNOWN[base]) if base in _KNOWN else (StudentError,)
    return type(name, bases, {"kind": name})


def student_error(names: list[str], text: str, places: list[tuple[int, int]]) -> StudentError:
    """Return an error that ``except`` treats as the first builtin class in ``names``, and whose class has that name."""
    base = next((name for name in names if name in _KNOWN), "Exception")
    own = (
        names[0]
        if names and names[0].isidentifier() and names[0] not in ("CannotBeChecked", "CheckFailed", "Stopped")
        else base
    )
    error = _class(own[:60], base)(_printable(text))
    error.places = tuple(places)
    return error


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() or c == "\n" else "\N{REPLACEMENT CHARACTER}" for c in text[:_MOST_TEXT])
