"""The zygote: it loads the libraries once, forks one sandbox per submission, and watches the sandboxes from outside.

Runs in a process that student code never enters. It holds no hidden test, no environment variable and no file of the
class. A request comes on the control socket as ``{"limits": {…}}`` with two descriptors: the sandbox's end of the
channel to the examiner, and a watch socket; ``{"modules": […]}`` asks for libraries that the next sandboxes use. On the
watch socket the zygote takes ``begin`` (with seconds), ``cpu``,
``output`` and ``kill``, and tells ``started`` and, once, ``ended``. When the examiner closes it the sandbox is killed.
"""

from __future__ import annotations

import base64
import contextlib
import dataclasses
import gc
import json
import os
import select
import signal
import socket
import time
from pathlib import Path
from typing import Any

from autograder.engines.sealed.warm import collapse_memory, quiet_threads, warm_torch
from autograder.isolation import Capabilities, Guard, ProcessLimits, Seal, Stop, default_policy, fork_isolated, seal

__all__ = ["Zygote", "main"]

_LOOK_EVERY_MS = 20
_MOST_OUTPUT_SENT = 60_000


class Zygote:
    """Forks and watches. ``sealed`` is how sandboxes are isolated."""

    def __init__(self, control: socket.socket, sealed: Seal) -> None:
        self.control = control
        self.sealed = sealed
        self.watched: dict[int, tuple[socket.socket, Guard]] = {}
        self.left: set[int] = set()
        from autograder.engines.sealed.protocol.frames import Caps
        from autograder.engines.sealed.sandbox.server import Server
        from autograder.engines.sealed.sandbox.shell import leave_compilation_out, make_shell

        shell = make_shell()

        def serve_sandbox(channel: socket.socket) -> None:
            Server(channel, shell, Caps(raw_bytes=1 << 31)).serve()

        self.serve_sandbox = serve_sandbox
        warm_torch()
        leave_compilation_out()
        collapse_memory(sealed.proc)

    def serve(self) -> None:
        """Work until the control socket closes."""
        looked = 0.0
        while True:
            poll = select.poll()
            poll.register(self.control, select.POLLIN)
            for fd, (_, guard) in self.watched.items():
                # A closed watch socket is always ready: it is left out while its sandbox takes its time to end.
                for watched in (*guard.filenos(), *(() if fd in self.left else (fd,))):
                    poll.register(watched, select.POLLIN)
            ready = dict(poll.poll(_LOOK_EVERY_MS if self.watched else None))
            if self.control.fileno() in ready and not self._start():
                return
            now = time.monotonic()
            everyone = now - looked > _LOOK_EVERY_MS / 1000
            looked = now if everyone else looked
            for fd, (_, guard) in list(self.watched.items()):
                if everyone or fd in ready or any(own in ready for own in guard.filenos()):
                    self._watch(fd, fd in ready)

    def _start(self) -> bool:
        message, fds, _, _ = socket.recv_fds(self.control, 1 << 16, 2)
        if not message:
            return False
        request = json.loads(message)
        if "modules" in request:
            _import_all(request["modules"])
            collapse_memory(self.sealed.proc)
            return True
        channel, watch = (socket.socket(fileno=fd) for fd in fds)
        limits = ProcessLimits(**request["limits"])

        def run() -> None:
            signal.signal(signal.SIGINT, signal.default_int_handler)
            self.serve_sandbox(channel)

        guard = fork_isolated(run, self.sealed, limits, keep=[channel.fileno()])
        channel.close()
        self.watched[watch.fileno()] = (watch, guard)
        _tell(watch, {"started": int(guard._outer_pid)})
        return True

    def _watch(self, fd: int, asked: bool) -> None:
        watch, guard = self.watched[fd]
        if asked:
            try:
                message = watch.recv(1 << 16)
            except OSError:
                message = b""
            if message:
                self._answer(watch, guard, json.loads(message))
            else:
                self.left.add(fd)
                guard.kill()
        end = guard.poll()
        if end is None:
            return
        detail = dataclasses.asdict(end) | {"stop": end.stop.value, "output": ""}
        _tell(watch, {"ended": detail, "output": _tail(guard)})
        watch.close()
        self.left.discard(fd)
        del self.watched[fd]

    def _answer(self, watch: socket.socket, guard: Guard, message: dict[str, Any]) -> None:
        match message:
            case {"begin": seconds}:
                guard.limits = dataclasses.replace(guard.limits, check_cpu_seconds=seconds)
                guard.begin_check()
            case {"kill": _}:
                guard.kill(Stop.KILLED)
            case {"cpu": _}:
                _tell(watch, {"cpu": guard.cpu_seconds()})
            case {"memory": _}:
                guard.cpu_seconds()  # which looks at the memory too
                _tell(watch, {"memory": guard.memory_bytes()})
            case {"output": start}:
                guard.poll()
                # As JSON text some bytes would take six characters each, and the message would not fit its socket.
                text = base64.b64encode(guard.output[start:][:_MOST_OUTPUT_SENT]).decode()
                _tell(watch, {"output": text, "end": len(guard.output)})


def _import_all(modules: list[str]) -> None:
    for module in modules:
        with contextlib.suppress(ImportError):
            __import__(module)


def _tail(guard: Guard) -> str:
    return bytes(guard.output[-_MOST_OUTPUT_SENT // 4 :]).decode("utf-8", "replace")


def _tell(watch: socket.socket, message: dict[str, Any]) -> None:
    with contextlib.suppress(OSError):
        watch.send(json.dumps(message).encode())


def main(fd: int, options: dict[str, Any]) -> None:
    """Serve on the control socket ``fd``.

    ``options``: ``readable`` paths, ``devices`` (a GPU's files), and ``isolation`` (false only in tests).
    """
    quiet_threads()
    os.environ["MPLBACKEND"] = "agg"
    capabilities = None
    if not options["isolation"]:
        capabilities = Capabilities(False, False, False, False, False, False, False, 0)
    devices = tuple(map(Path, options.get("devices", ())))
    sealed = seal(default_policy(*options["readable"], devices=devices), capabilities)
    _import_all(["numpy", "torch", "matplotlib.pyplot", *options["preload"]])
    control = socket.socket(fileno=fd)
    gc.set_threshold(10_000)  # a sandbox lives too briefly to gain from looking for garbage so often
    Zygote(control, sealed).serve()
    # All sandboxes end with this process, and so does what they wrote: there is nothing to tidy up.
    if sealed.own_pids is not None and sealed.capabilities.mount:
        os._exit(0)  # Python's own shutdown would first free hundreds of megabytes that they share
