"""One run at a time in a course directory: the coordinator holds a lock, which the kernel takes back when it dies."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from autograder.errors import UsageError

__all__ = ["only_run"]


@contextlib.contextmanager
def only_run(course_directory: Path) -> Iterator[None]:
    """Hold ``<course>/.autograder/lock`` while the block runs.

    Raises:
        UsageError: another run holds it; the message says which, since when, and what to do.
    """
    if sys.platform == "win32":  # it has no such lock
        yield
        return
    import fcntl

    path = course_directory / ".autograder" / "lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UsageError(
                f"This class is being graded already{_holder(path)}.",
                "Wait for it, or end it; then run this again: what it graded is kept.",
            ) from None
        # Whoever holds the lock may write, and what is written is only for people: a full disk is no reason to stop.
        with contextlib.suppress(OSError):
            file.truncate(0)
            json.dump({"pid": os.getpid(), "host": socket.gethostname(), "since": time.time()}, file)
            file.flush()
        yield


def _holder(path: Path) -> str:
    """Say who wrote the file, as far as it can be read."""
    try:
        holder = json.loads(path.read_text(encoding="utf-8"))
        since = time.strftime("%H:%M:%S on %d %B", time.localtime(holder["since"]))
        return f" by process {int(holder['pid'])} on {holder['host']} since {since}"
    except (OSError, ValueError, KeyError, TypeError):
        return ""
