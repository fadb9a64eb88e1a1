"""What the source of a student's function mentions.

Runs in the examiner, on source text alone: nothing of the student's is executed here.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from autograder.engines.sealed.compiled import plain
from convlab.names import AT_RUN_TIME, found_at_run_time, imported, mentioned, renamed

__all__ = ["Sources"]

_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


class Sources:
    """The text of the student's cells, for rules about what an answer may mention."""

    def __init__(self) -> None:
        self._imports: dict[str, Any] = {}
        self._bound: dict[str, tuple[ast.AST, list[str]]] = {}
        self._found: dict[str, list[tuple[str, str]]] = {}

    def add_imports(self, source: str) -> None:
        """Take in what a released cell imports: answers use it, while its functions are not theirs."""
        tree, _ = _parsed(source)
        self._take_imports(tree)

    def add(self, source: str) -> None:
        """Take in one cell; a later definition replaces an earlier one."""
        tree, lines = _parsed(source)
        self._found.clear()
        for node in _outside_of_functions(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                self._bound[node.name] = (node, lines)
            elif isinstance(node, ast.Assign):
                for target in node.targets:
                    if isinstance(target, ast.Name):
                        self._bound[target.id] = (node.value, lines)
        self._take_imports(tree)

    def _take_imports(self, tree: ast.Module) -> None:
        for node in tree.body:
            self._imports.update(imported(node))

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
                names.update(imported(node))
            todo += _of_the_notebook(tree, frozenset())
            names |= renamed(tree, names)
            for node in found_at_run_time(tree, names):
                yield AT_RUN_TIME, lines[getattr(node, "lineno", 1) - 1].strip()
            for node in ast.walk(tree):
                for _, dotted in mentioned(node, names):
                    yield dotted, lines[getattr(node, "lineno", 1) - 1].strip()


def _parsed(source: str) -> tuple[ast.Module, list[str]]:
    """Return the tree and the lines of a cell; an empty tree of one that is not Python."""
    text = plain(source)
    try:
        return ast.parse(text), text.split("\n")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ast.Module([], []), []


def _outside_of_functions(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        yield child
        if not isinstance(child, _SCOPES):
            yield from _outside_of_functions(child)


def _of_the_notebook(node: ast.AST, local: frozenset[str]) -> Iterator[str]:
    """Yield the names below ``node`` that are not those of a parameter or a variable of the function around them."""
    if isinstance(node, ast.Name) and node.id not in local:
        yield node.id
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
        inner = local | _own_names(node)
        for child in ast.iter_child_nodes(node.args):  # default values are found outside
            yield from _of_the_notebook(child, local)
        body = node.body if isinstance(node.body, list) else [node.body]
        for child in body:
            yield from _of_the_notebook(child, inner)
        for child in getattr(node, "decorator_list", []):
            yield from _of_the_notebook(child, local)
        return
    for child in ast.iter_child_nodes(node):
        yield from _of_the_notebook(child, local)


def _own_names(function: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> set[str]:
    inside = list(ast.walk(function))
    bound = {node.arg for node in inside if isinstance(node, ast.arg)}
    bound |= {node.id for node in inside if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    return bound - {name for node in inside if isinstance(node, ast.Global) for name in node.names}
