"""Find a program that tests need, else install it, else say in one line what to install.

``browser`` and ``postgresql`` say where to look and what installs theirs. Tests never skip for want of a program: they
fail with that line.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

__all__ = ["Find", "ProgramMissing", "Run", "Which", "apt", "command", "find_or_install", "is_root", "run"]

Which = Callable[[str], "str | None"]
Run = Callable[[list[str]], int]
Find = Callable[[], Path]


class ProgramMissing(Exception):
    """Report a missing program; the message is one line that says what to do."""


def run(command: list[str]) -> int:
    """Run ``command`` with its output on stderr; return its exit code, 1 where it cannot run or takes too long."""
    print("install: " + " ".join(command), file=sys.stderr)
    try:
        return subprocess.run(command, stdout=sys.stderr, timeout=900).returncode
    except (OSError, subprocess.TimeoutExpired):
        return 1


def is_root() -> bool:
    """Say whether this user may install packages."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def apt(package: str, which: Which = shutil.which, root: Callable[[], bool] = is_root) -> list[list[str]]:
    """Return the commands that install Debian's ``package``, none where this user or machine cannot."""
    if not (root() and which("apt-get")):
        return []
    return [["apt-get", "update"], ["apt-get", "install", "--yes", "--no-install-recommends", package]]


def find_or_install(find: Find, ways: Iterable[list[list[str]]], run: Run, missing: ProgramMissing) -> Path:
    """Return what ``find`` finds, after the first of the ``ways`` (each a list of commands) that brings it.

    Raises:
        ProgramMissing: no way brings it; ``missing`` itself, or what ``find`` says where there is no way to try.
    """
    try:
        return find()
    except ProgramMissing:
        tried = [way for way in ways if way]
        if not tried:
            raise
    for way in tried:
        if all(run(command) == 0 for command in way):
            try:
                return find()
            except ProgramMissing:
                continue
    raise missing


def command(name: str, what: str, find: Find, install: Find, arguments: Sequence[str] | None = None) -> int:
    """Print where the program is, with ``--install`` after installing it where it is missing; 1 where it is not."""
    parser = argparse.ArgumentParser(description=f"Find {what}.")
    parser.add_argument("--install", action="store_true", help="install it if it is not found")
    options = parser.parse_args(arguments)
    try:
        print(install() if options.install else find())
    except ProgramMissing as missing:
        print(f"{name}: {missing}", file=sys.stderr)
        return 1
    return 0
