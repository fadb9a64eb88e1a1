"""Stand-ins for the student's objects: operations on them are requests, decisions about them are made here.

Runs in the examiner. The student's ``__eq__``, ``__bool__``, ``__hash__`` and ``__class__`` are never asked. Names with
two underscores on both sides are refused but for a few, since numpy, torch, pickle and copy follow them into memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch

from autograder.engines.sealed.examiner.requests import Requests

__all__ = ["Proxy", "handle_of", "library_class", "name_of"]

_ASKED_DUNDERS = frozenset({"__doc__", "__qualname__", "__dict__", "__annotations__", "__defaults__", "__kwdefaults__"})
_MODULES = {"torch": torch}
_VALUES = (torch.Tensor, torch.dtype, torch.device, int, float, complex, str, bytes, tuple, list, dict, set, frozenset)


class Proxy:
    """One object of the student's. Equal to itself alone; has no truth value; its type here says nothing."""

    __slots__ = ("__weakref__", "_claimed", "_handle", "_name", "_remote")

    def __init__(self, remote: Requests, handle: int, name: str, claimed: str) -> None:
        for slot, value in (("_remote", remote), ("_handle", handle), ("_name", name), ("_claimed", claimed)):
            object.__setattr__(self, slot, value)

    @property  # type: ignore[misc]
    def __class__(self) -> type:
        """The library's class nearest to the object's, as its process claims it: for isinstance(net, nn.Module)."""
        return library_class(self._claimed)

    @property
    def __name__(self) -> str:
        return str(self._name)

    def __getattr__(self, name: str) -> Any:
        if name[:2] == "__" == name[-2:] and name not in _ASKED_DUNDERS:
            raise AttributeError(name)
        return self._remote.request("get", self, name)

    def __setattr__(self, name: str, value: Any) -> None:
        if name[:2] == "__" == name[-2:]:
            raise AttributeError(name)
        self._remote.request("set", self, name, value)

    def __delattr__(self, name: str) -> None:
        self._remote.request("del", self, name)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._remote.call(self, args, kwargs)

    def __getitem__(self, key: Any) -> Any:
        return self._remote.request("item", self, key)

    def __setitem__(self, key: Any, value: Any) -> None:
        self._remote.request("setitem", self, key, value)

    def __delitem__(self, key: Any) -> None:
        self._remote.request("delitem", self, key)

    def __len__(self) -> int:
        size = self._remote.request("len", self)
        if type(size) is not int or size < 0:
            raise TypeError("the length is not a number")
        return size

    def __iter__(self) -> Iterator[Any]:
        items = self._remote.request("iter", self)
        return items if type(items) is Proxy else iter(items)

    def __next__(self) -> Any:
        return self._remote.request("next", self)

    def __contains__(self, value: Any) -> bool:
        return any(type(item) is type(value) and item == value for item in self)

    def __enter__(self) -> Any:
        return self._remote.request("enter", self)

    def __exit__(self, *_: object) -> None:
        self._remote.request("exit", self)

    def __dir__(self) -> list[str]:
        return [name for name in self._remote.request("dir", self) if type(name) is str]

    def __eq__(self, other: object) -> bool:
        return other is self

    def __ne__(self, other: object) -> bool:
        return other is not self

    def __hash__(self) -> int:
        return id(self)

    def __bool__(self) -> bool:
        raise TypeError("an object of the student's is neither true nor false to a test: compare it with a check")

    def __repr__(self) -> str:
        return f"<{self._name} of the student's>"

    __str__ = __repr__

    def __format__(self, _: str) -> str:
        return repr(self)

    def __reduce_ex__(self, _: Any) -> Any:
        raise TypeError("an object of the student's cannot be copied")

    def __del__(self) -> None:
        remote = getattr(self, "_remote", None)
        if remote is not None:
            remote.forget(self._handle)


# What a check's message says of it: "received an object of your code".
Proxy.__module__ = "builtins"
Proxy.__qualname__ = Proxy.__name__ = "object of your code"  # type: ignore[method-assign, assignment]


def handle_of(proxy: Proxy) -> int:
    return int(object.__getattribute__(proxy, "_handle"))


def name_of(proxy: Proxy) -> str:
    return str(object.__getattribute__(proxy, "_name"))


def library_class(claimed: str) -> type:
    """Return the class of torch that has this dotted name, or ``object``: nothing is imported to find it.

    A class that torch only holds (``torch.builtins.int``), and one of values (``torch.Size`` is a tuple), is ``object``
    too: no object of the student's may pass for a number or a tuple.
    """
    first, *rest = claimed.split(".")
    found: Any = _MODULES.get(first)
    for name in rest:
        found = vars(found).get(name) if hasattr(found, "__dict__") else None
    if not isinstance(found, type) or f"{found.__module__}.{found.__qualname__}" != claimed:
        return object
    return object if issubclass(found, _VALUES) else found
