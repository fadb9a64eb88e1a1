"""Read an assignment: from the one file that its author edits, or from the notebook that students get.

``read_source`` turns the author's percent script into nbgrader's *source notebook*, the same bytes every time;
``script`` reads its parts, ``rules`` says what they must look like, and ``compose`` writes what follows from rules.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from autograder.assignment.cells import (
    BEGIN_HIDDEN,
    BEGIN_SOLUTION,
    END_HIDDEN,
    END_SOLUTION,
    HEADING,
    TASK_HEADING,
    grade_id,
    is_check,
    is_manual,
    regions,
    squeeze,
    task_of,
    title_of,
)
from autograder.assignment.compose import Shared, compose
from autograder.assignment.rules import check_rules
from autograder.assignment.script import read_script
from autograder.errors import NotebookError, PathError
from autograder.model import Assignment, Check, ManualPart, Task

__all__ = [
    "assignment_of",
    "from_release",
    "hidden_lines",
    "load_assignment",
    "read_notebook",
    "read_source",
    "shown_and_hidden",
]

TRIVIAL = re.compile(
    r"(import |from |raise |return\b.{0,16}$|else:|try:|pass$|@|def \w+\(\):$"
    r"|with torch\.no_grad\(\):$|optimizer\.(zero_grad|step)\(\)$"  # every training loop has these
    r"|for \w+ in \((True, False|False, True)\):$"
    r"|(\w+ = )?(checks|rules)\.\w+\($)"  # the opening of a call, on a line of its own
)
SHORTEST_TELLING_LINE = 20  # characters without spaces: `for i in range(n):` is anybody's, longer lines are an author's


def read_source(path: Path) -> Any:
    """Return the nbgrader source notebook (nbformat 4.5) of the assignment source ``path``, checked against the rules.

    Raises:
        PathError: there is no such file.
        SourceError: the source breaks a rule; the message names the cell and what to write.
    """
    parts, shared = read_script(path), Shared.beside(path)
    check_rules(parts, path, shared.setup)
    return compose(parts, path, shared)


def read_notebook(path: Path) -> Any:
    """Return the notebook ``path`` as nbformat 4.

    Raises:
        PathError: there is no such file.
        NotebookError: the file is not a notebook.
    """
    import nbformat

    make: Any = nbformat.from_dict
    if not path.is_file():
        raise PathError(f"{path} is not a file.", "Check the path.")
    try:
        data = json.loads(path.read_text(encoding="utf-8-sig"))
        if not isinstance(data, dict) or "cells" not in data:
            raise ValueError("no cells")
        notebook: Any = make(data)
        if not isinstance(notebook.get("metadata"), dict):
            notebook["metadata"] = make({})
        for cell in notebook.cells:
            if not isinstance(cell.get("metadata"), dict):
                cell["metadata"] = make({})
            source = cell["source"]
            cell["source"] = source if isinstance(source, str) else "".join(source)
            if cell["cell_type"] not in ("code", "markdown", "raw"):
                raise ValueError("a cell of an unknown kind")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise NotebookError(
            f"{path} is not a notebook that can be read.", "Open it in Jupyter and save it again."
        ) from error
    return notebook


def load_assignment(path: Path) -> Assignment:
    """Return the assignment of the source ``path``; raises what ``read_source`` raises."""
    return assignment_of(read_source(path), path.stem)


def from_release(path: Path) -> Assignment:
    """Return the assignment of the released notebook ``path``.

    Raises:
        PathError: there is no such file.
        NotebookError: it is not a notebook, or not an assignment of this course.
    """
    notebook = read_notebook(path)
    about = notebook.get("metadata", {}).get("autograder", {})
    assignment = assignment_of(notebook, about.get("assignment", path.stem))
    if not assignment.tasks:
        raise NotebookError(f"{path} is not an assignment of this course: no cell of it is graded.")
    return assignment


def assignment_of(notebook: Any, name: str) -> Assignment:
    """Return the assignment that ``notebook`` (source or release) holds: its tasks in order, with their checks."""
    titles: dict[str, str] = {}
    checks: dict[str, list[Check]] = {}
    manual: list[ManualPart] = []
    for cell in notebook.cells:
        own, task = grade_id(cell), task_of(grade_id(cell))
        if own.endswith("-statement"):
            found = TASK_HEADING.search(cell.source)
            titles[task] = found[2].replace("`", "") if found else task
        if is_check(cell):
            points = float(cell.metadata.nbgrader.get("points", 0))
            checks.setdefault(task, []).append(Check(own, task, points, own == f"{task}-public", title_of(cell)))
        elif is_manual(cell):
            points = float(cell.metadata.nbgrader.get("points", 0))
            manual.append(ManualPart(own, task, points, titles.get(task) or own))
    tasks = (Task(task, at, titles.get(task, task), tuple(own)) for at, (task, own) in enumerate(checks.items(), 1))
    headings = (HEADING.search(cell.source) for cell in notebook.cells if cell.cell_type == "markdown")
    title = next((found[1] for found in headings if found), name)
    return Assignment(name, title, tuple(tasks), tuple(manual))


def shown_and_hidden(notebook: Any) -> tuple[str, frozenset[str]]:
    """Return what a source notebook shows, and the telling lines of its solution regions and hidden tests.

    Both are without white space. Left out of the lines: what anybody would write (short ones, imports, ``return x``),
    and what the students' notebook shows elsewhere, a shape of a public test for example. Compare with
    ``autograder.assignment.leaks.leaks``.
    """
    shown = ""
    hidden: list[str] = []
    for cell in notebook.cells:
        begin, end = (BEGIN_HIDDEN, END_HIDDEN) if is_check(cell) else (BEGIN_SOLUTION, END_SOLUTION)
        outside, inside = regions(cell.source, begin, end)
        shown += "\n" + "\n".join(map(squeeze, outside))
        hidden += inside
    telling = {squeeze(line) for line in hidden if not TRIVIAL.match(line.strip())}
    return shown, frozenset(line for line in telling if len(line) >= SHORTEST_TELLING_LINE and line not in shown)


def hidden_lines(notebook: Any) -> frozenset[str]:
    """Return the lines of ``notebook`` that no student may see: see ``shown_and_hidden``."""
    return shown_and_hidden(notebook)[1]
