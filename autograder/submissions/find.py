"""Find what was handed in: one notebook a student in the class's folder ``submitted/``.

Runs in the coordinator. Names of folders and files are the students' to choose; nothing is opened here.
"""

from __future__ import annotations

import difflib
from pathlib import Path

from autograder.course import Course
from autograder.errors import PathError, UsageError
from autograder.model import Submission

__all__ = ["find_submissions", "notebook_in"]


def find_submissions(course: Course, name: str, students: tuple[str, ...] = ()) -> list[Submission]:
    """Return the submissions of ``name``, by student; a folder without one notebook points at the missing file.

    Raises:
        PathError: there is no folder ``submitted/``, or nothing of this assignment in it.
        UsageError: one of ``students`` handed nothing in.
    """
    if not course.submitted.is_dir():
        raise PathError(
            f"There is no folder {course.submitted}.",
            f"Put each notebook at submitted/STUDENT/{name}/{name}.ipynb, or name the class with --course DIR.",
        )
    found: dict[str, Submission] = {}
    for folder in sorted(course.submitted.iterdir()):
        if folder.name.startswith(".") or not (folder / name).is_dir():
            continue
        if not folder.name.isprintable():
            raise PathError(f"The folder {folder.name!a} in submitted/ has no readable name.", "Rename it.")
        found[folder.name] = Submission(folder.name, name, notebook_in(folder / name, name))
    if not found:
        raise PathError(
            f"Nobody in {course.submitted} has handed in {name}.",
            f"Put each notebook at submitted/STUDENT/{name}/{name}.ipynb.",
        )
    for student in students:
        if student not in found:
            near = difflib.get_close_matches(student, found, n=1)
            hint = f"Did you mean {near[0]}?" if near else f"Look in {course.submitted}."
            raise UsageError(f"{student!r} has handed in nothing of {name}.", hint)
    return [found[student] for student in sorted(set(students) or found)]


def notebook_in(folder: Path, name: str) -> Path:
    """Return the notebook with the assignment's name, else the only one there is, else the missing one."""
    expected = folder / f"{name}.ipynb"
    others = [path for path in folder.glob("*.ipynb") if not path.name.startswith(".")]
    return others[0] if len(others) == 1 and not expected.exists() else expected
