"""What grading one submission takes and gives, as plain data.

Trusted. A session is a notebook's code cells in order, each with the role that decides where it runs.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from autograder.engines.judge import CellEnd
from autograder.engines.sealed.compiled import CompiledCell
from autograder.isolation import ProcessLimits
from autograder.model import Outcome

__all__ = ["CellRun", "Role", "Rules", "Session", "SessionCell", "run_from_dict", "run_to_dict", "seed_of"]


class Role(StrEnum):
    """Where a cell runs."""

    SETUP = "setup"  # the release's imports: in both halves
    STUDENT = "student"  # in the sandbox
    CHECK = "check"  # in the examiner


@dataclass(frozen=True)
class SessionCell:
    """One code cell. ``number`` is its place in the notebook, ``task`` the task it belongs to (may be empty)."""

    number: int
    role: Role
    source: str
    name: str = ""
    task: str = ""
    compiled: CompiledCell | None = None  # of a check or a setup cell, where it is known


@dataclass(frozen=True)
class Rules:
    """How one submission is run.

    A student cell or a check may use ``limits.check_cpu_seconds`` of CPU time. One that a limit ends takes the sandbox
    with it, and a new one runs the student's cells again, less those that ended one. When a task's answer cell has
    ended a sandbox, or its checks have ended ``ends_per_task``, its other checks get that outcome without being run.
    After ``restarts`` all remaining checks do.

    A sandbox that uses no CPU time for ``idle_seconds`` while it is asked something sleeps or waits forever, and is
    terminated. Even on an overloaded machine, a sandbox that has work gets some CPU time.

    ``demonstrations`` are released cells that show what an answer does, often as a figure. No mark depends on them, and
    they can cost more than all checks together, so they are left out unless asked for.
    """

    limits: ProcessLimits = field(default_factory=ProcessLimits)
    idle_seconds: float = 10.0
    ends_per_task: int = 2
    restarts: int = 16
    demonstrations: bool = False
    examiner_memory_bytes: int = 4 << 30
    device: str = "cpu"

    @property
    def devices(self) -> tuple[str, ...]:
        """The device types that tensors may be on; tests make theirs on ``device``."""
        return tuple(dict.fromkeys(("cpu", self.device)))


@dataclass(frozen=True)
class Session:
    """One submission to run."""

    cells: tuple[SessionCell, ...]
    rules: Rules = field(default_factory=Rules)


@dataclass(frozen=True)
class CellRun:
    """How one cell ended, what it printed, and its CPU time in both halves together.

    ``memory_bytes`` is the most that the student's half held so far, where it was asked for: after the last cell.
    """

    number: int
    end: CellEnd
    printed: str = ""
    cpu_seconds: float = 0.0
    memory_bytes: int = 0


def seed_of(cell: SessionCell, side: str) -> int:
    """Return the seed that a check starts with; its text is hidden, so this cannot be computed outside."""
    return int.from_bytes(hashlib.sha256(f"{side}\0{cell.name}\0{cell.source}".encode()).digest()[:4], "big")


def run_to_dict(run: CellRun) -> dict[str, Any]:
    """Return ``run`` as plain JSON data."""
    end = vars(run.end) | {"limit": run.end.limit.value if run.end.limit else None}
    return {"number": run.number, "end": end, "printed": run.printed, "cpu_seconds": run.cpu_seconds}


def run_from_dict(data: dict[str, Any]) -> CellRun:
    """Rebuild a run from ``run_to_dict``'s data."""
    end = {**data["end"], "limit": Outcome(data["end"]["limit"]) if data["end"]["limit"] else None}
    return CellRun(data["number"], CellEnd(**end), data["printed"], data["cpu_seconds"])
