"""The connection to one sandbox: messages with deadlines, and the reports of the zygote that watches it.

Runs in the examiner. The sandbox may send anything, at any time, or nothing; the zygote is trusted.
"""

from __future__ import annotations

import array
import base64
import contextlib
import json
import select
import socket
import time
from dataclasses import asdict
from typing import Any

from autograder.engines.sealed.examiner.errors import Stopped
from autograder.engines.sealed.protocol.encode import Node
from autograder.engines.sealed.protocol.frames import (
    HEAD,
    Buffer,
    Caps,
    Inbox,
    ProtocolViolation,
    frame,
    parse_body,
    parse_head,
    send_all,
)
from autograder.errors import EngineError
from autograder.isolation import ProcessLimits
from autograder.model import Outcome

__all__ = ["Link"]

_OUTCOMES = {
    "cpu time": Outcome.TIME_LIMIT,
    "wall time": Outcome.TIME_LIMIT,
    "memory": Outcome.MEMORY_LIMIT,
    "output": Outcome.OUTPUT_LIMIT,
}
_PATIENCE = 10.0  # for the zygote, which answers within milliseconds unless the machine stands still
_START_SECONDS = 300.0
_GRACE = 1.0  # between the end of the channel and that of the sandbox
_SIGN_OF_LIFE = 0.02  # seconds of CPU time, above what watching costs the sandbox


class Link:
    """A running sandbox. ``zygote`` is the control socket; every way to its end raises ``Stopped``."""

    def __init__(self, zygote: socket.socket, limits: ProcessLimits, caps: Caps, idle_seconds: float = 10.0) -> None:
        self.caps = caps
        self.idle_seconds = idle_seconds
        self.limits = limits
        self.pid: int | None = None
        self.stopped: Stopped | None = None
        self.output = ""
        self.seconds = 0.0
        self.memory = 0  # bytes, of a sandbox that has ended
        self._allowed = self._allowed_at = 0.0
        self._channel, theirs = socket.socketpair()
        self._watch, watch = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs, watch:
            rights = array.array("i", [theirs.fileno(), watch.fileno()])
            message = json.dumps({"limits": asdict(limits)}).encode()
            try:
                zygote.sendmsg([message], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, rights)])
            except OSError as error:
                raise EngineError("The zygote is gone.", str(error)) from None
        self._channel.setblocking(False)
        self._inbox = Inbox(self._receive)

    def exchange(self, node: Node, raw: list[Buffer]) -> tuple[Node, memoryview]:
        """Send one message and return the next.

        Raises:
            Stopped: the sandbox ended, or broke the rules and was ended.
        """
        if self.stopped is not None:
            raise self.stopped
        try:
            self._send(frame(node, raw))
            text, size = parse_head(self._inbox.take(HEAD), self.caps)
            return parse_body(self._inbox.take(text + size), text, self.caps)
        except ProtocolViolation as violation:
            raise self.violated(violation) from None
        except (BrokenPipeError, ConnectionResetError, EOFError):
            raise self._ended() from None

    def violated(self, violation: ProtocolViolation) -> Stopped:
        """Kill the sandbox because it broke the rules; return what to raise."""
        self.stop(Stopped(Outcome.CRASHED, f"the sandbox broke the protocol: {violation}"))
        assert self.stopped is not None
        return self.stopped

    def stop(self, reason: Stopped) -> None:
        """Kill the sandbox and remember why."""
        if self.stopped is None:
            self.stopped = reason
        self._tell({"kill": 1})

    def begin_check(self, seconds: float) -> None:
        """Let the zygote end the sandbox after ``seconds`` of CPU time from now, or up to 2% less.

        The zygote is told once for checks that follow each other quickly: a message costs more than most checks do.
        """
        now = time.monotonic()
        if seconds != self._allowed or now - self._allowed_at > 0.02 * seconds:
            self._allowed, self._allowed_at = seconds, now
            self._tell({"begin": seconds})

    def cpu_seconds(self) -> float:
        """Return the CPU time that the sandbox and its processes have used, as the kernel counts it."""
        if self.stopped is not None:
            raise self.stopped
        self._tell({"cpu": 1})
        while True:
            message = self._next_message(_PATIENCE)
            if message is None:
                raise self._ended()
            if "cpu" in message:
                return float(message["cpu"])

    def own_seconds(self) -> float:
        """Return the CPU time of the sandbox's first process, or what was last known of it; cheap."""
        if self.pid is None:
            with contextlib.suppress(BlockingIOError):
                self._next_message(0)
        if self.pid is not None:
            with contextlib.suppress(OSError):
                self.seconds = time.clock_gettime(~self.pid << 3 | 2)
        return self.seconds

    def peak_memory(self) -> int:
        """Return the most bytes that the sandbox has held at once, beyond what it shares with the zygote."""
        if self.stopped is None:
            self._tell({"memory": 1})
            while (message := self._next_message(_PATIENCE)) is not None:
                if "memory" in message:
                    return int(message["memory"])
        return self.memory

    def printed(self, start: int) -> tuple[str, int]:
        """Return what the sandbox printed after its first ``start`` bytes, and how many those are now."""
        if self.stopped is not None:
            return "", start
        self._tell({"output": start})
        while True:
            message = self._next_message(_PATIENCE)
            if message is None:
                self._ended()
                return "", start
            if "output" in message:
                return base64.b64decode(message["output"]).decode("utf-8", "replace"), int(message["end"])

    def close(self) -> None:
        """Let the zygote end the sandbox."""
        self._channel.close()
        self._watch.close()

    def _send(self, parts: list[Buffer]) -> None:
        while parts:
            try:
                send_all(self._channel, parts)
            except BlockingIOError:
                self._wait(select.POLLOUT)

    def _receive(self, view: memoryview) -> int:
        while True:
            self._wait(select.POLLIN)
            with contextlib.suppress(BlockingIOError):
                if count := self._channel.recv_into(view):
                    return count
                raise EOFError

    def _wait(self, event: int) -> None:
        """Wait until the channel is ready; the zygote ends a sandbox that computes too long, this one that idles."""
        poll = select.poll()
        poll.register(self._channel, event)
        poll.register(self._watch, select.POLLIN)
        since, used, asked = time.monotonic(), self.own_seconds(), time.monotonic()
        while True:
            ready = dict(poll.poll(self.idle_seconds * 250))
            if self._channel.fileno() in ready:
                return
            if self._watch.fileno() in ready and self._next_message(0) is None:
                raise EOFError
            if self.pid is None:  # the zygote still loads its libraries, or is busy
                since = time.monotonic()
                if since - asked > _START_SECONDS:
                    raise EngineError("The zygote does not answer.", "Run it again on a machine with less to do.")
            elif self.own_seconds() > used + _SIGN_OF_LIFE:
                since, used = time.monotonic(), self.own_seconds()
            elif time.monotonic() - since > self.idle_seconds:
                self.stop(Stopped(Outcome.TIME_LIMIT, f"the sandbox did nothing for {self.idle_seconds:.0f} s"))
                raise EOFError

    def _tell(self, message: dict[str, Any]) -> None:
        with contextlib.suppress(OSError):
            self._watch.send(json.dumps(message).encode())

    def _next_message(self, patience: float) -> dict[str, Any] | None:
        """Return the next message of the zygote, or None when it was the last or none came."""
        self._watch.settimeout(patience)
        try:
            try:
                data = self._watch.recv(1 << 17)
            except ConnectionResetError:  # it closed with a message of ours unread; its last one to us is still there
                data = self._watch.recv(1 << 17)
        except BlockingIOError:
            raise
        except OSError:
            data = b""
        if not data:
            return None
        message: dict[str, Any] = json.loads(data)
        if "started" in message:
            self.pid = message["started"]
        if "ended" in message:
            self._conclude(message)
            return None
        return message

    def _conclude(self, message: dict[str, Any]) -> None:
        end = message["ended"]
        self.output = str(message["output"])
        self.seconds = max(self.seconds, float(end["cpu_seconds"]))
        self.memory = int(end["peak_memory_bytes"])
        if end["stop"] == "setup":
            raise EngineError("A sandbox could not be built.", end["detail"][:300])
        if self.stopped is None:
            outcome = _OUTCOMES.get(end["stop"], Outcome.CRASHED)
            how = f"{end['stop']}, exit code {end['exit_code']}, {end['cpu_seconds']:.1f} s of CPU"
            self.stopped = Stopped(outcome, f"the sandbox ended: {how}")

    def _ended(self) -> Stopped:
        """Read the zygote's last messages and return what to raise; kill a sandbox that only closed the channel."""
        for patience in (_GRACE, _PATIENCE):
            until = time.monotonic() + patience
            while self.stopped is None and time.monotonic() < until and self._next_message(patience) is not None:
                pass
            self._tell({"kill": 1})
        if self.stopped is None:
            raise EngineError("The zygote died.", "Run it again.")
        return self.stopped
