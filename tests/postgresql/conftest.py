"""A PostgreSQL server of the tests' own: in a temporary folder, on a Unix socket, run by an ordinary user."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tools.postgresql import find_postgresql


def _ordinary_user() -> str:
    """Return the user that runs the server: it refuses root."""
    if os.geteuid() != 0:
        return pwd.getpwuid(os.geteuid()).pw_name
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


@dataclass(frozen=True)
class Server:
    programs: Path
    folder: Path
    user: str

    def run(self, program: str, *arguments: str) -> str:
        """Run one of the server's programs and return what it printed."""
        other = {"user": self.user, "group": pwd.getpwnam(self.user).pw_gid, "extra_groups": []}
        done = subprocess.run(
            [self.programs / program, *arguments],
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=240,
            env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
            **(other if os.geteuid() == 0 else {}),  # type: ignore[call-overload]
        )
        assert done.returncode == 0, done.stdout[-2000:]
        return str(done.stdout)

    def new_database(self) -> str:
        """Return the URL of an empty database."""
        name = f"class_{uuid.uuid4().hex[:12]}"
        self.run("createdb", "-h", str(self.folder), "-U", "course", name)
        return f"postgresql+psycopg://course@/{name}?host={self.folder}"


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    user = _ordinary_user()
    folder = Path(tempfile.mkdtemp(prefix="course-pg-"))  # short: a socket's path has at most 107 characters
    try:
        if os.geteuid() == 0:
            os.chown(folder, pwd.getpwnam(user).pw_uid, -1)
        made = Server(find_postgresql(), folder, user)
        made.run("initdb", "-D", "data", "-U", "course", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync")
        log, options = str(folder / "log"), f"-k {folder} -c listen_addresses= -c fsync=off"
        made.run("pg_ctl", "-D", "data", "-l", log, "-w", "-t", "200", "-o", options, "start")
        try:
            yield made
        finally:
            made.run("pg_ctl", "-D", "data", "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def new_database(server: Server) -> Callable[[], str]:
    return server.new_database
