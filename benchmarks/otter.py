"""Give otter-grader the same work: its environment, an assignment made of our checks, and notebooks without them.

Each check becomes one of otter's test files, hidden, with the check's points and its text as it stands, hidden tests
included. It is run with the notebook's own names, as a cell is. From a student's notebook the check cells are left out,
since otter would run those twice, and so are the released demonstrations, which the sealed engine leaves out too.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

from autograder.assignment.cells import grade_id, is_answer, is_check
from autograder.assignment.source import assignment_of, read_source

__all__ = ["autograder_zip", "environment", "make_environment", "read_marks", "submission", "test_files"]

HERE = Path(__file__).resolve().parent
REQUIREMENTS = HERE / "otter-requirements.txt"
FOLDER = HERE.parent / "build" / "otter-env"
ABOUT = (
    "otter run, one process for each submission; every check is one hidden otter test with its points, run after the "
    "notebook, which has no check cells and no demonstrations"
)
_TEST = """\
OK_FORMAT = False

from otter.test_files import test_case

name = {name!r}
points = {points!r}

TEXT = {text!r}


@test_case(points={points!r}, hidden=True)
def test_check(env):
    exec(compile(TEXT, {file!r}, "exec"), env)
"""


def make_environment() -> Path:
    """Install otter into an environment of its own under ``build/``, unless it is there; return its Python.

    Raises:
        subprocess.CalledProcessError: uv could not; it says why on stderr.
    """
    python, stamp = FOLDER / "bin" / "python", FOLDER / "benchmark-stamp"
    wanted = REQUIREMENTS.read_text(encoding="utf-8")
    if not (stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted):
        uv = str(Path(sys.executable).with_name("uv"))
        if not python.exists():
            subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, str(FOLDER)], check=True)
        where = ["--quiet", "--python", str(python)]
        subprocess.run([uv, "pip", "install", *where, "-r", str(REQUIREMENTS)], check=True)
        # Each run would compile what it imports otherwise, for seconds, where compiled files may not be written.
        subprocess.run(
            [str(python), "-m", "compileall", "-q", "-j", "0", str(FOLDER / "lib")], stdout=subprocess.DEVNULL
        )
        stamp.write_text(wanted, encoding="utf-8")
    return python


def environment(folder: Path) -> dict[str, str]:
    """Return variables that let otter's kernel find convlab, and nothing else of this repository."""
    path = folder / "convlab-only"
    path.mkdir(exist_ok=True)
    if not (path / "convlab").exists():
        (path / "convlab").symlink_to(HERE.parent / "convlab")
    search = os.pathsep.join([str(FOLDER / "bin"), os.environ.get("PATH", "")])
    return {"PYTHONPATH": str(path), "PATH": search}


def test_files(source: Path) -> dict[str, str]:
    """Return otter's test files for the assignment ``source``: text by file name, in the notebook's order."""
    notebook = read_source(source)
    points = {check.id: check.points for check in assignment_of(notebook, source.stem).checks}
    checks = [(grade_id(cell), str(cell.source)) for cell in notebook.cells if is_check(cell)]
    return {
        f"check_{number:03d}.py": _TEST.format(name=name, points=points[name], text=text, file=f"<{name}>")
        for number, (name, text) in enumerate(checks)
    }


def autograder_zip(source: Path, path: Path) -> None:
    """Write the archive that ``otter run --autograder`` takes."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("otter_config.json", json.dumps({"lang": "python", "print_summary": False}))
        for name, text in test_files(source).items():
            archive.writestr(f"tests/{name}", text)


def submission(notebook: dict[str, Any]) -> dict[str, Any]:
    """Return a student's notebook as otter gets it."""

    def stays(cell: Any) -> bool:
        released = cell["cell_type"] == "code" and grade_id(cell) and not is_answer(cell)
        return not released or grade_id(cell) == "setup"

    return {**notebook, "cells": [cell for cell in notebook["cells"] if stays(cell)]}


def read_marks(path: Path) -> dict[str, float]:
    """Return the points of each check from otter's ``results.json``."""
    tests = json.loads(path.read_text(encoding="utf-8"))["tests"]
    return {test["name"]: float(test["score"]) for test in tests if test.get("max_score") and "score" in test}
