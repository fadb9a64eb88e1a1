"""What the source of a student's function mentions.

Runs in the examiner, on source text alone: nothing of the student's is executed here.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from autograder.sealed.release import plain
from convlab.names import _imported, _mentioned

__all__ = ["Sources"]


class Sources:
    """The text of the student's cells, for rules about what an answer may mention."""

    def __init__(self) -> None:
        self._imports: dict[str, Any] = {}
        self._bound: dict[str, tuple[ast.AST, list[str]]] = {}
        self._found: dict[str, list[tuple[str, str]]] = {}

    def add(self, source: str) -> None:
        """Take in one cell; a later definition replaces an earlier one."""
        text = plain(source)
        try:
            tree = ast.parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return
        lines = text.split("\n")
        self._found.clear()
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                self._bound[node.name] = (node, lines)
            elif isinstance(node, ast.Assign):
                for target in node.targets:
                    if isinstance(target, ast.Name):
                        self._bound[target.id] = (node.value, lines)
        for node in tree.body:
            self._imports.update(_imported(node))

    def mentions(self, name: str) -> list[tuple[str, str]]:
        """Return (dotted name, source line) of what the student's ``name``, and what that uses of theirs, mentions."""
        if name not in self._found:
            self._found[name] = list(self._search(name))
        return self._found[name]

    def _search(self, name: str) -> Iterator[tuple[str, str]]:
        todo, seen = [name], set()
        while todo:
            item = todo.pop()
            if item in seen or item not in self._bound:
                continue
            seen.add(item)
            tree, lines = self._bound[item]
            names = dict(self._imports)
            for node in ast.walk(tree):
                names.update(_imported(node))
            for node in ast.walk(tree):
                if isinstance(node, ast.Name):
                    todo.append(node.id)
                for _, dotted in _mentioned(node, names):
                    yield dotted, lines[getattr(node, "lineno", 1) - 1].strip()
