"""What `make course` makes, made once for all tests that look at it, and an engine that is started once for all."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from autograder.engines.choose import engine_factory
from autograder.engines.contract import Engine, keeping

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def made_course() -> subprocess.CompletedProcess[str]:
    """What `make course` said; its site is in build/site, its graded class in build/class."""
    made = subprocess.run(["make", "course"], cwd=ROOT, capture_output=True, text=True)
    assert made.returncode == 0, made.stdout[-3000:] + made.stderr[-3000:]
    return made


@pytest.fixture(scope="session")
def copy_class(made_course: subprocess.CompletedProcess[str]) -> Callable[[Path], Path]:
    """Copy the class that `make course` graded to where is said, its settings for nbgrader pointing to the copy."""

    def copy(where: Path) -> Path:
        made = ROOT / "build" / "class"
        shutil.copytree(made, where)
        config = where / "nbgrader_config.py"
        config.write_text(config.read_text(encoding="utf-8").replace(str(made), str(where)), encoding="utf-8")
        return where

    return copy


class Warm:
    """The sealed engine, started once: without ``kept``, a class that is graded does not start it anew or end it."""

    def __init__(self, engine: Engine) -> None:
        self.name, self.version, self.warning, self.grade = engine.name, engine.version, engine.warning, engine.grade


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    made = engine_factory("sealed")(Path(), None)
    with keeping(made):
        yield Warm(made)
