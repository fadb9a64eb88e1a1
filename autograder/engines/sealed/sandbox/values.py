"""Values in and out of the sandbox: arguments with their identity, results with their place in the graph.

Runs in the sandbox, beside the student's code. A mutable argument is a copy; what the student's code changed in it goes
back with the reply, so that a test sees an in-place change as it would in one process.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from autograder.engines.sealed.protocol.decode import Decoder
from autograder.engines.sealed.protocol.encode import Encoder, Node, Refused
from autograder.engines.sealed.protocol.frames import Caps, ProtocolViolation
from autograder.engines.sealed.sandbox.graph import Record, Records, leaves
from autograder.engines.sealed.sandbox.objects import Objects, copy_of, same

__all__ = ["Reply", "Request"]

_MOST_REACH = 1 << 26  # elements of memory that a view may span


@dataclass
class _Argument:
    """A mutable argument: as the student's code got it, and as it came."""

    given: Any
    came: Any
    requires_grad: bool = False
    grad: torch.Tensor | None = None


class Request(Decoder):
    """Decode the arguments of one request. What comes is the examiner's and well formed."""

    def __init__(
        self, raw: memoryview, caps: Caps, objects: Objects, callback: Callable[[int], Callable[..., Any]]
    ) -> None:
        super().__init__(raw, caps, ("cpu", "cuda"))
        self.objects = objects
        self.callback = callback
        self.arguments: list[_Argument] = []
        self.inputs: list[torch.Tensor] = []
        self.identity: dict[int, int] = {}

    def mutable(self, node: Node) -> Any:
        """Decode ``["m", node]`` or, for a tensor, ``["m", node, is_leaf, grad]`` and the strides of a view."""
        argument = self._tensor(*node[1:]) if node[1][0] == "T" else self._container(self.decode(node[1]))
        self.identity[id(argument.given)] = len(self.arguments)
        self.arguments.append(argument)
        return argument.given

    def _container(self, value: Any) -> _Argument:
        return _Argument(value, value.copy())

    def _tensor(self, node: Node, is_leaf: bool, grad_node: Node, strides: list[int] | None = None) -> _Argument:
        requires_grad, node[3] = node[3], False
        came = self.content(node)
        with torch.enable_grad():
            given = leaf = came.clone() if strides is None else _laid_out(came, strides)
            grad = None if grad_node is None else self.content(grad_node)
            if requires_grad:
                leaf.requires_grad_()
                self.inputs.append(leaf)
                given = leaf if is_leaf else leaf.clone()
            if grad is not None:
                leaf.grad = grad.clone()
        return _Argument(given, came, requires_grad, grad)

    def imported(self, node: Node) -> Any:
        value: Any = importlib.import_module(node[1])
        for name in node[2].split("."):
            value = getattr(value, name)
        return value

    KINDS = Decoder.KINDS | {
        "m": lambda d, n: d.mutable(n),
        "a": lambda d, n: d.arguments[n[1]].given,
        "h": lambda d, n: d.objects[n[1]],
        "p": lambda d, n: d.objects.mirrored[n[1]].tensor,
        "g": lambda d, n: d.imported(n),
        "cb": lambda d, n: d.callback(n[1]),
    }

    def decode(self, node: Node) -> Any:
        try:
            return super().decode(node)
        except KeyError as error:
            raise ProtocolViolation(f"nothing has the number {error}") from None


def _laid_out(tensor: torch.Tensor, strides: list[int]) -> torch.Tensor:
    """Return a copy of ``tensor`` with ``strides``, or a contiguous one where elements would share memory."""
    once = tensor
    for dim, stride in enumerate(strides):
        if stride == 0 and tensor.shape[dim] > 1:  # an expanded dimension
            once = once.narrow(dim, 0, 1)
    reach = sum((size - 1) * stride for size, stride in zip(once.shape, strides, strict=True)) + 1
    if not 0 < once.numel() <= reach <= _MOST_REACH:
        return tensor.clone()
    given = torch.empty_strided(once.shape, strides, dtype=tensor.dtype, device=tensor.device)
    try:
        given.copy_(once)
    except RuntimeError:  # windows that overlap
        return tensor.clone()
    return given.expand(tensor.shape)


class Reply(Encoder):
    """Encode the reply to one request."""

    def __init__(self, caps: Caps, objects: Objects, records: Records, request: Request) -> None:
        super().__init__(caps)
        self.objects = objects
        self.records = records
        self.request = request
        self.outputs: list[torch.Tensor] = []

    def reply(self, value: Any, inputs: tuple[torch.Tensor, ...] = ()) -> Node:
        """Return ``["ok", record, outputs, leaves, value, changes, leaf changes]``; ``inputs`` join the record's."""
        answer = self.encode(value)
        changes = [change for i, argument in enumerate(self.request.arguments) if (change := self._change(i, argument))]
        leaf_changes = self._leaf_changes()
        record, known = None, []
        if self.outputs:
            own = (*self.request.inputs, *inputs)
            record = self.records.add(Record(own, tuple(self.outputs)))
            known = [self._leaf(leaf) for leaf in leaves(self.outputs, {id(leaf) for leaf in own})]
        outputs = [self.content(output) for output in self.outputs]
        return ["ok", record, outputs, known, answer, changes, leaf_changes]

    def container(self, value: Any, node: Callable[[], Node]) -> Node:
        number = self.request.identity.get(id(value))
        return node() if number is None else ["a", number]

    def tensor(self, value: torch.Tensor) -> Node:
        number = self.request.identity.get(id(value))
        if number is not None:
            return ["a", number]
        if not value.requires_grad:
            return self.content(value)
        if value.is_leaf and not any(value is leaf for leaf in self.request.inputs):
            return self._mirrored(value)
        for number, output in enumerate(self.outputs):
            if output is value:
                return ["o", number]
        self.outputs.append(value)
        return ["o", len(self.outputs) - 1]

    def other(self, value: Any) -> Node:
        kind = type(value)
        if issubclass(kind, tuple) and kind.__init__ is tuple.__init__:
            try:
                return super().other(value)
            except Exception:  # not a named tuple, or one with something odd in it
                return self.objects.node(value)
        return self.objects.node(value)

    def _mirrored(self, value: torch.Tensor) -> Node:
        number = self.objects.mirror(value)
        leaf = self.objects.mirrored[number]
        if leaf.data is not None:
            return ["p", number]
        leaf.data, leaf.grad = copy_of(value), copy_of(value.grad)
        grad = None if value.grad is None else self.content(value.grad.detach())
        return ["P", number, type(value) is torch.nn.Parameter, self.content(value), grad]

    def _leaf(self, value: torch.Tensor) -> Node:
        parameter = type(value) is torch.nn.Parameter
        number = self.objects.mirror(value)
        return [number, parameter, str(value.dtype).removeprefix("torch."), value.device.type, *value.shape]

    def _change(self, number: int, argument: _Argument) -> Node:
        """Return what the student's code changed in an argument, or None."""
        given, came = argument.given, argument.came
        if isinstance(given, torch.Tensor):
            if given.dtype != came.dtype or given.device != came.device:
                raise Refused("changed")
            data = None if same(given.detach(), came) else self.content(given.detach())
            grad: Node = "="
            if given.is_leaf and not same(given.grad, argument.grad):
                grad = None if given.grad is None else self.content(given.grad.detach())
            # One that an in-place operation has made part of a graph is no leaf for it: the test's stays what it was.
            requires_grad = given.requires_grad if given.is_leaf else argument.requires_grad
            if data is None and grad == "=" and requires_grad == argument.requires_grad:
                return None
            return [number, data, requires_grad, grad]
        if isinstance(given, np.ndarray):
            if given.dtype != came.dtype or given.shape != came.shape:
                raise Refused("changed")
            return None if given.tobytes() == came.tobytes() else [number, self.array(given)]
        if isinstance(given, list):
            kept = len(given) == len(came) and all(a is b for a, b in zip(given, came, strict=True))
            return None if kept else [number, ["l", *map(self.encode, given)]]
        if isinstance(given, dict):
            kept = len(given) == len(came) and all(
                a is b and given[a] is came[b] for a, b in zip(given, came, strict=True)
            )
            pairs = (self.encode(item) for pair in given.items() for item in pair)
            return None if kept else [number, ["d", *pairs]]
        return None

    def _leaf_changes(self) -> list[Node]:
        changes = []
        for number, leaf in self.objects.mirrored.items():
            if leaf.data is None:
                continue
            data: Node = None
            grad: Node = "="
            if not same(leaf.tensor.detach(), leaf.data):
                leaf.data = copy_of(leaf.tensor)
                data = self.content(leaf.tensor.detach())
            if not same(leaf.tensor.grad, leaf.grad):
                leaf.grad = copy_of(leaf.tensor.grad)
                grad = None if leaf.grad is None else self.content(leaf.grad)
            if data is not None or grad != "=":
                changes.append([number, data, grad])
        return changes
