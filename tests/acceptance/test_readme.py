"""Every command that the README gives is run here, in order, in a copy of the repository."""

# Over 60 s of CPU: `make course` runs here, for three other files too, and the README's commands grade a class of 24.

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = [pytest.mark.timeout(900)]

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```", README, flags=re.MULTILINE | re.DOTALL)
COMMANDS = [line for language, block in BLOCKS if language == "sh" for line in block.splitlines() if line.strip()]

MAKE = ["make course", "make test"]
SERVERS = {
    ".venv/bin/python -m http.server": 'url=book/index.html"',
    ".venv/bin/jupyter lab": "JupyterLab",
}
# The public tests of an untouched notebook fail, and `check` says so with its exit code.
EXIT_CODES = {".venv/bin/autograder check": 1}


@pytest.fixture(scope="module")
def copy(copy_class: Callable[[Path], Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what git tracks, with this environment and this build linked into it.

    The class that `make course` made and graded is there, but for four students, whom the commands grade.
    """
    where = tmp_path_factory.mktemp("readme") / "course"
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    for name in subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines():
        source, target = ROOT / name, where / name
        if source.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target)
    (where / ".venv").symlink_to(ROOT / ".venv")
    (where / "build").symlink_to(ROOT / "build")
    graded = copy_class(where / "my-class")
    for path in sorted((graded / ".autograder" / "results" / "02-convolution-arithmetic").iterdir())[:4]:
        path.unlink()
    return where


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def first_page(url: str, process: subprocess.Popen[bytes]) -> str:
    """Return the page that a starting server answers with, once it does."""
    deadline = time.monotonic() + 60
    while True:
        assert process.poll() is None, f"the server ended with {process.returncode}"
        assert time.monotonic() < deadline, "the server did not answer within a minute"
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                return str(answer.read().decode())
        except OSError:
            time.sleep(0.2)


def test_the_readme_shows_only_commands_that_are_tested_here() -> None:
    assert {language for language, _ in BLOCKS} == {"sh"}
    assert COMMANDS[:2] == MAKE
    assert len(COMMANDS) >= 10


def test_make_course(made_course: subprocess.CompletedProcess[str]) -> None:
    said = made_course.stdout
    assert "Where to look" in said
    named = re.findall(r"^  (?:the site|feedback pages|class reports|the gradebook): +(\S+)$", said, re.MULTILINE)
    assert len(named) == 4
    assert [path for path in named if not Path(path).exists()] == []
    assert (Path(named[0]).parent / "book" / "02-convolution-arithmetic.html").is_file()


def test_make_test_runs_this_suite() -> None:
    plan = subprocess.run(["make", "--dry-run", "test"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    parts = ("setup_env.py", "tools.browser", "tools.postgresql", "ruff check", "ruff format --check", "mypy")
    for part in (*parts, "release --all --check", "verify --smoke", "build_site", "pytest"):
        assert part in plan


def test_make_test_answers_runs_every_known_answer() -> None:
    command = ["make", "--dry-run", "test-answers"]
    plan = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert "autograder verify --quiet" in plan
    assert "--thorough" in plan
    assert "autograder verify --mutants" in plan


@pytest.mark.parametrize("command", [c for c in COMMANDS if any(c.startswith(server) for server in SERVERS)])
def test_a_server_answers(copy: Path, command: str) -> None:
    expected = next(text for start, text in SERVERS.items() if command.startswith(start))
    port = free_port()
    if "http.server" in command:
        line = command.replace(" 8000", f" {port} --bind 127.0.0.1")
    else:
        line = f"{command} --no-browser --port={port} --ip=127.0.0.1 --IdentityProvider.token= --allow-root"
    environment = {**os.environ, "JUPYTER_PLATFORM_DIRS": "1"}
    process = subprocess.Popen(
        line.split(), cwd=copy, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        page = first_page(f"http://127.0.0.1:{port}/{'lab' if 'lab' in command else ''}", process)
    finally:
        process.terminate()
        process.wait(20)
    assert expected in page


def test_every_other_command_in_order(copy: Path) -> None:
    others = [c for c in COMMANDS if c not in MAKE and not any(c.startswith(server) for server in SERVERS)]
    assert others
    for command in others:
        run = subprocess.run(["bash", "-c", command], cwd=copy, capture_output=True, text=True)
        wanted = next((code for start, code in EXIT_CODES.items() if command.startswith(start)), 0)
        assert run.returncode == wanted, f"{command}\n{run.stdout[-2000:]}\n{run.stderr[-2000:]}"
        assert "Traceback" not in run.stderr, f"{command}\n{run.stderr[-2000:]}"
    assert (copy / "my-class" / "grades.csv").read_text(encoding="utf-8").count("02-convolution-arithmetic") == 24


def test_every_link_to_a_file_leads_somewhere() -> None:
    for name in ("README.md", "CONTRIBUTING.md"):
        links = re.findall(r"\]\(([^)#]+)\)", (ROOT / name).read_text(encoding="utf-8"))
        missing = [link for link in links if not link.startswith("http") and not (ROOT / link).exists()]
        assert missing == [], name
