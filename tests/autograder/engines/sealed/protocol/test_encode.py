"""The encoding of values: what goes in comes out, and no message does harm."""

from __future__ import annotations

import collections
import json
import tracemalloc
from typing import Any

import hypothesis.extra.numpy as hnp
import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.engines.sealed.protocol.decode import Decoder
from autograder.engines.sealed.protocol.encode import DTYPES, Encoder, Refused
from autograder.engines.sealed.protocol.frames import HEAD, Caps, ProtocolViolation, frame, parse_body, parse_head

CAPS = Caps(json_bytes=50_000, raw_bytes=200_000, nodes=5_000)


def pack(value: Any) -> bytearray:
    encoder = Encoder(CAPS)
    node = encoder.encode(value)
    return bytearray(b"".join(frame(node, encoder.raw)))


def unpack(message: bytearray) -> Any:
    if len(message) < HEAD:
        raise ProtocolViolation("short")
    text, raw = parse_head(message[:HEAD], CAPS)
    if len(message) != HEAD + text + raw:
        raise ProtocolViolation("a length that does not fit; the receiver would wait for the rest")
    node, rest = parse_body(message[HEAD:], text, CAPS)
    return Decoder(rest, CAPS).decode(node)


def same(a: Any, b: Any) -> bool:
    """Compare exactly: types, NaN, the sign of zero, dtypes, shapes."""
    if type(a) is not type(b) and not (isinstance(a, tuple) and hasattr(b, "_fields")):
        return False
    if isinstance(a, torch.Tensor):
        return (a.dtype, a.shape, a.requires_grad) == (b.dtype, b.shape, b.requires_grad) and same(
            a.detach().reshape(-1).tolist(), b.detach().reshape(-1).tolist()
        )
    if isinstance(a, np.ndarray):
        return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()
    if isinstance(a, np.generic):
        return a.tobytes() == b.tobytes()
    if isinstance(a, list | tuple):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return list(map(repr, a)) == list(map(repr, b)) and all(map(same, a.values(), b.values()))
    return repr(a) == repr(b) if isinstance(a, float | complex) else a == b


@st.composite
def tensors(draw: Any) -> torch.Tensor:
    dtype = DTYPES[draw(st.sampled_from(sorted(DTYPES)))]
    shape = draw(st.lists(st.integers(0, 4), max_size=4))
    value = torch.randint(0, 2, shape).to(dtype)
    if (dtype.is_floating_point or dtype.is_complex) and draw(st.booleans()):
        value = value.mul(float("nan")) if draw(st.booleans()) else value
        value.requires_grad_(draw(st.booleans()))
    return value.transpose(0, -1) if value.dim() > 1 and not value.requires_grad else value


numbers = hnp.integer_dtypes(endianness="=") | hnp.floating_dtypes(endianness="=", sizes=(16, 32, 64))
keys = st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.tuples(st.integers(), st.text(max_size=3))
plain = (
    keys
    | st.floats()
    | st.binary(max_size=40)
    | st.complex_numbers()
    | tensors()
    | hnp.arrays(numbers | st.just(np.dtype(bool)), hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3))
    | st.sampled_from(
        [torch.float32, torch.device("cpu"), torch.Size([2, 3]), ..., range(1, 9, 2), slice(1, None), np.int64(4)]
    )
    | st.sets(st.integers(), max_size=4)
    | st.frozensets(st.text(max_size=2), max_size=3)
)
values = st.recursive(
    plain,
    lambda inner: st.lists(inner, max_size=4) | st.tuples(inner, inner) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=12,
)
quick = settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.too_slow])


@quick
@given(values)
def test_round_trip(value: Any) -> None:
    assert same(value, unpack(pack(value)))


@pytest.mark.parametrize("value", [torch.ones(3, 2).max(0), collections.namedtuple("P", "x y")(1, (2.5,))])
def test_named_tuples_keep_their_fields(value: Any) -> None:
    back = unpack(pack(value))
    names = value._fields if hasattr(value, "_fields") else ("values", "indices")
    assert back._fields == names
    assert all(map(same, value, back))


class Liar(int):
    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = int.__hash__


class LyingTensor(torch.Tensor):
    pass


@pytest.mark.parametrize(
    "value",
    [
        Liar(3),
        object(),
        len,
        torch.ones(2).to_sparse(),
        torch.ones(2).as_subclass(LyingTensor),
        1 << 5000,
        np.array([None]),
    ],
)
def test_what_has_no_encoding_is_refused(value: Any) -> None:
    with pytest.raises(Refused):
        pack(value)


def test_too_deep_too_large_and_endless_values_are_refused() -> None:
    endless: list[Any] = []
    endless.append(endless)
    for value in (endless, torch.zeros(1).expand(10**10), b"x" * 300_000):
        with pytest.raises(Refused):
            pack(value)


LIES = {
    "not a frame": b"POST / HTTP/1.1\r\n\r\n",
    "huge text": b"AGW1" + b"\xff\xff\xff\x7f" + bytes(8),
    "huge raw": b"AGW1" + bytes(4) + b"\xff" * 8,
}


@pytest.mark.parametrize("message", LIES.values(), ids=LIES)
def test_false_heads(message: bytes) -> None:
    with pytest.raises(ProtocolViolation):
        unpack(bytearray(message))


NODES = {
    "unknown kind": ["pickle", "x"],
    "no kind": [],
    "kind that cannot be looked up": [[1]],
    "object": {"a": 1},
    "object inside": ["l", {"a": 1}],
    "deep": json.loads("[" * 300 + "]" * 300),
    "deep lists": json.loads('["l",' * 60 + "1" + "]" * 60),
    "long integer": 1 << 5000,
    "odd dict": ["d", 1],
    "list as key": ["d", ["l"], 1],
    "tensor as key": ["d", ["T", "float32", "cpu", False, 0, 1], 1],
    "tensor in a tuple as key": ["d", ["t", ["T", "float32", "cpu", False, 0, 1]], 1],
    "unhashable member": ["s", ["l"]],
    "tensor without bytes": ["T", "float32", "cpu", False, 0, 1000],
    "tensor beyond the cap": ["T", "float32", "cpu", False, 0, 1 << 40],
    "overflowing shape": ["T", "float32", "cpu", False, 0, 1 << 40, 1 << 40],
    "empty but impossible": ["T", "float32", "cpu", False, 0, 0, 1 << 52, 1 << 52],
    "negative size": ["T", "float32", "cpu", False, 0, -1],
    "size that is true": ["T", "float32", "cpu", False, 0, True],
    "size that is NaN": ["T", "float32", "cpu", False, 0, float("nan")],
    "size that is a float": ["T", "float32", "cpu", False, 0, 2.0],
    "negative offset": ["T", "float32", "cpu", False, -4, 1],
    "unknown dtype": ["T", "object", "cpu", False, 0, 1],
    "dtype that is a list": ["T", [], "cpu", False, 0, 1],
    "unknown device": ["T", "float32", "cuda", False, 0, 1],
    "device that is a list": ["T", "float32", [], False, 0, 1],
    "integer that wants a gradient": ["T", "int64", "cpu", True, 0, 1],
    "too many dimensions": ["T", "float32", "cpu", False, 0, *[1] * 60],
    "tensor with too little": ["T", "float32"],
    "array of objects": ["A", "object", 0, 1],
    "scalar without bytes": ["S", "float64", 1 << 30],
    "bytes that are not there": ["b", 0, 1 << 40],
    "named tuple with a bad name": ["nt", "x = 1\nimport os", ["a"], 1],
    "named tuple with a bad field": ["nt", "P", ["__class__"], 1],
    "named tuple with a keyword": ["nt", "P", ["class"], 1],
    "named tuple with the same field twice": ["nt", "P", ["a", "a"], 1, 2],
    "named tuple that is too short": ["nt", "P", ["a", "b"], 1],
    "range without a step": ["r", 0, 10, 0],
    "range of text": ["r", "a", 10, 1],
    "slice of lists": ["sl", ["l"], None, None],
    "size of text": ["sz", "a"],
    "unknown device name": ["dev", "mps:0; import os", None],
    "device index": ["dev", "cuda", 1 << 20],
    "handle": ["h", 1, "x", "y"],
    "complex of text": ["c", "a", "b"],
}


@pytest.mark.parametrize("node", NODES.values(), ids=NODES)
def test_false_nodes(node: Any) -> None:
    with pytest.raises(ProtocolViolation):
        unpack(bytearray(b"".join(frame(node, [bytes(16)]))))


def test_a_bool_is_0_or_1_whatever_its_byte() -> None:
    value = unpack(bytearray(b"".join(frame(["T", "bool", "cpu", False, 0, 3], [bytes([0, 1, 254])]))))
    assert value.view(torch.uint8).tolist() == [0, 1, 1]


json_nodes = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=6)
    | st.sampled_from(sorted(Decoder.KINDS) + sorted(DTYPES)),
    lambda inner: (
        st.lists(inner, max_size=6)
        | st.tuples(st.sampled_from(sorted(Decoder.KINDS)), inner, inner, inner).map(list)
        | st.dictionaries(st.text(max_size=3), inner, max_size=2)
    ),
    max_leaves=20,
)


MOST_MEMORY = 4 * (CAPS.json_bytes + CAPS.raw_bytes) + 100 * CAPS.nodes


def memory_of(message: bytearray) -> int:
    """Decode, and return the bytes that this took; anything but a value or a violation is a failure."""
    tracemalloc.start()
    try:
        unpack(message)
    except ProtocolViolation:
        pass
    finally:
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    return peak


@quick
@given(json_nodes, st.binary(max_size=64))
def test_random_nodes_do_no_harm(node: Any, raw: bytes) -> None:
    assert memory_of(bytearray(b"".join(frame(node, [raw])))) < MOST_MEMORY


@quick
@given(values, st.lists(st.tuples(st.integers(0, 1 << 16), st.integers(0, 255)), min_size=1, max_size=6), st.booleans())
def test_mutated_messages_do_no_harm(value: Any, changes: list[tuple[int, int]], keep_head: bool) -> None:
    message = pack(value)
    for place, byte in changes:
        low = HEAD if keep_head else 0
        if len(message) > low:
            message[low + place % (len(message) - low)] = byte
    assert memory_of(message) < MOST_MEMORY


@quick
@given(st.binary(max_size=200))
def test_random_bytes_do_no_harm(message: bytes) -> None:
    assert memory_of(bytearray(message)) < MOST_MEMORY


def test_a_json_bomb_is_refused_before_it_is_parsed() -> None:
    for text in (b"[" * 40_000, b"[],".join([b"["] * 10_000), b"1," * 20_000):
        with pytest.raises(ProtocolViolation):
            parse_body(bytearray(text), len(text), CAPS)
