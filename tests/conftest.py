"""How tests are shared out: a file to one worker, the longest first; what each file costs; options."""

from __future__ import annotations

import os
import re
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
MOST_CPU_SECONDS = 60.0
WHY = re.compile(r"^# Over 60 s of CPU: \S", re.MULTILINE)

_SHARE_THE_CLASS = (
    "tests/acceptance/test_handout.py",
    "tests/acceptance/test_nbgrader_tools.py",
    "tests/acceptance/test_readme.py",
    "tests/repository/test_leaks.py",
)
# Files of these names share a fixture that takes seconds to start.
_SHARE_A_PROCESS = (
    "tests/acceptance/test_s",
    "tests/autograder/engines/sealed/",
    "tests/autograder/local/",
)
# These start first, the longest in front; then the other files with a line that says why they take long; then the rest.
LONG = (
    "tests/acceptance/test_readme.py",
    "tests/autograder/local/test_runner.py",
    "tests/acceptance/test_same_marks.py",
    "tests/site/test_pages.py",
    "tests/attacks/test_attacks.py",
    "tests/autograder/example/test_make.py",
)
_CPU: dict[str, float] = {}
_LEFT_OUT: set[str] = set()


def pytest_addoption(parser: pytest.Parser) -> None:
    said = "run also what is marked as thorough, and every known answer where a sample would do: hours"
    parser.addoption("--thorough", action="store_true", help=said)
    said = "fail if a file without the line '# Over 60 s of CPU: why' takes more"
    parser.addoption("--most-cpu-seconds", type=float, default=MOST_CPU_SECONDS, help=said)


def worker_group(nodeid: str) -> str:
    """Return the name of the tests that must run one after the other, in one process, or do so to start less."""
    file = nodeid.partition("::")[0]
    if file in _SHARE_THE_CLASS:
        return "course"
    return next((start for start in _SHARE_A_PROCESS if file.startswith(start)), file)


def says_why(file: str) -> bool:
    path = ROOT / file
    return path.is_file() and bool(WHY.search(path.read_text(encoding="utf-8")))


def longest_first(files: list[str]) -> list[str]:
    """Return ``files`` in the order in which they start; those that share a worker stay together."""
    listed = [file for file in LONG if file in files] + [file for file in files if file not in LONG and says_why(file)]
    groups = list(dict.fromkeys(worker_group(file) for file in [*listed, *files]))
    # What a group shares is made in its longest file, and counts there.
    return sorted(files, key=lambda file: (groups.index(worker_group(file)), file not in listed))


def pytest_configure(config: pytest.Config) -> None:
    said = "thorough: repeats for more cases what another test shows for one; `make test-answers` runs it"
    config.addinivalue_line("markers", said)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("thorough"):
        left_out = [item for item in items if item.get_closest_marker("thorough")]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not item.get_closest_marker("thorough")]
        _LEFT_OUT.update(item.nodeid for item in left_out)
    order = longest_first(list(dict.fromkeys(item.nodeid.partition("::")[0] for item in items)))
    place = {file: at for at, file in enumerate(order)}
    items.sort(key=lambda item: place[item.nodeid.partition("::")[0]])


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Group by ``worker_group``: xdist's own groups rename tests, which pytest 9.2 does not let it."""
    from xdist.scheduler import LoadScopeScheduling

    class Grouped(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return worker_group(nodeid)

    return Grouped(config, log)


def cpu_seconds() -> float:
    """Return what this process and its ended children have used."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    before = cpu_seconds()
    try:
        return (yield)
    finally:
        file = item.nodeid.partition("::")[0]
        _CPU[file] = _CPU.get(file, 0.0) + cpu_seconds() - before


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Generator[None, object, object]:
    """Leave out what ends with the last test: processes that many files shared."""
    before = cpu_seconds()
    try:
        return (yield)
    finally:
        if nextitem is None:
            file = item.nodeid.partition("::")[0]
            _CPU[file] = _CPU.get(file, 0.0) - (cpu_seconds() - before)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    output = getattr(node, "workeroutput", {})
    _LEFT_OUT.update(output.get("left_out", ()))
    for file, seconds in output.get("cpu", {}).items():
        _CPU[file] = _CPU.get(file, 0.0) + seconds


def too_expensive(config: pytest.Config) -> list[str]:
    most = config.getoption("most_cpu_seconds")
    return sorted(file for file, seconds in _CPU.items() if seconds > most and not says_why(file))


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput |= {"cpu": _CPU, "left_out": sorted(_LEFT_OUT)}
    elif too_expensive(session.config) and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    costly = sorted(_CPU.items(), key=lambda item: -item[1])[:10]
    terminalreporter.section("files that took most CPU time")
    for file, seconds in costly:
        terminalreporter.write_line(f"{seconds:7.1f} s  {file}")
    if _LEFT_OUT:
        said = "repeat for more cases what others show for one; `make test-answers` runs them (--thorough)."
        terminalreporter.write_line(f"{len(_LEFT_OUT)} thorough tests left out: they {said}")
    most = config.getoption("most_cpu_seconds")
    for file in too_expensive(config):
        said = "make it faster, move what repeats to `make test-answers`, or write '# Over 60 s of CPU: why' into it."
        terminalreporter.write_line(f"TOO EXPENSIVE  {file} took over {most:g} s of CPU: {said}", red=True)
