"""Every error the autograder raises on purpose.

A student's fault is never here: it is a value, an ``Outcome`` with its evidence (``autograder.model``).

    AutograderError            exit code 3, ours unless a subclass says otherwise
    ├── UsageError             exit code 2, the caller asked for something that cannot be done
    │   ├── PathError          a path is missing, of the wrong kind or not writable
    │   ├── UnknownAssignment  no assignment has that name
    │   ├── NotebookError      a file is not a notebook, or not one of this assignment
    │   ├── SourceError        an assignment's source breaks a rule for sources
    │   └── GradebookError     the gradebook is not one that the installed nbgrader can use
    └── HostError              exit code 3, the machine failed us
        ├── DiskError          no space left, or a write failed
        └── EngineError        a grading process died without the student's doing
"""

from __future__ import annotations

from typing import Any

__all__ = [
    "AutograderError",
    "DiskError",
    "EngineError",
    "GradebookError",
    "HostError",
    "NotebookError",
    "PathError",
    "SourceError",
    "UnknownAssignment",
    "UsageError",
]


class AutograderError(Exception):
    """Say what is wrong in ``message`` and what to do about it in ``hint``, each in one line."""

    exit_code = 3

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message, hint)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()

    def __reduce__(self) -> tuple[Any, ...]:
        return (type(self), (self.message, self.hint))


class UsageError(AutograderError):
    exit_code = 2


class PathError(UsageError):
    pass


class UnknownAssignment(UsageError):
    pass


class NotebookError(UsageError):
    pass


class SourceError(UsageError):
    pass


class GradebookError(UsageError):
    pass


class HostError(AutograderError):
    pass


class DiskError(HostError):
    pass


class EngineError(HostError):
    pass
