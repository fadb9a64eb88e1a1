"""Tell a cell that the teacher has edited since it was fetched from one that the student has changed.

Whoever hands in yesterday's release with today's course has changed nothing. nbgrader writes a checksum of each cell
into the release; a cell that still has its own is as it was handed out. Looks at untrusted data, and runs none of it.
"""

from __future__ import annotations

import hashlib
from typing import Any, Protocol

__all__ = ["as_released", "same_settings"]

DECIDING = ("grade", "solution", "locked", "task", "points")


class Cell(Protocol):
    """A cell with its text and what its metadata hold for nbgrader, of whatever type that is."""

    @property
    def id(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def source(self) -> str: ...
    @property
    def nbgrader(self) -> Any: ...


class Settings(Protocol):
    @property
    def nbgrader(self) -> Any: ...


def same_settings(cell: Settings, released: Settings) -> bool:
    """Say whether nbgrader would treat ``cell`` as it treats the released one: its checksum and version aside."""
    mine = cell.nbgrader if isinstance(cell.nbgrader, dict) else {}
    return all(mine.get(name) == released.nbgrader.get(name) for name in DECIDING)


def as_released(cell: Cell) -> bool:
    """Say whether ``cell`` has the checksum that nbgrader gave it: ``nbgrader.utils.compute_checksum`` has the rule."""
    about = cell.nbgrader
    if not isinstance(about, dict) or not isinstance(about.get("checksum"), str):
        return False
    grade, solution = about.get("grade", False), about.get("solution", False)
    locked = not solution and (bool(grade) or about.get("locked", False))
    parts = [cell.source, cell.kind, str(grade), str(solution), str(locked), cell.id]
    if grade:
        points = about.get("points")
        if not isinstance(points, int | float) or abs(points) > 1e6:
            return False
        parts.append(str(float(points)))
    checksum: str = about["checksum"]
    return hashlib.md5("".join(parts).encode(), usedforsecurity=False).hexdigest() == checksum
