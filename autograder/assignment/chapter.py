"""Take functions and classes from the code that readers of a chapter see, as a student does who pastes them.

A chapter's pages are ``book/NN-*.md`` beside ``solutions/NN-name``, in MyST. Nothing is run.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

from autograder.parsing import parse

__all__ = ["IMPORTS", "definitions", "visible_cells"]

IMPORTS = "import torch\nfrom torch import nn\nfrom torch.nn import functional as F\n"
_OPTIONS = r"(?:---\n.*?^---\n|(?::[^\n]*\n)*)"  # a cell's options are YAML between dashes, or fields
_CELL = re.compile(rf"^```\{{code-cell\}}[^\n]*\n({_OPTIONS})(.*?)^```$", re.MULTILINE | re.DOTALL)
_UNSEEN = re.compile(r"\b(?:hide|remove)-(?:input|cell)\b")


def visible_cells(page: str) -> list[str]:
    """Return the code cells of a page in MyST that are shown without unfolding anything."""
    return [code for options, code in _CELL.findall(page) if not _UNSEEN.search(options)]


def definitions(book: Path, number: str, names: list[str]) -> str:
    """Return the source of the functions and classes ``names`` from the visible cells of a chapter, in that order.

    Args:
        book: the folder of the pages.
        number: the chapter's two digits; all of its pages are searched.
        names: each as it is defined at the top of a cell; the last definition on the pages counts.

    Raises:
        KeyError: one is not there.
    """
    found: dict[str, str] = {}
    for page in sorted(book.glob(f"{number}-*.md")):
        for cell in visible_cells(page.read_text(encoding="utf-8")):
            for node in parse(cell).body:
                if isinstance(node, ast.FunctionDef | ast.ClassDef):
                    first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
                    found[node.name] = "\n".join(cell.splitlines()[first - 1 : node.end_lineno])
    return "\n\n\n".join(found[name] for name in names)
