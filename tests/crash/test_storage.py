"""The coordinator's disk full, its gradebook locked: it says so, and what was graded is kept."""

# Over 60 s of CPU: classes are graded on a full disk and beside a locked gradebook.

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from autograder.course import Course
from tests.crash.classes import NAME, ROOT, assert_nothing_lost, hand_in, stored
from tests.crash.runs import CLASS, HERE, answer, expected, start, wait_until

pytestmark = pytest.mark.timeout(1200)


def test_a_locked_gradebook_is_waited_for_and_then_named(tmp_path: Path) -> None:
    (tmp_path / "class").mkdir()
    course = Course(ROOT, tmp_path / "class")
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
    assert_nothing_lost(course, expected())


def test_a_full_disk_is_named_and_leaves_nothing_half_written(tmp_path: Path) -> None:
    submitted = Course(ROOT, tmp_path / "class")
    hand_in(submitted, CLASS, answer)
    command = f"{sys.executable} -m tests.crash.light {ROOT} {tmp_path}/small"
    script = f"""
        set -u
        mkdir {tmp_path}/small {tmp_path}/after && mount -t tmpfs -o size=1200k,nr_inodes=20000 none {tmp_path}/small
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
    assert_nothing_lost(Course(ROOT, tmp_path / "after"), expected())
