"""The profile of the sealed engine knows its functions; ``make bench`` compares the graders and their times."""

from __future__ import annotations

import pytest

from benchmarks.classes import WORKLOADS
from benchmarks.profile import measure, render

pytestmark = [
    pytest.mark.timeout(900),  # most of a minute of CPU, on a machine that may have ten times as much to do
]


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
