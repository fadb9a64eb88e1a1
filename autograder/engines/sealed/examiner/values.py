"""Values out of and into the examiner: arguments as copies whose changes come back, results as values and proxies.

Runs in the examiner. ``Reply`` decodes what the sandbox sent: the student controls every byte of it.
"""

from __future__ import annotations

import operator
import sys
import types
from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from autograder.engines.sealed.examiner.proxy import Proxy, handle_of
from autograder.engines.sealed.examiner.requests import Requests
from autograder.engines.sealed.protocol.decode import Decoder, integer
from autograder.engines.sealed.protocol.encode import Encoder, Node, Refused
from autograder.engines.sealed.protocol.frames import Caps, ProtocolViolation

__all__ = ["Reply", "Request"]

_SHARED_LIBRARIES = frozenset(
    {
        "torch",
        "torchvision",
        "numpy",
        "math",
        "cmath",
        "operator",
        "_operator",
        "builtins",
        "functools",
        "collections",
        "random",
    }
)
_NAMED = (types.FunctionType, types.BuiltinFunctionType, type, np.ufunc)


class Request(Encoder):
    """Encode the arguments of one request, noting those that the student's code may change."""

    def __init__(self, caps: Caps, remote: Requests) -> None:
        super().__init__(caps)
        self.remote = remote
        self.arguments: list[Any] = []
        self.inputs: list[torch.Tensor] = []
        self._identity: dict[int, int] = {}

    def container(self, value: Any, node: Callable[[], Node]) -> Node:
        number = self._identity.get(id(value))
        return ["a", number] if number is not None else self._note(value, ["m", node()])

    def tensor(self, value: torch.Tensor) -> Node:
        mirrored = self.remote.mirror.number(value)
        if mirrored is not None:
            return ["p", mirrored]
        number = self._identity.get(id(value))
        if number is not None:
            return ["a", number]
        grad = self.content(value.grad) if value.is_leaf and value.grad is not None else None
        node = ["m", self.content(value), value.is_leaf, grad]
        if not value.is_contiguous():  # a view: code that cannot take one must fail here too
            node.append(list(value.stride()))
        if value.requires_grad:
            self.inputs.append(value)
        return self._note(value, node)

    def other(self, value: Any) -> Node:
        if type(value) is Proxy:
            return ["h", handle_of(value)]
        name = getattr(value, "__qualname__", "")
        if isinstance(value, _NAMED):
            module = getattr(value, "__module__", None) or "torch"
            if module.split(".")[0] in _SHARED_LIBRARIES and _resolves(module, name, value):
                return ["g", module, name]
        if isinstance(value, types.FunctionType | types.MethodType | types.BuiltinFunctionType):
            return ["cb", self.remote.callback(value)]
        if isinstance(value, tuple):
            return super().other(value)
        raise Refused("kind", f"a {type(value).__name__} made by a test must be placed first: checks.place(...)")

    def _note(self, value: Any, node: Node) -> Node:
        self._identity[id(value)] = len(self.arguments)
        self.arguments.append(value)
        return node


def _resolves(module: str, name: str, value: Any) -> bool:
    try:
        return operator.attrgetter(name)(sys.modules[module]) is value
    except (AttributeError, KeyError):
        return False


class Reply(Decoder):
    """Decode one reply. ``arguments`` are those of the request, for values that are one of them."""

    def __init__(self, raw: memoryview, caps: Caps, remote: Requests, arguments: list[Any]) -> None:
        super().__init__(raw, caps, remote.devices)
        self.remote = remote
        self.arguments = arguments
        self.outputs: list[torch.Tensor] = []

    def argument(self, node: Node) -> Any:
        _, number = node
        return self.arguments[integer(number, 0, len(self.arguments))]

    def output(self, node: Node) -> torch.Tensor:
        _, number = node
        return self.outputs[integer(number, 0, len(self.outputs))]

    def proxy(self, node: Node) -> Proxy:
        _, handle, name, claimed = node
        if type(name) is not str or type(claimed) is not str or len(name) > 100 or len(claimed) > 200:
            raise ProtocolViolation("an object without a name")
        found: Proxy = self.remote.proxy(integer(handle), name if name.isidentifier() else "object", claimed)
        return found

    def tensor(self, node: Node) -> torch.Tensor:
        if node[3] is not False:
            raise ProtocolViolation("a value that wants a gradient")
        return self.content(node)

    def named_tuple(self, node: Node) -> Any:
        """Name the class here: a check's message tells the class of what it received, and must not carry a text."""
        value = super().named_tuple([node[0], "namedtuple", *node[2:]])
        type(value).__module__ = "collections"
        return value

    KINDS = Decoder.KINDS | {
        "a": lambda d, n: d.argument(n),
        "o": lambda d, n: d.output(n),
        "h": lambda d, n: d.proxy(n),
        "p": lambda d, n: d.remote.mirror.known(n[1]),
        "P": lambda d, n: d.remote.mirror.full(n, d),
    }

    def apply(self, changes: Node) -> None:
        """Make the changes that the student's code made to its copies of the arguments."""
        for number, content, *rest in changes:
            value = self.arguments[integer(number, 0, len(self.arguments))]
            if isinstance(value, torch.Tensor):
                self._change_tensor(value, content, *rest)
            elif isinstance(value, np.ndarray):
                data = self.array(content)
                if data.dtype != value.dtype or data.shape != value.shape:
                    raise ProtocolViolation("an array that changed its kind")
                value[...] = data
            elif isinstance(value, list):
                value[:] = self._typed(content, list)
            else:
                new = self._typed(content, dict)
                value.clear()
                value.update(new)

    def _typed(self, node: Node, kind: type) -> Any:
        value = self.decode(node)
        if type(value) is not kind:
            raise ProtocolViolation("an argument that changed its kind")
        return value

    def _change_tensor(self, value: torch.Tensor, content: Node, requires_grad: Node, grad_node: Node) -> None:
        if content is not None:
            data = self.content(content).detach()
            if data.dtype != value.dtype or data.device != value.device:
                raise ProtocolViolation("an argument that changed its kind")
            if data.shape == value.shape:
                value.detach().copy_(data)
            else:
                value.data = data
        if value.is_leaf and type(requires_grad) is bool and (value.is_floating_point() or value.is_complex()):
            value.requires_grad_(requires_grad)
        if grad_node != "=" and value.is_leaf:
            grad = None if grad_node is None else self.content(grad_node).detach()
            if grad is not None and (grad.shape != value.shape or grad.dtype != value.dtype):
                raise ProtocolViolation("a gradient of another shape")
            value.grad = grad
