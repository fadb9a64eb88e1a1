"""Enter the marks of submissions in nbgrader's tables, with few statements.

nbgrader's own methods take some fifty statements and 40 ms for the rows of one submission: a thousand workers would
wait for the one process that writes. New submissions share their statements. The tables are those of ``nbgrader.api``;
a test compares the rows with what its methods write.
nbgrader has indexes on pairs alone (cell and notebook), so rows are looked for by pairs: a class may have 200,000.
Runs in the coordinator, in the transaction that ``autograder.gradebook.gradebook`` opens.
"""

from __future__ import annotations

import functools
import itertools
import secrets
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from autograder.gradebook.nbgrader_api import quiet_nbgrader
from autograder.model import Outcome, SubmissionResult

__all__ = ["Entry", "Shape", "enter", "renew_times", "scores_held", "shape_of"]


class CellRow(NamedTuple):
    """A cell in the gradebook's tables: its id, its name, and the id of its notebook."""

    id: str
    name: str
    notebook: str


@dataclass(frozen=True)
class Shape:
    """The rows that each submission of an assignment has: notebooks, grades and comments."""

    assignment: str
    notebooks: tuple[str, ...]
    graded: tuple[CellRow, ...]
    commented: tuple[CellRow, ...]
    by_hand: frozenset[str] = frozenset()  # names of answers that a person grades
    due: datetime | None = None


@dataclass(frozen=True)
class Entry:
    """The marks of one submission, and what else is entered with them.

    ``timestamp`` is when it was handed in, as nbgrader's ``timestamp.txt`` has it. ``unwritten`` are the names of
    answer cells that are still the stub: nbgrader comments these "No response.". ``look_again`` asks a person to look
    once more at what has been graded by hand, since the submission may be another one.
    """

    result: SubmissionResult
    timestamp: str | None = None
    unwritten: frozenset[str] = frozenset()
    look_again: bool = True

    @property
    def refused(self) -> str | None:
        """Why the submission could not be read, if so: all of its answers are commented with it."""
        return next((check.message for check in self.result.checks if check.outcome is Outcome.UNREADABLE), None)

    def scores(self, shape: Shape) -> dict[str, float | None]:
        """Return the automatic score of each graded cell by name; None waits for a person."""
        scores: dict[str, float | None] = {check.check: check.points for check in self.result.checks}
        for name in shape.by_hand:
            scores[name] = 0.0 if self.refused is not None or name in self.unwritten else None
        return scores

    def comments(self, shape: Shape) -> dict[str, str | None]:
        """Return the automatic comment on each answer cell by name."""
        if (refused := self.refused) is not None:
            return {name: refused for _, name, _ in shape.commented}
        return {name: "No response." if name in self.unwritten else None for _, name, _ in shape.commented}


def shape_of(connection: Any, name: str) -> Shape:
    """Read the shape of the assignment ``name``."""
    t = _tables()
    assignment = connection.execute(t.assignment, {"assignment": name}).one()
    key = {"assignment": assignment.id}
    graded, answers, tasks = (
        [CellRow(cell.id, cell.name, cell.notebook_id) for cell in connection.execute(query, key)] for query in t.cells
    )
    notebooks = tuple(row.id for row in connection.execute(t.notebooks, key))
    by_hand = frozenset(name for _, name, _ in graded) & frozenset(name for _, name, _ in answers)
    return Shape(assignment.id, notebooks, (*graded, *tasks), (*answers, *tasks), by_hand, assignment.duedate)


def enter(connection: Any, shape: Shape, entries: Sequence[Entry]) -> list[Entry]:
    """Write the marks of ``entries``, of different students, in the connection's transaction.

    Returns those that need a late penalty decided: they are late, or are no longer and have one.
    What a person entered stays. As nbgrader does, an answer that a person grades gets zero where it is empty, and waits
    for that person otherwise.
    """
    from nbgrader.utils import parse_utc

    t = _tables()
    students = [entry.result.student for entry in entries]
    key = {"assignment": shape.assignment, "students": students}
    found = {row.student: row for row in connection.execute(t.submissions, key)}
    if unknown := [{"id": student} for student in students if student not in found]:
        connection.execute(t.add_student, unknown)
    new: list[tuple[Entry, datetime | None]] = []
    late = []
    for entry in entries:
        when: datetime | None = parse_utc(entry.timestamp) if entry.timestamp else None
        row, due, penalised = found.get(entry.result.student), shape.due, False
        if row is None or row.id is None:
            new.append((entry, when))
        else:
            if when is None:
                when = row.timestamp
            elif when != row.timestamp:
                connection.execute(t.set_timestamp, {"key": row.id, "timestamp": when})
            scores, texts = entry.scores(shape), entry.comments(shape)
            for notebook in shape.notebooks:
                penalised |= _change(connection, shape, row.id, notebook, scores, texts, entry.look_again)
            if due is not None and row.extension is not None:
                due += row.extension
        if penalised or (when is not None and due is not None and when > due):
            late.append(entry)
    if new:
        _add(connection, shape, new)
    return late


def renew_times(connection: Any, shape: Shape, times: Mapping[str, str | None]) -> list[str]:
    """Enter when the students of ``times`` handed in, where that is another time than is held; None leaves it.

    Returns the students whose late penalty must be decided again: they are late, or have one.
    """
    from nbgrader.utils import parse_utc

    t = _tables()
    undecided = []
    for row in connection.execute(t.times, {"assignment": shape.assignment}).all():
        if row.student_id not in times:
            continue
        given = times[row.student_id]
        when = parse_utc(given) if given else row.timestamp
        if when != row.timestamp:
            connection.execute(t.set_timestamp, {"key": row.id, "timestamp": when})
        due = shape.due + row.extension if shape.due and row.extension else shape.due
        if row.late_submission_penalty is not None or (when is not None and due is not None and when > due):
            undecided.append(row.student_id)
    return list(dict.fromkeys(undecided))


def scores_held(connection: Any, assignment: str) -> dict[str, dict[str, float | None]]:
    """Return what the gradebook holds for an assignment: by student, the automatic score of each graded cell."""
    held: dict[str, dict[str, float | None]] = {}
    for student, cell, score in connection.execute(_tables().scores, {"assignment": assignment}):
        held.setdefault(student, {})[cell] = score
    return held


def _add(connection: Any, shape: Shape, entries: Sequence[tuple[Entry, datetime | None]]) -> None:
    """Add submissions with all that belongs to them, as nbgrader's ``add_submission`` does."""
    t = _tables()
    new_id = _ids()
    submissions, notebooks, grades, comments = ([] for _ in range(4))
    for entry, when in entries:
        scores, texts = entry.scores(shape), entry.comments(shape)
        own = next(new_id)
        student = entry.result.student
        submissions.append({"id": own, "assignment_id": shape.assignment, "student_id": student, "timestamp": when})
        ids = {notebook: next(new_id) for notebook in shape.notebooks}
        notebooks += [{"id": id_, "assignment_id": own, "notebook_id": its} for its, id_ in ids.items()]
        grades += [
            {
                "id": next(new_id),
                "cell_id": cell,
                "notebook_id": ids[notebook],
                "auto_score": scores.get(name),
                "needs_manual_grade": scores.get(name) is None,
            }
            for cell, name, notebook in shape.graded
        ]
        comments += [
            {"id": next(new_id), "cell_id": cell, "notebook_id": ids[notebook], "auto_comment": texts[name]}
            for cell, name, notebook in shape.commented
        ]
    statements = (t.add_submission, t.add_notebook, t.add_grade, t.add_comment)
    for statement, rows in zip(statements, (submissions, notebooks, grades, comments), strict=True):
        if rows:
            connection.execute(statement, rows)


def _ids() -> Iterator[str]:
    """Yield ids as nbgrader's are (32 hexadecimal digits), each one above the last.

    Rows that come one after another then lie beside each other, and a commit writes fewer pages.
    """
    first = int(f"{time.time_ns():016x}{secrets.token_hex(6)}0000", 16)
    for number in itertools.count(first):
        yield f"{number:032x}"


def _change(
    connection: Any,
    shape: Shape,
    submission: str,
    notebook: str,
    scores: Mapping[str, float | None],
    texts: Mapping[str, str | None],
    look_again: bool,
) -> bool:
    """Bring the rows of one notebook up to date; return whether it has a penalty."""
    t = _tables()
    own, penalty = connection.execute(t.notebook, {"submission": submission, "notebook": notebook}).one()
    graded = {cell: name for cell, name, its in shape.graded if its == notebook}
    rows = []
    for grade in connection.execute(t.grades, {"notebook": own, "cells": list(graded)}):
        name = graded[grade.cell_id]
        if name not in scores:  # a task cell: a person's alone
            continue
        score = scores[name]
        if name in shape.by_hand:
            again = grade.needs_manual_grade
            if look_again or grade.auto_score != score:
                again = grade.manual_score is not None or score is None
        else:
            # As in nbgrader, a person looks again where a manual score stands over a mark that is now another one.
            again = grade.manual_score is not None and (grade.needs_manual_grade or grade.auto_score != score)
        if grade.auto_score != score or again is not grade.needs_manual_grade:
            rows.append({"key": grade.id, "auto_score": score, "needs_manual_grade": again})
    if rows:
        connection.execute(t.set_grade, rows)
    commented = {cell: name for cell, name, its in shape.commented if its == notebook}
    rows = [
        {"key": comment.id, "auto_comment": texts[commented[comment.cell_id]]}
        for comment in connection.execute(t.comments, {"notebook": own, "cells": list(commented)})
        if comment.auto_comment != texts[commented[comment.cell_id]]
    ]
    if rows:
        connection.execute(t.set_comment, rows)
    return penalty is not None


class _Tables:
    """The statements, made once: to build one costs more than to run it."""

    def __init__(self) -> None:
        with quiet_nbgrader():
            from nbgrader import api
        from sqlalchemy import and_, bindparam, insert, select, update

        def of(model: Any) -> Any:
            return model.__table__

        assignment, notebook, cell = of(api.Assignment), of(api.Notebook), of(api.BaseCell)
        handed_in, submitted = of(api.SubmittedAssignment), of(api.SubmittedNotebook)
        grade, comment, student = of(api.Grade), of(api.Comment), of(api.Student)
        key: Any = bindparam("key")
        which: Any = bindparam("assignment")

        def cells(kind: Any) -> Any:
            query = select(cell.c.id, cell.c.name, cell.c.notebook_id).join(of(kind), of(kind).c.id == cell.c.id)
            return query.join(notebook, notebook.c.id == cell.c.notebook_id).where(notebook.c.assignment_id == which)

        def of_cells(table: Any, *columns: Any) -> Any:
            pairs = (
                table.c.cell_id.in_(bindparam("cells", expanding=True)),
                table.c.notebook_id == bindparam("notebook"),
            )
            return select(table.c.id, table.c.cell_id, *columns).where(*pairs)

        def change(table: Any, *columns: str) -> Any:
            return update(table).where(table.c.id == key).values({name: bindparam(name) for name in columns})

        self.assignment = select(assignment.c.id, assignment.c.duedate).where(assignment.c.name == which)
        self.notebooks = select(notebook.c.id).where(notebook.c.assignment_id == which)
        self.cells = tuple(map(cells, (api.GradeCell, api.SolutionCell, api.TaskCell)))
        theirs = and_(handed_in.c.student_id == student.c.id, handed_in.c.assignment_id == which)
        self.submissions = (  # a student who has handed in nothing has a row of nothing
            select(student.c.id.label("student"), handed_in.c.id, handed_in.c.timestamp, handed_in.c.extension)
            .select_from(student.outerjoin(handed_in, theirs))
            .where(student.c.id.in_(bindparam("students", expanding=True)))
        )
        self.notebook = select(submitted.c.id, submitted.c.late_submission_penalty).where(
            submitted.c.notebook_id == bindparam("notebook"), submitted.c.assignment_id == bindparam("submission")
        )
        self.times = (
            select(
                handed_in.c.id,
                handed_in.c.student_id,
                handed_in.c.timestamp,
                handed_in.c.extension,
                submitted.c.late_submission_penalty,
            )
            .join(submitted, submitted.c.assignment_id == handed_in.c.id)
            .where(handed_in.c.assignment_id == which)
        )
        self.grades = of_cells(grade, grade.c.auto_score, grade.c.manual_score, grade.c.needs_manual_grade)
        self.comments = of_cells(comment, comment.c.auto_comment)
        self.scores = (
            select(handed_in.c.student_id, cell.c.name, grade.c.auto_score)
            .join(submitted, submitted.c.assignment_id == handed_in.c.id)
            .join(grade, grade.c.notebook_id == submitted.c.id)
            .join(cell, cell.c.id == grade.c.cell_id)
            .join(assignment, assignment.c.id == handed_in.c.assignment_id)
            .where(assignment.c.name == which)
        )
        self.add_student, self.add_submission, self.add_notebook = map(insert, (student, handed_in, submitted))
        self.add_grade, self.add_comment = insert(grade), insert(comment)
        self.set_timestamp = change(handed_in, "timestamp")
        self.set_grade = change(grade, "auto_score", "needs_manual_grade")
        self.set_comment = change(comment, "auto_comment")


_tables = functools.cache(_Tables)
