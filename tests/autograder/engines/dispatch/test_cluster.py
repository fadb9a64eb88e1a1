"""Workers elsewhere: two on one scheduler, each a process with a port of its own, and one is killed in mid-run."""

# Over 60 s of CPU: schedulers and workers of their own are started, and killed.

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from autograder.course import Course
from tests.crash.classes import NAME, REFERENCE, ROOT, assert_nothing_lost, hand_in, stored

HERE = Path(__file__).parents[4]
CLASS = 30


def answer(number: int) -> dict[str, str]:
    wrong = "def half_up(value):\n    return round(value)" if number % 3 == 1 else REFERENCE["half_up"]
    return {"half_up": wrong, "spread": REFERENCE["spread"]}


@pytest.fixture
def scheduler(tmp_path: Path) -> Iterator[Path]:
    """The file in which a running scheduler says where it is."""
    file = tmp_path / "scheduler.json"
    process = launch("scheduler", "--scheduler-file", str(file), "--port", "0", "--no-dashboard")
    yield file
    end(process)


def launch(role: str, *options: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", f"distributed.cli.dask_{role}", "--host", "127.0.0.1", *options]
    return subprocess.Popen(command, cwd=HERE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def end(process: subprocess.Popen[bytes]) -> list[psutil.Process]:
    """Kill a process and its worker, as when a node loses its power; return what ran below it."""
    children: list[psutil.Process] = []
    if process.poll() is None:
        children = psutil.Process(process.pid).children(recursive=True)
        process.kill()
    process.wait()
    for child in children:
        with contextlib.suppress(psutil.NoSuchProcess):
            if "multiprocessing.spawn" in " ".join(child.cmdline()):
                child.kill()
    return children


def grade(course: Course, address: str) -> subprocess.Popen[str]:
    where = ["--root", str(course.root), "--course", str(course.directory)]
    command = [sys.executable, "-m", "autograder", "grade", NAME, *where, "--engine", "sealed", "--json"]
    return subprocess.Popen(
        [*command, "--scheduler", address], cwd=HERE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


@pytest.mark.timeout(600)
def test_a_node_that_dies_loses_nothing(tmp_path: Path, scheduler: Path) -> None:
    (tmp_path / "class").mkdir()
    course = Course(ROOT, tmp_path / "class")
    hand_in(course, CLASS, answer)
    options = ("--scheduler-file", str(scheduler), "--nthreads", "1", "--no-dashboard")
    nodes = [launch("worker", *options, "--local-directory", str(tmp_path / f"node{n}")) for n in range(2)]
    while not scheduler.is_file() or not scheduler.stat().st_size:
        time.sleep(0.05)
    process = grade(course, json.loads(scheduler.read_text())["address"])
    while stored(course) < 5 and process.poll() is None:
        time.sleep(0.01)
    below = end(nodes[0])
    printed, said = process.communicate()
    assert process.returncode == 0, said
    points = {result["student"]: sum(c["points"] for c in result["checks"]) for result in json.loads(printed)}
    assert points == {f"s{n:03}": pytest.approx(7 if n % 3 == 1 else 10) for n in range(CLASS)}
    expected = {
        r["student"]: [(c["check"], c["outcome"], c["points"]) for c in r["checks"]] for r in json.loads(printed)
    }
    assert_nothing_lost(course, expected)
    below += end(nodes[1])
    deadline = time.monotonic() + 120
    while any(p.is_running() and p.status() != psutil.STATUS_ZOMBIE for p in below) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert [p for p in below if p.is_running() and p.status() != psutil.STATUS_ZOMBIE] == []


def test_a_scheduler_that_is_not_there_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "class").mkdir()
    course = Course(ROOT, tmp_path / "class")
    hand_in(course, 1, answer)
    process = grade(course, "tcp://127.0.0.1:1")
    said = process.communicate()[1]
    assert process.returncode == 2
    assert "No Dask scheduler answers at tcp://127.0.0.1:1" in said
    assert "Start one with `dask scheduler`" in said


def test_a_certificate_that_is_not_named_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "class").mkdir()
    course = Course(ROOT, tmp_path / "class")
    hand_in(course, 1, answer)
    process = grade(course, "tls://127.0.0.1:1")
    said = process.communicate()[1]
    assert process.returncode == 2
    assert "The scheduler at tls://127.0.0.1:1 asks for a certificate, and none is named." in said
    assert "Traceback" not in said


def test_a_script_is_told_that_nobody_is_there_yet(tmp_path: Path, scheduler: Path) -> None:
    (tmp_path / "class").mkdir()
    course = Course(ROOT, tmp_path / "class")
    hand_in(course, 1, answer)
    while not scheduler.is_file() or not scheduler.stat().st_size:
        time.sleep(0.05)
    address = json.loads(scheduler.read_text())["address"]
    process = grade(course, address)
    assert process.stderr is not None
    events = (json.loads(line) for line in process.stderr if line.startswith("{"))
    warning = next(event for event in events if event["event"] == "warning")
    process.kill()
    process.communicate()
    assert warning["text"] == f"No worker is connected to {address}: waiting for one."
