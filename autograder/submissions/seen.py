"""What a person who grades by hand sees of a submission: its pictures, and its text without what a browser would run.

Looks at untrusted data, and runs none of it. nbgrader's formgrader puts markdown on its pages as it is, so a script in
a student's cell would run with the rights of the person who grades.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["Picture", "harmless", "listing", "pictures_of"]

KINDS = ("image/png", "image/jpeg", "image/gif", "image/webp")  # SVG is a document, and may hold scripts
MOST_CHARS = 4_000_000  # of one picture, in base64
MOST_IN_A_CELL = 8
_BASE64 = re.compile(r"[A-Za-z0-9+/\s]*={0,2}\s*")

_TAG = re.compile(r"<(?=[A-Za-z/!?])")
_WORDS = "b|i|u|s|em|strong|sub|sup|br|hr|p|code|pre|kbd|table|thead|tbody|tr|td|th|ul|ol|li|h[1-6]|div|span|center"
_LAYOUT = r"""(?:\s+(?:width|height|alt|title|align|colspan|rowspan)\s*=\s*(?:"[^"<>]*"|'[^'<>]*'|[\w%.-]+))*"""
_SOURCE = r"""\s+src\s*=\s*["'](?:https?://|attachment:|data:image/(?:png|jpeg|gif|webp);base64,)[^"'<>]*["']"""
_HARMLESS = re.compile(rf"<(?:/?(?:{_WORDS}){_LAYOUT}|img{_LAYOUT}{_SOURCE}{_LAYOUT})\s*/?>", re.IGNORECASE)
_SCRIPT_ADDRESS = re.compile(r"\b(java|vb)script(?=\s*:)", re.IGNORECASE)


@dataclass(frozen=True)
class Picture:
    """A picture in base64: pasted into a cell, where it has a ``name``, or drawn by one."""

    kind: str
    data: str
    name: str = ""


def harmless(text: str) -> str:
    """Return markdown in which only a few HTML tags are tags: a space after its ``<`` makes any other plain text."""
    text = _SCRIPT_ADDRESS.sub(r"\1 script", text)
    return _TAG.sub(lambda found: "<" if _HARMLESS.match(text, found.start()) else "< ", text)


def pictures_of(cell: Mapping[str, Any]) -> tuple[Picture, ...]:
    """Return the pictures that a raw cell holds as attachments or outputs; what is none, or too large, is left out."""
    found = []
    for name, kind, data in _held(cell):
        text = "".join(data) if isinstance(data, list) and all(isinstance(line, str) for line in data) else data
        if isinstance(text, str) and len(text) <= MOST_CHARS and _BASE64.fullmatch(text):
            found.append(Picture(kind, text, name))
    return tuple(found[:MOST_IN_A_CELL])


def _held(cell: Mapping[str, Any]) -> Iterator[tuple[str, str, Any]]:
    attachments, outputs = cell.get("attachments"), cell.get("outputs")
    held = list(attachments.items()) if isinstance(attachments, dict) else []
    if isinstance(outputs, list):
        held += [("", output.get("data")) for output in outputs if isinstance(output, dict)]
    for name, bundle in held:
        if isinstance(bundle, dict) and re.fullmatch(r"[\w. -]{0,100}", name):
            yield from ((name, kind, bundle[kind]) for kind in KINDS if kind in bundle)


def listing(names: list[str], most: int = 8) -> str:
    """Return the first of ``names`` and how many more there are, on one line."""
    # A name is the student's: escapes would write to the terminal of whoever grades.
    shown = ", ".join("".join(c if c.isprintable() else "?" for c in name[:60]) for name in names[:most])
    return shown + (f" and {len(names) - most} more" if len(names) > most else "")
