"""What `make course` makes, made once for all tests that look at it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def made_course() -> subprocess.CompletedProcess[str]:
    """What `make course` said; its site is in build/site, its graded class in build/class."""
    made = subprocess.run(["make", "course"], cwd=ROOT, capture_output=True, text=True)
    assert made.returncode == 0, made.stdout[-3000:] + made.stderr[-3000:]
    return made
