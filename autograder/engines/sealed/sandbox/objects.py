"""What the sandbox keeps for the examiner: objects behind handles, and leaves that both sides hold.

Runs in the sandbox, beside the student's code.
"""

from __future__ import annotations

import inspect
import itertools
import types
from dataclasses import dataclass
from typing import Any

import torch

from autograder.engines.sealed.protocol.encode import Node

__all__ = ["MirroredLeaf", "Objects"]

# Saved before student code can replace them: this serves those who patch torch by accident.
_equal = torch.equal


def same(a: torch.Tensor | None, b: torch.Tensor | None) -> bool:
    """Say whether two tensors have the same shape, dtype and elements."""
    if a is None or b is None:
        return a is b
    return a.shape == b.shape and a.dtype == b.dtype and _equal(a, b)


def copy_of(tensor: torch.Tensor | None) -> torch.Tensor | None:
    return None if tensor is None else tensor.detach().clone()


@dataclass
class MirroredLeaf:
    """A leaf of the student's that the examiner has a tensor for; ``data`` and ``grad`` are as both sides last knew.

    ``data`` is None until the examiner has seen the elements.
    """

    tensor: torch.Tensor
    data: torch.Tensor | None = None
    grad: torch.Tensor | None = None


class Objects:
    """The handle table of one sandbox. The same object has the same handle as long as the examiner holds it."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)
        self._objects: dict[int, Any] = {}
        self._handles: dict[int, int] = {}
        self.mirrored: dict[int, MirroredLeaf] = {}
        self._mirrored_ids: dict[int, int] = {}

    def __getitem__(self, handle: int) -> Any:
        return self._objects[handle]

    def handle(self, value: Any) -> int:
        """Return the handle of ``value``, a new one if it has none."""
        found = self._handles.get(id(value))
        if found is None:
            found = self._handles[id(value)] = next(self._numbers)
            self._objects[found] = value
        return found

    def mirror(self, tensor: torch.Tensor) -> int:
        """Return the number of ``tensor``, a leaf that requires a gradient, as a mirrored one."""
        found = self._mirrored_ids.get(id(tensor))
        if found is None:
            found = self._mirrored_ids[id(tensor)] = next(self._numbers)
            self.mirrored[found] = MirroredLeaf(tensor)
        return found

    def release(self, number: int) -> None:
        """Forget a handle or a mirrored leaf."""
        if number in self.mirrored:
            del self._mirrored_ids[id(self.mirrored.pop(number).tensor)]
        elif number in self._objects:
            del self._handles[id(self._objects.pop(number))]

    def node(self, value: Any) -> Node:
        """Return ``["h", handle, name, library class]``; the class is its nearest that is not the student's."""
        kind = type(value)
        name = getattr(value, "__name__", None) if isinstance(value, type | types.FunctionType) else kind.__name__
        return ["h", self.handle(value), str(name)[:100], _library_class(kind)]


def _library_class(kind: type) -> str:
    for ancestor in inspect.getmro(kind):
        module = getattr(ancestor, "__module__", "")
        if isinstance(module, str) and module.split(".")[0] in ("torch", "builtins", "torchvision"):
            return f"{module}.{ancestor.__qualname__}"[:200]
    return "builtins.object"
