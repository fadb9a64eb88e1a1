"""Find the library functions that a notebook's function names in its source, under whatever alias."""

from __future__ import annotations

import ast
import importlib
import inspect
import sys
import textwrap
from collections.abc import Iterator
from types import BuiltinFunctionType, FunctionType, ModuleType
from typing import Any

__all__ = ["AT_RUN_TIME", "found_at_run_time", "imported", "mentioned", "renamed", "used_names"]

AT_RUN_TIME = "(a name found at run time)"
_EVALUATES = frozenset({"eval", "exec", "__import__"})
_FETCHES = frozenset({"attrgetter", "methodcaller", "import_module"})


def used_names(fn: object) -> Iterator[tuple[str, str]]:
    """Yield (dotted name, source line) of each module, function and class that ``fn`` mentions.

    Follows functions and classes of the same namespace that ``fn`` mentions, imports inside of functions, aliases
    (``from torch.nn.functional import conv2d as c``) and ``getattr(module, "name")``. Where a name is put together at
    run time it yields ``AT_RUN_TIME``. A function whose source cannot be read yields nothing.
    """
    seen: set[int] = set()
    todo = [fn]
    while todo:
        item = todo.pop()
        if id(item) in seen:
            continue
        seen.add(id(item))
        tree, lines = _parse(item)
        if tree is None:
            if isinstance(item, type):  # a notebook's class: Python 3.11 finds the source of its methods only
                for base in item.__bases__:
                    yield _dotted(base), f"class {item.__name__}({base.__name__}):"
                parts = [*item.__bases__, *vars(item).values()]
                own = [part for part in parts if isinstance(part, FunctionType | type)]
                todo += [part for part in own if part.__module__ == item.__module__]
            continue
        namespace = _namespace(item)
        names = dict(namespace)
        for node in ast.walk(tree):
            names.update(imported(node))
        names |= renamed(tree, names)
        for node in found_at_run_time(tree, names):
            yield AT_RUN_TIME, lines[getattr(node, "lineno", 1) - 1].strip()
        for node in ast.walk(tree):
            for value, name in mentioned(node, names):
                yield name, lines[getattr(node, "lineno", 1) - 1].strip()
                if isinstance(value, FunctionType | type) and _namespace(value) is namespace:
                    todo.append(value)


def _parse(item: Any) -> tuple[ast.AST | None, list[str]]:
    try:
        source = textwrap.dedent(inspect.getsource(item))
        return ast.parse(source), source.splitlines()
    except (OSError, TypeError, SyntaxError):
        return None, []


def _namespace(item: Any) -> dict[str, Any]:
    """Return the globals that ``item`` was defined in; for a class, those of its first method."""
    if isinstance(item, type):
        methods = [value for value in vars(item).values() if isinstance(value, FunctionType)]
        return methods[0].__globals__ if methods else {}
    found = getattr(inspect.unwrap(item) if callable(item) else item, "__globals__", {})
    return found if isinstance(found, dict) else {}


def imported(node: ast.AST) -> dict[str, Any]:
    """Return what an import statement binds: of libraries other than torch, numpy and scipy only the names."""
    bound: dict[str, Any] = {}
    if isinstance(node, ast.Import):
        for alias in node.names:
            module = _module(alias.name)
            if module is not None:
                top = alias.name.split(".")[0]
                bound[alias.asname or top] = module if alias.asname else _module(top)
    elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
        module = _module(node.module)
        for alias in node.names:
            value = getattr(module, alias.name, None) or _module(f"{node.module}.{alias.name}")
            if value is not None:
                bound[alias.asname or alias.name] = value
    return bound


def renamed(tree: ast.AST, names: dict[str, Any]) -> dict[str, Any]:
    """Return the variables to which ``tree`` assigns a library or a part of one, however often it is passed on."""
    known: dict[str, Any] = {}
    assigned = [(node.targets, node.value) for node in ast.walk(tree) if isinstance(node, ast.Assign)]
    assigned += [([node.target], node.value) for node in ast.walk(tree) if isinstance(node, ast.NamedExpr)]
    for _ in range(3):
        for targets, value in assigned:
            found, what = _resolve(value, names | known)
            if found and isinstance(what, ModuleType | FunctionType | BuiltinFunctionType):
                known |= {target.id: what for target in targets if isinstance(target, ast.Name)}
    return known


class _Named(ModuleType):
    """Stand for something of a library that is not imported here: all that is known of it is its dotted name."""

    def __getattr__(self, name: str) -> _Named:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Named(f"{self.__name__}.{name}")


def _module(name: str) -> ModuleType | None:
    top = name.split(".")[0]
    if top in sys.stdlib_module_names:
        return None
    if top not in {"torch", "numpy", "scipy"}:
        return _Named(name)
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def mentioned(node: ast.AST, names: dict[str, Any]) -> Iterator[tuple[Any, str]]:
    """Yield the values that a name, an attribute, a getattr call or an import mentions, with their dotted names."""
    if isinstance(node, ast.Import | ast.ImportFrom):
        for value in imported(node).values():
            yield value, _dotted(value)
    elif isinstance(node, ast.Name | ast.Attribute | ast.Call):
        found, value = _resolve(node, names)
        if found and not isinstance(node, ast.Name):
            yield value, _written(node, names)
        if found and isinstance(value, FunctionType | BuiltinFunctionType | type | ModuleType):
            yield value, _dotted(value)


def found_at_run_time(tree: ast.AST, names: dict[str, Any]) -> Iterator[ast.AST]:
    """Yield the nodes that look up, or may look up, something of a library by a name that the source does not show.

    That is ``getattr`` of a library with anything but a text, a library's ``__dict__``, ``sys.modules``, ``eval`` and
    the like. ``getattr`` of other objects is everybody's.
    """
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    direct = {id(call.func) for call in calls}
    harmless = {id(call.func) for call in calls if _of_the_standard_library(call)}
    for node in ast.walk(tree):
        if id(node) in harmless:
            continue
        match node:
            case ast.Call(func=ast.Name(id="getattr" | "vars"), args=[base, *rest]):
                hidden = not rest or not isinstance(rest[0], ast.Constant)
                found = hidden and _of_a_library(base, names)
            case ast.Call(func=ast.Name(id="globals" | "locals")):
                found = True
            case ast.Attribute(value=base, attr="__dict__" | "__getattribute__" | "__getattr__"):
                found = _of_a_library(base, names)
            case ast.Attribute(value=ast.Name(id="sys"), attr="modules"):
                found = True
            case ast.Attribute(value=ast.Name(id="builtins" | "__builtins__"), attr=attr):
                found = attr in _EVALUATES or attr == "getattr"
            case ast.Attribute(attr=attr):
                found = attr in _FETCHES
            case ast.Name(id=name):
                found = name in _EVALUATES | _FETCHES or (name in ("getattr", "vars") and id(node) not in direct)
            case _:
                found = False
        if found:
            yield node


def _of_the_standard_library(call: ast.Call) -> bool:
    """Say whether an import written as a call names a module of Python's own."""
    match call.args:
        case [ast.Constant(value=str(name)), *_]:
            return name.split(".")[0] in sys.stdlib_module_names - {"builtins", "importlib", "operator", "sys"}
    return False


def _of_a_library(node: ast.AST, names: dict[str, Any]) -> bool:
    found, value = _resolve(node, names)
    return found and (isinstance(value, ModuleType) or type(value).__module__.startswith("torch._ops"))


def _resolve(node: ast.AST, names: dict[str, Any]) -> tuple[bool, Any]:
    """Return (True, value) of a dotted name that starts at a module or a known name."""
    if isinstance(node, ast.Name) and node.id in names:
        return True, names[node.id]
    base, attribute = _parts(node)
    if base is not None:
        found, value = _resolve(base, names)
        if found and (isinstance(value, ModuleType) or type(value).__module__.startswith("torch._ops")):
            missing = object()
            member = getattr(value, attribute, missing)
            return member is not missing, member
    return False, None


def _parts(node: ast.AST) -> tuple[ast.AST | None, str]:
    """Split ``base.attribute`` or ``getattr(base, "attribute")``."""
    if isinstance(node, ast.Attribute):
        return node.value, node.attr
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "getattr":
        match node.args:
            case [base, ast.Constant(value=str(attribute)), *_]:
                return base, attribute
    return None, ""


def _dotted(value: Any) -> str:
    """Return the name that a library gives to ``value``; functions built into torch do not know their module."""
    if isinstance(value, ModuleType):
        return value.__name__
    module = getattr(value, "__module__", None) or ""
    owner = getattr(value, "__self__", None)
    if isinstance(owner, ModuleType):
        module = owner.__name__
    elif getattr(owner, "__name__", "") == "_VariableFunctionsClass":
        module = "torch"
    return f"{module}.{getattr(value, '__name__', '')}"


def _written(node: ast.AST, names: dict[str, Any]) -> str:
    """Return a dotted name as written, with the alias at its start replaced by the module it stands for."""
    if isinstance(node, ast.Name):
        value = names.get(node.id)
        return value.__name__ if isinstance(value, ModuleType) else node.id
    base, attribute = _parts(node)
    return f"{_written(base, names)}.{attribute}" if base is not None else ""
