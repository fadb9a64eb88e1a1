"""The rules for an assignment's source, each with the sentence that tells its author what to do.

A task ``conv2d`` is a statement ``conv2d-statement``, an answer cell ``conv2d``, a visible check ``conv2d-public``
and at least one check whose tests are hidden. Cells that a person grades (nbgrader's manually graded answers and task
cells) may stand anywhere; a name like ``conv2d-why`` adds their points to the task ``conv2d``.
"""

from __future__ import annotations

import ast
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any, NoReturn

from autograder.assignment.cells import (
    BEGIN_HIDDEN,
    BEGIN_SOLUTION,
    END_HIDDEN,
    END_SOLUTION,
    TASK_HEADING,
    grade_id,
    is_answer,
    is_check,
    is_manual,
    regions,
    task_of,
    title_of,
)
from autograder.errors import SourceError

__all__ = ["check_rules"]

RETURN_NOTHING = {
    "print",
    *(f"checks.{name}" for name in ("agrees", "close", "equal", "gradients_close", "raises", "refuses", "shape")),
    "checks.unchanged",
}
KEYS = ("grade", "grade_id", "locked", "schema_version", "solution", "task")


def check_rules(notebook: Any, path: Path) -> None:
    """Raise SourceError for the first rule that the source notebook of ``path`` breaks."""

    def stop(cell: str, wrong: str, hint: str) -> NoReturn:
        raise SourceError(f"{path.name}, cell {cell!r}: {wrong}", hint)

    named = [cell for cell in notebook.cells if "nbgrader" in cell.metadata]
    for cell in named:
        missing = [key for key in KEYS if key not in cell.metadata.nbgrader]
        if missing:
            stop(
                grade_id(cell), f"the nbgrader metadata lacks {', '.join(missing)}.", "Copy the line of a cell like it."
            )
    for name, count in Counter(map(grade_id, named)).items():
        if count > 1:
            stop(name, f"{count} cells have this grade_id.", "Give each its own.")
    for cell in notebook.cells:
        check_markers(cell, stop)
        if not ("nbgrader" in cell.metadata or cell.cell_type == "markdown"):
            stop(cell.source[:30], "a code cell has no nbgrader metadata.", "Name it with a grade_id and lock it.")

    by_name = {grade_id(cell): cell for cell in named}
    for cell in named:
        if is_manual(cell):
            check_manual(cell, stop)
    checked = [cell for cell in named if is_check(cell) or (is_answer(cell) and not is_manual(cell))]
    tasks = list(dict.fromkeys(task_of(grade_id(cell)) for cell in checked))
    if not tasks:
        stop("1", "the source has no task.", "Add an answer cell and its checks.")
    for number, task in enumerate(tasks, 1):
        own = [cell for cell in named if is_check(cell) and task_of(grade_id(cell)) == task]
        for part, name in (("statement", f"{task}-statement"), ("answer", task), ("public check", f"{task}-public")):
            if name not in by_name:
                stop(task, f"the task has no {part}.", f"Add a cell with the grade_id {name!r}.")
        for cell in own:
            check_check(cell, stop)
        by_hand = [cell for cell in named if is_manual(cell) and task_of(grade_id(cell)) == task]
        check_task(task, number, by_name, own, by_hand, stop)
    blocks = [task_of(grade_id(cell)) for cell in named if task_of(grade_id(cell)) in tasks]
    changes = [blocks[0], *(after for before, after in pairwise(blocks) if before != after)]
    for task, count in Counter(changes).items():
        if count > 1:
            stop(task, "the task's cells are not together.", "Put statement, answer and checks one after the other.")


def check_markers(cell: Any, stop: Any) -> None:
    """Ask that the markers of ``cell`` pair up, are of the right kind and have something between them."""
    name = grade_id(cell) or cell.source[:30]
    for kind, begin, end in (("SOLUTION", BEGIN_SOLUTION, END_SOLUTION), ("HIDDEN TESTS", BEGIN_HIDDEN, END_HIDDEN)):
        lines = [line.strip() for line in cell.source.splitlines() if f"BEGIN {kind}" in line or f"END {kind}" in line]
        if lines != [begin, end] * (len(lines) // 2):
            stop(
                name,
                f"BEGIN {kind} and END {kind} do not pair up.",
                f"Write {begin!r} and {end!r}, each on its own line.",
            )
        if lines and not "".join(regions(cell.source, begin, end)[1]).strip():
            stop(name, f"nothing stands between {begin!r} and {end!r}.", "Write it, or remove the markers.")
    if BEGIN_SOLUTION in cell.source and not is_answer(cell):
        stop(name, "it holds a solution but is not an answer cell.", 'Set "solution": true in its metadata.')
    if BEGIN_HIDDEN in cell.source and not is_check(cell):
        stop(name, "it holds hidden tests but is not graded.", 'Set "grade": true and points in its metadata.')


def check_manual(cell: Any, stop: Any) -> None:
    """Ask that a cell which a person grades has points, and can be answered or is a text."""
    name, data = grade_id(cell), cell.metadata.nbgrader
    check_points(cell, "a manually graded cell", stop)
    if data["task"] and (cell.cell_type != "markdown" or data["grade"] or data["solution"]):
        stop(name, "a task cell is a text, neither grade nor solution.", 'Set both to false, and "task": true.')
    if data["solution"] and data["locked"]:
        stop(name, "a manually graded answer must be open.", 'Set "locked": false.')


def check_points(cell: Any, what: str, stop: Any) -> None:
    points = cell.metadata.nbgrader.get("points")
    if isinstance(points, bool) or not isinstance(points, int | float) or points <= 0:
        stop(grade_id(cell), f"{what} needs points above zero.", 'Set "points" in its metadata.')


def check_task(
    task: str, number: int, by_name: dict[str, Any], checks: list[Any], by_hand: list[Any], stop: Any
) -> None:
    """Ask that a task's answer is open, that its checks are in order, and that its heading states number and points."""
    if not task.isidentifier():
        stop(task, "a task's name is letters, digits and underscores.", "Rename the task.")
    answer, statement = by_name[task], by_name[f"{task}-statement"]
    if not is_answer(answer) or is_manual(answer) or answer.metadata.nbgrader["locked"]:
        stop(
            task, "the answer cell must be open and ungraded.", 'Set "solution": true, "locked": false, "grade": false.'
        )
    if BEGIN_SOLUTION not in answer.source:
        stop(task, "the answer cell has no solution region.", f"Put the body between {BEGIN_SOLUTION!r} and its END.")
    if grade_id(checks[0]) != f"{task}-public":
        stop(grade_id(checks[0]), f"it comes before {task}-public.", "Put the public check first.")
    if not any(BEGIN_HIDDEN in cell.source for cell in checks):
        stop(task, "the task has no hidden check.", f"Add a check with tests between {BEGIN_HIDDEN!r} and its END.")
    points = sum(float(cell.metadata.nbgrader.get("points", 0)) for cell in (*checks, *by_hand))
    heading = TASK_HEADING.search(statement.source)
    if not heading or int(heading[1]) != number or float(heading[3]) != points:
        wanted = f"### Task {number} · `{task}` ({points:g} points)"
        stop(f"{task}-statement", "the heading does not state number and points.", f"Write: {wanted}")


def check_check(cell: Any, stop: Any) -> None:
    """Ask that a check is locked, has points and a title, hides its tests unless public, and is Python."""
    name, data = grade_id(cell), cell.metadata.nbgrader
    public = name == f"{task_of(name)}-public"
    if cell.cell_type != "code" or not data["locked"] or data["solution"]:
        stop(name, "a check must be a locked code cell.", 'Set "locked": true, "solution": false.')
    check_points(cell, "a check", stop)
    if not title_of(cell):
        stop(name, "the first line is not a comment.", "Begin with a comment that says what is checked, for students.")
    if public and BEGIN_HIDDEN in cell.source:
        stop(name, "a public check hides tests.", "Move them to a check of their own.")
    outside = regions(cell.source, BEGIN_HIDDEN, END_HIDDEN)[0]
    shown = [line for line in outside if line.strip() and not line.lstrip().startswith("#")]
    if not public and (BEGIN_HIDDEN not in cell.source or shown):
        stop(
            name,
            "code of a hidden check would be visible.",
            f"Put all but the title between {BEGIN_HIDDEN!r} and its END.",
        )
    try:
        body = ast.parse(cell.source).body
    except SyntaxError as error:
        stop(name, f"line {error.lineno} is not Python: {error.msg}.", "Mend it.")
    if body and isinstance(body[-1], ast.Expr) and not _returns_nothing(body[-1].value):
        stop(
            name,
            f"it ends in an expression, {ast.unparse(body[-1])[:40]!r}, whose value the notebook shows.",
            "Assign it to a name: nbgrader takes a number that a check shows for the points it gave.",
        )


def _returns_nothing(value: ast.expr) -> bool:
    return isinstance(value, ast.Call) and ast.unparse(value.func) in RETURN_NOTHING
