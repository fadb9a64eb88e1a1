"""Parse Python in a process with several threads.

Python 3.11 and 3.12 count how deep a syntax tree is in one place for all threads. Where a garbage collection in the
middle runs Python code (a callback, a finaliser), another thread may come in between, and ``ast.parse`` then fails with
"AST constructor recursion depth mismatch" (github.com/python/cpython/issues/106905). Here one thread parses at a time.
"""

from __future__ import annotations

import ast
import threading
from types import CodeType

__all__ = ["compiled", "expression", "parse"]

_ONE_AT_A_TIME = threading.RLock()


def parse(source: str, name: str = "<unknown>") -> ast.Module:
    """Return the syntax tree of ``source``.

    Raises:
        SyntaxError, ValueError, RecursionError, MemoryError: it is not Python, or too deep.
    """
    with _ONE_AT_A_TIME:
        return ast.parse(source, name)


def expression(source: str) -> ast.expr:
    """Return the syntax tree of one expression; raises as ``parse`` does."""
    with _ONE_AT_A_TIME:
        return ast.parse(source, mode="eval").body


def compiled(tree: ast.Module | str, name: str) -> CodeType:
    """Return the code of a module; raises as ``parse`` does."""
    with _ONE_AT_A_TIME:
        code = compile(tree, name, "exec")
        assert isinstance(code, CodeType)
        return code
