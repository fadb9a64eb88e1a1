"""Put results into nbgrader's gradebook and its ``autograded/`` folder, so that nbgrader's own tools go on from there.

Only the process that the instructor started writes here. A submission is never written in part. What a person entered
(manual scores, extra credit, comments) is never touched.
"""

from __future__ import annotations

import contextlib
import errno
import functools
import json
import os
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

from autograder.course import Course
from autograder.errors import GradebookError
from autograder.files import to_json, write_atomically
from autograder.gradebook.entries import Entry, Shape, enter, scores_held, shape_of
from autograder.gradebook.nbgrader_api import newest_layout, quiet_nbgrader
from autograder.model import SubmissionResult

__all__ = ["Gradebook", "autograded_path", "prepare_directory", "remove_half_written", "write_autograded"]

T = TypeVar("T")

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


class Gradebook:
    """The gradebook of ``course``; ``patience`` is how many seconds to wait for another program's lock."""

    def __init__(self, course: Course, patience: float = 30.0) -> None:
        self.url = course.gradebook_url
        self.config_file = course.directory / "nbgrader_config.py"  # says what a late submission costs
        self.owed = course.directory / ".autograder" / "penalties.json"
        self.patience = patience
        self._engine: Any = None
        self._shapes: dict[str, Shape] = {}

    def check(self, *, mend: bool = False) -> None:
        """Make sure that the installed nbgrader can use the database; one that is not there yet is fine.

        ``mend`` removes one that a killed run left half made, without a row in it: only under ``lock.only_run``.

        Raises:
            GradebookError: it is not a database, or of another nbgrader version.
        """
        path = self._file()
        if path is not None and (not path.exists() or path.stat().st_size == 0):
            return
        revision = self._patiently(self._revision)
        if revision is None or (mend and revision == "" and self._patiently(self._remove_half_made)):
            return
        with quiet_nbgrader():
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
            held = {name: scores_held(gradebook.db, name) for name in {result.assignment for result in results}}
            return [result for result in results if not _holds(held[result.assignment], result)]

        return self._patiently(lambda: self._with(look)) if results else []

    def put(self, *entries: Entry) -> None:
        """Write the marks of submissions, of different students, in one transaction: all of them or none.

        Penalties of late ones are nbgrader's, in transactions of their own. Who is owed one is noted in a file before:
        a run that is killed in between leaves it to the next one's ``settle``.
        """

        def write() -> None:
            with self._open().connect() as connection:
                if connection.dialect.name == "sqlite":
                    connection.exec_driver_sql("BEGIN IMMEDIATE")  # nothing is read that another run then changes
                late: list[Entry] = []
                for assignment, some in _by_assignment(entries).items():
                    if assignment not in self._shapes:
                        self._shapes[assignment] = shape_of(connection, assignment)
                    late += enter(connection, self._shapes[assignment], some)
                if late:
                    owed = [[entry.result.assignment, entry.result.student] for entry in late]
                    write_atomically(self.owed, json.dumps(owed), durable=True)
                connection.commit()
            if late:
                self._pay()

        if entries:
            self._patiently(write)

    def settle(self) -> None:
        """Give the penalties that a run which was killed has left open: call this under ``lock.only_run``."""
        if self.owed.exists():
            self._patiently(self._pay)

    def _pay(self) -> None:
        for assignment, student in json.loads(self.owed.read_text(encoding="utf-8")):
            _penalise(self.url, self.config_file, assignment, student)
        self.owed.unlink()

    def close(self) -> None:
        """Give back the connection that ``put`` keeps."""
        if self._engine is not None:
            from sqlalchemy.exc import DatabaseError

            # Another program may hold the lock: the journal then stays, and SQLite takes an empty one for none.
            with contextlib.suppress(DatabaseError):
                self._journal("DELETE")
            self._engine.dispose()
            self._engine = None

    def _open(self) -> Any:
        if self._engine is None:
            from sqlalchemy import create_engine

            self._engine = create_engine(_patient(self.url))
            self._journal("PERSIST")  # to make and remove a file for each submission takes a tenth of its time
        return self._engine

    def _journal(self, mode: str) -> None:
        if self._engine.dialect.name == "sqlite":
            with self._engine.connect() as connection:
                connection.exec_driver_sql(f"PRAGMA journal_mode={mode}")

    def _register(self, assignment: Any) -> None:
        self._shapes.clear()

        def write(gradebook: Any) -> None:
            with _one_transaction(gradebook):
                _copy_assignment(gradebook, assignment)

        self._with(write)

    def _with(self, work: Callable[[Any], T]) -> T:
        with _connected(self.url) as gradebook:
            return work(gradebook)

    def _patiently(self, work: Callable[[], T]) -> T:
        """Do ``work``, again after a pause while another program holds the lock."""
        ArgumentError, DatabaseError, InvalidEntry = _troubles()
        pause, end = 0.1, time.monotonic() + self.patience
        while True:
            try:
                return work()
            except (ArgumentError, ImportError) as error:
                where = "The gradebook's address (--db, AUTOGRADER_DB or nbgrader_config.py)"
                if isinstance(error, ImportError):
                    raise GradebookError(
                        f"{where} needs a package that is not installed: {error}.",
                        "For PostgreSQL: pip install 'psycopg[binary]', and write postgresql+psycopg://….",
                    ) from error
                raise GradebookError(f"{where} does not name a database: {error}.", "Mend or unset it.") from error
            except (DatabaseError, sqlite3.DatabaseError, InvalidEntry) as error:
                reason = str(getattr(error, "orig", error))
                if "is full" in reason or "disk I/O error" in reason:
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), self._shown()) from error
                if "locked" not in reason:
                    raise GradebookError(
                        f"The gradebook {self._shown()} cannot be used: {reason.splitlines()[0]}.",
                        "Move it away to start a new one, or put a backup in its place."
                        if self._file()
                        else "Look whether the address is right, the server runs, and the user may create tables.",
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

    def _remove_half_made(self) -> bool:
        """Drop nbgrader's tables if there is nothing in them and nothing beside them; say whether it was so.

        nbgrader makes the tables first and then notes their layout. A run that is killed in between leaves tables that
        no nbgrader would use.
        """
        with quiet_nbgrader():
            from nbgrader.api import Base
        from sqlalchemy import MetaData, create_engine, select

        engine = create_engine(_patient(self.url))
        try:
            with engine.begin() as connection:
                found = MetaData()
                found.reflect(connection)
                names = {*Base.metadata.tables, "alembic_version"}
                tables = found.sorted_tables
                if found.tables.keys() - names or any(connection.execute(select(t).limit(1)).first() for t in tables):
                    return False
                found.drop_all(connection)
                return True
        finally:
            engine.dispose()

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


@functools.cache
def _troubles() -> tuple[type[Exception], type[Exception], type[Exception]]:
    with quiet_nbgrader():
        from nbgrader.api import InvalidEntry
    from sqlalchemy.exc import ArgumentError, DatabaseError

    return ArgumentError, DatabaseError, InvalidEntry


@contextlib.contextmanager
def _connected(url: str) -> Iterator[Any]:
    with quiet_nbgrader():
        from nbgrader.api import Gradebook as Api

        with Api(_patient(url)) as gradebook:
            yield gradebook


def _patient(url: str) -> str:
    """Have SQLite wait for a lock for a short time: Gradebook's own patience, which says why it waits, is above it."""
    return f"{url}?timeout=1" if url.startswith("sqlite:///") and "?" not in url else url


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
            for kind in ("grade_cells", "solution_cells", "task_cells", "source_cells"):
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
        for cell in source.task_cells:
            gradebook.update_or_create_task_cell(
                cell.name, source.name, name, max_score=cell.max_score, cell_type=cell.cell_type
            )
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


def _penalise(url: str, config_file: Path, assignment: str, student: str) -> None:
    """Let nbgrader decide the penalty of a submission, by the class's own configuration."""
    from nbformat import from_dict
    from nbgrader.api import MissingEntry
    from nbgrader.preprocessors import AssignLatePenalties
    from traitlets.config.loader import PyFileConfigLoader

    empty = from_dict({"cells": []})  # type: ignore[no-untyped-call]
    config = PyFileConfigLoader(config_file.name, path=str(config_file.parent)).load_config()
    where = {"notebook": assignment, "assignment": assignment, "student": student, "db_url": url}
    with contextlib.suppress(MissingEntry):  # the run was killed before its marks were there: they come again
        AssignLatePenalties(config=config).preprocess(empty, {"nbgrader": where})


def _by_assignment(entries: Sequence[Entry]) -> dict[str, list[Entry]]:
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        found.setdefault(entry.result.assignment, []).append(entry)
    return found


def _holds(held: dict[str, dict[str, float | None]], result: SubmissionResult) -> bool:
    scores = held.get(result.student, {})
    return all(
        (score := scores.get(check.check)) is not None and abs(score - check.points) < 1e-9 for check in result.checks
    )
