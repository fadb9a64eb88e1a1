"""A zygote and an examiner's warm parent, and what one submission costs them: one run of its cells.

Trusted; imports no torch. A pair grades several submissions at a time if asked to from several threads.
"""

from __future__ import annotations

import array
import contextlib
import json
import os
import pickle
import select
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType

import autograder
from autograder.errors import EngineError
from autograder.isolation import clean_environment
from autograder.sealed.session import CellRun, Session, run_from_dict

__all__ = ["Interrupted", "Pair"]

_PATIENCE = 60.0


class Interrupted(Exception):
    """Say that an examiner died or took too long; ``runs`` are the cells that were done."""

    def __init__(self, reason: str, runs: list[CellRun]) -> None:
        super().__init__(reason, runs)
        self.reason = reason
        self.runs = runs


class Pair:
    """The two warm processes of one worker. ``readable`` are paths that student code may read, such as public data.

    ``isolation=False`` runs student code with our rights: for tests of other things only.
    """

    def __init__(self, readable: Sequence[Path] = (), *, isolation: bool = True, preload: Sequence[str] = ()) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="autograder-")
        package = Path(autograder.__file__).parent
        paths = [str(path) for path in (package, package.parent / "convlab", *readable)]
        environment = clean_environment(Path(self._folder.name)) | {"PYTHONPATH": str(package.parent)}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        self.errors = Path(self._folder.name) / "errors"
        self._lock = threading.Lock()
        self._processes: list[subprocess.Popen[bytes]] = []
        options = {"readable": paths, "isolation": isolation, "preload": ["convlab.checks", "convlab.rules", *preload]}
        self._zygote = self._start("autograder.sealed.sandbox", options, environment)
        self._parent = self._start("autograder.sealed.examiner", {"preload": list(preload)}, environment)

    def __enter__(self) -> Pair:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End both processes and all below them."""
        for control in (self._parent, self._zygote):
            control.close()
        for process in self._processes:
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._folder.cleanup()

    @property
    def pids(self) -> tuple[int, ...]:
        """The process numbers of the zygote (its first process) and the examiner's parent."""
        return tuple(process.pid for process in self._processes)

    def run(self, session: Session, report: Callable[[CellRun], None] | None = None) -> list[CellRun]:
        """Run a submission's cells; ``report`` gets each as it is done.

        Raises:
            Interrupted: the examiner died or took longer than the limits together allow.
            EngineError: the pair is broken.
        """
        ours, theirs = socket.socketpair()
        with ours:
            with theirs:
                rights = array.array("i", [theirs.fileno(), self._zygote.fileno()])
                try:
                    with self._lock:
                        self._parent.sendmsg([b"x"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, rights)])
                except OSError:
                    raise self._broken("The examiner is gone.") from None
            deadline = time.monotonic() + session.rules.limits.wall_seconds + _PATIENCE
            runs: list[CellRun] = []
            data = bytearray()
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                ours.sendall(pickle.dumps(session, protocol=5))
            while True:
                left = deadline - time.monotonic()
                if left <= 0 or not select.select([ours], [], [], left)[0]:
                    raise Interrupted("it took too long", runs)
                try:
                    chunk = ours.recv(1 << 16)
                except ConnectionResetError:
                    chunk = b""
                if not chunk:
                    raise Interrupted("its process ended", runs)
                data += chunk
                *lines, data = data.split(b"\n")
                for line in lines:
                    message = json.loads(line)
                    if "done" in message:
                        return runs
                    if "failure" in message:
                        raise self._broken(message["failure"])
                    runs.append(run_from_dict(message["run"]))
                    if report is not None:
                        report(runs[-1])

    def _start(self, module: str, options: dict[str, object], environment: dict[str, str]) -> socket.socket:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs, self.errors.open("ab") as errors:
            self._processes.append(
                subprocess.Popen(
                    [sys.executable, "-m", module, str(theirs.fileno()), json.dumps(options)],
                    stdin=subprocess.DEVNULL,
                    stdout=errors,
                    stderr=errors,
                    env=environment,
                    cwd=os.sep,
                    pass_fds=[theirs.fileno()],
                    start_new_session=True,
                )
            )
        return ours

    def _broken(self, what: str) -> EngineError:
        with contextlib.suppress(OSError):
            what += "\n" + self.errors.read_text(errors="replace")[-4000:]
        return EngineError(what.strip(), "Run it again; if it stays, `autograder doctor` may say why.")
