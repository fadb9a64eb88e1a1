"""The encoding of values: a JSON node for structure, raw bytes for tensors and arrays. Used by both halves.

None, bool, int, float and str are themselves in JSON. Everything else is an array whose first item names its kind (see
docs/engine/wire-format.md). There is no kind that names code to import or run. Only exact types are encoded: an
instance of a subclass, which could carry methods of its own, goes through ``Encoder.other``.

``decode`` is the other way. The tables here are what both agree on.
"""

from __future__ import annotations

import collections
import keyword
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import torch

from autograder.engines.sealed.protocol.frames import Buffer, Caps

__all__ = ["ARRAYS", "DTYPES", "KEYS", "MOST_FIELDS", "REASONS", "SCALARS", "Encoder", "Node", "Refused", "is_field"]

Node = Any

DTYPES: dict[str, torch.dtype] = {
    name: getattr(torch, name)
    for name in (
        *("bool", "uint8", "uint16", "uint32", "uint64", "int8", "int16", "int32", "int64"),
        *("float16", "bfloat16", "float32", "float64", "complex64", "complex128"),
    )
}
_NAMES = {dtype: name for name, dtype in DTYPES.items()}
ARRAYS = {name: np.dtype(name) for name in DTYPES if name != "bfloat16"}
_ARRAY_NAMES = {dtype: name for name, dtype in ARRAYS.items()}
SCALARS = tuple({dtype.type for dtype in ARRAYS.values()})
_SCALARS = frozenset({int, float, bool, str, type(None)})
# Of these hash and comparison are Python's own.
KEYS = frozenset(
    {
        type(None),
        bool,
        int,
        float,
        complex,
        str,
        bytes,
        range,
        torch.dtype,
        torch.device,
        torch.Size,
        type(...),
        *SCALARS,
    }
)
_ALIGN = 16
MOST_FIELDS = 64


# What a student reads of a value that no message can hold; a reply names the reason by its key.
REASONS = {
    "large": "it is too large: over 250 MB of numbers, or over 2 million characters of text and lists",
    "deep": "it is nested too deeply, or holds itself",
    "digits": "it is or holds a whole number of over 1,200 digits",
    "tensor": "it is or holds a tensor that is not an ordinary one: sparse, quantized or of a rare dtype",
    "array": "it is or holds an array of something else than numbers",
    "key": "it holds a dictionary or set whose keys are not plain numbers and texts",
    "changed": "your code made an argument into something of another type",
    "kind": "it is or holds an object that no check can compare",
}


class Refused(Exception):
    """Say why a value cannot be sent: ``reason`` is a key of ``REASONS``."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(detail or REASONS[reason])
        self.reason = reason


class Encoder:
    """Encode the values of one message; ``raw`` then holds the buffers that follow the JSON part."""

    def __init__(self, caps: Caps) -> None:
        self.caps = caps
        self.raw: list[Buffer] = []
        self.size = 0
        self.depth = 0

    def encode(self, value: Any) -> Node:
        """Return the node of ``value``.

        Raises:
            Refused: a value has no encoding, is too large, or is nested too deeply.
        """
        kind = type(value)
        if value is None or kind is bool or kind is float or kind is str:
            return value
        if kind is int:
            if value.bit_length() > self.caps.int_bits:
                raise Refused("digits")
            return value
        encode = _ENCODERS.get(kind)
        if encode is not None:
            self.depth += 1
            if self.depth * 2 > self.caps.depth:
                raise Refused("deep")
            try:
                return encode(self, value)
            finally:
                self.depth -= 1
        return self.other(value)

    def other(self, value: Any) -> Node:
        """Encode what has no encoding of its own; subclasses give it a handle."""
        kind = type(value)
        if issubclass(kind, tuple):
            fields = _fields(kind)
            if fields is not None and not self.depth > self.caps.depth // 4:
                return ["nt", kind.__name__, list(fields), *map(self.encode, tuple.__iter__(value))]
        raise Refused("kind", f"a {kind.__name__} cannot be sent")

    def items(self, tag: str, values: Iterable[Any]) -> Node:
        """Return the node of a sequence; one that holds only numbers, texts and None is taken as it is."""
        node = [tag, *values]
        if not _SCALARS.issuperset(map(type, node)):
            node[1:] = map(self.encode, node[1:])
        elif any(type(item) is int and item.bit_length() > self.caps.int_bits for item in node):
            raise Refused("digits")
        return node

    def container(self, value: Any, node: Callable[[], Node]) -> Node:
        """Encode a list, dict, set or array; subclasses note its identity."""
        return node()

    def tensor(self, value: torch.Tensor) -> Node:
        """Encode a tensor; subclasses note its identity and its place in the graph."""
        return self.content(value)

    def content(self, value: torch.Tensor) -> Node:
        """Return ``["T", dtype, device, requires_grad, offset, *shape]`` and append the elements to ``raw``."""
        name = _NAMES.get(value.dtype)
        if name is None or value.layout is not torch.strided or value.device.type not in ("cpu", "cuda"):
            raise Refused("tensor")
        self._room(value.numel() * value.itemsize)
        plain = value.detach().cpu().resolve_conj().resolve_neg().contiguous().reshape(-1)
        if plain.numel() == 1:  # may have stride 0 and yet count as contiguous
            plain = plain.as_strided((1,), (1,))
        data = _view(plain.view(torch.uint8).numpy()) if plain.numel() else b""
        return ["T", name, value.device.type, value.requires_grad, self.bytes(data), *value.shape]

    def array(self, value: np.ndarray[Any, Any]) -> Node:
        name = _ARRAY_NAMES.get(value.dtype)
        if name is None:
            raise Refused("array")
        self._room(value.nbytes)
        data = _view(np.ascontiguousarray(value).reshape(-1).view(np.uint8)) if value.size else b""
        return ["A", name, self.bytes(data), *value.shape]

    def bytes(self, data: Buffer) -> int:
        """Append ``data`` to the raw part, aligned, and return its offset."""
        self._room(len(data))
        offset = self.size
        padding = -len(data) % _ALIGN
        self.raw.append(data)
        if padding:
            self.raw.append(bytes(padding))
        self.size += len(data) + padding
        return offset

    def _room(self, size: int) -> None:
        if self.size + size + _ALIGN > self.caps.raw_bytes:
            raise Refused("large")


def _view(data: Any) -> memoryview:
    return memoryview(data)


def _fields(kind: type) -> tuple[str, ...] | None:
    """Return the field names of a named tuple or of one of torch's return types."""
    fields = kind.__dict__.get("_fields") or (
        kind.__dict__.get("__match_args__") if hasattr(kind, "n_fields") else None
    )
    if type(fields) is tuple and len(fields) <= MOST_FIELDS and all(is_field(name) for name in fields):
        return fields
    return None


def is_field(name: Any) -> bool:
    """Say whether a named tuple may have a field of this name."""
    return (
        type(name) is str and name.isascii() and name.isidentifier() and name[0] != "_" and not keyword.iskeyword(name)
    )


def _pairs(encoder: Encoder, value: dict[Any, Any]) -> list[Node]:
    return [node for pair in value.items() for node in (_key(encoder, pair[0]), encoder.encode(pair[1]))]


def _key(encoder: Encoder, value: Any) -> Node:
    todo = [value]
    while todo:
        item = todo.pop()
        if type(item) in (tuple, frozenset):
            todo.extend(item)
        elif type(item) not in KEYS:
            raise Refused("key")
    return encoder.encode(value)


_ENCODERS: dict[type, Callable[[Encoder, Any], Node]] = {
    tuple: lambda e, v: e.items("t", v),
    list: lambda e, v: e.container(v, lambda: e.items("l", v)),
    dict: lambda e, v: e.container(v, lambda: ["d", *_pairs(e, v)]),
    collections.defaultdict: lambda e, v: ["d", *_pairs(e, v)],
    collections.Counter: lambda e, v: ["d", *_pairs(e, v)],
    collections.OrderedDict: lambda e, v: ["od", *_pairs(e, v)],
    set: lambda e, v: ["s", *(_key(e, item) for item in v)],
    frozenset: lambda e, v: ["fs", *(_key(e, item) for item in v)],
    bytes: lambda e, v: ["b", e.bytes(v), len(v)],
    complex: lambda e, v: ["c", v.real, v.imag],
    range: lambda e, v: ["r", e.encode(v.start), e.encode(v.stop), e.encode(v.step)],
    slice: lambda e, v: ["sl", e.encode(v.start), e.encode(v.stop), e.encode(v.step)],
    type(Ellipsis): lambda e, v: ["el"],
    torch.Tensor: lambda e, v: e.tensor(v),
    torch.nn.Parameter: lambda e, v: e.tensor(v),
    torch.Size: lambda e, v: ["sz", *v],
    torch.dtype: lambda e, v: ["dt", _NAMES[v]] if v in _NAMES else e.other(v),
    torch.device: lambda e, v: ["dev", v.type, v.index],
    np.ndarray: lambda e, v: e.container(v, lambda: e.array(v)),
    **{kind: lambda e, v: ["S", v.dtype.name, e.bytes(v.tobytes())] for kind in SCALARS},
}
