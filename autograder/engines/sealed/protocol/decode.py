"""The decoding of values, against a sender that lies. Used by both halves; it is written for the examiner.

Nothing is trusted: whatever ``Decoder`` is given, it returns a value of the types that ``wire`` lists, no larger than
the caps allow, or raises ``ProtocolViolation``.
"""

from __future__ import annotations

import collections
from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np
import torch

from autograder.engines.sealed.protocol.encode import ARRAYS, DTYPES, KEYS, MOST_FIELDS, Node, is_field
from autograder.engines.sealed.protocol.frames import Caps, ProtocolViolation

__all__ = ["Decoder", "integer"]

_MOST_DIMENSIONS = 32
_MOST_COLLISIONS = 100


def integer(node: Node, low: int = 0, high: int = 1 << 53) -> int:
    """Return ``node`` if it is an int with ``low <= node < high``.

    Raises:
        ProtocolViolation: it is anything else.
    """
    if type(node) is not int or not low <= node < high:
        raise ProtocolViolation("not a number in range")
    return node


class Decoder:
    """Decode the nodes of one message against its raw part; ``devices`` are the device types that may be named."""

    def __init__(self, raw: memoryview, caps: Caps, devices: tuple[str, ...] = ("cpu",)) -> None:
        self.raw = raw
        self.caps = caps
        self.devices = devices
        self.depth = 0

    def decode(self, node: Node) -> Any:
        """Return the value of ``node``.

        Raises:
            ProtocolViolation: the node is not one that an encoder makes.
        """
        kind = type(node)
        if kind is int:
            if node.bit_length() > self.caps.int_bits:
                raise ProtocolViolation("an integer is too long")
            return node
        if kind is not list:
            if kind is dict:
                raise ProtocolViolation("an object where an array belongs")
            return node
        tag = node[0] if node else None
        decode = self.KINDS.get(tag) if type(tag) is str else None
        if decode is None:
            raise ProtocolViolation("an unknown kind of value")
        self.depth += 1
        if self.depth > self.caps.depth:
            raise ProtocolViolation("a value is nested too deeply")
        try:
            return decode(self, node)
        except (TypeError, ValueError, IndexError, OverflowError, RuntimeError, MemoryError) as error:
            # What Python, numpy or torch say to a wrong count, an unhashable key or an impossible shape.
            raise ProtocolViolation(f"a malformed {tag}: {type(error).__name__}") from None
        finally:
            self.depth -= 1

    def items(self, node: Node) -> list[Any]:
        items: list[Any] = node[1:]
        kinds = set(map(type, items))
        if list in kinds or dict in kinds:
            return [self.decode(item) for item in items]
        if int in kinds and any(type(item) is int and item.bit_length() > self.caps.int_bits for item in items):
            raise ProtocolViolation("an integer is too long")
        return items

    def pairs(self, node: Node) -> list[tuple[Any, Any]]:
        if len(node) % 2 == 0:
            raise ProtocolViolation("a key without a value")
        keys = self.keys(node[1::2])
        return [(key, self.decode(item)) for key, item in zip(keys, node[2::2], strict=True)]

    def keys(self, nodes: list[Node]) -> list[Any]:
        """Decode keys, and refuse many of one hash: inserting these into a dict takes quadratic time."""
        keys = [self.key(node) for node in nodes]
        if len(keys) - len(set(map(hash, keys))) > _MOST_COLLISIONS:
            raise ProtocolViolation("keys that collide")
        return keys

    def key(self, node: Node) -> Any:
        """Decode a dict key or set member: of a type whose hash and comparison are Python's own, and no tensor."""
        value = self.decode(node)
        todo = [value]
        while todo:
            item = todo.pop()
            if type(item) in (tuple, frozenset):
                todo.extend(item)
            elif type(item) not in KEYS:
                raise ProtocolViolation("a value that cannot be a key")
        return value

    def window(self, offset: Node, size: int) -> memoryview:
        integer(offset)
        if offset + size > len(self.raw):
            raise ProtocolViolation("raw bytes are missing")
        return self.raw[offset : offset + size]

    def shape(self, dims: list[Node], itemsize: int) -> tuple[tuple[int, ...], int]:
        """Return a checked shape and the number of bytes it takes."""
        if len(dims) > _MOST_DIMENSIONS:
            raise ProtocolViolation("too many dimensions")
        count = 1
        for size in dims:
            count *= integer(size)
        if count * itemsize > self.caps.raw_bytes:
            raise ProtocolViolation("a shape is larger than a message")
        return tuple(dims), count * itemsize

    def content(self, node: Node) -> torch.Tensor:
        """Decode a ``T`` node, sharing memory with the message."""
        tag, name, device, requires_grad, offset, *dims = node
        dtype = DTYPES.get(name) if type(name) is str else None
        if tag != "T" or dtype is None or type(requires_grad) is not bool or device not in self.devices:
            raise ProtocolViolation("a tensor of an unknown kind")
        shape, size = self.shape(dims, dtype.itemsize)
        window = self.window(offset, size)
        if not size:
            value = torch.empty(shape, dtype=dtype)
        elif dtype is torch.bool:  # a byte that is neither 0 nor 1 is not a bool to torch's kernels
            value = torch.frombuffer(window, dtype=torch.uint8).ne(0).reshape(shape)
        else:
            value = torch.frombuffer(window, dtype=dtype).reshape(shape)
        if device != "cpu":
            value = value.to(device)
        return value.requires_grad_() if requires_grad else value

    def tensor(self, node: Node) -> torch.Tensor:
        return self.content(node)

    def array(self, node: Node) -> np.ndarray[Any, Any]:
        _, name, offset, *dims = node
        dtype = ARRAYS.get(name) if type(name) is str else None
        if dtype is None:
            raise ProtocolViolation("an array of an unknown kind")
        shape, size = self.shape(dims, dtype.itemsize)
        window = self.window(offset, size)
        value: np.ndarray[Any, Any] = np.frombuffer(window, dtype=np.uint8 if dtype == np.bool_ else dtype)
        if dtype == np.bool_:
            value = value != 0
        return value.reshape(shape)

    def scalar(self, node: Node) -> Any:
        _, name, offset = node
        return self.array(["A", name, offset])[()]

    def named_tuple(self, node: Node) -> Any:
        _, name, fields, *items = node
        if type(fields) is not list or len(fields) != len(items) or len(fields) > MOST_FIELDS:
            raise ProtocolViolation("a named tuple with the wrong number of fields")
        if not is_field(name) or not all(map(is_field, fields)) or len(name) > 100:
            raise ProtocolViolation("a name that is none")
        return collections.namedtuple(name, fields)(*map(self.decode, items))

    def number_or_none(self, node: Node) -> int | None:
        if node is not None and type(node) is not int:
            raise ProtocolViolation("not a number")
        value: int | None = self.decode(node)
        return value

    def slice(self, node: Node) -> slice:
        _, start, stop, step = node
        return slice(*map(self.number_or_none, (start, stop, step)))

    def range(self, node: Node) -> range:
        _, start, stop, step = map(self.number_or_none, [None, *node[1:]])
        return range(start, stop, step)  # type: ignore[arg-type]

    def blob(self, node: Node) -> bytes:
        _, offset, size = node
        return bytes(self.window(offset, integer(size)))

    def complex(self, node: Node) -> complex:
        _, real, imag = node
        if type(real) is not float or type(imag) is not float:
            raise ProtocolViolation("not a number")
        return complex(real, imag)

    def device(self, node: Node) -> torch.device:
        _, kind, index = node
        if kind not in ("cpu", "cuda", "meta") or not (index is None or 0 <= integer(index) < 64):
            raise ProtocolViolation("an unknown device")
        return torch.device(kind, index) if index is not None else torch.device(kind)

    def dtype(self, node: Node) -> torch.dtype:
        _, name = node
        if type(name) is not str or name not in DTYPES:
            raise ProtocolViolation("an unknown dtype")
        return DTYPES[name]

    KINDS: ClassVar[dict[str, Callable[[Any, Node], Any]]] = {
        "t": lambda d, n: tuple(d.items(n)),
        "l": lambda d, n: d.items(n),
        "d": lambda d, n: dict(d.pairs(n)),
        "od": lambda d, n: collections.OrderedDict(d.pairs(n)),
        "s": lambda d, n: set(d.keys(n[1:])),
        "fs": lambda d, n: frozenset(d.keys(n[1:])),
        "nt": lambda d, n: d.named_tuple(n),
        "b": lambda d, n: d.blob(n),
        "c": lambda d, n: d.complex(n),
        "r": lambda d, n: d.range(n),
        "sl": lambda d, n: d.slice(n),
        "el": lambda d, n: Ellipsis,
        "T": lambda d, n: d.tensor(n),
        "A": lambda d, n: d.array(n),
        "S": lambda d, n: d.scalar(n),
        "sz": lambda d, n: torch.Size([integer(size) for size in n[1:]]),
        "dt": lambda d, n: d.dtype(n),
        "dev": lambda d, n: d.device(n),
    }
