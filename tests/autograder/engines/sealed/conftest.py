"""One sealed pair of processes for all tests of the sealed engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from autograder.engines.sealed.pair import Pair
from autograder.engines.sealed.session import CellRun, Role, Rules, Session, SessionCell
from autograder.isolation import ProcessLimits
from autograder.model import Outcome

Run = Callable[..., list[CellRun]]
SETUP = "import numpy as np\nimport torch\nfrom torch import nn\nfrom convlab import checks, rules\n"


@pytest.fixture(scope="session")
def pair() -> Iterator[Pair]:
    with Pair() as started:
        yield started


@pytest.fixture
def run(pair: Pair) -> Run:
    """Run student cells and check cells, and return how the latter ended."""

    def run(
        student: str | list[str], *checks: str, limits: ProcessLimits | None = None, tasks: str = ""
    ) -> list[CellRun]:
        cells = [student] if isinstance(student, str) else student
        sources = [(Role.SETUP, SETUP), *((Role.STUDENT, s) for s in cells), *((Role.CHECK, c) for c in checks)]
        session = Session(
            tuple(SessionCell(i, role, source, f"cell{i}", tasks) for i, (role, source) in enumerate(sources)),
            Rules(limits or ProcessLimits(cpu_seconds=30, check_cpu_seconds=15)),
        )
        return pair.run(session)[1 + len(cells) :]

    return run


@pytest.fixture
def outcome(run: Run) -> Callable[..., tuple[str, str, Outcome | None]]:
    """Run one check and return the class of its error, its text, and the limit that ended it."""

    def outcome(student: str, check: str, **more: object) -> tuple[str, str, Outcome | None]:
        end = run(student, check, **more)[0].end
        return end.error, end.text, end.limit

    return outcome
