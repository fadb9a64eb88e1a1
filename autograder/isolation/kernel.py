"""The few system calls that Python 3.11 does not wrap, through ctypes: each raises OSError or returns.

Runs in the zygote and in the sandbox before student code.
"""

from __future__ import annotations

import ctypes
import os
import platform

__all__ = [
    "CLONE_NEWIPC",
    "CLONE_NEWNET",
    "CLONE_NEWNS",
    "CLONE_NEWPID",
    "CLONE_NEWUSER",
    "CLONE_NEWUTS",
    "close_all_but",
    "machine",
    "mount",
    "mount_attributes",
    "pivot_root",
    "prctl",
    "sethostname",
    "setns",
    "syscall",
    "umount",
    "unshare",
]

CLONE_NEWNS = 0x0002_0000
CLONE_NEWUTS = 0x0400_0000
CLONE_NEWIPC = 0x0800_0000
CLONE_NEWUSER = 0x1000_0000
CLONE_NEWPID = 0x2000_0000
CLONE_NEWNET = 0x4000_0000

_NUMBERS = {
    "x86_64": {"pivot_root": 155, "capset": 126, "close_range": 436},
    "aarch64": {"pivot_root": 41, "capset": 91, "close_range": 436},
}
# Calls since Linux 5.0 have one number on every architecture.
_COMMON = {
    "mount_setattr": 442,
    "landlock_create_ruleset": 444,
    "landlock_add_rule": 445,
    "landlock_restrict_self": 446,
}

_libc = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long


def machine() -> str:
    """Return this machine's architecture as Linux names it, such as ``x86_64``."""
    return platform.machine()


def _check(result: int, what: str) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result


def syscall(name: str, *arguments: object) -> int:
    """Make the system call ``name``; integers go as 64-bit words, the rest as ctypes takes it."""
    number = _COMMON.get(name) or _NUMBERS[machine()][name]
    words = [ctypes.c_ulong(a & (1 << 64) - 1) if isinstance(a, int) else a for a in arguments]
    return _check(_libc.syscall(ctypes.c_long(number), *words), name)


def unshare(flags: int) -> None:
    """Leave the namespaces that ``flags`` name for new ones; a new pid namespace begins with the next fork."""
    _check(_libc.unshare(ctypes.c_int(flags)), "unshare")


def setns(fd: int, kind: int) -> None:
    """Join the namespace behind ``fd``."""
    _check(_libc.setns(ctypes.c_int(fd), ctypes.c_int(kind)), "setns")


def prctl(option: int, *arguments: int) -> int:
    """Call prctl with up to four arguments."""
    words = [ctypes.c_ulong(a) for a in (*arguments, 0, 0, 0, 0)[:4]]
    return _check(_libc.prctl(ctypes.c_int(option), *words), f"prctl {option}")


def mount(source: str | None, target: str, kind: str | None = None, flags: int = 0, data: str | None = None) -> None:
    """Mount as mount(2) does."""
    encoded = [None if text is None else text.encode() for text in (source, target, kind, data)]
    result = _libc.mount(encoded[0], encoded[1], encoded[2], ctypes.c_ulong(flags), encoded[3])
    _check(result, f"mount {target}")


def umount(target: str, flags: int = 0) -> None:
    """Unmount as umount2(2) does."""
    _check(_libc.umount2(target.encode(), ctypes.c_int(flags)), f"umount {target}")


def mount_attributes(path: str, attributes: int, recursive: bool = True) -> None:
    """Set mount attributes (MOUNT_ATTR_*) on ``path`` and, if ``recursive``, on all mounts below it."""

    class Attributes(ctypes.Structure):
        _fields_ = [(name, ctypes.c_uint64) for name in ("set", "clear", "propagation", "userns")]

    wanted = Attributes(attributes, 0, 0, 0)
    at_fdcwd, at_recursive = -100, 0x8000
    flags = at_recursive if recursive else 0
    size = ctypes.sizeof(wanted)
    syscall("mount_setattr", at_fdcwd, path.encode(), flags, ctypes.byref(wanted), size)


def pivot_root(new: str, old: str) -> None:
    """Make ``new`` the root and move the old root to ``old``."""
    syscall("pivot_root", new.encode(), old.encode())


def sethostname(name: str) -> None:
    """Name the machine in this uts namespace."""
    encoded = name.encode()
    _check(_libc.sethostname(encoded, ctypes.c_size_t(len(encoded))), "sethostname")


def close_all_but(keep: set[int]) -> None:
    """Close every descriptor that is not in ``keep``."""
    start = 0
    for fd in (*sorted(keep), 1 << 31):
        if fd > start:
            syscall("close_range", start, fd - 1, 0)
        start = fd + 1
