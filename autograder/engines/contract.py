"""What every grading engine takes and gives. Callers know engines by the Protocol alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from autograder.model import Assignment, Submission, SubmissionResult
from autograder.submissions.intake import IntakeResult

__all__ = ["Engine", "Graded", "Job", "Limits", "keeping"]


@dataclass(frozen=True)
class Limits:
    """What one submission may use.

    Times are seconds of CPU for a cell that computes, and four times as many by the clock for one that waits.
    """

    cell_seconds: float = 10.0  # for a cell that the student wrote, and for a check
    setup_seconds: float = 120.0  # for a released cell that is not a check: the first import of torch on a busy machine
    submission_seconds: float = 600.0
    memory_bytes: int = 8_000_000_000
    output_chars: int = 200_000  # of one cell


@dataclass(frozen=True)
class Job:
    """One repaired submission to grade. ``source`` is the assignment's source file; ``key`` goes into the result.

    ``checks`` names those that are wanted, None for all. An engine may run others too; the student's cells always run.
    """

    submission: Submission
    key: str
    intake: IntakeResult
    notebook: dict[str, Any]
    assignment: Assignment
    source: Path
    limits: Limits = field(default_factory=Limits)
    checks: frozenset[str] | None = None


@dataclass(frozen=True)
class Graded:
    """A result with the executed notebook, or None when there is none (the engine's process died).

    Bytes are the same as JSON: what came from another process is mostly written as it is, so nobody need read it.
    """

    result: SubmissionResult
    notebook: dict[str, Any] | bytes | None


class Engine(Protocol):
    """Something that runs submissions and says what each check gave.

    ``warning`` is one line on what this engine does not protect from, or empty.
    """

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> str: ...

    @property
    def warning(self) -> str: ...

    def grade(self, jobs: Iterable[Job]) -> Iterator[Graded]:
        """Yield each job's result as it is ready, in any order; a submission's fault never raises.

        Raises:
            EngineError: grading cannot go on for a reason that is not a submission's.
        """
        ...


def keeping(engine: Engine) -> AbstractContextManager[None]:
    """Let ``engine`` keep its processes while this is open, from one ``grade`` to the next, if it can."""
    keep = getattr(engine, "kept", nullcontext)
    context: AbstractContextManager[None] = keep()
    return context
