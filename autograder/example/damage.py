"""What happens to the notebooks of an example class before they are handed in.

Changes notebooks as data and runs nothing; what it makes is as odd as what real students hand in.
"""

from __future__ import annotations

import ast
import copy
import json
from collections.abc import Callable
from typing import Any

from autograder.assignment.cells import grade_id
from autograder.parsing import parse

__all__ = ["Notebook", "cut_off", "doubler", "noisy", "remover", "shuffle", "tamperer", "with_line"]

Notebook = dict[str, Any]


def with_line(code: str, name: str, line: str) -> str:
    """Return ``code`` with ``line`` as the first statement of its function or class ``name`` (a last ``_`` is free)."""
    tree = parse(code)
    kinds = ast.FunctionDef | ast.ClassDef
    function = next(n for n in ast.walk(tree) if isinstance(n, kinds) and n.name.rstrip("_") == name.rstrip("_"))
    first = function.body[1 if ast.get_docstring(function) is not None and len(function.body) > 1 else 0]
    lines = code.splitlines()
    lines.insert(first.lineno - 1, " " * first.col_offset + line)
    return "\n".join(lines) + "\n"


def noisy(code: str, name: str) -> str:
    return "import sys\n\n\n" + with_line(code, name, f'print("{name} was called", file=sys.stderr)')


def cut_off(notebook: Notebook) -> bytes:
    text = json.dumps(notebook, indent=1)
    return text[: len(text) // 2].encode()


def remover(task: str) -> Callable[[Notebook], Notebook]:
    """Lose the answer of ``task``, its public check, and the first locked cell."""

    def remove(notebook: Notebook) -> Notebook:
        locked = next(grade_id(cell) for cell in notebook["cells"] if about_of(cell).get("locked"))
        gone = {task, f"{task}-public", locked}
        return {**notebook, "cells": [cell for cell in notebook["cells"] if grade_id(cell) not in gone]}

    return remove


def doubler(released: Notebook) -> Callable[[Notebook], Notebook]:
    """Put the empty stub before each answer and a copy of each check after it, as a paste gone wrong does."""

    def double(notebook: Notebook) -> Notebook:
        cells: list[Notebook] = []
        for stub, cell in zip(released["cells"], notebook["cells"], strict=True):
            if about_of(cell).get("solution"):
                cells.append(copy.deepcopy(stub))
            cells += [cell] * (2 if about_of(cell).get("grade") else 1)
        return {**notebook, "cells": cells}

    return double


def tamperer(task: str) -> Callable[[Notebook], Notebook]:
    """Empty the checks of ``task`` and raise what they are worth."""

    def tamper(notebook: Notebook) -> Notebook:
        for cell in notebook["cells"]:
            if grade_id(cell).startswith(f"{task}-") and about_of(cell).get("grade"):
                cell["source"] = "pass"
                cell["metadata"]["nbgrader"]["points"] = 1000
                cell["metadata"]["nbgrader"]["checksum"] = "0" * 32
        return notebook

    return tamper


def shuffle(notebook: Notebook) -> Notebook:
    """Move the first third of the cells to the end and add cells of the student's own."""
    cells = notebook["cells"]
    third = len(cells) // 3
    own = [
        {"cell_type": "markdown", "metadata": {}, "source": "My notes: try small cases first."},
        {
            "cell_type": "code",
            "metadata": {},
            "source": "numbers = [n * n for n in range(5)]\nprint(numbers)\nnumbers[10]",
            "outputs": [],
            "execution_count": 3,
        },
    ]
    return {**notebook, "nbformat_minor": 4, "cells": [*own, *cells[third:], *cells[:third]]}


def about_of(cell: Any) -> dict[str, Any]:
    return dict(cell["metadata"].get("nbgrader", {}))
