"""A released cell, compiled before any submission is run: its code, the names that it uses and those that it binds.

Trusted; the same for all submissions, hence computed once. Imports no torch.
"""

from __future__ import annotations

import ast
import functools
import marshal
from dataclasses import dataclass
from types import CodeType

__all__ = ["CompiledCell", "plain", "prepare"]


@dataclass(frozen=True)
class CompiledCell:
    """A compiled cell (marshalled), the global names in it at any depth, and those that it binds at its top level."""

    code: bytes
    uses: frozenset[str]
    binds: frozenset[str]


@functools.lru_cache(maxsize=4096)
def prepare(source: str, number: int) -> CompiledCell:
    """Compile a released cell; ``number`` is its place in the notebook, for tracebacks.

    Raises:
        SyntaxError: the release is broken.
    """
    tree = ast.parse(plain(source), f"<cell {number}>")
    code = compile(tree, f"<cell {number}>", "exec")
    bound = {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    bound |= {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    bound |= {
        (alias.asname or alias.name).split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    return CompiledCell(marshal.dumps(code), frozenset(_uses(code)), frozenset(bound & set(code.co_names)))


def plain(source: str) -> str:
    """Return ``source`` with magics and shell lines emptied, so that it is Python and keeps its line numbers."""
    lines = source.split("\n")
    return "\n".join("pass" if line[:1] in ("%", "!", "?") else line for line in lines)


def _uses(code: CodeType) -> set[str]:
    names = set(code.co_names)
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            names |= _uses(constant)
    return names
