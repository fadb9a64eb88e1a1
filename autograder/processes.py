"""Processes on this machine: how many can run at once, what one has used, and how to end one with all it started."""

from __future__ import annotations

import importlib
import os
import signal
import subprocess
from contextlib import suppress
from typing import Any

__all__ = ["cores", "cpu_seconds", "end_group", "kill_descendants"]


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def kill_descendants(pid: int) -> None:
    """Kill every process below ``pid``, whatever group or session it moved to."""
    import psutil  # type: ignore[import-untyped]

    with suppress(psutil.Error):
        children = psutil.Process(pid).children(recursive=True)
        for child in children:
            with suppress(psutil.Error):
                child.kill()
        psutil.wait_procs(children, timeout=5)


def end_group(pid: int, process: subprocess.Popen[bytes] | None = None) -> None:
    """End ``pid`` and all that it started: a command behind ``!`` leads a group of its own.

    It is stopped first, lest it go on as if the command had come to its end.
    """
    if os.name == "posix":
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGSTOP)
    kill_descendants(pid)
    if os.name == "posix":
        with suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)
    elif process is not None:
        process.kill()


def cpu_seconds(pid: int | None) -> float:
    """Return the CPU time that the process ``pid`` has used, 0 where there is none.

    Asked for from outside, because RLIMIT_CPU makes Linux count a process's CPU time in clock ticks (4 ms): a check
    that compares CPU times would see zeros.
    """
    psutil: Any = importlib.import_module("psutil")
    try:
        times = psutil.Process(pid).cpu_times()
    except psutil.Error:
        return 0.0
    return float(times.user + times.system)
