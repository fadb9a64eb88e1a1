"""A released cell, compiled before any submission is run: its code, the names that it uses and those that it binds.

Trusted; the same for all submissions, hence computed once. Imports no torch.
"""

from __future__ import annotations

import ast
import functools
import marshal
import re
from dataclasses import dataclass

from autograder.assignment.dependencies import names_of
from autograder.parsing import compiled, parse

__all__ = ["CompiledCell", "plain", "prepare"]


_MAGIC = re.compile(r"^([ \t]*)(?:[!%?].*|[\w.]+\?{1,2}[ \t]*)$", re.MULTILINE)
_ASSIGNED = re.compile(r"^([ \t]*[\w.\[\], ]+=[ \t]*)[!%].*$", re.MULTILINE)


@dataclass(frozen=True)
class CompiledCell:
    """A compiled cell (marshalled), the names that it reads before it binds them, and those that it binds."""

    code: bytes
    uses: frozenset[str]
    binds: frozenset[str]


@functools.lru_cache(maxsize=4096)
def prepare(source: str, number: int) -> CompiledCell:
    """Compile a released cell; ``number`` is its place in the notebook, for tracebacks.

    Raises:
        SyntaxError: the release is broken.
    """
    text = plain(source)
    tree = parse(text, f"<cell {number}>")
    code = compiled(tree, f"<cell {number}>")
    bound = {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    bound |= {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    bound |= {
        (alias.asname or alias.name).split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    return CompiledCell(marshal.dumps(code), names_of(text)[0], frozenset(bound & set(code.co_names)))


def plain(source: str) -> str:
    """Return ``source`` with magics and shell lines emptied, so that it is Python and keeps its line numbers.

    A line that begins with one becomes ``pass``, and ``files = !ls`` becomes ``files = None``, at any indentation. A
    cell that is Python already is left alone: there a line may begin with the operator %.
    """
    try:
        parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return _ASSIGNED.sub(r"\1None", _MAGIC.sub(r"\1pass", source))
    return source
