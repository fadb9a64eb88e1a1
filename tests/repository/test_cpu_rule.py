"""A test file over 60 s of CPU says why, and the longest start first."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import LONG, ROOT, longest_first, says_why, worker_group

BUSY = """
import subprocess, sys, time
LOOP = "import time\\nwhile time.process_time() < {seconds}: pass"
def test_busy():
    subprocess.run([sys.executable, "-c", LOOP], check=True)
"""


def ran(folder: Path, text: str, *options: str) -> subprocess.CompletedProcess[str]:
    """Run one test file in a folder that has this suite's conftest."""
    tests = folder / "tests"
    tests.mkdir()
    shutil.copy(ROOT / "tests" / "conftest.py", tests)
    (tests / "test_busy.py").write_text(text, encoding="utf-8")
    (folder / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--most-cpu-seconds=1", *options, "tests"]
    environment = {name: text for name, text in os.environ.items() if not name.startswith("PYTEST_")}
    environment["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"  # loading them all takes longer than this file's tests
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)


@pytest.mark.parametrize("options", [(), ("-p", "xdist", "-n", "1")])
def test_a_file_that_takes_too_long_fails_the_run(tmp_path: Path, options: tuple[str, ...]) -> None:
    run = ran(tmp_path, BUSY.format(seconds=1.5), *options)
    assert "1 passed" in run.stdout
    assert "TOO EXPENSIVE  tests/test_busy.py took over 1 s of CPU" in run.stdout
    assert run.returncode == 1


def test_a_line_that_says_why_is_enough(tmp_path: Path) -> None:
    run = ran(tmp_path, "# Over 60 s of CPU: it waits busily.\n" + BUSY.format(seconds=1.5))
    assert run.returncode == 0, run.stdout
    assert "TOO EXPENSIVE" not in run.stdout
    assert " s  tests/test_busy.py" in run.stdout


def test_a_cheap_file_needs_no_line(tmp_path: Path) -> None:
    assert ran(tmp_path, BUSY.format(seconds=0.01)).returncode == 0


SHARED = """
import subprocess, sys
import pytest
LOOP = "import time\\nwhile time.process_time() < 1.5: pass"
@pytest.fixture(scope="session")
def shared():
    process = subprocess.Popen([sys.executable, "-c", LOOP])
    yield
    process.wait()
def test_uses_it(shared):
    assert shared is None
"""


def test_a_process_that_files_share_counts_for_none(tmp_path: Path) -> None:
    run = ran(tmp_path, SHARED)
    assert run.returncode == 0, run.stdout
    assert "TOO EXPENSIVE" not in run.stdout


THOROUGH = """
import pytest
def test_one_case():
    assert True
@pytest.mark.thorough
def test_more_cases():
    assert False, "it ran"
"""


@pytest.mark.parametrize("options", [(), ("-p", "xdist", "-n", "1")])
def test_what_is_thorough_is_left_out_and_the_run_says_so(tmp_path: Path, options: tuple[str, ...]) -> None:
    run = ran(tmp_path, THOROUGH, *options)
    assert run.returncode == 0, run.stdout
    assert "1 thorough tests left out" in run.stdout
    assert "`make test-answers` runs them" in run.stdout


def test_what_is_thorough_runs_if_asked_for(tmp_path: Path) -> None:
    run = ran(tmp_path, THOROUGH, "--thorough")
    assert run.returncode == 1
    assert "it ran" in run.stdout
    assert "left out" not in run.stdout


def test_the_longest_files_start_first_and_groups_stay_together() -> None:
    files = [path.relative_to(ROOT).as_posix() for path in sorted((ROOT / "tests").rglob("test_*.py"))]
    order = longest_first(files)
    assert sorted(order) == sorted(files)
    assert set(LONG) <= set(files)
    long = [file for file in files if file in LONG or says_why(file)]
    others = [file for file in files if file not in long and worker_group(file) == file]
    assert max(map(order.index, long)) < min(map(order.index, others))
    at = [order.index(f"tests/{name}.py") for name in ("acceptance/test_handout", "acceptance/test_readme")]
    assert abs(at[0] - at[1]) < 4
