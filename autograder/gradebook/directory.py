"""The files that nbgrader expects in a class's folder: its configuration, and the executed notebooks.

Written by the coordinator alone, each file whole or not at all.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from autograder.course import Course
from autograder.files import to_json, write_atomically
from autograder.model import SubmissionResult

__all__ = ["autograded_path", "prepare_directory", "remove_half_written", "write_autograded"]

CONFIG = '''"""What nbgrader needs to know about this class: written by `autograder grade`, yours to change."""

from pathlib import Path

c = get_config()  # noqa: F821

c.CourseDirectory.root = str(Path(__file__).resolve().parent)
'''
DATABASE = "c.CourseDirectory.db_url = {url!r}\n"


def prepare_directory(course: Course) -> None:
    """Give the course directory an ``nbgrader_config.py`` if it has none, so that nbgrader's programs work in it."""
    path = course.directory / "nbgrader_config.py"
    if not path.exists():
        own = f"sqlite:///{course.directory / 'gradebook.db'}"  # is nbgrader's default, wherever the folder moves to
        url = course.gradebook_url
        write_atomically(path, CONFIG + (DATABASE.format(url=url) if url != own else ""))
        path.chmod(0o600)  # an address may hold a password


def remove_half_written(course: Course) -> None:
    """Remove the files that a run that was killed has left half written: call this under ``lock.only_run``."""
    own = course.directory / ".autograder"
    for folder, pattern in ((course.directory, ".*.part"), (course.autograded, "*/*/.*.part"), (own, "**/.*.part")):
        for left in folder.glob(pattern):
            left.unlink(missing_ok=True)


def autograded_path(course: Course, assignment: str, student: str) -> Path:
    """Return where the executed notebook of a submission is."""
    return course.autograded / student / assignment / f"{assignment}.ipynb"


def write_autograded(course: Course, result: SubmissionResult, notebook: dict[str, Any] | bytes) -> Path:
    """Write the executed notebook where nbgrader looks for it."""
    path = autograded_path(course, result.assignment, result.student)
    write_atomically(path, notebook if isinstance(notebook, bytes) else to_json(notebook))
    return path
