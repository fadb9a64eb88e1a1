"""The coordinator killed, its disk full, its gradebook locked: nothing is lost, nothing is there twice."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from autograder.course import Course
from autograder.grading.grade import grade_class
from autograder.grading.lock import only_run
from autograder.grading.results import ResultStore
from tests.crash.classes import NAME, ROOT, assert_nothing_lost, hand_in, in_gradebook, marks, stored
from tests.crash.light import factory

HERE = Path(__file__).parents[2]
CLASS, KILLS, SEED = 200, 4, 20_260
Expected = dict[str, list[tuple[str, str, float]]]

pytestmark = pytest.mark.timeout(1200)


def answer(number: int) -> dict[str, str]:
    return {"half_up": "good" if number % 2 else "bad", "spread": "good" if number % 3 else "bad"}


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> Expected:
    """The marks of an undisturbed run."""
    course = Course(ROOT, tmp_path_factory.mktemp("undisturbed"))
    hand_in(course, CLASS, answer)
    grade_class(course, NAME, workers=1, factory=factory)
    found = marks(ResultStore(course.directory).all(NAME))
    assert len(found) == CLASS
    assert {sum(points for *_, points in checks) for checks in found.values()} == {0.0, 5.0, 10.0}
    assert_nothing_lost(course, found)
    return found


@pytest.fixture
def course(tmp_path: Path) -> Course:
    (tmp_path / "class").mkdir()
    return Course(ROOT, tmp_path / "class")


def start(course: Course, *more: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.crash.light", str(course.root), str(course.directory), *more]
    return subprocess.Popen(command, cwd=HERE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def wait_until(condition: Callable[[], bool], seconds: float = 600) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.002)


def test_killed_anywhere_it_goes_on(course: Course, expected: Expected, capsys: pytest.CaptureFixture[str]) -> None:
    hand_in(course, CLASS, answer)
    chance = random.Random(SEED)
    began = time.monotonic()
    left: list[psutil.Process] = []
    for kill in range(KILLS):
        process = start(course)
        enough = stored(course) + chance.randrange(30) if kill else 0  # the first time at any moment of the start
        wait_until(lambda enough=enough, process=process: stored(course) > enough or process.poll() is not None)
        time.sleep(chance.random() * 0.03)
        left += psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []
        process.kill()
        process.communicate()
    resumed = start(course)
    said = resumed.communicate()[1]
    assert resumed.returncode == 0, said
    assert_nothing_lost(course, expected)
    wait_until(lambda: not any(one.is_running() and one.status() != psutil.STATUS_ZOMBIE for one in left))
    with capsys.disabled():
        print(f"\n{CLASS} submissions, {KILLS} kills with seed {SEED}, {time.monotonic() - began:.0f} s")


def test_two_runs_do_not_meet(course: Course) -> None:
    hand_in(course, 1, answer)
    with only_run(course.directory):
        second = start(course)
        said = second.communicate(timeout=600)[1]
    assert second.returncode == 2
    assert f"being graded already by process {os.getpid()} on " in said
    assert "Wait for it, or end it" in said
    third = start(course)
    third.communicate(timeout=600)
    assert third.returncode == 0
    assert len(in_gradebook(course)) == 1


def test_a_killed_run_leaves_no_lock(course: Course) -> None:
    hold = "import sys, time, pathlib\nfrom autograder.grading.lock import only_run\n"
    hold += "with only_run(pathlib.Path(sys.argv[1])):\n    print('held', flush=True)\n    time.sleep(600)"
    holder = subprocess.Popen([sys.executable, "-c", hold, course.directory], cwd=HERE, stdout=subprocess.PIPE)
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"held\n"
    holder.send_signal(signal.SIGKILL)
    holder.communicate()
    with only_run(course.directory):
        assert (course.directory / ".autograder" / "lock").is_file()


def test_a_locked_gradebook_is_waited_for_and_then_named(course: Course, expected: Expected) -> None:
    hand_in(course, CLASS, answer)
    process = start(course, "2")
    wait_until(lambda: stored(course) > 5)
    other = sqlite3.connect(course.directory / "gradebook.db", timeout=60, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    said = process.communicate(timeout=600)[1]
    assert process.returncode == 2
    assert "Another program has held the gradebook" in said
    assert "run this again: what was graded is kept" in said
    assert 5 < stored(course) < CLASS
    second = start(course, "60")
    time.sleep(1)
    assert second.poll() is None  # it waits
    other.execute("ROLLBACK")
    other.close()
    second.communicate(timeout=600)
    assert second.returncode == 0
    assert_nothing_lost(course, expected)


def test_a_full_disk_is_named_and_leaves_nothing_half_written(tmp_path: Path, expected: Expected) -> None:
    submitted = Course(ROOT, tmp_path / "class")
    hand_in(submitted, CLASS, answer)
    command = f"{sys.executable} -m tests.crash.light {ROOT} {tmp_path}/small"
    script = f"""
        set -u
        mkdir {tmp_path}/small {tmp_path}/after && mount -t tmpfs -o size=3500k,nr_inodes=20000 none {tmp_path}/small
        cp -r {tmp_path}/class/. {tmp_path}/small
        {command} > /dev/null; echo "exit $?"
        echo "parts $(find {tmp_path}/small -name '*.part' | wc -l)"
        echo "results $(ls {tmp_path}/small/.autograder/results/{NAME} | wc -l)"
        mount -o remount,size=64m {tmp_path}/small
        {command} > /dev/null; echo "exit $?"
        cp -r {tmp_path}/small/. {tmp_path}/after
    """
    alone = ["--mount"] if os.getuid() == 0 else ["--user", "--map-root-user", "--mount"]
    done = subprocess.run(["unshare", *alone, "sh", "-c", script], cwd=HERE, capture_output=True, text=True)
    said = dict(line.split() for line in done.stdout.splitlines() if line.startswith(("parts", "results")))
    assert [line for line in done.stdout.splitlines() if line.startswith("exit")] == ["exit 3", "exit 0"], done.stderr
    assert "No space left to write" in done.stderr
    assert "Free some space and run it again." in done.stderr
    assert said["parts"] == "0"
    assert 0 < int(said["results"]) < CLASS
    assert_nothing_lost(Course(ROOT, tmp_path / "after"), expected)
