"""The coordinator killed, and two of them at once: nothing is lost, nothing is there twice."""

# Over 60 s of CPU: classes are graded while the coordinator is killed again and again.

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from autograder.course import Course
from autograder.grading.grade import grade_class
from autograder.grading.lock import only_run
from tests.crash.classes import NAME, ROOT, assert_nothing_lost, hand_in, in_gradebook, stored
from tests.crash.light import factory
from tests.crash.runs import CLASS, HERE, answer, expected, start, wait_until

KILLS, SEED = 3, 20_260

pytestmark = pytest.mark.timeout(1200)


@pytest.fixture
def course(tmp_path: Path) -> Course:
    (tmp_path / "class").mkdir()
    return Course(ROOT, tmp_path / "class")


def test_killed_anywhere_it_goes_on(course: Course, capsys: pytest.CaptureFixture[str]) -> None:
    hand_in(course, CLASS, answer)
    chance = random.Random(SEED)
    began = time.monotonic()
    left: list[psutil.Process] = []
    for kill in range(KILLS):
        process = start(course)
        enough = stored(course) + chance.randrange(12) if kill else 0  # the first time at any moment of the start
        wait_until(lambda enough=enough, process=process: stored(course) > enough or process.poll() is not None)
        time.sleep(chance.random() * 0.03)
        left += psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []
        process.kill()
        process.communicate()
    resumed = start(course)
    said = resumed.communicate()[1]
    assert resumed.returncode == 0, said
    assert_nothing_lost(course, expected())
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
    grade_class(course, NAME, workers=1, factory=factory)
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
