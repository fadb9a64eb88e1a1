"""What the kernel of this machine lets the present user enforce, found by really trying it.

Each trial runs in a forked child that only makes system calls and ends, so that nothing here changes this process.
Used by ``autograder doctor``, and meant for a sandbox that must know what it can rely on.

Sources: namespaces(7), user_namespaces(7), landlock(7), seccomp(2), cgroups(7).
"""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

__all__ = [
    "NAMESPACES",
    "Finding",
    "Level",
    "bubblewrap",
    "cgroup",
    "landlock",
    "landlock_abi",
    "namespace",
    "sandbox_findings",
    "seccomp",
    "try_namespace",
    "try_seccomp",
]

NAMESPACES = {
    "user": 0x10000000,  # CLONE_NEWUSER
    "mount": 0x00020000,  # CLONE_NEWNS
    "pid": 0x20000000,  # CLONE_NEWPID
    "net": 0x40000000,  # CLONE_NEWNET
    "ipc": 0x08000000,  # CLONE_NEWIPC
}
_MS_REC, _MS_PRIVATE = 0x4000, 0x40000
_PR_GET_SECCOMP, _PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS, _SECCOMP_MODE_FILTER = 21, 22, 38, 2
_LANDLOCK_CREATE_RULESET, _LANDLOCK_CREATE_RULESET_VERSION = 444, 1
_BPF_RETURN, _SECCOMP_RET_ALLOW = 0x06, 0x7FFF0000


class Level(StrEnum):
    """Whether the course works without it."""

    REQUIRED = "required"
    OPTIONAL = "optional"


@dataclass(frozen=True)
class Finding:
    """What one probe found: ``value`` says it in a few words, ``advice`` how to get it when it is missing."""

    name: str
    ok: bool
    level: Level
    value: str
    advice: str = ""


class _Instruction(ctypes.Structure):
    _fields_ = (("code", ctypes.c_ushort), ("jt", ctypes.c_ubyte), ("jf", ctypes.c_ubyte), ("k", ctypes.c_uint32))


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.POINTER(_Instruction)))


def _linux() -> bool:
    return sys.platform.startswith("linux")


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _check(status: int) -> None:
    if status < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def _in_child(action: Callable[[], None]) -> int:
    """Run ``action`` in a forked child; return 0, or the errno that stopped it."""
    with warnings.catch_warnings():
        # Forking beside threads is safe here: the child makes system calls and ends without running Python's exit.
        warnings.simplefilter("ignore", DeprecationWarning)
        pid = os.fork()
    if pid == 0:
        code = errno.EIO
        try:
            action()
            code = 0
        except OSError as error:
            code = error.errno or errno.EIO
        finally:
            os._exit(code)
    status = os.waitpid(pid, 0)[1]
    return os.WEXITSTATUS(status) if os.WIFEXITED(status) else errno.EIO


def _enter(kinds: int) -> None:
    """Enter new namespaces as root of a new user namespace, as any user may where the kernel allows it."""
    uid, gid = os.getuid(), os.getgid()
    _check(_libc().unshare(kinds | NAMESPACES["user"]))
    with suppress(FileNotFoundError):
        Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"0 {uid} 1")
    Path("/proc/self/gid_map").write_text(f"0 {gid} 1")


def _mount_privately(folder: str) -> None:
    libc = _libc()
    _enter(NAMESPACES["mount"])
    _check(libc.mount(None, b"/", None, ctypes.c_ulong(_MS_REC | _MS_PRIVATE), None))
    _check(libc.mount(b"none", os.fsencode(folder), b"tmpfs", ctypes.c_ulong(0), None))


def _become_first() -> None:
    _enter(NAMESPACES["pid"])
    pid = os.fork()
    if pid == 0:
        os._exit(0 if os.getpid() == 1 else errno.EPERM)
    if os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]):
        raise OSError(errno.EPERM, "the child is not process 1")


def try_namespace(kind: str) -> int:
    """Try a new ``kind`` of namespace inside a new user namespace; return 0, or the errno that stopped it.

    "mount" also mounts an empty file system, and "pid" starts a process 1: some systems allow the first step only.
    """
    if not _linux():
        return errno.ENOSYS
    if kind == "mount":
        with tempfile.TemporaryDirectory() as folder:
            return _in_child(lambda: _mount_privately(folder))
    if kind == "pid":
        return _in_child(_become_first)
    return _in_child(lambda: _enter(NAMESPACES[kind]))


def landlock_abi() -> int:
    """Return the version of Landlock that the kernel offers, 0 for none."""
    if not _linux():
        return 0
    syscall = _libc().syscall
    syscall.restype = ctypes.c_long
    flag = ctypes.c_uint32(_LANDLOCK_CREATE_RULESET_VERSION)
    return max(0, int(syscall(ctypes.c_long(_LANDLOCK_CREATE_RULESET), None, ctypes.c_size_t(0), flag)))


def _install_filter() -> None:
    libc = _libc()
    _check(libc.prctl(_PR_GET_SECCOMP, 0, 0, 0, 0))
    _check(libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
    allow_all = _Instruction(_BPF_RETURN, 0, 0, _SECCOMP_RET_ALLOW)
    program = _Program(1, ctypes.pointer(allow_all))
    _check(libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0))


def try_seccomp() -> int:
    """Try to install a system call filter (one that allows everything); return 0, or the errno that stopped it."""
    return _in_child(_install_filter) if _linux() else errno.ENOSYS


def _finding(name: str, ok: bool, value: str, advice: str) -> Finding:
    if not _linux():
        return Finding(name, False, Level.OPTIONAL, "not Linux", "Grade other people's notebooks on Linux.")
    return Finding(name, ok, Level.OPTIONAL, value, advice)


def namespace(kind: str) -> Finding:
    """Say whether this user can cut a process off with a ``kind`` namespace."""
    code = try_namespace(kind)
    value = "works" if code == 0 else os.strerror(code)
    return _finding(
        f"{kind} namespace",
        code == 0,
        value,
        "Allow user namespaces: sysctl user.max_user_namespaces, kernel.apparmor_restrict_unprivileged_userns=0.",
    )


def landlock() -> Finding:
    """Say which version of Landlock (file access limits) the kernel offers."""
    abi = landlock_abi()
    advice = "Use Linux 5.13 or newer with landlock in the kernel's lsm= list."
    return _finding("Landlock", abi > 0, f"version {abi}" if abi else "none", advice)


def seccomp() -> Finding:
    """Say whether system calls can be filtered."""
    code = try_seccomp()
    return _finding(
        "seccomp", code == 0, "works" if code == 0 else os.strerror(code), "Use a kernel with CONFIG_SECCOMP_FILTER."
    )


def _cgroup_folders() -> Iterator[Path]:
    """Yield this process's cgroup v2 folder in each place where version 2 is mounted (none or one, as a rule)."""
    with suppress(OSError):
        own = [line[3:] for line in Path("/proc/self/cgroup").read_text().splitlines() if line.startswith("0::")]
        for line in Path("/proc/self/mountinfo").read_text().splitlines() if own else ():
            before, _, after = line.partition(" - ")
            if after.startswith("cgroup2 "):
                yield Path(before.split()[4]) / own[0].lstrip("/")


def cgroup() -> Finding:
    """Say whether this user may make a cgroup v2 that limits memory and processes."""
    value = "no version 2"
    for folder in _cgroup_folders():
        trial = folder / f"autograder-probe-{os.getpid()}"
        value = "version 2, not delegated to this user"
        with suppress(OSError):
            trial.mkdir()
            try:
                limits = [name for name in ("memory", "pids") if (trial / f"{name}.max").exists()]
            finally:
                trial.rmdir()
            value = f"version 2, delegated: {', '.join(limits) or 'no limits'}"
            if len(limits) == 2:
                return _finding("cgroup", True, value, "")
    advice = "Not needed: limits then come from the processes themselves. With systemd: Delegate=yes for the service."
    return _finding("cgroup", False, value, advice)


def bubblewrap() -> Finding:
    """Say whether bubblewrap is installed and works for this user."""
    path = shutil.which("bwrap") if _linux() else None
    ok = False
    if path:
        with suppress(OSError, subprocess.TimeoutExpired):
            command = [path, "--ro-bind", "/", "/", "--unshare-all", "true"]
            ok = subprocess.run(command, capture_output=True, timeout=5, check=False).returncode == 0
    value = "works" if ok else ("installed, does not start" if path else "not installed")
    return _finding("bubblewrap", ok, value, "Not needed: an alternative where the kernel's own means are not enough.")


def sandbox_findings() -> list[Finding]:
    """Run every probe of this module."""
    return [*map(namespace, NAMESPACES), landlock(), seccomp(), cgroup(), bubblewrap()]
