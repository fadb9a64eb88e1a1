"""What convlab imports: itself, the standard library and few packages, so that a notebook runs almost anywhere."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import convlab

ROOT = Path(convlab.__file__).resolve().parent
ALWAYS = {"torch", "torchvision", "numpy", "matplotlib"}
IN_FUNCTIONS = {  # by module: what it imports only where it is used
    "sklearn": {"datasets/catalogue.py", "photographs.py"},
    "IPython": {"glue.py"},
}


def imports(tree: ast.AST, inside: bool = False) -> Iterator[tuple[str, bool]]:
    """Give the first name of each import below ``tree``, and whether it stands inside a function."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name.partition(".")[0], inside) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports hide what is imported"
            yield str(node.module).partition(".")[0], inside
        yield from imports(node, inside or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def foreign(module: Path) -> Iterator[tuple[str, bool]]:
    for name, inside in imports(ast.parse(module.read_text(encoding="utf-8"))):
        if name != "convlab" and name not in sys.stdlib_module_names:
            yield name, inside


def test_it_imports_four_packages_and_others_only_where_they_are_used() -> None:
    modules = sorted(ROOT.rglob("*.py"))
    assert len(modules) > 20
    unexpected = [
        f"{path}: {name}"
        for path, module in ((m.relative_to(ROOT).as_posix(), m) for m in modules)
        for name, inside in foreign(module)
        if name not in ALWAYS and not (inside and path in IN_FUNCTIONS.get(name, set()))
    ]
    assert unexpected == []


def test_each_exception_is_still_needed() -> None:
    needed = {(name, path) for name, paths in IN_FUNCTIONS.items() for path in paths}
    used = {(name, m.relative_to(ROOT).as_posix()) for m in ROOT.rglob("*.py") for name, _ in foreign(m)}
    assert needed <= used
