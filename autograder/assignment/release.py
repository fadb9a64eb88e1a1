"""Make the students' notebook of an assignment, through nbgrader's own ``generate_assignment``.

nbgrader removes solutions and hidden tests, records the full cells in a gradebook and writes the notebook. Here it
works in a folder of its own; what it made is moved into place whole, or not at all.
"""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

from autograder.assignment.material import Material
from autograder.course import Course
from autograder.errors import GradebookError, SourceError
from autograder.files import write_atomically
from autograder.gradebook.nbgrader_api import quiet_nbgrader

__all__ = [
    "differences",
    "generate",
    "orphan_files",
    "register",
    "release_all",
]


def generate(source: Path, *, out: Path, gradebook_url: str | None = None) -> Path:
    """Write the students' notebook of ``source`` to ``out/NAME/NAME.ipynb``, and its cells into a gradebook.

    The gradebook at ``gradebook_url``, if one is named, gets the assignment with all of its cells, hidden tests
    included, as ``nbgrader generate_assignment`` puts them there: nbgrader's autograde restores them in submissions.

    Raises:
        SourceError: the source breaks a rule, or nbgrader cannot convert it.
        GradebookError: the gradebook cannot be used, or has submissions for other cells than these.
    """
    material = Material.read(source)
    made = _made(material) if gradebook_url is None else _convert(material, gradebook_url)
    target = out / material.name / f"{material.name}.ipynb"
    write_atomically(target, made)
    return target


@lru_cache(maxsize=32)
def _made(material: Material) -> str:
    return _convert(material, None)


def _convert(material: Material, gradebook_url: str | None) -> str:
    """Return the text of the students' notebook, as nbgrader makes it in a folder of its own."""
    name = material.name
    with tempfile.TemporaryDirectory(prefix="autograder-release-") as folder:
        root = Path(folder).resolve()
        write_atomically(root / "source" / name / f"{name}.ipynb", source_text(material))
        run_nbgrader(root, name, gradebook_url)
        return (root / "release" / name / f"{name}.ipynb").read_text(encoding="utf-8")


def source_text(material: Material) -> str:
    """Return the bytes, as text, of nbgrader's source notebook."""
    import nbformat

    writes: Any = nbformat.writes
    return str(writes(material.notebook, version=4)) + "\n"


def run_nbgrader(root: Path, name: str, gradebook_url: str | None) -> None:
    """Run nbgrader's GenerateAssignment on ``root/source/name`` and turn what it only logs into an error."""
    with quiet_nbgrader(), captured_log() as (log, lines):
        from nbgrader.converters import GenerateAssignment
        from nbgrader.converters.base import NbGraderException
        from nbgrader.coursedir import CourseDirectory
        from sqlalchemy.exc import SQLAlchemyError
        from traitlets.config import Config

        config = Config()
        config.CourseDirectory.root = str(root)
        config.CourseDirectory.source_directory = "source"
        config.CourseDirectory.release_directory = "release"
        config.CourseDirectory.assignment_id = name
        if gradebook_url:
            config.CourseDirectory.db_url = gradebook_url
        else:  # what nbgrader's flag --no-db sets
            config.SaveCells.enabled = False
            config.GenerateAssignment.no_database = True
        try:
            course = CourseDirectory(config=config, log=log)
            GenerateAssignment(coursedir=course, config=config, log=log).start()
        except (NbGraderException, SQLAlchemyError) as error:
            raise explained(name, str(error), lines) from error


def explained(name: str, error: str, log: list[str]) -> GradebookError | SourceError:
    """Return our error for nbgrader's, with the last line of the traceback that it logged as the reason."""
    traces = [line for line in log if line.startswith("Traceback")]
    reason = traces[-1].strip().splitlines()[-1] if traces else error
    if "submissions associated" in reason:
        return GradebookError(
            f"The gradebook has submissions for an earlier version of {name} with other cells.",
            "Keep the cells' names, or start a new course directory.",
        )
    if "sqlalchemy" in "".join(traces) or "database" in error or "sqlite3" in reason:
        first = reason.removeprefix("sqlalchemy.exc.").splitlines()[0]
        return GradebookError(
            f"nbgrader cannot use the gradebook ({first}).", "Back it up, then run: nbgrader db upgrade"
        )
    return SourceError(f"nbgrader cannot make the release of {name}: {reason}.")


@contextmanager
def captured_log() -> Iterator[tuple[logging.Logger, list[str]]]:
    """Give a logger that writes nowhere, and the list of its messages of level ERROR."""
    lines: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(record.getMessage())

    log = logging.Logger("nbgrader.generate_assignment", logging.ERROR)
    log.addHandler(Keep())
    yield log, lines


def release(course: Course, name: str) -> str:
    """Return the text of the students' notebook of assignment ``name`` as its source generates it now."""
    return _made(Material.read(course.source(name)))


def register(course: Course, name: str) -> None:
    """Put assignment ``name`` with all its cells into the gradebook of ``course``; raises what ``generate`` raises."""
    with tempfile.TemporaryDirectory(prefix="autograder-release-") as folder:
        generate(course.source(name), out=Path(folder), gradebook_url=course.gradebook_url)


def release_all(course: Course, names: list[str]) -> list[Path]:
    """Write ``exercises/`` for ``names``, and nbgrader's source notebooks under ``build/source``.

    Nothing is written unless every one of ``names`` could be made.

    Raises:
        UnknownAssignment, SourceError: as ``Course.source`` and ``Material.read``.
    """
    texts: dict[Path, str] = {}
    for name in names:
        material = Material.read(course.source(name))
        texts[course.exercise(name)] = _made(material)
        texts[course.root / "build" / "source" / name / f"{name}.ipynb"] = source_text(material)
    for path, text in texts.items():
        write_atomically(path, text)
    return [course.exercise(name) for name in names]


def differences(course: Course, names: list[str]) -> list[str]:
    """Say, one line each, where ``exercises/`` is not what ``solutions/`` generates; an empty list is all well."""
    found = []
    for name in names:
        path = course.exercise(name)
        shown = path.relative_to(course.root)
        if not path.is_file():
            found.append(f"{shown} is missing.")
            continue
        expected, actual = release(course, name).splitlines(), path.read_text(encoding="utf-8").splitlines()
        if expected != actual:
            at = next((i for i, (a, b) in enumerate(zip(expected, actual, strict=False)) if a != b), None)
            at = min(len(expected), len(actual)) if at is None else at
            line = actual[at].strip()[:60] if at < len(actual) else "the end of the file"
            found.append(f"{shown} differs from its source at line {at + 1}: {line}")
    return found


def orphan_files(course: Course) -> list[str]:
    """Say which files under ``exercises/`` no source generates."""
    known = {course.exercise(name) for name in course.assignments()}
    files = (path for path in sorted(course.exercises.rglob("*")) if path.is_file())
    return [
        f"{path.relative_to(course.root)} comes from no source."
        for path in files
        if path not in known and ".ipynb_checkpoints" not in path.parts and not path.name.startswith(".git")
    ]
