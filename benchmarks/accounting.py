"""Count what a command costs: all processes below it, also those that nobody near it waits for.

``python benchmarks/accounting.py OUT -- COMMAND`` runs the command as the nearest reaper of everything that comes to
be below it, waits for all of it, and adds up what the kernel counted for each process and the children that it had
waited for. What still runs 20 s after the command is killed, and counted.

What is lost is what Linux itself loses: a process that is reaped without a wait (its parent ignores SIGCHLD, or the
first process of its pid namespace has ended), and the kernel's own threads, which take down network namespaces.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import platform
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

__all__ = ["Usage", "account", "in_flight_bytes", "run", "tree_bytes", "tree_cpu"]

_PR_SET_CHILD_SUBREAPER = 36
_SYS_KCMP = {"aarch64": 272}.get(platform.machine(), 312)
_KCMP_VM = 1
_PATIENCE = 20.0
_SAMPLE_SECONDS = 0.01
_HALVES = ("autograder.engines.sealed.sandbox", "autograder.engines.sealed.examiner")


@dataclass(frozen=True)
class Usage:
    """What a command took. ``killed`` are processes that did not end by themselves; memory is the most ever seen."""

    code: int
    cpu_seconds: float
    wall_seconds: float
    processes: int
    killed: int
    private_bytes: int = 0


def account(command: Sequence[str]) -> Usage:
    """Run ``command`` and wait for all that it leaves; makes this process the reaper, so call it in one of its own."""
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1)
    start = time.monotonic()
    first = subprocess.Popen(command).pid
    cpu, wall, code, reaped, killed = 0.0, 0.0, 1, 0, 0
    until = 0.0
    while True:
        try:
            pid, status, used = os.wait4(-1, os.WNOHANG if until else 0)
        except ChildProcessError:
            return Usage(code, cpu, wall, reaped, killed)
        if not pid:
            if time.monotonic() > until:
                for left in _children(os.getpid()):
                    killed += 1
                    os.kill(left, signal.SIGKILL)
                until = time.monotonic() + _PATIENCE
            time.sleep(0.02)
            continue
        cpu += used.ru_utime + used.ru_stime
        reaped += 1
        if pid == first:
            code, wall = os.waitstatus_to_exitcode(status), time.monotonic() - start
            until = time.monotonic() + _PATIENCE


def run(
    command: Sequence[str],
    *,
    cwd: Path,
    environment: Mapping[str, str] | None = None,
    log: Path | None = None,
    memory: Callable[[int], int] | None = None,
) -> Usage:
    """Run ``command`` under this module in a process of its own and return what it took.

    ``memory`` measures the tree below a process number; it is asked every 10 ms and the largest answer kept. That
    costs time on every core, so times and memory belong into different runs.

    Raises:
        subprocess.CalledProcessError: the command failed; what it said is in ``log``, or on stderr.
    """
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder, contextlib.ExitStack() as stack:
        out = Path(folder) / "usage.json"
        said = stack.enter_context(log.open("ab")) if log else None
        whole = [sys.executable, "-P", __file__, str(out), "--", *command]
        variables = {**os.environ, **(environment or {})}
        variables.pop("PYTHONDONTWRITEBYTECODE", None)  # with it each process compiles again what it imports
        process = subprocess.Popen(whole, cwd=cwd, env=variables, stdout=said, stderr=said)
        peak = [0]
        done = threading.Event()

        def sample() -> None:
            assert memory is not None
            while not done.wait(_SAMPLE_SECONDS):
                peak[0] = max(peak[0], memory(process.pid))

        sampler = threading.Thread(target=sample)
        if memory is not None:
            sampler.start()
        try:
            process.wait()
        finally:
            done.set()
            if memory is not None:
                sampler.join()
        usage = Usage(**{**json.loads(out.read_text(encoding="utf-8")), "private_bytes": peak[0]})
    if usage.code:
        raise subprocess.CalledProcessError(usage.code, list(command))
    return usage


def tree_cpu(pid: int) -> float:
    """Return the CPU seconds of ``pid``, of all below it and of those below it that were waited for."""
    total = 0.0
    for each in (pid, *_below(pid)):
        with contextlib.suppress(OSError):
            fields = Path(f"/proc/{each}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
            total += sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")
    return total


def tree_bytes(pid: int) -> int:
    """Return the private memory of all processes below ``pid``."""
    return sum(_private(each) for each in _below(pid))


def in_flight_bytes(pid: int) -> int:
    """Return the private memory of the sandboxes and examiners below ``pid``, without the processes kept warm.

    It is 0 unless there are both. Left out are a child whose warm parent is ending, since what they shared is then
    the child's alone for some milliseconds, and one that has not yet left its parent's memory for a program of its
    own: an import may ask ``ldconfig`` where a library lies.
    """
    kinds = {each: _kind(each) for each in _below(pid)}
    parents = {child: each for each in kinds for child in _children(each)}
    found = dict.fromkeys(_HALVES, 0)
    for each, kind in kinds.items():
        warm = parents.get(each, 0)
        # A zygote is two processes: the first only waits for the second.
        above = parents.get(warm, 0) if kind == _HALVES[0] else warm
        if kind and kinds.get(warm) == kind and kinds.get(above) == kind:
            size = 0 if _one_memory(each, warm) else _private(each)
            found[kind] += size if _has_memory(warm) else 0
    return sum(found.values()) if all(found.values()) else 0


def _one_memory(pid: int, other: int) -> bool:
    """Say whether both run in the same address space, as after a vfork; needs no more rights than reading its maps."""
    return int(ctypes.CDLL(None).syscall(_SYS_KCMP, pid, other, _KCMP_VM, 0, 0)) == 0


def _has_memory(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1] != "0"
    except OSError:
        return False


def _kind(pid: int) -> str:
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return ""
    return next((half for half in _HALVES if half.encode() in words), "")


def _private(pid: int) -> int:
    from benchmarks.probe import private_bytes

    return private_bytes(pid)


def _children(pid: int) -> list[int]:
    found: list[int] = []
    with contextlib.suppress(OSError):
        for task in os.listdir(f"/proc/{pid}/task"):
            with contextlib.suppress(OSError):
                found += map(int, Path(f"/proc/{pid}/task/{task}/children").read_text(encoding="ascii").split())
    return found


def _below(pid: int) -> list[int]:
    found = _children(pid)
    for each in found:
        found += _children(each)
    return found


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(json.dumps(asdict(account(sys.argv[3:]))), encoding="utf-8")
