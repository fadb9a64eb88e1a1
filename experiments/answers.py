"""Run the checks of every assignment on its reference answers, on any device and without the notebooks' tools.

``prepare`` writes a file of cells for each assignment, in the full environment: it needs jupytext. ``run`` needs
torch, numpy and matplotlib only, so the files can travel to a bare machine. Both are trusted: the cells are ours.

    python -m experiments.answers FILE        run one such file on $CONVLAB_DEVICE; the last line is its outcome
"""

from __future__ import annotations

import hashlib
import json
import linecache
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

__all__ = ["DIGITS", "Outcome", "check_all", "prepare", "run"]

SOLUTIONS = Path(__file__).resolve().parents[1] / "solutions"
DIGITS = "digits.json"  # scikit-learn's digits, for where scikit-learn is not


@dataclass(frozen=True)
class Outcome:
    """Say what came of an assignment's checks: how many passed, which failed and how, and how long it took."""

    assignment: str
    passed: int = 0
    failed: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    left: str = ""
    """why the checks did not run to their end"""


def prepare(folder: Path, solutions: Path = SOLUTIONS) -> list[Path]:
    """Write the setup, reference answers and checks of all assignments to ``folder``: a file for each, and the digits.

    Raises:
        ImportError: jupytext or scikit-learn is not installed.
    """
    from sklearn.datasets import load_digits

    from autograder.assignment.cells import is_answer, is_check
    from autograder.assignment.source import read_source

    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for source in sorted(path for path in solutions.glob("*/*.py") if path.stem == path.parent.name):
        cells = []
        for cell in read_source(source).cells:
            kind = "check" if is_check(cell) else "answer" if is_answer(cell) else ""
            if cell.cell_type == "code" and (kind or cell.id == "setup"):
                cells.append({"name": cell.id, "kind": kind or "setup", "text": cell.source})
        path = folder / f"{source.stem}.cells.json"
        path.write_text(json.dumps({"assignment": source.stem, "cells": cells}, indent=1), encoding="utf-8")
        written.append(path)
    digits = load_digits()
    pixels = {"images": digits.images.astype(int).tolist(), "target": digits.target.tolist()}
    (folder / DIGITS).write_text(json.dumps(pixels), encoding="utf-8")
    return written


def run(path: Path) -> Outcome:
    """Run the cells of ``path`` in this process, as a notebook does; an answer that fails has its checks fail."""
    import matplotlib

    matplotlib.use("Agg")
    _digits_from(path.with_name(DIGITS))
    read = json.loads(path.read_text(encoding="utf-8"))
    start = time.monotonic()
    module: dict[str, Any] = {"__name__": "__main__"}
    passed, failed = 0, {}
    for cell in read["cells"]:
        wrong = _error(cell["name"], cell["text"], module)
        if wrong:
            failed[cell["name"]] = wrong
        elif cell["kind"] == "check":
            passed += 1
    return Outcome(read["assignment"], passed, failed, time.monotonic() - start)


def _error(name: str, text: str, module: dict[str, Any]) -> str:
    """Run one cell; return the first line of what went wrong, or an empty text."""
    file = f"<{name}>"
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)  # checks read an answer's source
    try:
        exec(compile(text, file, "exec"), module)
    except Exception as error:
        return f"{type(error).__name__}: {str(error).partition(chr(10))[0]}"
    return ""


def _digits_from(path: Path) -> None:
    """Let ``sklearn.datasets.load_digits`` read ``path`` where scikit-learn is not installed."""
    from importlib.machinery import ModuleSpec
    from types import ModuleType, SimpleNamespace

    try:
        import sklearn.datasets  # noqa: F401
    except ImportError:
        if not path.is_file():
            return
    else:
        return

    def load_digits() -> SimpleNamespace:
        import numpy as np

        read = json.loads(path.read_text(encoding="utf-8"))
        return SimpleNamespace(images=np.array(read["images"], dtype=float), target=np.array(read["target"]))

    package, inner = ModuleType("sklearn"), ModuleType("sklearn.datasets")
    inner.load_digits = load_digits  # type: ignore[attr-defined]
    package.datasets = inner  # type: ignore[attr-defined]
    package.__spec__ = ModuleSpec("sklearn", None)  # torch asks for it
    sys.modules |= {"sklearn": package, "sklearn.datasets": inner}


def check_all(
    folder: Path,
    device: str,
    deadline: float,
    kept: Path,
    workers: int | None = None,
    say: Callable[[str], None] = print,
) -> list[Outcome]:
    """Run the files of ``folder``, each in a process of its own, until ``deadline`` (``time.monotonic``).

    Outcomes without a failure are kept in the file ``kept``, and not made again while files and device are the same.
    """
    before: dict[str, Any] = {}
    if kept.is_file():
        before = json.loads(kept.read_text(encoding="utf-8"))
    paths = sorted(folder.glob("*.cells.json"))
    keys = {path: hashlib.sha256(path.read_bytes() + device.encode()).hexdigest()[:10] for path in paths}

    def one(path: Path) -> Outcome:
        if keys[path] in before:
            return Outcome(**before[keys[path]])
        found = _in_a_process(path, device, deadline - time.monotonic())
        wrong = [f"  {name}: {text}" for name, text in found.failed.items()]
        about = found.left or f"{found.passed} checks passed, {len(found.failed)} cells failed, {found.seconds:.0f} s"
        say("\n".join([f"{found.assignment}: {about}", *wrong]))
        return found

    with ThreadPoolExecutor(workers or max(1, min(4, (os.cpu_count() or 1) // 2))) as pool:
        outcomes = list(pool.map(one, paths))
    whole = {keys[p]: asdict(o) for p, o in zip(paths, outcomes, strict=True) if not o.failed and not o.left}
    if whole:
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(json.dumps(before | whole, indent=1), encoding="utf-8")
    return outcomes


def _in_a_process(path: Path, device: str, seconds: float) -> Outcome:
    name = path.name.removesuffix(".cells.json")
    if seconds <= 0:
        return Outcome(name, left="no time was left")
    command = [sys.executable, "-m", "experiments.answers", str(path)]
    environment = os.environ | {"CONVLAB_DEVICE": device, "MPLBACKEND": "Agg"}
    try:
        ran = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=seconds)
    except subprocess.TimeoutExpired as late:
        return Outcome(name, seconds=late.timeout, left="not finished in the time")
    lines = ran.stdout.splitlines()
    if ran.returncode != 0 or not lines:
        return Outcome(name, left=f"the process failed: {(ran.stderr.splitlines() or ['without a message'])[-1]}")
    return Outcome(**json.loads(lines[-1]))


def _main(paths: Iterable[str]) -> None:
    for path in paths:
        print(json.dumps(asdict(run(Path(path)))))


if __name__ == "__main__":
    _main(sys.argv[1:])
