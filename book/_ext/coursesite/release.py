"""Read a released assignment: the notebook that students get, with nbgrader's metadata in it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["Check", "Release", "ReleaseError", "Task", "read_release", "release_path"]

HEADING = re.compile(r"^#{1,4}\s+(.*?)\s*$", re.MULTILINE)
TASK_HEADING = re.compile(r"^Task\s+\d+\s*·\s*(?P<title>.*?)\s*\(\s*[\d.]+\s+points?\s*\)$")


class ReleaseError(Exception):
    """Say in one line why there is no usable release, and what to do."""


@dataclass(frozen=True)
class Check:
    title: str
    points: float
    public: bool


@dataclass(frozen=True)
class Task:
    name: str
    title: str
    checks: tuple[Check, ...]

    @property
    def points(self) -> float:
        return sum(check.points for check in self.checks)


@dataclass(frozen=True)
class Release:
    name: str
    title: str
    tasks: tuple[Task, ...]

    @property
    def points(self) -> float:
        return sum(task.points for task in self.tasks)


def release_path(root: Path, name: str) -> Path:
    """Return where the released notebook of assignment ``name`` lies."""
    return root / "exercises" / name / f"{name}.ipynb"


def _source(cell: dict[str, Any]) -> str:
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)


def _check(cell: dict[str, Any], grade_id: str) -> Check:
    lines = _source(cell).strip().splitlines()
    title = lines[0].lstrip("# ").strip() if lines and lines[0].startswith("#") else grade_id
    points = float(cell["metadata"]["nbgrader"].get("points", 0))
    return Check(title, points, grade_id.partition("-")[2] == "public")


def read_release(root: Path, name: str) -> Release:
    """Read title, tasks and checks of a released assignment, in the notebook's order.

    Raises:
        ReleaseError: there is no release, or it is not a notebook with tasks.
    """
    path = release_path(root, name)
    again = f"Run `autograder release {name}`."
    if not path.is_file():
        raise ReleaseError(f"Assignment {name} is not released: exercises/{name}/{name}.ipynb is missing. {again}")
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        marked = [(cell["metadata"].get("nbgrader", {}), cell) for cell in cells]
        texts = [_source(cell) for cell in cells if cell["cell_type"] == "markdown"]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ReleaseError(f"exercises/{name}/{name}.ipynb is not a notebook. {again}") from error
    titles: dict[str, str] = {}
    checks: dict[str, list[Check]] = {}
    for mark, cell in marked:
        grade_id = mark.get("grade_id", "")
        task, _, aspect = grade_id.partition("-")
        if aspect == "statement":
            heading = HEADING.search(_source(cell))
            match = TASK_HEADING.match(heading[1]) if heading else None
            titles[task] = match["title"] if match else task
        elif mark.get("grade"):
            checks.setdefault(task, []).append(_check(cell, grade_id))
    if not checks:
        raise ReleaseError(f"exercises/{name}/{name}.ipynb has no graded cell. {again}")
    heading = next((found for text in texts if (found := HEADING.search(text))), None)
    tasks = tuple(Task(task, titles.get(task, task), tuple(found)) for task, found in checks.items())
    return Release(name, heading[1] if heading else name, tasks)
