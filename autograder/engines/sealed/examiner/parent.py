"""The examiner's warm parent: it loads the libraries once and forks one examiner per submission.

Runs in a trusted process that decodes nothing. A request on the control socket is one byte with two descriptors: a
stream on which the engine sends the session (pickled: both ends are ours) and takes the cells' results as JSON lines,
and the zygote's control socket. The byte ``r`` with a stream alone asks for a rehearsal.

The parent keeps its end of each stream until the examiner has ended: it says on it which signal ended one, and kills
one whose engine has closed the other end.
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
    poll = select.poll()
    poll.register(control, select.POLLIN)
    poll.register(wake, select.POLLIN)
    examiners: dict[int, int] = {}  # the process of each stream
    while True:
        ready = {fd for fd, _ in poll.poll()}
        for stream in ready & examiners.keys():
            os.kill(examiners[stream], signal.SIGKILL)  # nobody will read what it finds; it may have ended, too
            poll.unregister(stream)
        if wake.fileno() in ready:
            wake.recv(4096)
            _reap(examiners, poll)
        if control.fileno() in ready:
            message, fds, _, _ = socket.recv_fds(control, 16, 2)
            if not message:
                return
            if message == REHEARSE:
                _rehearse(*fds)
                continue
            pid = os.fork()
            if pid == 0:
                signal.set_wakeup_fd(-1)
                for other in (control, wake, tell):
                    other.close()
                for stream in examiners:
                    os.close(stream)
                _examine(*fds)
            os.close(fds[1])
            examiners[fds[0]] = pid
            poll.register(fds[0], 0)  # which tells when the other end is closed


def _reap(examiners: dict[int, int], poll: select.poll) -> None:
    """Say of each examiner that has ended how it did, and close its stream."""
    streams = {pid: stream for stream, pid in examiners.items()}
    with contextlib.suppress(ChildProcessError):
        while (ended := os.waitpid(-1, os.WNOHANG))[0]:
            pid, status = ended
            if pid not in streams:
                continue
            with socket.socket(fileno=streams[pid]) as stream:
                with contextlib.suppress(KeyError):
                    poll.unregister(stream)
                del examiners[stream.fileno()]
                if os.WIFSIGNALED(status):
                    with contextlib.suppress(OSError):  # a line of its own: it may have died in the middle of one
                        stream.send(b'\n{"died": %d}\n' % os.WTERMSIG(status), socket.MSG_DONTWAIT)


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
        from autograder.engines.sealed.examiner.grading import Grading, cpu_limit, memory_limit
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
                cpu_limit(session.rules.limits)
                grading = Grading(session, zygote, report)
                grading.run()
                say({"done": True, "memory": grading.memory})
                code = 0
            except BaseException:
                say({"failure": traceback.format_exc()[-8000:]})
    finally:
        os._exit(code)
