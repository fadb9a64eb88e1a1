"""The real engine's processes killed on the way: worker, zygote, examiner's parent, sandboxes, coordinator."""
# Over 60 s of CPU: the engine starts five times, once for each kind of warm process that is killed.

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from autograder.course import Course
from autograder.model import Outcome
from tests.crash.classes import NAME, REFERENCE, ROOT, assert_nothing_lost, hand_in, stored

HERE = Path(__file__).parents[2]
SEED = 3_141
# How many submissions, and what is killed while they are graded: each kind once, and again and again if thorough.
FEW = (40, ("sandbox", "zygote", "worker", "examiners", "coordinator"))
MANY = (100, ("sandbox", "zygote", "sandbox", "worker", "sandbox", "examiners", "coordinator", "sandbox"))


def answer(number: int) -> dict[str, str]:
    wrong = "def half_up(value):\n    return round(value)" if number % 3 == 1 else REFERENCE["half_up"]
    lost = "def spread(values):\n    return 1 / 0" if number % 4 == 1 else REFERENCE["spread"]
    return {"half_up": wrong, "spread": lost}


def start(course: Course) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "autograder", "grade", NAME, "--engine", "sealed", "--workers", "1", "--json"]
    where = ["--root", str(course.root), "--course", str(course.directory)]
    return subprocess.Popen([*command, *where], cwd=HERE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def below(process: subprocess.Popen[str], *words: str) -> list[psutil.Process]:
    """Return the descendants of ``process`` whose command line holds all ``words``, parents first."""
    found = []
    for one in psutil.Process(process.pid).children(recursive=True):
        try:
            line = " ".join(one.cmdline())
        except psutil.Error:
            continue
        if all(word in line for word in words):
            found.append(one)
    return found


def find(process: subprocess.Popen[str], victim: str) -> list[psutil.Process]:
    """Return the processes of one kind, if there are any at this moment."""
    zygotes = below(process, "autograder.engines.sealed.sandbox")
    match victim:
        case "worker":
            return below(process, "multiprocessing.spawn")
        case "zygote":
            return zygotes[1:2]
        case "examiners":
            return below(process, "autograder.engines.sealed.examiner")[:1]
        case _:
            return zygotes[2:]


def kill(process: subprocess.Popen[str], victim: str) -> bool:
    """Kill one process of the kind ``victim`` as soon as there is one; say whether the run went on so long."""
    while process.poll() is None:
        try:
            found = find(process, victim)
            if found:
                found[0].kill()
                return True
        except psutil.NoSuchProcess:
            continue
    return False


def wait_for(process: subprocess.Popen[str], course: Course, count: int) -> None:
    while stored(course) < count and process.poll() is None:
        time.sleep(0.01)


@pytest.mark.timeout(900)
@pytest.mark.parametrize(("students", "victims"), [FEW, pytest.param(*MANY, marks=pytest.mark.thorough)])
def test_nothing_is_lost_whichever_process_dies(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], students: int, victims: tuple[str, ...]
) -> None:
    (tmp_path / "class").mkdir()
    course = Course(ROOT, tmp_path / "class")
    hand_in(course, students, answer)
    began = time.monotonic()
    chance = random.Random(SEED)
    points = sorted(chance.sample(range(3, students // 2), len(victims)))
    process = start(course)
    killed: list[str] = []
    left: list[psutil.Process] = []
    for point, victim in zip(points, victims, strict=True):
        wait_for(process, course, point)
        if victim == "coordinator":
            assert process.poll() is None, process.communicate()[1]
            left = psutil.Process(process.pid).children(recursive=True)
            process.kill()
            process.communicate()
            process = start(course)
            killed.append(victim)
        elif kill(process, victim):
            killed.append(victim)
    said = process.communicate()[1]
    assert process.returncode == 0, said
    assert killed == list(victims)
    assert_nothing_lost(course, {f"s{number:03}": marks_of(number) for number in range(students)})
    assert left
    gone(left)
    with capsys.disabled():
        print(f"\n{students} submissions, seed {SEED}, killed {killed}, {time.monotonic() - began:.0f} s")


def marks_of(number: int) -> list[tuple[str, str, float]]:
    """Return what the answers of one student must give, whatever happens on the way."""
    passed, error = Outcome.PASSED.value, Outcome.ERROR.value
    rounds, lost = number % 3 == 1, number % 4 == 1
    return [
        ("half_up-public", passed, 2.0),
        ("half_up-halves", error if rounds else passed, 0.0 if rounds else 3.0),
        ("spread-public", error if lost else passed, 0.0 if lost else 2.0),
        ("spread-order", error if lost else passed, 0.0 if lost else 2.0),
        ("spread-empty", error if lost else passed, 0.0 if lost else 1.0),
    ]


def gone(processes: list[psutil.Process]) -> None:
    """Assert that all of them end, however long this machine takes."""
    end = time.monotonic() + 120
    alive = processes
    while alive and time.monotonic() < end:
        time.sleep(0.05)
        alive = [one for one in alive if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]
    assert alive == [], f"of process {os.getpid()}"
