"""Read the one setting of the class's ``nbgrader_config.py`` that grading shares with nbgrader's programs."""

from __future__ import annotations

import functools
from pathlib import Path

from autograder.errors import GradebookError

__all__ = ["configured_database"]


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
        raise GradebookError(f"{path} cannot be run: {type(error).__name__}: {error}.", "Mend it.") from error
    found = config.CourseDirectory.get("db_url") if "CourseDirectory" in config else None
    return found if isinstance(found, str) else ""
