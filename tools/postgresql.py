"""Find PostgreSQL's server programs to test the gradebook with, or install them.

    python tools/postgresql.py             print the folder that holds initdb and postgres, or fail
    python tools/postgresql.py --install   install Debian's package if there is none, where this user may

Tests never skip for want of a server: they fail with one line that says what to install.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

__all__ = ["PostgresqlMissing", "find_postgresql", "install_postgresql", "main"]

PROGRAMS = ("initdb", "postgres", "pg_ctl")
ADVICE = "Install PostgreSQL's server (Debian: apt-get install postgresql)."

Which = Callable[[str], "str | None"]
Run = Callable[[list[str]], int]


class PostgresqlMissing(Exception):
    """There is no server; the message is one line that says what to do."""


def _debian_folders() -> list[Path]:
    return list(Path("/usr/lib/postgresql").glob("*/bin"))


def find_postgresql(which: Which = shutil.which, debian: Callable[[], Iterable[Path]] = _debian_folders) -> Path:
    """Return the folder with the newest server's programs: Debian's, which are not on PATH, else PATH's.

    Raises:
        PostgresqlMissing: there is none.
    """
    found = [folder for folder in debian() if all((folder / name).is_file() for name in PROGRAMS)]
    if found:
        return max(found, key=lambda folder: [int(part) for part in re.findall(r"\d+", folder.parent.name)])
    initdb = which("initdb")
    if initdb and all((Path(initdb).resolve().parent / name).is_file() for name in PROGRAMS):
        return Path(initdb).resolve().parent
    raise PostgresqlMissing(f"No PostgreSQL server found for the gradebook's tests. {ADVICE}")


def _run(command: list[str]) -> int:
    print("postgresql: " + " ".join(command), file=sys.stderr)
    try:
        return subprocess.run(command, stdout=sys.stderr, timeout=900).returncode
    except (OSError, subprocess.TimeoutExpired):
        return 1


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def install_postgresql(
    find: Callable[[], Path] = find_postgresql,
    run: Run = _run,
    which: Which = shutil.which,
    is_root: Callable[[], bool] = _is_root,
) -> Path:
    """Return the folder of a server's programs, installing Debian's package only when there is none.

    Raises:
        PostgresqlMissing: there is none and it could not be installed.
    """
    try:
        return find()
    except PostgresqlMissing:
        if not (is_root() and which("apt-get")):
            raise
    commands = [["apt-get", "update"], ["apt-get", "install", "--yes", "--no-install-recommends", "postgresql"]]
    if all(run(command) == 0 for command in commands):
        return find()
    raise PostgresqlMissing(f"No PostgreSQL server was found and none could be installed. {ADVICE}")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Find the database server that tests the gradebook.")
    parser.add_argument("--install", action="store_true", help="install one if none is found")
    options = parser.parse_args(arguments)
    try:
        print(install_postgresql() if options.install else find_postgresql())
    except PostgresqlMissing as missing:
        print(f"postgresql: {missing}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
