"""The plain limits of a process: rlimits, descriptors, environment, privileges.

Runs in the sandbox before student code.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
from pathlib import Path

from . import kernel
from .policy import ProcessLimits

__all__ = ["clean_environment", "drop_privileges", "only_descriptors", "prefer_for_oom", "set_rlimits"]

_PR_CAPBSET_DROP, _PR_SET_SECUREBITS, _PR_SET_NO_NEW_PRIVS = 24, 28, 38
_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL = 47, 4
_SECUREBITS_ALL_LOCKED = 0xEF  # all but KEEP_CAPS, each with its lock
_CAPABILITY_VERSION_3 = 0x2008_0522
_STACK = 64 << 20
# Address space costs nothing until it is touched; this bounds only shared anonymous memory, which DATA does not.
_ADDRESS_SPACE_FACTOR, _ADDRESS_SPACE_EXTRA = 2, 4 << 30


def clean_environment(scratch: Path) -> dict[str, str]:
    """Return the whole environment that a sandbox gets.

    Start the zygote with it too: a process's first environment stays readable in its memory.
    """
    home = str(scratch)
    return {
        "HOME": home,
        "IPYTHONDIR": f"{home}/.ipython",
        "LANG": "C.UTF-8",
        "MKL_NUM_THREADS": "1",
        "MPLBACKEND": "agg",
        "MPLCONFIGDIR": f"{home}/.matplotlib",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "PATH": "/usr/bin:/bin",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
        "TMPDIR": f"{home}/tmp",
        "TORCH_HOME": f"{home}/.torch",
        "TZ": "UTC",
        "USER": "student",
        "XDG_CACHE_HOME": f"{home}/.cache",
    }


def prefer_for_oom(proc: int) -> None:
    """Make this process the kernel's first choice when the machine runs out of memory."""
    fd = os.open("self/oom_score_adj", os.O_WRONLY | os.O_CLOEXEC, dir_fd=proc)
    with os.fdopen(fd, "w") as file:
        file.write("1000")


def set_rlimits(limits: ProcessLimits, proc: int, *, memory: bool = True) -> None:
    """Set this process's rlimits; memory counts from what it holds now. ``memory`` is off where CUDA is on."""
    cpu = max(1, int(limits.cpu_seconds + 0.999))
    wanted = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: limits.scratch_bytes,
        resource.RLIMIT_NOFILE: limits.open_files,
        resource.RLIMIT_NPROC: limits.processes,
        resource.RLIMIT_STACK: _STACK,
        resource.RLIMIT_MEMLOCK: 0,
        resource.RLIMIT_MSGQUEUE: 0,
        resource.RLIMIT_NICE: 0,
        resource.RLIMIT_RTPRIO: 0,
        resource.RLIMIT_SIGPENDING: 256,
    }
    if memory:
        held = _held(proc)
        extra = limits.memory_bytes * _ADDRESS_SPACE_FACTOR + _ADDRESS_SPACE_EXTRA
        wanted |= {
            resource.RLIMIT_DATA: held["VmData"] + limits.memory_bytes,
            resource.RLIMIT_AS: held["VmSize"] + extra,
        }
    for kind, value in wanted.items():
        hard = resource.getrlimit(kind)[1]
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (value, value))
    # Soft and hard limits are equal: the soft limit's signal can be caught, the hard limit's cannot.
    resource.setrlimit(resource.RLIMIT_CPU, (cpu + 1, cpu + 1))


def _held(proc: int) -> dict[str, int]:
    fd = os.open("self/status", os.O_RDONLY | os.O_CLOEXEC, dir_fd=proc)
    with os.fdopen(fd) as file:
        rows = (line.split() for line in file if line.startswith(("VmData:", "VmSize:")))
        return {row[0].rstrip(":"): int(row[1]) << 10 for row in rows}


def only_descriptors(keep: set[int], output: int) -> None:
    """Make standard input empty, send output to ``output``, and close the descriptors that are not in ``keep``."""
    nothing = os.open("/dev/null", os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(output, 1)
    os.dup2(output, 2)
    kernel.close_all_but({0, 1, 2, *keep})


def drop_privileges() -> None:
    """Give up every capability, now and for whatever this process may start, and the way to get any back."""
    # Dropping from the bounding set needs CAP_SETPCAP, so the capabilities themselves go last.
    for capability in range(64):
        with contextlib.suppress(OSError):
            kernel.prctl(_PR_CAPBSET_DROP, capability)
    with contextlib.suppress(OSError):
        kernel.prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL)
    with contextlib.suppress(OSError):  # an ordinary user without namespaces has nothing to lock
        kernel.prctl(_PR_SET_SECUREBITS, _SECUREBITS_ALL_LOCKED)
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    nothing = (ctypes.c_uint32 * 6)()
    kernel.syscall("capset", ctypes.byref(header), ctypes.byref(nothing))
    kernel.prctl(_PR_SET_NO_NEW_PRIVS, 1)
