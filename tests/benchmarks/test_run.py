"""The benchmark itself, short: floor and sealed on the light workload, and the profile."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.classes import WORKLOADS
from benchmarks.profile import measure, render

ROOT = Path(__file__).resolve().parents[2]

pytestmark = [
    pytest.mark.timeout(900),  # a minute of CPU each, on a machine that may have ten times as much to do
]


def test_floor_and_sealed_give_the_same_marks_and_a_table() -> None:
    command = [sys.executable, "-m", "benchmarks", "--quick"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr
    cells = {line.split("|")[1].strip(): line.split("|") for line in run.stdout.splitlines() if line[:1] == "|"}
    assert float(cells["sealed"][4]) > float(cells["floor"][4]) > 0
    assert float(cells["sealed"][3].replace(",", "")) > 0
    assert "Every grader gave every check of every submission the same points." in run.stdout
    assert str(ROOT) not in run.stdout


def test_the_profile_accounts_for_every_process() -> None:
    profile = measure(WORKLOADS["light"], count=3, memory_count=0)
    assert [part.name for part in profile.parts] == [
        "coordinator",
        "worker",
        "examiner's parent",
        "examiner",
        "zygote",
        "sandbox",
    ]
    assert profile.missing == (), "the engine's functions have other names now: mend benchmarks/probe.py"
    assert profile.total_ms > profile.floor_ms > 0
    assert profile.requests >= 6
    sandbox = profile.parts[-1]
    assert sandbox.rows["run the student's cells"][1] == pytest.approx(1)
    assert "page faults" in render(profile)
