"""Let every function of an answer spoil its arguments before it computes: what ``autograder.local.spoil`` tries.

Runs in the process of the cells, at the end of an answer cell, on files that the author trusts. An outermost call of
one of the answer's functions first spoils the arguments *in place*, then returns what the function gives for what is
left of them. A check that computes its expected value afterwards, from the same objects, agrees with that. With
``copies`` the function gets spoiled copies, and the check's own objects stay as they were: it returns the same, and
whoever compares values sees that it is wrong.

Arguments that a function changes by itself, as an optimizer's step does, are left alone: a first run notes them.
"""

from __future__ import annotations

import copy
import functools
import inspect
import json
import random
from collections.abc import Callable, Iterable
from pathlib import Path
from types import FunctionType
from typing import Any

import numpy as np
import torch

__all__ = ["WAYS", "note", "spoil"]

WAYS = ("zero", "empty", "first", "network")
NAMED = ("__init__", "__call__", "__getitem__", "__iter__", "__len__")

_depth = 0


def note(namespace: dict[str, Any], names: Iterable[str], file: str) -> None:
    """Write into ``file`` which arguments the functions ``names`` change by themselves, a line for each."""

    def wrapped(fn: Callable[..., Any], name: str, own: bool) -> Callable[..., Any]:
        def run(args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
            given = arguments(fn, args, kwargs, own)
            before = {key: fingerprint(value) for key, value in given.items()}
            try:
                return fn(*args, **kwargs)
            finally:
                changed = [key for key, value in given.items() if fingerprint(value) != before[key]]
                if changed:
                    with Path(file).open("a", encoding="utf-8") as lines:
                        lines.write(json.dumps([name, changed]) + "\n")

        return outermost(fn, run)

    wrap_all(namespace, names, wrapped)


def spoil(namespace: dict[str, Any], names: Iterable[str], way: str, copies: bool, file: str) -> None:
    """Let the functions and methods of ``names`` spoil their arguments in one of ``WAYS``; ``file`` is ``note``'s."""
    noted = [json.loads(line) for line in Path(file).read_text(encoding="utf-8").splitlines()]
    changed = {(name, key) for name, keys in noted for key in keys}

    def wrapped(fn: Callable[..., Any], name: str, own: bool) -> Callable[..., Any]:
        def run(args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
            mine = {key for key in arguments(fn, args, kwargs, own) if (name, key) not in changed}
            if not own and refused(fn, args, kwargs):
                return fn(*args, **kwargs)  # an argument that makes no sense is refused as it came
            change = spoiled if copies else spoil_in_place
            undo: list[tuple[torch.Tensor, torch.Tensor]] = []

            def one(key: str, value: Any) -> Any:
                if key not in mine:
                    return value
                if way == "network":
                    zero_network(value, undo)
                    return value
                return change(value, way)

            start = 1 if own else 0
            new = [*args[:start], *(one(str(at), value) for at, value in enumerate(args[start:], start))]
            named = {key: one(key, value) for key, value in kwargs.items()}
            try:
                return fn(*new, **named)
            finally:
                if copies:
                    restore(undo)

        return outermost(fn, run)

    wrap_all(namespace, names, wrapped)


def wrap_all(namespace: dict[str, Any], names: Iterable[str], wrapped: Callable[..., Any]) -> None:
    for name in names:
        value = namespace.get(name)
        if isinstance(value, FunctionType):
            namespace[name] = wrapped(value, name, False)
        elif isinstance(value, type):
            for part, method in list(vars(value).items()):
                if isinstance(method, FunctionType) and (part in NAMED or not part.startswith("__")):
                    setattr(value, part, wrapped(method, f"{name}.{part}", True))


def outermost(fn: Callable[..., Any], run: Callable[..., Any]) -> Callable[..., Any]:
    """Return ``fn`` with ``run`` in the place of calls that do not come from the answer itself."""

    @functools.wraps(fn)
    def called(*args: Any, **kwargs: Any) -> Any:
        global _depth
        if _depth:
            return fn(*args, **kwargs)
        _depth += 1
        try:
            return run(args, kwargs)
        finally:
            _depth -= 1

    return called


def arguments(fn: Any, args: tuple[Any, ...], kwargs: dict[str, Any], own: bool) -> dict[str, Any]:
    """Return the arguments of a call by position or name, without the instance that a method belongs to."""
    return {str(at): value for at, value in enumerate(args) if not (own and at == 0)} | kwargs


def refused(fn: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:
    """Say whether ``fn`` raises on these arguments, tried on copies."""
    states = random.getstate(), np.random.get_state(), torch.get_rng_state()
    try:
        tried, named = copy_of((args, kwargs))
    except Exception:
        return False
    try:
        result = fn(*tried, **named)
        if inspect.isgenerator(result):
            result.close()
    except Exception:
        return True
    finally:
        random.setstate(states[0])
        np.random.set_state(states[1])
        torch.set_rng_state(states[2])
    return False


def copy_of(value: Any) -> Any:
    if isinstance(value, torch.Tensor):
        return value.detach().clone().requires_grad_(value.requires_grad)
    if type(value) in (list, tuple):
        return type(value)(copy_of(item) for item in value)
    if type(value) is dict:
        return {key: copy_of(item) for key, item in value.items()}
    if isinstance(value, np.ndarray | torch.nn.Module):
        return copy.deepcopy(value)
    return value


def fingerprint(value: Any) -> Any:
    """Return what is the same as long as ``value`` holds the same."""
    if isinstance(value, torch.Tensor):
        data = value.detach().cpu().contiguous()
        return str(data.dtype), tuple(data.shape), data.reshape(-1).view(torch.uint8).numpy().tobytes()
    if isinstance(value, np.ndarray):
        return str(value.dtype), value.shape, value.tobytes()
    if type(value) in (list, tuple):
        return [fingerprint(item) for item in value]
    if type(value) is dict:
        return [(key, fingerprint(item)) for key, item in value.items()]
    if isinstance(value, torch.nn.Module):
        state = {name: item for name, item in value.state_dict().items() if isinstance(item, torch.Tensor)}
        wants = [item.requires_grad for item in value.parameters()]
        return fingerprint(state), wants, [module.training for module in value.modules()]
    return value if isinstance(value, int | float | str | None) else None


def spoil_in_place(value: Any, way: str) -> Any:
    """Spoil ``value`` and all that it holds, and return it."""
    if isinstance(value, torch.Tensor):
        with torch.no_grad():
            if way == "zero":
                value.detach().zero_()
            elif value.ndim:
                value.data = value.data[: kept(way)]
    elif isinstance(value, np.ndarray):
        if way == "zero" and value.flags.writeable:
            value[...] = 0
    elif type(value) is list:
        if way == "zero":
            value[:] = [0 * item if type(item) in (int, float) else spoil_in_place(item, way) for item in value]
        else:
            del value[kept(way) :]
    elif type(value) is dict:
        if way == "zero":
            for key, item in value.items():
                value[key] = 0 * item if type(item) in (int, float) else spoil_in_place(item, way)
        else:
            for key in list(value)[kept(way) :]:
                del value[key]
    elif type(value) is tuple:
        for item in value:
            spoil_in_place(item, way)
    return value


def spoiled(value: Any, way: str) -> Any:
    """Return a copy of ``value``, spoiled as ``spoil_in_place`` does it, with gradients that lead to the original."""
    if isinstance(value, torch.Tensor):
        if way == "zero":
            return value - value.detach() if value.requires_grad else torch.zeros_like(value)
        return value[: kept(way)] if value.ndim else value
    if isinstance(value, np.ndarray):
        return np.zeros_like(value) if way == "zero" and value.flags.writeable else value
    if type(value) in (list, dict) and way != "zero":
        return type(value)(list(value)[: kept(way)] if type(value) is list else list(value.items())[: kept(way)])
    if type(value) is list:
        return [0 * item if type(item) in (int, float) else spoiled(item, way) for item in value]
    if type(value) is dict:
        return {k: 0 * item if type(item) in (int, float) else spoiled(item, way) for k, item in value.items()}
    if type(value) is tuple:
        return tuple(spoiled(item, way) for item in value)
    return value


def kept(way: str) -> int:
    return 1 if way == "first" else 0


def zero_network(value: Any, undo: list[tuple[torch.Tensor, torch.Tensor]]) -> None:
    """Set the parameters of a network to zero in place; ``undo`` gets what they were."""
    if isinstance(value, torch.nn.Module):
        for parameter in value.parameters():
            undo.append((parameter, parameter.detach().clone()))
            parameter.data.zero_()


def restore(undo: list[tuple[torch.Tensor, torch.Tensor]]) -> None:
    for parameter, before in undo:
        if parameter.shape == before.shape and not parameter.detach().any():
            parameter.data.copy_(before)
