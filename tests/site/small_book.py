"""A book of three pages that takes seconds to build, made from the course's own settings and extension."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import yaml

__all__ = ["CHAPTER", "ROOT", "make_book", "make_release"]

ROOT = Path(__file__).resolve().parents[2]
CHAPTER = "book/01-first"

INDEX = "# A small book\n\nIt has a [chapter](01-first.md).\n"
ABOUT = "# About\n\n```{nb-exec-table}\n```\n"
PAGE = """\
---
jupytext:
  text_representation:
    extension: .md
    format_name: myst
kernelspec:
  display_name: Python 3
  language: python
  name: python3
---

# The first chapter

(a-label)=
Some words with $x^2$, a number {glue:text}`answer:.1f`, ``{code} `span` `` and a zebra.

:::{admonition} Predict first
:class: tip
How many?

```{dropdown} Answer
As many as {glue:text}`answer`.
```
:::

```{code-cell} ipython3
import convlab
from convlab.glue import glue

glue(answer=42)
print("forty", "two")
```

```{conv-explorer}
:input: 7
:stride: 2
```

```{assignment} 01-first
```
"""


def _cell(kind: str, source: str, grade_id: str = "", points: float | None = None) -> dict[str, Any]:
    mark: dict[str, Any] = {"grade_id": grade_id, "grade": points is not None, "solution": False, "locked": True}
    if points is not None:
        mark["points"] = points
    cell = {"cell_type": kind, "id": grade_id or "title", "source": source}
    cell["metadata"] = {"nbgrader": mark} if grade_id else {}
    return cell if kind == "markdown" else cell | {"outputs": [], "execution_count": None}


def make_release(root: Path, name: str = "01-first") -> Path:
    """Write a release: a task of 6 points with a visible and two hidden checks, and one of 4.5 with a hidden check."""
    cells = [
        _cell("markdown", "# Sums and products\n\nWords."),
        _cell("markdown", "### Task 1 · `add` (6 points)\n\nAdd.", "add-statement"),
        _cell("code", "# Two small numbers.\nassert add(1, 1) == 2", "add-public", 2),
        _cell("code", "# Numbers below zero, with `add`.\n", "add-negative", 3),
        _cell("code", "# Large numbers.\n", "add-large", 1),
        _cell("markdown", "### Task 2 · `multiply` (4.5 points)\n\nMultiply.", "multiply-statement"),
        _cell("code", "# Zero is zero.\n", "multiply-zero", 4.5),
    ]
    path = root / "exercises" / name / f"{name}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}), encoding="utf-8")
    return path


def make_book(root: Path, repository: str = "", page: str = PAGE) -> Path:
    """Make a small book with its release in ``root``, and return ``root``."""
    book = root / "book"
    book.mkdir(parents=True)
    for shared in ("_ext", "_static"):
        shutil.copytree(ROOT / "book" / shared, book / shared, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", root)
    (root / "convlab").mkdir()
    for module in ("__init__.py", "forbidden.py", "glue.py", "py.typed"):
        shutil.copy(ROOT / "convlab" / module, root / "convlab")
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    config["sphinx"]["config"]["course_repository"] = repository
    (root / "_config.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
    chapters = [{"file": CHAPTER}, {"file": "book/about"}]
    toc = {"format": "jb-book", "root": "book/index", "parts": [{"caption": "Part", "chapters": chapters}]}
    (root / "_toc.yml").write_text(yaml.safe_dump(toc), encoding="utf-8")
    (book / "references.bib").write_text("", encoding="utf-8")
    for name, text in {"index": INDEX, "about": ABOUT, "01-first": page}.items():
        (book / f"{name}.md").write_text(text, encoding="utf-8")
    make_release(root)
    return root
