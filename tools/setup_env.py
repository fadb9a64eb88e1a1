"""Make ``.venv`` hold exactly what ``requirements.txt`` locks, and check that torch and torchvision fit together.

Uses the standard library alone, so that it runs before anything is installed:

    python3 tools/setup_env.py

It does nothing, quickly, when the environment is already the one that the lock describes.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / "course-stamp"
OLDEST, NEWEST = (3, 11), (3, 13)
FIRST_LINE = "import sys; print(*sys.version_info[:2])"
PAIR = """
import torch, torchvision
boxes = torch.tensor([[0.0, 0, 4, 4], [0, 0, 4, 4], [8, 8, 9, 9]])
kept = torchvision.ops.nms(boxes, torch.tensor([0.9, 0.8, 0.7]), 0.5)
assert kept.tolist() == [0, 2], kept
print("torch", torch.__version__, "and torchvision", torchvision.__version__, "work together")
"""


class SetupError(Exception):
    """Say in one line what is missing and what to do."""


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def venv_python() -> Path:
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def version_of(python: str) -> tuple[int, int] | None:
    """Return (major, minor) of an interpreter, or None when it cannot be run."""
    try:
        run = subprocess.run([python, "-c", FIRST_LINE], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    major, minor = run.stdout.split()
    return int(major), int(minor)


def choose_python() -> str:
    """Return an interpreter of a supported version: this one if it is, else the newest on the path.

    Raises:
        SetupError: there is none.
    """
    candidates = [sys.executable, *(f"python3.{minor}" for minor in range(NEWEST[1], OLDEST[1] - 1, -1))]
    for candidate in candidates:
        found = version_of(candidate)
        if found is not None and OLDEST <= found <= NEWEST:
            return candidate
    here = ".".join(map(str, sys.version_info[:3]))
    raise SetupError(f"Python 3.{OLDEST[1]} to 3.{NEWEST[1]} is needed, and this is {here}: install one of them.")


def wanted_stamp() -> str:
    """Return a fingerprint of everything that decides what is in the environment."""
    version = version_of(str(venv_python()))
    text = (ROOT / "requirements.txt").read_text(encoding="utf-8") + (ROOT / "pyproject.toml").read_text(
        encoding="utf-8"
    )
    return hashlib.sha256(f"{ROOT}\n{version}\n{text}".encode()).hexdigest()


def locked(name: str) -> str:
    """Return the version of a package that ``requirements.txt`` locks."""
    text = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    match = re.search(rf"^{re.escape(name)}==(\S+)", text, re.MULTILINE)
    if match is None:
        raise SetupError(f"requirements.txt does not lock {name}: run make lock.")
    return match.group(1)


def run(*command: object, what: str) -> None:
    """Run a command, its output on stderr.

    Raises:
        SetupError: it failed; ``what`` names the step.
    """
    code = subprocess.run([str(part) for part in command], cwd=ROOT, stdout=sys.stderr).returncode
    if code != 0:
        raise SetupError(f"{what} failed (exit code {code}): the lines above say why.")


def make_venv() -> None:
    """Create ``.venv`` unless a working one of a supported version is there.

    Raises:
        SetupError: Python's venv module is missing or failed.
    """
    found = version_of(str(venv_python()))
    if found is not None and OLDEST <= found <= NEWEST:
        return
    if VENV.exists():
        say("The .venv here does not work with this course: making a new one.")
        shutil.rmtree(VENV)
    python = choose_python()
    say("Making .venv")
    made = subprocess.run([python, "-m", "venv", str(VENV)], capture_output=True, text=True)
    if made.returncode != 0:
        shutil.rmtree(VENV, ignore_errors=True)
        raise SetupError(
            "Python cannot make virtual environments here: install its venv package (Debian: python3-venv)."
        )


def install() -> None:
    """Install the lock, exactly and without resolving again, and this project in place."""
    python = venv_python()
    uv = python.with_name("uv.exe" if os.name == "nt" else "uv")
    if not uv.exists():
        run(python, "-m", "ensurepip", "--upgrade", what="Preparing pip")
        run(python, "-m", "pip", "install", "--quiet", f"uv=={locked('uv')}", what="Installing uv")
    say("Installing what requirements.txt locks (about 6 GB on Linux, where torch brings its GPU libraries)")
    # Compiled at once, since each grading process would otherwise compile what it imports: seconds every time.
    sync = ("pip", "sync", "--quiet", "--compile-bytecode", "--python", python, "requirements.txt")
    run(uv, *sync, what="Installing the lock")
    run(uv, "pip", "install", "--quiet", "--no-deps", "--python", python, "-e", ".", what="Installing the course")
    run(python, "-c", PAIR, what="The check that torch and torchvision fit together")


def main() -> None:
    """Set the environment up, or see that it is.

    Raises:
        SetupError: something is missing; its text says what.
    """
    if sys.version_info[:2] < OLDEST:
        choose_python()
    for name in ("requirements.txt", "pyproject.toml"):
        if not (ROOT / name).is_file():
            raise SetupError(f"{name} is missing: is this a whole copy of the course?")
    make_venv()
    if STAMP.is_file() and STAMP.read_text(encoding="utf-8") == wanted_stamp():
        return
    STAMP.unlink(missing_ok=True)
    install()
    STAMP.write_text(wanted_stamp(), encoding="utf-8")


if __name__ == "__main__":
    try:
        main()
    except SetupError as error:
        sys.exit(f"setup: {error}")
