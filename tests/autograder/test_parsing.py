"""Parsing in several threads, with garbage collections that run Python code in between."""

from __future__ import annotations

import gc
import re
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from autograder import parsing
from autograder.engines.sealed.compiled import prepare

PACKAGE = Path(parsing.__file__).parent
# In these one thread parses: the sandbox and the examiner are forked for one submission, the worker for one program.
ONE_THREAD = ("sandbox", "examiner", "worker.py")


@pytest.fixture
def busy_collector() -> Iterator[None]:
    """Collect garbage at every chance, with a callback in Python, as Dask has one."""

    def callback(phase: str, info: object) -> None:
        sum(range(50))

    before, interval = gc.get_threshold(), sys.getswitchinterval()
    gc.callbacks.append(callback)
    gc.set_threshold(50)
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(interval)
    gc.set_threshold(*before)
    gc.callbacks.remove(callback)


@pytest.mark.usefixtures("busy_collector")
def test_threads_do_not_spoil_each_others_trees() -> None:
    source = (PACKAGE / "grading" / "grade.py").read_text(encoding="utf-8")

    def parse(number: int) -> list[str]:
        failed, until = [], time.monotonic() + 2
        while time.monotonic() < until:
            try:
                parsing.parse(source)
                prepare.__wrapped__("def f(x):\n    return [x, (x, {x: x})]\n" * 20, number)
            except SystemError as error:
                failed.append(str(error))
        return failed

    with ThreadPoolExecutor(4) as pool:
        assert [text for failed in pool.map(parse, range(4)) for text in failed] == []


def test_whatever_has_threads_parses_here() -> None:
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        if path.name != "parsing.py" and not any(part in ONE_THREAD for part in path.parts):
            text = path.read_text(encoding="utf-8")
            found += [f"{path.name}: {call}" for call in re.findall(r"ast\.parse\(|(?<![\w.])compile\([^)]*exec", text)]
    assert found == []
