"""The examiner's warm parent: it loads the libraries once and forks one examiner per submission.

Runs in a trusted process that decodes nothing. A request on the control socket is one byte with two descriptors: a
stream on which the engine sends the session (pickled: both ends are ours) and takes the cells' results as JSON lines,
and the zygote's control socket. The byte ``r`` with a stream alone asks for a rehearsal.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import json
import os
import pickle
import select
import signal
import socket
import traceback
from typing import Any, NoReturn

from autograder.engines.sealed.warm import collapse_memory, quiet_threads, warm_torch

__all__ = ["main"]

REHEARSE = b"r"
_PR_SET_PDEATHSIG = 1


def main(fd: int, options: dict[str, Any]) -> None:
    """Serve on the control socket ``fd`` until it closes. ``options``: modules to ``preload``."""
    quiet_threads()
    os.environ["MPLBACKEND"] = "agg"
    for module in ("torch", "numpy", "convlab.checks", "convlab.rules", *options["preload"]):
        with contextlib.suppress(ImportError):
            __import__(module)
    import autograder.engines.sealed.examiner.grading  # noqa: F401

    warm_torch()
    collapse_memory()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    control = socket.socket(fileno=fd)
    wake, tell = socket.socketpair()
    tell.setblocking(False)
    signal.set_wakeup_fd(tell.fileno(), warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    while True:
        ready, _, _ = select.select([control, wake], [], [])
        if wake in ready:
            wake.recv(4096)
            with contextlib.suppress(ChildProcessError):
                while os.waitpid(-1, os.WNOHANG)[0]:
                    pass
        if control in ready:
            message, fds, _, _ = socket.recv_fds(control, 16, 2)
            if not message:
                return
            if message == REHEARSE:
                _rehearse(*fds)
                continue
            if os.fork() == 0:
                signal.set_wakeup_fd(-1)
                for other in (control, wake, tell):
                    other.close()
                _examine(*fds)
            for given in fds:
                os.close(given)


def _rehearse(stream_fd: int) -> None:
    """Run a session of reference answers here, and say on the stream whether that went well."""
    from autograder.engines.sealed.examiner.rehearsal import rehearse

    with socket.socket(fileno=stream_fd) as stream, stream.makefile("rwb") as file:
        fit = rehearse(pickle.load(file))
        collapse_memory()
        with contextlib.suppress(OSError):
            file.write(json.dumps({"fit": fit}).encode() + b"\n")


def _examine(stream_fd: int, zygote_fd: int) -> NoReturn:
    code = 1
    try:
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        from autograder.engines.sealed.examiner.grading import Grading, memory_limit
        from autograder.engines.sealed.session import CellRun, Session, run_to_dict

        with socket.socket(fileno=stream_fd) as stream, socket.socket(fileno=zygote_fd) as zygote:
            file = stream.makefile("rwb")

            def say(message: dict[str, Any]) -> None:
                file.write(json.dumps(message).encode() + b"\n")
                file.flush()

            def report(run: CellRun) -> None:
                say({"run": run_to_dict(run)})

            session = pickle.load(file)
            assert isinstance(session, Session)
            try:
                gc.disable()  # this process ends before its garbage matters
                os.environ["CONVLAB_DEVICE"] = session.rules.device
                if session.rules.device == "cpu":  # CUDA maps more than any limit would allow
                    memory_limit(session.rules.examiner_memory_bytes)
                grading = Grading(session, zygote, report)
                grading.run()
                say({"done": True, "memory": grading.memory})
                code = 0
            except BaseException:
                say({"failure": traceback.format_exc()[-8000:]})
    finally:
        os._exit(code)
