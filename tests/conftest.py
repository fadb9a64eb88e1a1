"""How tests are shared out, a file to one worker and those that rebuild the example class to the same one; options."""

from __future__ import annotations

from typing import Any

import pytest

_SHARE_THE_CLASS = (
    "tests/acceptance/test_handout.py",
    "tests/acceptance/test_nbgrader_tools.py",
    "tests/acceptance/test_readme.py",
    "tests/repository/test_leaks.py",
)


def pytest_addoption(parser: pytest.Parser) -> None:
    said = "compare marks with nbgrader's on every known answer of every assignment: an hour"
    parser.addoption("--every-answer", action="store_true", help=said)


def worker_group(nodeid: str) -> str:
    """Return the name of the tests that must run one after the other, in one process."""
    file = nodeid.partition("::")[0]
    return "course" if file in _SHARE_THE_CLASS else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Group by ``worker_group``: xdist's own groups rename tests, which pytest 9.2 does not let it."""
    from xdist.scheduler import LoadScopeScheduling

    class Grouped(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return worker_group(nodeid)

    return Grouped(config, log)
