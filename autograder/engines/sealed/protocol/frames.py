"""The frame around each message: a fixed head, a JSON part, raw bytes. Used by both halves.

    offset  size  what
    0       4     b"AGW1"
    4       4     length of the JSON part, unsigned, little-endian
    8       8     length of the raw part, unsigned, little-endian
    16      …     JSON (UTF-8), then the raw part

The receiver looks at both lengths before it makes room for either.
"""

from __future__ import annotations

import json
import socket
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

__all__ = ["HEAD", "Caps", "Inbox", "ProtocolViolation", "fits", "frame", "parse_body", "parse_head", "send_all"]

_HEAD = struct.Struct("<4sIQ")
_MAGIC = b"AGW1"
HEAD = _HEAD.size
_ROOM = 1 << 16
_CHUNK = 1 << 20
_MOST_PARTS = 512  # the kernel takes 1,024 at a time

Buffer = bytes | bytearray | memoryview


class ProtocolViolation(Exception):
    """Say how a message breaks the rules. Only the process that sent it can be at fault."""


@dataclass(frozen=True)
class Caps:
    """What one message may hold. ``nodes`` counts JSON values, ``depth`` their nesting."""

    json_bytes: int = 2_000_000
    raw_bytes: int = 256_000_000
    nodes: int = 200_000
    depth: int = 40
    int_bits: int = 4096


def frame(node: Any, raw: Sequence[Buffer] = ()) -> list[Buffer]:
    """Return the buffers to send for one message, in order."""
    text = json.dumps(node, check_circular=False, separators=(",", ":")).encode()
    return [_HEAD.pack(_MAGIC, len(text), sum(len(part) for part in raw)) + text, *raw]


def fits(parts: Sequence[Buffer], caps: Caps) -> bool:
    """Say whether a receiver with ``caps`` takes the message in ``parts``."""
    text = bytes(parts[0])[_HEAD.size :]
    raw = sum(len(part) for part in parts[1:])
    return len(text) <= caps.json_bytes and raw <= caps.raw_bytes and _values(text) <= caps.nodes


def send_all(channel: socket.socket, parts: list[Buffer]) -> None:
    """Send the buffers of a message, many with one system call; ``parts`` is used up.

    Raises:
        BlockingIOError: the channel takes no more for now; ``parts`` holds what is left.
    """
    while parts:
        sent = channel.sendmsg(parts[:_MOST_PARTS])
        while parts and sent >= len(parts[0]):
            sent -= len(parts.pop(0))
        if sent:
            parts[0] = memoryview(parts[0])[sent:]


class Inbox:
    """What has arrived of the next messages: small ones come with one system call, large ones straight to their place.

    ``fill(view)`` puts at least one byte into ``view``, says how many, and raises when no more will come.
    """

    def __init__(self, fill: Callable[[memoryview], int]) -> None:
        self._fill = fill
        self._room = memoryview(bytearray(_ROOM))
        self._start = self._end = 0

    def take(self, size: int) -> bytearray:
        """Return the next ``size`` bytes; room grows with what arrives, so a mere claim to be large costs nothing."""
        ready = min(size, self._end - self._start)
        data = bytearray(self._room[self._start : self._start + ready])
        self._start += ready
        while (missing := size - len(data)) > 0:
            if missing < _ROOM:
                self._end = self._fill(self._room)
                self._start = min(missing, self._end)
                data += self._room[: self._start]
                continue
            have = len(data)
            data += bytes(min(missing, max(have, _CHUNK)))
            with memoryview(data) as view:
                while have < len(data):
                    have += self._fill(view[have:])
        return data


def parse_head(head: Buffer, caps: Caps) -> tuple[int, int]:
    """Return the lengths of the JSON and the raw part.

    Raises:
        ProtocolViolation: this is no frame, or a length is over its cap.
    """
    magic, text, raw = _HEAD.unpack(head)
    if magic != _MAGIC:
        raise ProtocolViolation("not a frame")
    if text > caps.json_bytes or raw > caps.raw_bytes:
        raise ProtocolViolation(f"a message of {text} + {raw} bytes is too large")
    return text, raw


def parse_body(body: bytearray, text_length: int, caps: Caps) -> tuple[Any, memoryview]:
    """Split a body into its JSON value and its raw part, without copying the latter.

    Raises:
        ProtocolViolation: the text is not JSON, or holds more or deeper values than allowed.
    """
    view = memoryview(body)
    text = bytes(view[:text_length])
    if _values(text) > caps.nodes:
        raise ProtocolViolation("too many values")
    try:
        node = json.loads(text)
    except (ValueError, RecursionError):
        raise ProtocolViolation("not JSON") from None
    return node, view[text_length:]


def _values(text: bytes) -> int:
    """Return how many values JSON holds, at most, before any is made: all but the first follow a bracket or a comma."""
    return text.count(b",") + text.count(b"[") + text.count(b"{") + 1
