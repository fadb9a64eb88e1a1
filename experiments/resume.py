"""Keep each finished run of a recording in a file beside the result, so that a stopped recording resumes there.

An experiment makes its runs (one network, rate and seed each) by calling a :class:`Runs`. Each run becomes one line of
``<results>/<experiment>.<key>.runs.jsonl`` as soon as it is finished; the next start with the same settings and the
same code takes it over. The number of seeds is no part of the key, so more seeds can be added to a recording.
"""

from __future__ import annotations

import ast
import hashlib
import inspect
import json
import os
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from convlab.datasets import Data
from convlab.datasets.data import Split, resized
from convlab.datasets.progress import Progress

__all__ = ["NoTimeLeft", "Runs", "code_of", "journal", "key_of"]


class NoTimeLeft(RuntimeError):
    """The next run is not expected to end before the deadline; what is finished has been kept."""


class Runs:
    """Make the runs of a recording on ``data``, or take them over from ``path``; without a path nothing is kept.

    ``runs(name, make, *arguments)`` returns what ``make(*arguments)`` returns, as JSON gives it back: lists for tuples,
    and texts for the keys of dicts. ``deadline`` is a moment of ``time.monotonic``.

    Raises:
        NoTimeLeft: the deadline would be passed, as long as the longest run so far has taken.
    """

    def __init__(self, progress: Progress, data: Data, path: Path | None = None, deadline: float | None = None) -> None:
        self.progress, self.data, self.path, self.deadline = progress, data, path, deadline
        self.kept: dict[str, Any] = {}
        self.made = 0
        self.seconds_before = 0.0
        self.longest = 0.0
        if path is not None and path.is_file():
            self._read(path)

    def __call__(self, name: str, make: Callable[..., Any], *arguments: Any, steps: int = 1) -> Any:
        """Return the result of the run ``name``, which counts as ``steps`` steps of progress."""
        before = self.progress.done
        if name not in self.kept:
            if self.deadline is not None and time.monotonic() + self.longest > self.deadline:
                raise NoTimeLeft(f"no time is left for the run {name!r}")
            start = time.monotonic()
            value = make(*arguments)
            seconds = time.monotonic() - start
            self.made, self.longest = self.made + 1, max(self.longest, seconds)
            line = json.dumps({"run": name, "seconds": seconds, "value": value}, ensure_ascii=False)
            self.kept[name] = json.loads(line)["value"]
            if self.path is not None:
                _append(self.path, line)
        self.progress.step(name, max(0, steps - (self.progress.done - before)))
        return self.kept[name]

    def sized(self, size: int) -> Data:
        """Return the data with pictures of ``size`` × ``size``."""
        train, test = (Split(resized(s.pixels, size), s.labels) for s in (self.data.train, self.data.test))
        return replace(self.data, train=train, test=test)

    def step(self, note: str) -> None:
        """Count one step inside of a run."""
        self.progress.step(note)

    def _read(self, path: Path) -> None:
        """Take over whole lines, and cut off what a stopped process left of its last one."""
        whole = 0
        for line in path.read_bytes().splitlines(keepends=True):
            try:
                run = json.loads(line) if line.endswith(b"\n") else None
            except ValueError:
                run = None
            if not isinstance(run, dict) or not {"run", "seconds", "value"} <= set(run):
                break
            self.kept[run["run"]] = run["value"]
            self.seconds_before += run["seconds"]
            self.longest = max(self.longest, run["seconds"])
            whole += len(line)
        with path.open("r+b") as file:
            file.truncate(whole)


def journal(folder: Path, experiment: str, key: str) -> Path:
    """Return the file that keeps the finished runs of a recording."""
    return folder / f"{experiment}.{key}.runs.jsonl"


def key_of(code: Callable[..., Any], *settings: Any) -> str:
    """Return a short hash of the settings, the version of torch, and the code of the module that ``code`` is in.

    Comments and the layout of the code do not count.
    """
    text = "\n".join([version("torch"), *map(repr, settings), code_of(code.__module__)])
    return hashlib.sha256(text.encode()).hexdigest()[:10]


@cache
def code_of(module: str) -> str:
    """Return the code of a module without its layout, read once: ask early, before somebody edits the file."""
    return ast.dump(ast.parse(inspect.getsource(sys.modules[module])))


def _append(path: Path, line: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(line + "\n")
        file.flush()
        os.fsync(file.fileno())
