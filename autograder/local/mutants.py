"""Mutants of a reference answer: small changes to its syntax tree, each of a kind that a student makes.

Runs where an author works; the reference is trusted, and nothing is executed here. A mutant that compiles to the same
code as the reference, or as another mutant, is not made. ``autograder.local.operators`` lists the changes.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from types import CodeType
from typing import Any

from autograder.assignment.cells import BEGIN_SOLUTION, END_SOLUTION
from autograder.local.operators import OPERATORS, UNORDERED
from autograder.parsing import compiled, parse

__all__ = ["Mutant", "mutants"]

LEFT_ALONE = {"returns", "annotation", "decorator_list", "type_params", "msg", "format_spec"}
REDUCTIONS = {
    "sum",
    "mean",
    "var",
    "std",
    "var_mean",
    "amax",
    "amin",
    "any",
    "all",
    "norm",
    "flip",
    "prod",
    "count_nonzero",
}


@dataclass(frozen=True)
class Mutant:
    """One change: the operator's name and sentence, the changed ``code``, and its lines ``old`` and ``new``."""

    operator: str
    sentence: str
    code: str
    old: str
    new: str

    @property
    def change(self) -> str:
        """The change in one line, as a mark in the source names it."""
        return f"{self.old} -> {self.new}"


def mutants(reference: str) -> list[Mutant]:
    """Return the mutants of an answer cell, in the order of its lines; each code once.

    Only what stands between the solution markers is changed, or all where there are none; docstrings, annotations and
    the texts of errors are left alone.
    """
    tree = parse(reference)
    _mark_unordered(tree)
    within = _solution_lines(reference)
    plain = ast.unparse(tree)
    seen = {_meaning(compiled(plain, "<reference>"))}
    found: list[Mutant] = []
    for holder, field, at, node in _places(tree):
        lines = range(getattr(node, "lineno", 0), (getattr(node, "end_lineno", 0) or 0) + 1)
        if not lines or not within.issuperset(lines):
            continue
        for operator in OPERATORS.values():
            for other in operator.change(node):
                _put(holder, field, at, other)
                try:
                    code = ast.unparse(ast.fix_missing_locations(tree))
                    meaning = _meaning(compiled(code, "<mutant>"))
                except (SyntaxError, ValueError, TypeError):
                    continue  # no Python: nobody can hand it in
                finally:
                    _put(holder, field, at, node)
                if meaning not in seen:
                    seen.add(meaning)
                    found.append(Mutant(operator.name, operator.sentence, code + "\n", *_differing(plain, code)))
    return found


def _solution_lines(text: str) -> set[int]:
    """Return the numbers of the lines between the markers, of all lines where there are no markers."""
    inside: set[int] = set()
    within = False
    lines = text.splitlines()
    for number, line in enumerate(lines, 1):
        if line.strip() in (BEGIN_SOLUTION, END_SOLUTION):
            within = line.strip() == BEGIN_SOLUTION
        elif within:
            inside.add(number)
    return inside or set(range(1, len(lines) + 1))


def _places(tree: ast.AST) -> Iterator[tuple[ast.AST, str, int | None, ast.AST]]:
    """Yield every node that may be changed, with the node, field and place in it where it hangs."""
    for field, value in ast.iter_fields(tree):
        if field in LEFT_ALONE:
            continue
        nodes: list[Any] = value if isinstance(value, list) else [value]
        for at, node in enumerate(nodes):
            if isinstance(node, ast.AST) and not _is_docstring(tree, field, at, node):
                yield tree, field, at if isinstance(value, list) else None, node
                if not isinstance(node, ast.Raise):
                    yield from _places(node)


def _is_docstring(tree: ast.AST, field: str, at: int, node: ast.AST) -> bool:
    return field == "body" and at == 0 and isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _put(holder: ast.AST, field: str, at: int | None, node: ast.AST) -> None:
    if at is None:
        setattr(holder, field, node)
    else:
        getattr(holder, field)[at] = node


def _mark_unordered(tree: ast.AST) -> None:
    """Mark the tuples and lists whose order means nothing: kinds of errors and types, axes of a sum, ``in (1, 2)``."""
    for node in ast.walk(tree):
        free: list[ast.AST | None] = []
        if isinstance(node, ast.ExceptHandler):
            free = [node.type]
        elif isinstance(node, ast.Compare):
            pairs = zip(node.ops, node.comparators, strict=True)
            free = [right for op, right in pairs if isinstance(op, ast.In | ast.NotIn)]
        elif isinstance(node, ast.Call):
            name = getattr(node.func, "attr", "") or getattr(node.func, "id", "")
            if name in ("isinstance", "issubclass", "min", "max", "set", "frozenset", *REDUCTIONS):
                free = [*node.args, *(word.value for word in node.keywords)]
        for one in free:
            if isinstance(one, ast.Tuple | ast.List):
                setattr(one, UNORDERED, True)


def _meaning(code: CodeType) -> tuple[Any, ...]:
    """Return what a piece of code does, its places in the file left out: two that are the same do the same."""
    inner = tuple(
        _meaning(one) if isinstance(one, CodeType) else (type(one).__name__, repr(one)) for one in code.co_consts
    )
    variables = (code.co_varnames, code.co_freevars, code.co_cellvars, code.co_argcount, code.co_kwonlyargcount)
    return (code.co_code, inner, code.co_names, code.co_name, code.co_flags, code.co_exceptiontable, *variables)


def _differing(before: str, after: str) -> tuple[str, str]:
    """Return the lines that differ in each text, stripped and joined by semicolons.

    Where lines were only added or removed, the line before them stands with them.
    """
    old, new = before.splitlines(), after.splitlines()
    common = ""
    while old and new and old[0] == new[0]:
        common = old[0]
        del old[0], new[0]
    while old and new and old[-1] == new[-1]:
        del old[-1], new[-1]
    if not (old and new):
        old, new = [common, *old], [common, *new]
    return "; ".join(line.strip() for line in old), "; ".join(line.strip() for line in new)
