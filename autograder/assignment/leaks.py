"""Find lines of solutions and hidden tests in files that students see: notebooks, pages, scripts, search indexes."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from autograder.assignment.cells import squeeze

__all__ = ["leaks"]

TAG = re.compile(r"<[^<>]*>")


def leaks(path: Path, hidden: Iterable[str]) -> list[str]:
    """Return the lines of ``hidden`` (from ``source.hidden_lines``) that the file ``path`` holds.

    White space is ignored. The text is searched as it stands, without HTML tags and entities (highlighted code is full
    of them), and with JSON's escapes undone (notebooks, search indexes).
    """
    text = path.read_text(encoding="utf-8", errors="ignore")
    texts = {squeeze(text), squeeze(html.unescape(TAG.sub("", text)))}
    if path.suffix in (".ipynb", ".json"):
        with suppress(ValueError):
            texts.add(squeeze("\n".join(strings(json.loads(text)))))
    else:
        texts.add(squeeze(text.replace('\\"', '"').replace("\\n", "\n").replace("\\\\", "\\")))
    return sorted({line for one in texts for line in _held(one, frozenset(hidden))})


def _held(text: str, lines: frozenset[str]) -> Iterable[str]:
    """Yield those of ``lines`` that ``text`` holds: it is walked through once, however many they are."""
    size = min(map(len, lines), default=0)
    beginnings: dict[str, list[str]] = {}
    for line in lines:
        beginnings.setdefault(line[:size], []).append(line)
    there = {part for at in range(len(text) - size + 1) if (part := text[at : at + size]) in beginnings}
    return (line for part in there for line in beginnings[part] if line in text)


def strings(data: object) -> Iterable[str]:
    """Yield every string in JSON ``data``, in order."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        for value in data.values():
            yield from strings(value)
    elif isinstance(data, list):
        for value in data:
            yield from strings(value)
