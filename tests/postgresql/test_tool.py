"""Finding and installing PostgreSQL, with everything outside the program replaced."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.postgresql import PROGRAMS, PostgresqlMissing, find_postgresql, install_postgresql


def programs_in(folder: Path) -> Path:
    folder.mkdir(parents=True)
    for name in PROGRAMS:
        (folder / name).touch()
    return folder


def test_debians_newest_comes_first(tmp_path: Path) -> None:
    old, new = (programs_in(tmp_path / version / "bin") for version in ("9.6", "15"))
    (tmp_path / "16" / "bin").mkdir(parents=True)  # without a server
    folders = [old, new, tmp_path / "16" / "bin"]
    assert find_postgresql(lambda _: "/elsewhere/initdb", lambda: folders) == new


def test_else_it_is_the_one_on_the_path(tmp_path: Path) -> None:
    own = programs_in(tmp_path / "bin")
    assert find_postgresql(lambda name: str(own / name), list) == own.resolve()


def test_none_is_one_line_that_says_what_to_install() -> None:
    with pytest.raises(PostgresqlMissing, match="apt-get install postgresql"):
        find_postgresql(lambda _: None, list)


@pytest.mark.parametrize(("root", "works", "commands"), [(True, True, 2), (True, False, 1), (False, True, 0)])
def test_it_is_installed_only_where_that_may_be(root: bool, works: bool, commands: int) -> None:
    ran: list[list[str]] = []

    def run(command: list[str]) -> int:
        ran.append(command)
        return 0 if works else 1

    def find() -> Path:
        if len(ran) < 2:
            raise PostgresqlMissing("none")
        return Path("/found")

    expected = {True: "/found", False: None}[root and works]
    try:
        found: str | None = str(install_postgresql(find, run, lambda _: "/usr/bin/apt-get", lambda: root))
    except PostgresqlMissing:
        found = None
    assert found == expected
    assert len(ran) == commands
