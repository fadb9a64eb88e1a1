"""Start the processes that ``autograder.local.runner`` runs cells in, and end them.

Runs beside the runner and trusts the cells; it imports none of what they import.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from autograder.errors import EngineError
from autograder.processes import end_group

__all__ = ["Fresh", "Launcher", "Process", "Warm"]

POLL_SECONDS = 0.005


class Process(Protocol):
    """A running program: its exit code once it has ended, its id, and a way to end it with all that it started."""

    def exit_code(self) -> int | None: ...

    def pid(self) -> int | None: ...

    def kill(self) -> None: ...


class Launcher(Protocol):
    """Something that starts the program in a folder."""

    def start(self, folder: Path) -> Process: ...


def environment() -> dict[str, str]:
    """Return the environment for a process that runs cells: this package found, one thread, figures not shown."""
    here = str(Path(__file__).resolve().parents[2])
    path = os.pathsep.join(filter(None, [here, os.environ.get("PYTHONPATH", "")]))
    threads = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
    return {**os.environ, **threads, "MPLBACKEND": "agg", "PYTHONPATH": path, "PYTHONHASHSEED": "0"}


class Fresh:
    """Start a new Python for each program."""

    def start(self, folder: Path) -> Process:
        command = [sys.executable, "-P", "-m", "autograder.local.worker", "once", str(folder)]
        with (folder / "output.txt").open("ab") as output:
            null = subprocess.DEVNULL
            posix = os.name == "posix"
            return FreshProcess(
                subprocess.Popen(
                    command, stdin=null, stdout=output, stderr=output, env=environment(), start_new_session=posix
                )
            )


@dataclass(frozen=True)
class FreshProcess:
    process: subprocess.Popen[bytes]

    def exit_code(self) -> int | None:
        return self.process.poll()

    def pid(self) -> int | None:
        return self.process.pid

    def kill(self) -> None:
        end_group(self.process.pid, self.process)
        self.process.wait()


class Warm:
    """Fork each program from one process that has imported torch, numpy, matplotlib and convlab; close it after use."""

    def __init__(self) -> None:
        self.last_words = ""
        command = [sys.executable, "-P", "-m", "autograder.local.worker", "serve"]
        self.log = tempfile.TemporaryFile()  # noqa: SIM115  (lives as long as the process that writes to it)
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.log,
            env=environment(),
            start_new_session=True,
        )
        assert self.process.stdout is not None
        if self.process.stdout.readline() != b"ready\n":
            self.fail()

    def fail(self) -> None:
        """Raise EngineError with what the dead process wrote last; whoever asks it again reads the same."""
        if not self.log.closed:
            self.log.seek(0)
            self.last_words = (self.log.read().decode(errors="replace").strip().splitlines() or [""])[-1]
            self.close()
        raise EngineError("The process that forks the checks has died.", self.last_words)

    def start(self, folder: Path) -> Process:
        self._ask(os.fsencode(folder))
        return WarmProcess(self, folder)

    def rehearse(self, folder: Path) -> None:
        """Run the program in ``folder`` in the warm process itself: programs like it then start faster."""
        self._ask(b"rehearse " + os.fsencode(folder))
        assert self.process.stdout is not None
        if self.process.stdout.readline() != b"rehearsed\n":
            self.fail()

    def _ask(self, line: bytes) -> None:
        assert self.process.stdin is not None
        if self.process.stdin.closed:
            self.fail()
        try:
            self.process.stdin.write(line + b"\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            self.fail()

    def close(self) -> None:
        for stream in (self.process.stdin, self.process.stdout, self.log):
            if stream is not None:
                with suppress(BrokenPipeError):  # what it was asked last has not reached it
                    stream.close()
        self.process.wait()

    def __enter__(self) -> Warm:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


@dataclass(frozen=True)
class WarmProcess:
    parent: Warm
    folder: Path

    def exit_code(self) -> int | None:
        try:
            return int((self.folder / "exit").read_text())
        except FileNotFoundError:
            if self.parent.process.poll() is not None:
                self.parent.fail()
            return None

    def pid(self) -> int | None:
        try:
            return int((self.folder / "pid").read_text() or 0) or None
        except FileNotFoundError:
            return None

    def kill(self) -> None:
        while self.exit_code() is None:
            pid = self.pid()
            if pid is not None:
                end_group(pid)
            time.sleep(POLL_SECONDS)
