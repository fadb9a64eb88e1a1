"""Take the outputs out of a notebook's bytes before it is parsed: they are never read, and may be larger than all else.

Runs in the trusted process on an untrusted file. Nothing is built from it here: the bytes are looked through once, with
a bound on the number of steps, and what is no notebook stays as it is.
"""

from __future__ import annotations

import re

__all__ = ["without_outputs"]

MOST_TOKENS = 4_000_000
_TOKEN = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"|[\[\]{}]', re.DOTALL)
_COLON = re.compile(rb"\s*:\s*(?=\[)")
_CELL = b"{[{"  # where a cell lies: in the list of the outermost object


def without_outputs(data: bytes) -> bytes:
    """Return a notebook's JSON with each cell's ``"outputs"`` an empty list; ``data`` itself where it is too odd."""
    kept: list[bytes] = []
    opened = bytearray()
    begin = 0  # of what is not yet kept
    skipping = False
    for count, token in enumerate(_TOKEN.finditer(data)):
        if count == MOST_TOKENS:
            return data
        text = token[0]
        if text in (b"{", b"["):
            opened += text
        elif text in (b"}", b"]"):
            if not opened:
                return data
            opened.pop()
            if skipping and bytes(opened) == _CELL:
                begin, skipping = token.end(), False
        elif not skipping and text == b'"outputs"' and bytes(opened) == _CELL:
            colon = _COLON.match(data, token.end())
            if colon is not None:
                kept += [data[begin : colon.end()], b"[]"]
                skipping = True
    if skipping:
        return data
    return b"".join([*kept, data[begin:]])
