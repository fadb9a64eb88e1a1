"""The watcher outside: it counts what a sandbox uses and kills all of it, and no signal handler has a say.

Runs in the zygote, which student code never enters; what it reads comes from the kernel, save for the sandbox's
output, which it only counts and stores.
"""

from __future__ import annotations

import contextlib
import os
import select
import shutil
import signal
import time
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from .policy import ProcessLimits

__all__ = ["Guard", "SandboxEnd", "Stop"]

_TICKS = os.sysconf("SC_CLK_TCK")
_MEASURE_EVERY = 0.02
_CALM_EVERY = 0.06
_LOOK_SECONDS = 0.002  # what a look may cost before it is charged to the sandbox: one small process costs 0.3 ms
_LOOK_SHARE = 5  # looks that cost more than that come this much rarer, but once in
_RAREST = 0.5
_READY = b"+"


class Stop(StrEnum):
    """Why a sandbox ended."""

    EXITED = "exited"  # by itself: see SandboxEnd.exit_code
    CPU = "cpu time"
    WALL = "wall time"
    MEMORY = "memory"
    OUTPUT = "output"
    KILLED = "killed"  # by whoever holds the guard
    DIED = "died"  # by a signal that was not ours: a crash, or the kernel out of memory
    SETUP = "setup"  # before student code ran: our failure, never the student's


@dataclass(frozen=True)
class SandboxEnd:
    """How a sandbox ended and what it used. ``exit_code`` is minus the signal's number where a signal ended it."""

    stop: Stop
    exit_code: int
    cpu_seconds: float
    wall_seconds: float
    peak_memory_bytes: int
    output: bytes = b""
    detail: str = ""


@dataclass(frozen=True)
class _Usage:
    own_cpu: float
    reaped_cpu: float
    memory: int


class Guard:
    """Watch the sandbox ``pid``, a child of this process; call ``poll`` often, or ``wait``.

    ``proc`` is a descriptor of a /proc that shows the sandbox, and stays open. ``status`` and ``output`` are the
    reading ends of the pipes on which the sandbox says that it is ready and writes what it prints. ``own_pids`` says
    that it has a pid namespace; ``scratch`` is a folder to remove at the end, where it has none in memory.
    """

    def __init__(
        self,
        pid: int,
        limits: ProcessLimits,
        *,
        proc: int,
        status: int,
        output: int,
        own_pids: bool,
        scratch: Path | None = None,
    ) -> None:
        self.pid, self.limits = pid, limits
        self.end: SandboxEnd | None = None
        self.ready = False
        self.output = bytearray()
        self._proc, self._status, self._output, self._own_pids = proc, status, output, own_pids
        self._scratch = scratch
        self._pidfd = os.pidfd_open(pid)
        self._outer_pid = self._find_outer_pid()
        self._baseline = self._usage_of(self._outer_pid).memory
        self._started = time.monotonic()
        self._measured = 0.0
        self._seen: dict[str, float] = {}
        self._gone_cpu = self._peak_cpu = 0.0
        self._look = self._charged = 0.0  # what the last look cost this process, and what all cost too much
        self._peak_memory = 0
        self._check_until: float | None = None
        self._stop: Stop | None = None
        self._setup_error = b""
        self._closed = False
        for fd in (status, output):
            os.set_blocking(fd, False)

    def filenos(self) -> tuple[int, ...]:
        """Return descriptors that become readable when ``poll`` has something to do (besides every 20 ms)."""
        # An output that is closed is readable forever; what closes it takes some milliseconds more to end.
        return () if self.end else (self._pidfd,) if self._closed else (self._pidfd, self._output)

    def begin_check(self) -> None:
        """Start a check's CPU time; it counts until the next ``begin_check``."""
        # Measuring all processes is too expensive for each check: the last measurement will do for all but the first.
        self._check_until = max(self._peak_cpu, self._own_clock()) + self._charged + self.limits.check_cpu_seconds

    def cpu_seconds(self) -> float:
        """Return the CPU time of the sandbox and all its processes so far, and what it cost to watch too many."""
        if self.end is None:
            self._measure()
        return self._peak_cpu + self._charged

    def memory_bytes(self) -> int:
        """Return the most memory seen so far beyond what the zygote held."""
        return self._peak_memory

    def kill(self, stop: Stop = Stop.KILLED) -> None:
        """Kill the sandbox and every process in it; ``poll`` then tells how it ended."""
        if self.end is not None or self._stop is not None:
            return
        self._stop = stop
        if not self._own_pids:
            for pid in self._tree():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(int(pid), signal.SIGKILL)
        # The first process of a pid namespace takes all others with it.
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)

    def poll(self) -> SandboxEnd | None:
        """Look, kill where a limit is passed, and return how it ended once all is over."""
        if self.end is not None:
            return self.end
        self._drain()
        now = time.monotonic()
        if self._stop is None and now - self._measured >= self._patience():
            self._measure()
            self._judge(now)
        pid, status, used = os.wait4(self.pid, os.WNOHANG)
        if pid:
            self._finish(os.waitstatus_to_exitcode(status), used.ru_utime + used.ru_stime)
        return self.end

    def wait(self, timeout: float | None = None) -> SandboxEnd | None:
        """Poll until the sandbox is over, or ``timeout`` seconds have passed."""
        until = None if timeout is None else time.monotonic() + timeout
        while self.poll() is None and (until is None or time.monotonic() < until):
            select.select(self.filenos(), (), (), _MEASURE_EVERY)
        return self.end

    def close(self) -> SandboxEnd:
        """Kill what still runs, wait for it, and return how it ended."""
        self.kill()
        end = self.wait()
        assert end is not None
        return end

    def _patience(self) -> float:
        """Return how long the next look may wait: a look costs 0.3 ms, and one small process has little to hide.

        Many processes with many mappings can make a look cost a second, which would be spent here.
        """
        if self._look > _LOOK_SECONDS:
            return max(_MEASURE_EVERY, min(_RAREST, _LOOK_SHARE * self._look))
        calm = len(self._seen) == 1 and self._peak_memory < self.limits.memory_bytes / 4
        near = self._own_clock() + 0.2 > min(self.limits.cpu_seconds, self._check_until or self.limits.cpu_seconds)
        return _CALM_EVERY if calm and not near else _MEASURE_EVERY

    def _judge(self, now: float) -> None:
        if now - self._started > self.limits.wall_seconds:
            self.kill(Stop.WALL)
        elif self._peak_cpu + self._charged > min(
            self.limits.cpu_seconds, self._check_until or self.limits.cpu_seconds
        ):
            self.kill(Stop.CPU)
        elif self._peak_memory > self.limits.memory_bytes:
            self.kill(Stop.MEMORY)

    def _drain(self) -> None:
        if not self.ready:
            with contextlib.suppress(BlockingIOError):
                said = os.read(self._status, 4096)
                self.ready = said == _READY
                self._setup_error += b"" if self.ready else said
        with contextlib.suppress(BlockingIOError):
            while chunk := os.read(self._output, 65536):
                room = self.limits.output_bytes - len(self.output)
                self.output += chunk[:room]
                if len(chunk) > room:
                    self.kill(Stop.OUTPUT)
                    return
            self._closed = True

    def _finish(self, exit_code: int, waited_cpu: float) -> None:
        self._drain()
        cpu = max(self._peak_cpu, waited_cpu) + self._charged
        stop = self._stop
        if not self.ready:
            stop = stop or Stop.SETUP
        elif stop is None:
            stop = Stop.EXITED if exit_code >= 0 else Stop.DIED
            if exit_code < 0 and cpu >= self.limits.cpu_seconds:  # the kernel's own limit was quicker
                stop = Stop.CPU
        detail = self._setup_error.decode("utf-8", "replace")
        wall = time.monotonic() - self._started
        self.end = SandboxEnd(stop, exit_code, cpu, wall, self._peak_memory, bytes(self.output), detail)
        for fd in (self._pidfd, self._status, self._output):
            os.close(fd)
        if self._scratch is not None:
            shutil.rmtree(self._scratch, ignore_errors=True)

    def _measure(self) -> None:
        before = time.thread_time()
        self._look_at_all()
        self._look = time.thread_time() - before
        self._charged += max(0.0, self._look - _LOOK_SECONDS)
        self._measured = time.monotonic()

    def _look_at_all(self) -> None:
        tree = {pid: self._usage_of(pid) for pid in self._tree()}
        # Two counts, each blind to something else: time of reaped processes is lost where they were ignored
        # (SIGCHLD), time of lost ones is known only up to the last look.
        with_reaped = sum(usage.own_cpu + usage.reaped_cpu for usage in tree.values())
        self._gone_cpu += sum(cpu for pid, cpu in self._seen.items() if pid not in tree)
        self._seen = {pid: usage.own_cpu for pid, usage in tree.items()}
        with_gone = sum(self._seen.values()) + self._gone_cpu
        self._peak_cpu = max(self._peak_cpu, with_reaped, with_gone, self._own_clock())
        memory = sum(max(0, usage.memory - self._baseline) for usage in tree.values())
        if memory > self.limits.memory_bytes:  # pages that its processes share were counted more than once
            memory = min(memory, sum(self._proportional(pid) for pid in tree))
        self._peak_memory = max(self._peak_memory, memory)

    def _own_clock(self) -> float:
        with contextlib.suppress(OSError):
            return time.clock_gettime(~self.pid << 3 | 2)  # the process's CPU clock, to the nanosecond
        return 0.0

    def _read(self, path: str) -> str:
        try:
            fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC, dir_fd=self._proc)
        except OSError:
            return ""
        with os.fdopen(fd, errors="replace") as file:
            try:
                return file.read()
            except OSError:  # it ended while we read
                return ""

    def _find_outer_pid(self) -> str:
        rows = (line.split() for line in self._read(f"self/fdinfo/{self._pidfd}").splitlines())
        return next((row[1] for row in rows if row[0] == "Pid:"), str(self.pid))

    def _tree(self) -> list[str]:
        found = [self._outer_pid]
        for pid in found:
            tasks = []
            with contextlib.suppress(OSError):
                fd = os.open(f"{pid}/task", os.O_RDONLY | os.O_CLOEXEC, dir_fd=self._proc)
                try:
                    tasks = os.listdir(fd)
                finally:
                    os.close(fd)
            for task in tasks:
                found += self._read(f"{pid}/task/{task}/children").split()
        return found

    def _usage_of(self, pid: str) -> _Usage:
        fields = self._read(f"{pid}/stat").rpartition(")")[2].split()
        own, reaped = (sum(map(int, fields[at : at + 2])) / _TICKS for at in (11, 13)) if fields else (0.0, 0.0)
        kib = 0
        for line in self._read(f"{pid}/status").splitlines():
            if line.startswith(("RssAnon:", "RssShmem:")):
                kib += int(line.split()[1])
        return _Usage(own, reaped, kib << 10)

    def _proportional(self, pid: str) -> int:
        rows = (line.split() for line in self._read(f"{pid}/smaps_rollup").splitlines())
        sizes = {row[0]: int(row[1]) for row in rows if len(row) == 3 and row[1].isdigit()}
        if not sizes:
            return 1 << 62
        return (sizes.get("Pss_Anon:", 0) + sizes.get("Pss_Shmem:", 0)) << 10
