"""Where things are: the repository of the course, and the course directory of one class.

Both are the instructor's and trusted, the class's ``nbgrader_config.py`` included, which is run as nbgrader runs it.
"""

from __future__ import annotations

import difflib
import functools
import os
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import GradebookError, PathError, UnknownAssignment

__all__ = ["Course", "configured_database", "find_root"]


def find_root(start: Path | None = None) -> Path:
    """Return the nearest folder at or above ``start`` that holds ``solutions/`` or ``exercises/`` beside ``_toc.yml``.

    Raises:
        PathError: there is none up to the top of the file system.
    """
    here = (start or Path.cwd()).absolute()
    for folder in (here, *here.parents):
        if (folder / "_toc.yml").is_file() and (folder / "exercises").is_dir():
            return folder
    raise PathError(
        f"No course found in {here} or above it.", "Run this inside the course's folder, or name it with --root DIR."
    )


@dataclass(frozen=True)
class Course:
    """The course's repository (``root``) and one class's nbgrader course directory (``directory``).

    ``directory`` holds what grading reads and writes: ``submitted/``, ``autograded/``, ``feedback/``, ``report/`` and
    the gradebook. It is the repository itself unless another is named. ``database`` is the gradebook's URL where the
    caller names one.
    """

    root: Path
    directory: Path
    database: str = ""

    @classmethod
    def open(cls, root: Path | None = None, directory: Path | None = None, database: str | None = None) -> Course:
        """Find the repository and the course directory.

        Raises:
            PathError: one of the two does not exist.
        """
        found = find_root() if root is None else root.absolute()
        for folder in (found, directory):
            if folder is not None and not folder.is_dir():
                raise PathError(f"{folder} is not a folder.", "Check the path.")
        if root is not None:
            found = find_root(found)
        return cls(found, found if directory is None else directory.absolute(), database or "")

    @property
    def solutions(self) -> Path:
        return self.root / "solutions"

    @property
    def exercises(self) -> Path:
        return self.root / "exercises"

    @property
    def submitted(self) -> Path:
        return self.directory / "submitted"

    @property
    def autograded(self) -> Path:
        return self.directory / "autograded"

    @property
    def feedback(self) -> Path:
        return self.directory / "feedback"

    @property
    def report(self) -> Path:
        return self.directory / "report"

    @property
    def gradebook_url(self) -> str:
        """The gradebook's database URL: the one named, else ``AUTOGRADER_DB``, else ``CourseDirectory.db_url`` of the
        class's ``nbgrader_config.py``, else SQLite in the course directory.
        """
        named = self.database or os.environ.get("AUTOGRADER_DB") or configured_database(self.directory)
        return named or f"sqlite:///{self.directory / 'gradebook.db'}"

    def assignments(self) -> list[str]:
        """List the names of all assignments that have a source, in order."""
        return sorted(p.name for p in self.solutions.glob("[0-9][0-9]-*") if (p / f"{p.name}.py").is_file())

    def source(self, assignment: str) -> Path:
        """Return the one file an author edits for ``assignment``.

        Raises:
            UnknownAssignment: no assignment has that name; the message names the nearest.
        """
        names = self.assignments()
        if assignment not in names:
            near = difflib.get_close_matches(assignment, names, n=1, cutoff=0.3)
            hint = f"Did you mean {near[0]}?" if near else f"There are: {', '.join(names) or 'none yet'}."
            raise UnknownAssignment(f"There is no assignment {assignment!r}.", hint)
        return self.solutions / assignment / f"{assignment}.py"

    def exercise(self, assignment: str) -> Path:
        """Return the released notebook of ``assignment`` (which may not have been written yet)."""
        self.source(assignment)
        return self.exercises / assignment / f"{assignment}.ipynb"


def configured_database(folder: Path) -> str:
    """Return ``c.CourseDirectory.db_url`` of the configuration in ``folder``, or "" where there is none.

    Raises:
        GradebookError: the file cannot be run.
    """
    path = folder / "nbgrader_config.py"
    if not path.is_file():
        return ""
    return _database(path, path.read_bytes())


@functools.lru_cache(maxsize=8)
def _database(path: Path, content: bytes) -> str:
    if b"db_url" not in content:  # nothing is imported for the usual case
        return ""
    from traitlets.config.loader import PyFileConfigLoader

    try:
        config = PyFileConfigLoader(path.name, path=str(path.parent)).load_config()
    except Exception as error:  # the file is Python, and may raise anything
        raise GradebookError(f"{path} cannot be run: {type(error).__name__}: {error}.", "Fix it.") from error
    found = config.CourseDirectory.get("db_url") if "CourseDirectory" in config else None
    return found if isinstance(found, str) else ""
