"""Files that are written whole or not at all."""

from __future__ import annotations

import contextlib
import json
import os
from pathlib import Path
from typing import IO, Any

__all__ = ["to_json", "write_atomically"]


def write_atomically(path: Path, content: str | bytes, *, durable: bool = False) -> None:
    """Write ``content`` to ``path`` whole or not at all, making its folder where needed; text becomes UTF-8.

    ``durable``: after this returns, a power cut cannot lose it.
    """
    data = content.encode() if isinstance(content, str) else content
    name = str(path)
    part = f"{os.path.dirname(name)}{os.sep}.{path.name}.{os.getpid()}.part"
    try:
        with _opened(part) as file:
            file.write(data)
            if durable:
                file.flush()
                os.fsync(file.fileno())
        os.replace(part, name)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(part)
        raise


def _opened(name: str) -> IO[bytes]:
    try:
        return open(name, "wb")
    except FileNotFoundError:
        os.makedirs(os.path.dirname(name), exist_ok=True)
        return open(name, "wb")


def to_json(data: dict[str, Any]) -> bytes:
    """Return ``data`` as a line of JSON; indented it would take ten times as long."""
    return json.dumps(data, ensure_ascii=False).encode() + b"\n"
