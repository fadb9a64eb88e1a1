"""nbgrader's own programs go on from the class that was graded: formgrader shows it, export and feedback accept it."""

# Over 60 s of CPU: nbgrader's own programs run on a graded class.

from __future__ import annotations

import csv
import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
NAME = "02-convolution-arithmetic"
BIN = Path(sys.executable).parent

pytestmark = [pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def graded(copy_class: Callable[[Path], Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the class that ``make course`` graded."""
    return copy_class(tmp_path_factory.mktemp("nbgrader") / "class")


def expected(graded: Path) -> dict[str, float]:
    """Return the total that each student must have."""
    students = json.loads((graded / "expected.json").read_text(encoding="utf-8"))[NAME]["students"]
    return {student: sum(marks["checks"].values()) for student, marks in students.items()}


def ask(url: str, server: subprocess.Popen[bytes]) -> Any:
    """Return the JSON that a starting server answers with, once it does."""
    deadline = time.monotonic() + 90
    while True:
        assert server.poll() is None, f"the server ended with {server.returncode}"
        assert time.monotonic() < deadline, "the server did not answer"
        try:
            with urllib.request.urlopen(url, timeout=30) as answer:
                return json.loads(answer.read())
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.3)


def test_formgrader_shows_every_submission_and_its_score(graded: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [BIN / "jupyter", "server", "--no-browser", f"--port={port}", "--ip=127.0.0.1", "--allow-root"]
    command += [
        "--IdentityProvider.token=",
        "--ServerApp.jpserver_extensions=nbgrader.server_extensions.formgrader=True",
    ]
    environment = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    server = subprocess.Popen(
        [str(part) for part in command],
        cwd=graded,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        shown = ask(f"http://127.0.0.1:{port}/formgrader/api/submissions/{NAME}", server)
    finally:
        server.terminate()
        server.wait(30)
    scores = {row["student"]: row["score"] for row in shown}
    assert scores == pytest.approx(expected(graded))
    assert {row["max_score"] for row in shown} == {100.0}
    assert not any(row["needs_manual_grade"] for row in shown)


def test_export_writes_the_same_marks(graded: Path) -> None:
    environment = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    run = subprocess.run([BIN / "nbgrader", "export"], cwd=graded, env=environment, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr[-2000:]
    with (graded / "grades.csv").open(encoding="utf-8", newline="") as file:
        scores = {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}
    assert scores == pytest.approx(expected(graded))


def test_nbgraders_own_feedback_accepts_a_graded_notebook(graded: Path) -> None:
    student = min(expected(graded))
    environment = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    command = [BIN / "nbgrader", "generate_feedback", NAME, f"--student={student}", "--force"]
    run = subprocess.run(command, cwd=graded, env=environment, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr[-2000:]
    page = (graded / "feedback" / student / NAME / f"{NAME}.html").read_text(encoding="utf-8")
    assert "Score: 100.0 / 100.0" in page
