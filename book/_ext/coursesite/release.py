"""The released notebook of an assignment, as the pages that name it need it; ``autograder.assignment`` reads it."""

from __future__ import annotations

from pathlib import Path

from autograder.assignment.source import from_release
from autograder.errors import AutograderError
from autograder.model import Assignment

__all__ = ["ReleaseError", "read_release", "release_path"]


class ReleaseError(Exception):
    """Say in one line why there is no usable release, and what to do."""


def release_path(root: Path, name: str) -> Path:
    """Return where the released notebook of assignment ``name`` lies."""
    return root / "exercises" / name / f"{name}.ipynb"


def read_release(root: Path, name: str) -> Assignment:
    """Read title, tasks and checks of a released assignment, in the notebook's order.

    Raises:
        ReleaseError: there is no release, or it is not a notebook with tasks.
    """
    path = release_path(root, name)
    shown, again = path.relative_to(root).as_posix(), f"Run `autograder release {name}`."
    if not path.is_file():
        raise ReleaseError(f"Assignment {name} is not released: {shown} is missing. {again}")
    try:
        return from_release(path)
    except AutograderError as error:
        raise ReleaseError(f"{shown} is not a release: {error.message} {again}") from error
