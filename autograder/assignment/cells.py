"""The cells of an assignment's notebook: nbgrader's names and roles, and the regions that are hidden from students.

Trusted; reads notebooks as data and runs nothing.
"""

from __future__ import annotations

import re
from typing import Any

__all__ = [
    "BEGIN_HIDDEN",
    "BEGIN_SOLUTION",
    "END_HIDDEN",
    "END_SOLUTION",
    "HEADING",
    "TASK_HEADING",
    "grade_id",
    "is_answer",
    "is_check",
    "is_manual",
    "regions",
    "squeeze",
    "task_of",
    "title_of",
]

BEGIN_SOLUTION, END_SOLUTION = "### BEGIN SOLUTION", "### END SOLUTION"
BEGIN_HIDDEN, END_HIDDEN = "### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS"

HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*$", re.MULTILINE)
TASK_HEADING = re.compile(r"^###\s+Task\s+(\d+)\s+·\s+(.+?)\s+\((\d+(?:\.\d+)?)\s+points?\)\s*$", re.MULTILINE)


def grade_id(cell: Any) -> str:
    """Return the nbgrader name of ``cell``, or "" where it has none."""
    return str(cell.get("metadata", {}).get("nbgrader", {}).get("grade_id", ""))


def task_of(name: str) -> str:
    """Return the task that the cell called ``name`` belongs to: all before the first hyphen."""
    return name.partition("-")[0]


def is_check(cell: Any) -> bool:
    """Say whether ``cell`` is graded automatically."""
    return bool(cell.get("metadata", {}).get("nbgrader", {}).get("grade")) and not is_answer(cell)


def is_answer(cell: Any) -> bool:
    """Say whether the student writes in ``cell``."""
    return bool(cell.get("metadata", {}).get("nbgrader", {}).get("solution"))


def is_manual(cell: Any) -> bool:
    """Say whether a person grades ``cell``: nbgrader's manually graded answers and task cells."""
    about = cell.get("metadata", {}).get("nbgrader", {})
    return bool(about.get("task") or (about.get("grade") and about.get("solution")))


def title_of(cell: Any) -> str:
    """Return what a check's first line, a comment, says it checks ("" where there is none)."""
    first = cell.source.lstrip().partition("\n")[0]
    return first.lstrip("# ").strip() if first.startswith("#") and not first.startswith("###") else ""


def regions(text: str, begin: str, end: str) -> tuple[list[str], list[str]]:
    """Return the lines of ``text`` outside and inside all ``begin``/``end`` pairs, the markers left out."""
    outside: list[str] = []
    inside: list[str] = []
    within = False
    for line in text.splitlines():
        if begin in line or end in line:
            within = begin in line
        else:
            (inside if within else outside).append(line)
    return outside, inside


def squeeze(line: str) -> str:
    """Return ``line`` without white space, so that layout cannot hide that two lines are the same."""
    return "".join(line.split())
