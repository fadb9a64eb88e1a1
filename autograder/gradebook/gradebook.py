"""Put results into nbgrader's gradebook, so that nbgrader's own tools can take over from there.

Only the coordinator, the process that the instructor started, writes here. A submission is never written in part. What
a person entered (manual scores, extra credit, comments) is never touched.
"""

from __future__ import annotations

import contextlib
import errno
import functools
import os
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from autograder.course import Course
from autograder.errors import GradebookError
from autograder.gradebook.entries import Entry, Shape, enter, renew_times, scores_held, shape_of
from autograder.gradebook.nbgrader_api import newest_layout, quiet_nbgrader
from autograder.gradebook.penalties import LatePenalties
from autograder.gradebook.registration import copy_assignment
from autograder.model import SubmissionResult

__all__ = ["Gradebook"]

T = TypeVar("T")


class Gradebook:
    """The gradebook of ``course``; ``patience`` is how many seconds to wait for another program's lock."""

    def __init__(self, course: Course, patience: float = 30.0) -> None:
        self.url = course.gradebook_url
        self.late = LatePenalties(course)
        self.patience = patience
        self._engine: Any = None
        self._shapes: dict[str, Shape] = {}

    def check(self, *, remove_half_made: bool = False) -> None:
        """Make sure that the installed nbgrader can use the database; one that is not there yet is fine.

        ``remove_half_made`` removes one without a row that a killed run left half made: only under ``lock.only_run``.

        Raises:
            GradebookError: it is not a database, or of another nbgrader version.
        """
        path = self._file()
        if path is not None and (not path.exists() or path.stat().st_size == 0):
            return
        revision = self._retrying(self._revision)
        if revision is None or (remove_half_made and revision == "" and self._retrying(self._remove_half_made)):
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
            self._retrying(lambda: self._register(assignment))

    def missing(self, results: list[SubmissionResult]) -> list[SubmissionResult]:
        """Return those of ``results`` whose marks are not in the gradebook as they should be."""

        def look(gradebook: Any) -> list[SubmissionResult]:
            held = {name: scores_held(gradebook.db, name) for name in {result.assignment for result in results}}
            return [result for result in results if not _holds(held[result.assignment], result)]

        return self._retrying(lambda: self._with(look)) if results else []

    def put(self, *entries: Entry) -> None:
        """Write the marks of submissions, of different students, in one transaction: all of them or none.

        Late penalties are nbgrader's, in transactions of their own. They are noted in a file before the marks are
        there: a run that is killed in between leaves them to the next one's ``apply_late_penalties``.
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
                    self.late.note((entry.result.assignment, entry.result.student) for entry in late)
                connection.commit()
            if late:
                self.late.apply()

        if entries:
            self._retrying(write)

    def renew_times(self, assignment: str, times: Mapping[str, str | None]) -> None:
        """Enter when each student handed in, and let nbgrader decide late penalties again.

        The deadline, an extension, the class's rule or a time may have changed since the marks were entered.
        """

        def write() -> None:
            with self._open().connect() as connection:
                if connection.dialect.name == "sqlite":
                    connection.exec_driver_sql("BEGIN IMMEDIATE")
                late = renew_times(connection, shape_of(connection, assignment), times)
                if late:
                    self.late.note((assignment, student) for student in late)
                connection.commit()
            if late:
                self.late.apply()

        if times:
            self._retrying(write)

    def apply_late_penalties(self) -> None:
        """Apply the late penalties that a run which was killed has left open: call this under ``lock.only_run``."""
        if self.late.pending:
            self._retrying(self.late.apply)

    def close(self) -> None:
        """Close the connection that ``put`` keeps."""
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

            self._engine = create_engine(_short_wait(self.url))
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
                copy_assignment(gradebook, assignment)

        self._with(write)

    def _with(self, work: Callable[[Any], T]) -> T:
        with _connected(self.url) as gradebook:
            return work(gradebook)

    def _retrying(self, work: Callable[[], T]) -> T:
        """Do ``work``, again after a pause while another program holds the lock."""
        ArgumentError, DatabaseError, InvalidEntry = _database_errors()
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
                raise GradebookError(f"{where} does not name a database: {error}.", "Fix or unset it.") from error
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

        engine = create_engine(_short_wait(self.url))
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
def _database_errors() -> tuple[type[Exception], type[Exception], type[Exception]]:
    with quiet_nbgrader():
        from nbgrader.api import InvalidEntry
    from sqlalchemy.exc import ArgumentError, DatabaseError

    return ArgumentError, DatabaseError, InvalidEntry


@contextlib.contextmanager
def _connected(url: str) -> Iterator[Any]:
    with quiet_nbgrader():
        from nbgrader.api import Gradebook as Api

        with Api(_short_wait(url)) as gradebook:
            yield gradebook


def _short_wait(url: str) -> str:
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
