"""Late penalties: decided by nbgrader and the class's configuration, and noted on disk until they are in the gradebook.

Runs in the coordinator. The note is written before the marks: a run that is killed between marks and penalties leaves
it to the next one.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable
from pathlib import Path

from autograder.course import Course
from autograder.files import write_atomically

__all__ = ["LatePenalties"]


class LatePenalties:
    """The late penalties of ``course`` that are still to be applied, in ``.autograder/penalties.json``."""

    def __init__(self, course: Course) -> None:
        self.url = course.gradebook_url
        self.config_file = course.directory / "nbgrader_config.py"  # says what a late submission costs
        self.path = course.directory / ".autograder" / "penalties.json"

    @property
    def pending(self) -> bool:
        return self.path.exists()

    def note(self, late: Iterable[tuple[str, str]]) -> None:
        """Note the submissions ``late``, each an assignment and a student, durably."""
        write_atomically(self.path, json.dumps([list(one) for one in late]), durable=True)

    def apply(self) -> None:
        """Apply what is noted, and remove the note."""
        for assignment, student in json.loads(self.path.read_text(encoding="utf-8")):
            _apply(self.url, self.config_file, assignment, student)
        self.path.unlink()


def _apply(url: str, config_file: Path, assignment: str, student: str) -> None:
    """Let nbgrader decide the penalty of a submission, by the class's own configuration."""
    from nbformat import from_dict
    from nbgrader.api import MissingEntry
    from nbgrader.preprocessors import AssignLatePenalties
    from traitlets.config.loader import PyFileConfigLoader

    empty = from_dict({"cells": []})  # type: ignore[no-untyped-call]
    config = PyFileConfigLoader(config_file.name, path=str(config_file.parent)).load_config()
    where = {"notebook": assignment, "assignment": assignment, "student": student, "db_url": url}
    with contextlib.suppress(MissingEntry):  # the run was killed before its marks were there: they are entered again
        AssignLatePenalties(config=config).preprocess(empty, {"nbgrader": where})
