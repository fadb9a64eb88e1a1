"""Find what was handed in: one notebook a student in the class's folder ``submitted/``.

Runs in the coordinator. Names of folders and files are the students' to choose; nothing is opened here.
"""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Callable
from pathlib import Path

from autograder.course import Course
from autograder.errors import PathError, UsageError
from autograder.model import Submission
from autograder.submissions.students import trouble_with

__all__ = ["find_submissions", "submission_in"]

MOST_NAMED = 8


def find_submissions(
    course: Course, name: str, students: tuple[str, ...] = (), warn: Callable[[str], None] = lambda _: None
) -> list[Submission]:
    """Return the submissions of ``name``, by student; a folder without one notebook points at the missing file.

    A folder whose name cannot be a student's id is left out, and ``warn`` is told: it stops nobody else.

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
        if folder.name.startswith(".") or not folder.is_dir():
            continue
        handed_in = submission_in(folder, name)
        if handed_in is None:
            continue
        if trouble := trouble_with(folder.name):
            warn(f"Left out. {trouble}")
            continue
        found[folder.name] = handed_in
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


def submission_in(folder: Path, name: str) -> Submission | None:
    """Return what a student's folder holds of the assignment ``name``, None where it is nothing.

    The notebook with the assignment's name counts; else the newest of those that are called nearly so (a copy, another
    case, one more ending), in the assignment's folder, in a folder below it or beside it; else the only other one. All
    other files there are named. Where nothing counts, the path is that of the missing notebook.
    """
    own = [path for path in folder.iterdir() if path.name.lower() == name.lower() and path.is_dir()]
    inside = _files([path for place in sorted(own, key=lambda path: path.name != name) for path in [place]])
    flat = [path for path in sorted(folder.iterdir()) if path.is_file() and _is_copy(path.name, name)]
    if not own and not flat:
        return None
    expected = folder / name / f"{name}.ipynb"
    files = [*inside, *flat]
    alike = [path for path in files if _is_copy(path.name, name)]
    notebooks = [path for path in files if path.suffix.lower() == ".ipynb"]
    if os.path.lexists(expected):
        chosen = expected
    elif alike:
        chosen = max(alike, key=lambda path: (path.lstat().st_mtime, path.name))
    else:
        chosen = notebooks[0] if len(notebooks) == 1 else expected
    others = tuple(path.name for path in files if path != chosen and _may_be_work(path))
    return Submission(folder.name, name, chosen, others[:MOST_NAMED])


def _files(places: list[Path]) -> list[Path]:
    """Return the files below ``places``, at most two folders deep, hidden ones and links to folders left out."""
    found: list[Path] = []
    for depth in ("*", "*/*", "*/*/*"):
        for place in places:
            inner = [path for path in sorted(place.glob(depth)) if not _out_of_sight(path, place)]
            found += [path for path in inner if not path.is_dir()]
    return found


def _out_of_sight(path: Path, place: Path) -> bool:
    own = path.relative_to(place)
    return any(part.startswith((".", "__MACOSX")) for part in own.parts) or any(
        (place / folder).is_symlink() for folder in list(own.parents)[:-1]
    )


def _is_copy(file: str, name: str) -> bool:
    """Say whether ``file`` is the assignment's notebook, or what a browser or an editor calls a copy of it."""
    mark = r"(?: ?\(\d+\)|[-_ ]?(?:copy|kopie|copie|final|v)[-_ ]?\d*)*"
    return bool(re.fullmatch(rf"{re.escape(name)}{mark}\.ipynb(?:\.txt|\.json)?", file, re.IGNORECASE))


def _may_be_work(path: Path) -> bool:
    return path.suffix.lower() in (".ipynb", ".zip", ".py", ".html", ".pdf", ".tar", ".gz", ".7z", ".rar") or (
        ".ipynb" in path.name.lower()
    )
