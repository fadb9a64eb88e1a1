"""Zygotes to attack: one per user that this machine lets us be, and a torch-warm one."""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

NOBODY = 65534
USERS = ["root", "nobody"] if os.geteuid() == 0 else ["me"]
PROGRAM = Path(__file__).with_name("zygote_program.py")
MIB = 1 << 20


def become_nobody() -> None:
    """Become an ordinary user who can reach this Python, even if it lies in a folder that is closed to others."""
    libc = ctypes.CDLL(None, use_errno=True)
    python = Path(sys.base_prefix).resolve()
    closed = [folder for folder in reversed(python.parents) if not folder.stat().st_mode & 0o001]
    for folder in closed[:1]:
        assert libc.unshare(0x20000) == 0
        handle = os.open(python, os.O_PATH)  # only what is opened in the new namespace can be mounted there
        assert libc.mount(None, b"/", None, ctypes.c_ulong(0x44000), None) == 0
        assert libc.mount(b"tmpfs", str(folder).encode(), b"tmpfs", ctypes.c_ulong(0), b"mode=755") == 0
        python.mkdir(parents=True)
        assert libc.mount(b"/proc/self/fd/%d" % handle, str(python).encode(), None, ctypes.c_ulong(0x5000), None) == 0
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)


class Zygote:
    """A sealed zygote in a process of its own, driven by lines of JSON."""

    def __init__(self, user: str, /, *, warm: bool = False, readable: tuple[str, ...] = (), **without: Any) -> None:
        options = json.dumps({"warm": warm, "readable": readable, "without": without})
        self.process = subprocess.Popen(
            [sys.executable, PROGRAM, options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            preexec_fn=become_nobody if user == "nobody" else None,
            env={"MPLCONFIGDIR": "/scratch/mpl", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
            cwd="/",
        )
        self.greeting = self.read()

    def read(self) -> Any:
        assert self.process.stdout
        line = self.process.stdout.readline()
        assert line, f"the zygote died with {self.process.wait()}"
        return json.loads(line)

    def ask(
        self, action: str, *, module: str = "hostile", limits: Any = None, background: bool = False, **arguments: Any
    ) -> Any:
        """Run ``action`` in a new sandbox; return how it ended with ``result``, what it got or what stopped it."""
        bounds = {"cpu_seconds": 5, "wall_seconds": 30, "memory_bytes": 512 * MIB, **(limits or {})}
        order = {"module": module, "action": action, "arguments": arguments}
        assert self.process.stdin
        self.process.stdin.write(json.dumps({**order, "limits": bounds, "background": background}) + "\n")
        self.process.stdin.flush()
        return self.read()

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout):
            with contextlib.suppress(BrokenPipeError):
                assert stream
                stream.close()


@pytest.fixture(scope="session", params=USERS)
def zygote(request: pytest.FixtureRequest) -> Iterator[Zygote]:
    started = Zygote(request.param)
    yield started
    started.close()


@pytest.fixture(scope="session", params=USERS)
def warm_zygote(request: pytest.FixtureRequest) -> Iterator[Zygote]:
    started = Zygote(request.param, warm=True)
    yield started
    started.close()


@pytest.fixture(params=USERS)
def user(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def start(user: str) -> Iterator[Callable[..., Zygote]]:
    """Start zygotes that end with the test."""
    with contextlib.ExitStack() as stack:

        def begin(**options: Any) -> Zygote:
            started = Zygote(user, **options)
            stack.callback(started.close)
            return started

        yield begin


@pytest.fixture
def outside() -> Iterator[Path]:
    """A folder that everyone may read and write, with a file in it: only the sandbox stands in the way."""
    with tempfile.TemporaryDirectory(dir="/var/tmp") as name:
        folder = Path(name)
        folder.chmod(0o777)
        (folder / "secret").write_text("the hidden test")
        (folder / "secret").chmod(0o666)
        yield folder
