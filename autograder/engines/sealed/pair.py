"""A zygote and an examiner's warm parent, which together run the cells of one submission after another.

Trusted; imports no torch. A pair grades several submissions at a time if asked to from several threads.
"""

from __future__ import annotations

import array
import contextlib
import dataclasses
import json
import os
import pickle
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from types import TracebackType

import autograder
from autograder.engines.sealed.session import CellRun, Session, run_from_dict
from autograder.errors import EngineError
from autograder.isolation import clean_environment

__all__ = ["Interrupted", "Pair", "PairBroken"]

_PATIENCE = 60.0


class Interrupted(Exception):
    """Say that an examiner died or took too long; ``runs`` are the cells that were done.

    ``hung``: it would again, and take as long.
    """

    def __init__(self, reason: str, runs: list[CellRun], *, hung: bool = False) -> None:
        super().__init__(reason, runs)
        self.reason = reason
        self.runs = runs
        self.hung = hung


class PairBroken(EngineError):
    """Say that a zygote or an examiner's parent is gone or failed: a new pair may do better."""


class Pair:
    """The two warm processes of one worker. ``readable`` are paths that student code may read, such as public data;
    ``devices`` are a GPU's files, which it may use.

    ``isolation=False`` runs student code with our rights: for tests of other things only.
    """

    def __init__(
        self,
        readable: Sequence[Path] = (),
        *,
        isolation: bool = True,
        preload: Sequence[str] = (),
        devices: Sequence[Path] = (),
    ) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="autograder-")
        package = Path(autograder.__file__).parent
        paths = [str(path) for path in (package, package.parent / "convlab", *readable)]
        environment = clean_environment(Path(self._folder.name)) | {"PYTHONPATH": str(package.parent)}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        environment["PYTORCH_NVML_BASED_CUDA_CHECK"] = "1"  # asking for a GPU must not start CUDA before the fork
        self.errors = Path(self._folder.name) / "errors"
        self.rehearsed: set[int] = set()  # by whoever asks for rehearsals, under the lock
        self.rehearsing = threading.Lock()
        self._loaded: set[str] = set()
        self._lock = threading.Lock()
        self._processes: list[subprocess.Popen[bytes]] = []
        options = {
            "readable": paths,
            "devices": [str(path) for path in devices],
            "isolation": isolation,
            "preload": ["convlab.checks", "convlab.rules", *preload],
        }
        self._zygote = self._start("autograder.engines.sealed.sandbox", options, environment)
        self._parent = self._start("autograder.engines.sealed.examiner", {"preload": list(preload)}, environment)

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
                process.wait(2)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._folder.cleanup()

    @property
    def pids(self) -> tuple[int, ...]:
        """The process ids of the zygote (its first process) and the examiner's parent."""
        return tuple(process.pid for process in self._processes)

    def rehearse(self, session: Session) -> bool:
        """Run the reference's session in the examiner's parent, so that examiners start with its kernels compiled.

        Returns whether it was run; one that leaves threads behind, or does not end, is not.

        Raises:
            PairBroken: the examiner's parent is gone.
        """
        ours, theirs = socket.socketpair()
        with ours:
            with theirs:
                rights = array.array("i", [theirs.fileno()])
                try:
                    with self._lock:
                        self._parent.sendmsg([b"r"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, rights)])
                except OSError:
                    raise self._broken("The examiner is gone.") from None
            with ours.makefile("rwb") as file, contextlib.suppress(BrokenPipeError, ConnectionResetError):
                pickle.dump(session, file, protocol=5)
                file.flush()
                if line := file.readline():
                    return bool(json.loads(line)["fit"])
        raise self._broken("The examiner's parent ended in a rehearsal.")

    def load(self, modules: Collection[str]) -> None:
        """Let the zygote import ``modules``, once: sandboxes find them there, and students do not pay for them.

        Raises:
            PairBroken: the zygote is gone.
        """
        with self._lock:
            new = sorted(set(modules) - self._loaded)
            self._loaded.update(new)
            try:
                if new:
                    self._zygote.send(json.dumps({"modules": new}).encode())
            except OSError:
                raise self._broken("The zygote is gone.") from None

    def run(self, session: Session, report: Callable[[CellRun], None] | None = None) -> list[CellRun]:
        """Run a submission's cells; ``report`` gets each as it is done.

        Raises:
            Interrupted: the examiner died, or hung at one cell for longer than a submission may take.
            PairBroken: a new pair is needed.
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
            patience = session.rules.limits.wall_seconds + _PATIENCE
            deadline = time.monotonic() + patience
            runs: list[CellRun] = []
            data = bytearray()
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                ours.sendall(pickle.dumps(session, protocol=5))
            while True:
                left = deadline - time.monotonic()
                if left <= 0 or not select.select([ours], [], [], left)[0]:
                    raise Interrupted("it took too long", runs, hung=True)
                try:
                    chunk = ours.recv(1 << 16)
                except ConnectionResetError:
                    chunk = b""
                if not chunk:
                    raise Interrupted("its process ended", runs)
                data += chunk
                *lines, data = data.split(b"\n")
                for line in lines:
                    try:
                        message = json.loads(line)
                    except ValueError:  # it died in the middle of a line; the next says how
                        continue
                    if "died" in message:
                        hung = message["died"] == signal.SIGXCPU
                        raise Interrupted("it took too long" if hung else "its process ended", runs, hung=hung)
                    if "done" in message:
                        runs[-1:] = [dataclasses.replace(run, memory_bytes=message["memory"]) for run in runs[-1:]]
                        return runs
                    if "failure" in message:
                        raise self._broken(message["failure"])
                    runs.append(run_from_dict(message["run"]))
                    deadline = time.monotonic() + patience
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

    def _broken(self, what: str) -> PairBroken:
        with contextlib.suppress(OSError):
            what += "\n" + self.errors.read_text(errors="replace")[-4000:]
        return PairBroken(what.strip(), "Run it again; if it stays, `autograder doctor` may say why.")
