"""Find PostgreSQL's server programs to test the gradebook with, or install them.

    python -m tools.postgresql             print the folder that holds initdb and postgres, or fail
    python -m tools.postgresql --install   install Debian's package if there is none, where this user may

Tests never skip because a server is missing: they fail with one line that says what to install.
"""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from tools import programs
from tools.programs import Find, ProgramMissing, Run, Which

__all__ = ["PostgresqlMissing", "find_postgresql", "install_postgresql", "main"]

PROGRAMS = ("initdb", "postgres", "pg_ctl")
ADVICE = "Install PostgreSQL's server (Debian: apt-get install postgresql)."


class PostgresqlMissing(ProgramMissing):
    """Report a missing server; the message is one line that says what to do."""


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


def install_postgresql(
    find: Find = find_postgresql,
    run: Run = programs.run,
    which: Which = shutil.which,
    is_root: Callable[[], bool] = programs.is_root,
) -> Path:
    """Return the folder of a server's programs, installing Debian's package only when there is none.

    Raises:
        PostgresqlMissing: there is none and it could not be installed.
    """
    missing = PostgresqlMissing(f"No PostgreSQL server was found and none could be installed. {ADVICE}")
    return programs.find_or_install(find, [programs.apt("postgresql", which, is_root)], run, missing)


def main(arguments: list[str] | None = None) -> int:
    what = "the database server that tests the gradebook"
    return programs.command("postgresql", what, find_postgresql, install_postgresql, arguments)


if __name__ == "__main__":
    sys.exit(main())
