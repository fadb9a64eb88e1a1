"""Say which names a released cell takes from other cells and which it binds, from its text alone."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterable

from autograder.parsing import parse

__all__ = ["names_of"]

_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)


@functools.lru_cache(maxsize=4096)
def names_of(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the names that a cell uses before it binds them, and those that it binds at its top level.

    A function's body counts as run at the end of the cell, a branch as taken, a loop as entered.

    Raises:
        SyntaxError: the cell is not Python.
    """
    cell = _Cell()
    cell.walk(parse(text).body)
    return frozenset(cell.free | (cell.later - cell.bound)), frozenset(cell.bound)


class _Cell:
    def __init__(self) -> None:
        self.free: set[str] = set()
        self.bound: set[str] = set()
        self.later: set[str] = set()  # used in functions

    def walk(self, statements: Iterable[ast.stmt]) -> None:
        """Follow ``statements`` in order, and the blocks in them."""
        for statement in statements:
            blocks = [getattr(statement, field, []) for field in ("body", "handlers", "orelse", "finalbody")]
            if isinstance(statement, _FUNCTIONS) or not any(blocks):
                self.meet(statement)
                continue
            for node in ast.iter_child_nodes(statement):
                if not isinstance(node, ast.stmt | ast.ExceptHandler):
                    self.meet(node)
            for block in blocks:
                for part in block:
                    if isinstance(part, ast.ExceptHandler):
                        self.bound |= {part.name} if part.name else set()
                        self.meet(part.type)
                        self.walk(part.body)
                    else:
                        self.walk([part])

    def meet(self, top: ast.AST | None) -> None:
        """Take in a simple statement or an expression: it uses names first, and binds after that."""
        used: set[str] = set()
        bound: set[str] = set()
        nodes = [top] if top is not None else []
        for node in nodes:
            if isinstance(node, _FUNCTIONS):
                self.later |= _loaded(node)
                if not isinstance(node, ast.Lambda):
                    bound.add(node.name)
                    nodes += node.decorator_list
                continue
            if isinstance(node, _COMPREHENSIONS):
                used |= _loaded(node)
                continue
            if isinstance(node, ast.Name):
                (used if isinstance(node.ctx, ast.Load) else bound).add(node.id)
            elif isinstance(node, ast.Import | ast.ImportFrom):
                bound |= {(alias.asname or alias.name).partition(".")[0] for alias in node.names}
            if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
                used.add(node.target.id)
            nodes += ast.iter_child_nodes(node)
        self.free |= used - self.bound
        self.bound |= bound


def _loaded(scope: ast.AST) -> set[str]:
    """Return the names that a function, class or comprehension takes from around it."""
    inside = list(ast.walk(scope))
    names = [node for node in inside if isinstance(node, ast.Name)]
    own = {node.id for node in names if not isinstance(node.ctx, ast.Load)}
    own |= {node.arg for node in inside if isinstance(node, ast.arg)}
    own |= {node.name for node in inside if isinstance(node, (*_DEFINITIONS, ast.ExceptHandler)) and node.name}
    own |= {
        (alias.asname or alias.name).partition(".")[0]
        for node in inside
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    return {node.id for node in names} - own
