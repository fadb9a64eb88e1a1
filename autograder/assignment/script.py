"""Read an assignment's source, a percent script, as the parts that its author wrote.

A header is ``# %% NAME`` for code and ``# %% NAME [markdown]`` for a text, with ``points=N`` where it is graded. What a
part is follows from its name, its points and its kind (``Role``). Trusted; the script is read and never run.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, NoReturn

from autograder.assignment.cells import task_of
from autograder.errors import PathError, SourceError

__all__ = ["Part", "Role", "forbidden_names", "read_script", "stop"]

LONGEST_NAME = 64
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(-[A-Za-z0-9_-]+)?")
SHOWN = ("look", "idea")  # code that students see and run, without a mark: TASK-look after the checks, TASK-idea before
OPTIONS = ("points", "manual", "forbid", "instead", "tags")
# What editors write into a header when they save the script as a notebook; it decides nothing.
EDITORS = ("collapsed", "editable", "id", "jupyter", "lines_to_next_cell", "scrolled", "slideshow", "trusted", "vscode")


class Role(StrEnum):
    """What a part is."""

    TEXT = "text"
    STATEMENT = "statement"
    SETUP = "setup"
    ANSWER = "answer"
    SHOWN = "shown code"
    HELPERS = "helpers"
    PUBLIC = "public check"
    HIDDEN = "hidden check"
    MANUAL = "manually graded answer"
    OPEN_TASK = "nbgrader's task cell"


ALLOWED = {
    Role.ANSWER: {"forbid", "instead"},
    Role.PUBLIC: {"points"},
    Role.HIDDEN: {"points"},
    Role.MANUAL: {"points", "manual"},
    Role.OPEN_TASK: {"points", "manual"},
}


@dataclass(frozen=True)
class Part:
    """One cell: ``name`` is "" for a text without one, ``kind`` is code or markdown, ``line`` is its header's."""

    name: str
    role: Role
    kind: str
    text: str
    options: Mapping[str, Any]
    line: int

    @property
    def task(self) -> str:
        return task_of(self.name)

    @property
    def points(self) -> float:
        return float(self.options.get("points", 0))


def forbidden_names(answer: Part) -> list[str]:
    """Return what the header of an answer forbids, one by one."""
    return [name for name in re.split(r"[,\s]+", str(answer.options["forbid"])) if name]


def stop(path: Path, cell: str, wrong: str, hint: str) -> NoReturn:
    """Raise the SourceError for a cell: one line that names the file and the cell, and one that says what to write."""
    raise SourceError(f"{path.name}, cell {cell!r}: {wrong}", hint)


def read_script(path: Path) -> list[Part]:
    """Return the parts of the assignment source ``path``, in order.

    Raises:
        PathError: there is no such file.
        SourceError: it cannot be read, or a header is wrong.
    """
    import jupytext

    if not path.is_file():
        raise PathError(f"{path} is not a file.", "An assignment's source is solutions/NN-name/NN-name.py.")
    try:
        text = path.read_text(encoding="utf-8")
        cells = jupytext.reads(text, fmt="py:percent").cells
    except Exception as error:  # jupytext raises what its readers raise
        raise SourceError(f"{path.name} cannot be read as a percent script: {error}.") from error
    headers = [number for number, line in enumerate(text.splitlines(), 1) if re.match(r"#\s*%%", line)]
    first = len(cells) - len(headers)  # what stands above the first header is a cell without one
    parts = []
    for position, cell in enumerate(cells):
        line = headers[position - first] if 0 <= position - first < len(headers) else 1
        if position < first and not _code(cell.source):
            continue  # a remark to the reader of the source
        parts.append(_part(path, cell, line))
    return parts


def _code(text: str) -> str:
    return "".join(line for line in text.splitlines() if not line.lstrip().startswith("#")).strip()


def _part(path: Path, cell: Any, line: int) -> Part:
    name = str(cell.metadata.get("title", ""))
    shown = name or f"line {line}"
    options = {key: value for key, value in cell.metadata.items() if key != "title" and key not in EDITORS}
    if "nbgrader" in options:
        _former(path, cell, options["nbgrader"])
    if cell.cell_type not in ("code", "markdown"):
        stop(path, shown, f"it is a {cell.cell_type} cell.", "Use code or [markdown].")
    for key in options:
        if key not in OPTIONS:
            near = difflib.get_close_matches(key, OPTIONS, n=1)
            hint = f"Did you mean {near[0]}?" if near else f"There are: {', '.join(OPTIONS)}."
            stop(path, shown, f"its header has the unknown key {key!r}.", hint)
    if name and (not NAME.fullmatch(name) or len(name) > LONGEST_NAME):
        hint = "Write a name like conv2d or conv2d-groups: letters, digits, _ and one hyphen after the task."
        stop(path, shown, "its name is not one word of that kind.", hint)
    points = options.get("points", 1)
    if isinstance(points, bool) or not isinstance(points, int | float) or points <= 0:
        stop(path, shown, f"points={points!r} is not a number above zero.", f"Write: # %% {name} points=3")
    role = _role(path, name or shown, cell, options) if name or cell.cell_type == "code" else Role.TEXT
    for key in options.keys() - {"tags"} - ALLOWED.get(role, set()):
        stop(path, shown, f"a {role} has no {key}.", f"Remove {key} from its header.")
    return Part(name, role, str(cell.cell_type), cell.source, options, line)


def _role(path: Path, name: str, cell: Any, options: Mapping[str, Any]) -> Role:
    part, manual, graded = name.partition("-")[2], options.get("manual"), "points" in options
    if cell.cell_type == "markdown":
        if part == "statement" and not graded:
            return Role.STATEMENT
        if not graded:
            return Role.TEXT
        return Role.OPEN_TASK if manual == "task" else Role.MANUAL
    if "title" not in cell.metadata:
        stop(path, name, "a code cell has no name.", "Write: # %% TASK for an answer, # %% TASK-look for code to show.")
    if manual:
        return Role.MANUAL
    if graded and not part:
        stop(
            path,
            name,
            "an answer cell has no points of its own.",
            f"Give them to its checks: # %% {name}-public points=1",
        )
    if graded:
        return Role.PUBLIC if part == "public" else Role.HIDDEN
    if name == "setup":
        return Role.SETUP
    if not part:
        return Role.ANSWER
    if part == "helpers":
        return Role.HELPERS
    if part.startswith(SHOWN):
        return Role.SHOWN
    stop(
        path,
        name,
        "it has no points, so it is no check, and its name says nothing else.",
        f"Write: # %% {name} points=2, or call it {task_of(name)}-look (shown) or {task_of(name)}-helpers (hidden).",
    )


def _former(path: Path, cell: Any, about: Any) -> NoReturn:
    """Say how the header of a cell in the former format is written now."""
    data = about if isinstance(about, dict) else {}
    name, points = str(data.get("grade_id", "NAME")), data.get("points")
    kind = " [markdown]" if cell.cell_type == "markdown" else ""
    worth = f" points={points:g}" if isinstance(points, int | float) and data.get("grade") else ""
    hint = f"Write: # %% {name}{kind}{worth}, and leave out headings with numbers and the markers of hidden tests."
    stop(path, name, "nbgrader's metadata stands in its header, which is the former format.", hint)
