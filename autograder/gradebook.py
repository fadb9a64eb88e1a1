"""Put results into nbgrader's gradebook and its ``autograded/`` folder, so that nbgrader's own tools go on from there.

Only the process that the instructor started writes here. Each submission is one transaction. What a person entered
(manual scores, extra credit, comments) is never touched.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from autograder.course import Course
from autograder.errors import GradebookError
from autograder.model import Outcome, SubmissionResult
from autograder.release import nbgrader_at_ease, newest_layout, write_atomically

__all__ = ["Gradebook", "prepare_directory", "write_autograded"]

T = TypeVar("T")

CONFIG = '''"""What nbgrader needs to know about this class: written by `autograder grade`, yours to change."""

c = get_config()  # noqa: F821

c.CourseDirectory.root = {root!r}
c.CourseDirectory.db_url = {url!r}
'''


def prepare_directory(course: Course) -> None:
    """Give the course directory an ``nbgrader_config.py`` if it has none, so that nbgrader's programs work in it."""
    path = course.directory / "nbgrader_config.py"
    if not path.exists():
        write_atomically(path, CONFIG.format(root=str(course.directory), url=course.gradebook_url))


def write_autograded(course: Course, result: SubmissionResult, notebook: dict[str, Any]) -> Path:
    """Write the executed notebook where nbgrader looks for it."""
    name = result.assignment
    path = course.autograded / result.student / name / f"{name}.ipynb"
    write_atomically(path, json.dumps(notebook, ensure_ascii=False, indent=1) + "\n")
    return path


class Gradebook:
    """The gradebook of ``course``; ``patience`` is how many seconds to wait for another program's lock."""

    def __init__(self, course: Course, patience: float = 30.0) -> None:
        self.url = course.gradebook_url
        self.config_file = course.directory / "nbgrader_config.py"  # says what a late submission costs
        self.patience = patience

    def check(self) -> None:
        """Make sure that the installed nbgrader can use the database; one that is not there yet is fine.

        Raises:
            GradebookError: it is not a database, or of another nbgrader version.
        """
        path = self._file()
        if path is not None and (not path.exists() or path.stat().st_size == 0):
            return
        revision = self._patiently(self._revision)
        if revision is None:
            return
        with nbgrader_at_ease():
            newest = newest_layout()
        if revision != newest:
            raise GradebookError(
                f"The gradebook {self._shown()} was made by another nbgrader version "
                f"(its layout is {revision or 'unknown'}, this one's is {newest}).",
                "Make a copy of it, then run `nbgrader db upgrade` there.",
            )

    def register(self, template: Path) -> None:
        """Enter the assignment that the gradebook file ``template`` holds, with all of its cells.

        Raises:
            GradebookError: there are submissions to a version of the assignment that had other cells.
        """
        with _connected(f"sqlite:///{template}") as fresh:
            (assignment,) = fresh.assignments
            self._patiently(lambda: self._register(assignment))

    def missing(self, results: list[SubmissionResult]) -> list[SubmissionResult]:
        """Return those of ``results`` whose marks are not in the gradebook as they should be."""

        def look(gradebook: Any) -> list[SubmissionResult]:
            return [result for result in results if not _holds(gradebook, result)]

        return self._patiently(lambda: self._with(look))

    def put(
        self, result: SubmissionResult, timestamp: str | None = None, unwritten: frozenset[str] = frozenset()
    ) -> None:
        """Write the marks of one submission.

        Args:
            result: the marks.
            timestamp: when it was handed in, as nbgrader's ``timestamp.txt`` has it.
            unwritten: the names of answer cells that are still the stub: nbgrader comments these "No response.".
        """

        def write(gradebook: Any) -> None:
            with _one_transaction(gradebook):
                late = _put(gradebook, result, timestamp, unwritten)
            if late:
                _penalise(self.url, self.config_file, result)

        self._patiently(lambda: self._with(write))

    def _register(self, assignment: Any) -> None:
        def write(gradebook: Any) -> None:
            with _one_transaction(gradebook):
                _copy_assignment(gradebook, assignment)

        self._with(write)

    def _with(self, work: Callable[[Any], T]) -> T:
        with _connected(self.url) as gradebook:
            return work(gradebook)

    def _patiently(self, work: Callable[[], T]) -> T:
        """Do ``work``, again after a pause while another program holds the lock."""
        with nbgrader_at_ease():
            from nbgrader.api import InvalidEntry
        from sqlalchemy.exc import ArgumentError, DatabaseError

        pause, end = 0.1, time.monotonic() + self.patience
        while True:
            try:
                return work()
            except (ArgumentError, ImportError) as error:
                raise GradebookError(
                    f"AUTOGRADER_DB does not name a database: {error}.", "Mend or unset it."
                ) from error
            except (DatabaseError, sqlite3.DatabaseError, InvalidEntry) as error:
                reason = str(getattr(error, "orig", error))
                if "is full" in reason or "disk I/O error" in reason:
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), self._shown()) from error
                if "locked" not in reason:
                    raise GradebookError(
                        f"The gradebook {self._shown()} cannot be used: {reason.splitlines()[0]}.",
                        "Move it away to start a new one, or put a backup in its place.",
                    ) from error
                if time.monotonic() >= end:
                    raise GradebookError(
                        f"Another program has held the gradebook {self._shown()} for {self.patience:.0f} s.",
                        "Close it (a formgrader or database browser, perhaps) and run this again: "
                        "what was graded is kept.",
                    ) from error
            time.sleep(pause)
            pause = min(2 * pause, 2.0)

    def _file(self) -> Path | None:
        prefix = "sqlite:///"
        return Path(self.url.removeprefix(prefix)) if self.url.startswith(prefix) else None

    def _shown(self) -> str:
        """Name the gradebook without a password."""
        from sqlalchemy import make_url

        return str(self._file() or make_url(self.url).render_as_string(hide_password=True))

    def _revision(self) -> str | None:
        """Return alembic's revision, "" where the tables carry none, None for a database without tables."""
        from sqlalchemy import create_engine, inspect, text

        engine = create_engine(self.url)
        try:
            with engine.connect() as connection:
                tables = inspect(connection).get_table_names()
                if "alembic_version" not in tables:
                    return "" if tables else None
                return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or "")
        finally:
            engine.dispose()


@contextlib.contextmanager
def _connected(url: str) -> Iterator[Any]:
    with nbgrader_at_ease():
        from nbgrader.api import Gradebook as Api

        # A short wait for locks here: Gradebook's own patience, which says what it waits for, is above it.
        with Api(f"{url}?timeout=1" if url.startswith("sqlite:///") and "?" not in url else url) as gradebook:
            yield gradebook


@contextlib.contextmanager
def _one_transaction(gradebook: Any) -> Iterator[None]:
    """Make the commits that nbgrader's methods do part of one transaction."""
    from sqlalchemy import text

    session = gradebook.db()
    if session.bind.dialect.name == "sqlite":
        session.execute(text("BEGIN IMMEDIATE"))  # take the lock first: nothing is read that another run then changes
    commit = session.commit
    session.commit = session.flush
    try:
        with session.no_autoflush:
            yield
        commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        del session.commit


def _copy_assignment(gradebook: Any, fresh: Any) -> None:
    """Enter ``fresh``, an assignment of another gradebook, or bring what is there up to date."""
    name = fresh.name
    gradebook.update_or_create_assignment(name)
    for source in fresh.notebooks:
        present = {n.name: n for n in gradebook.find_assignment(name).notebooks}.get(source.name)
        if present is not None and present.submissions:
            for kind in ("grade_cells", "solution_cells", "source_cells"):
                if {c.name for c in getattr(present, kind)} != {c.name for c in getattr(source, kind)}:
                    raise GradebookError(
                        f"The gradebook has submissions for an earlier version of {name} with other cells.",
                        "Keep the cells' names, or start a new course directory.",
                    )
        elif present is not None:
            gradebook.remove_notebook(source.name, name)
        gradebook.update_or_create_notebook(source.name, name, kernelspec=source.kernelspec)
        for cell in source.grade_cells:
            gradebook.update_or_create_grade_cell(
                cell.name, source.name, name, max_score=cell.max_score, cell_type=cell.cell_type
            )
        for cell in source.solution_cells:
            gradebook.update_or_create_solution_cell(cell.name, source.name, name)
        for cell in source.source_cells:
            gradebook.update_or_create_source_cell(
                cell.name,
                source.name,
                name,
                cell_type=cell.cell_type,
                locked=cell.locked,
                source=cell.source,
                checksum=cell.checksum,
            )


def _put(gradebook: Any, result: SubmissionResult, timestamp: str | None, unwritten: frozenset[str]) -> bool:
    """Write the marks and say whether the submission is late."""
    gradebook.update_or_create_student(result.student)
    when = {"timestamp": timestamp} if timestamp else {}
    submission = gradebook.update_or_create_submission(result.assignment, result.student, **when)
    scores = {check.check: check.points for check in result.checks}
    reason = next((check.message for check in result.checks if check.outcome is Outcome.UNREADABLE), None)
    for notebook in submission.notebooks:
        for grade in notebook.grades:
            if grade.name not in scores:
                continue
            # As in nbgrader, a person looks again where a manual score stands over a mark that is now another one.
            if grade.manual_score is None:
                grade.needs_manual_grade = False
            elif grade.auto_score != scores[grade.name]:
                grade.needs_manual_grade = True
            grade.auto_score = scores[grade.name]
        for comment in notebook.comments:
            comment.auto_comment = reason or ("No response." if comment.name in unwritten else None)
    return bool(submission.total_seconds_late > 0)


def _penalise(url: str, config_file: Path, result: SubmissionResult) -> None:
    """Let nbgrader decide the penalty of a late submission, by the class's own configuration."""
    from nbformat import from_dict
    from nbgrader.preprocessors import AssignLatePenalties
    from traitlets.config.loader import PyFileConfigLoader

    empty = from_dict({"cells": []})  # type: ignore[no-untyped-call]
    config = PyFileConfigLoader(config_file.name, path=str(config_file.parent)).load_config()
    where = {"notebook": result.assignment, "assignment": result.assignment, "student": result.student, "db_url": url}
    AssignLatePenalties(config=config).preprocess(empty, {"nbgrader": where})


def _holds(gradebook: Any, result: SubmissionResult) -> bool:
    from nbgrader.api import MissingEntry

    try:
        submission = gradebook.find_submission(result.assignment, result.student)
    except MissingEntry:
        return False
    held = {grade.name: grade.auto_score for notebook in submission.notebooks for grade in notebook.grades}
    return all(
        held.get(check.check) is not None and abs(held[check.check] - check.points) < 1e-9 for check in result.checks
    )
