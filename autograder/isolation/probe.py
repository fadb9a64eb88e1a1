"""What this kernel enforces for this user: each layer is tried in a child process, not read off a version.

Trusted; runs before any student code is near. ``grade`` and ``doctor`` both ask ``probe``, and nothing else tries.
"""

from __future__ import annotations

import os
import shutil
import signal
import warnings
from collections.abc import Callable
from pathlib import Path

from . import kernel, landlock, limits, namespaces, seccomp
from .policy import Capabilities, Policy

__all__ = ["probe"]


def probe() -> Capabilities:
    """Try every layer as this user would use it and return what held; takes some tens of milliseconds.

    Forks: call it before heavy imports, which make a fork slow.
    """
    reasons: dict[str, str] = {}
    held = {name: _try(name, attempt, reasons) for name, attempt in _ATTEMPTS.items()}
    version = landlock.abi()
    if version == 0:
        reasons["landlock"] = "the kernel has no Landlock, or it is not among its active security modules"
    elif not _try("landlock", lambda: _try_landlock(version), reasons):
        version = 0
    return Capabilities(
        **held,
        landlock_abi=version,
        cgroup_v2=_cgroup_delegated(),
        bubblewrap=shutil.which("bwrap") is not None,
        reasons=reasons,
    )


def _try(name: str, attempt: Callable[[], None], reasons: dict[str, str]) -> bool:
    read, write = os.pipe()
    with warnings.catch_warnings():
        # A fork beside threads is safe here: the child makes system calls and ends without running Python's exit.
        warnings.simplefilter("ignore", DeprecationWarning)
        pid = os.fork()
    if pid == 0:
        said = b""
        try:
            attempt()
        except BaseException as error:
            said = str(error).encode() or type(error).__name__.encode()
        finally:
            os.write(write, said or b"+")
            os._exit(0)
    os.close(write)
    with os.fdopen(read, "rb") as file:
        said = file.read()
    os.waitpid(pid, 0)
    if said != b"+":
        reasons[name] = said.decode("utf-8", "replace") or "the attempt died"
    return said == b"+"


def _open_proc() -> int:
    return os.open("/proc", os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)


def _enter(flags: int) -> None:
    namespaces.drop_root()
    namespaces.enter_user_namespace(flags, _open_proc())


def _try_user() -> None:
    _enter(0)
    _enter(0)  # the zygote's, and the sandbox's inside it


def _try_mount() -> None:
    tiny = Policy(readable=tuple(Path(p) for p in ("/usr", "/lib", "/etc/ld.so.cache") if os.path.lexists(p)))
    proc = _open_proc()
    if os.geteuid() == 0:
        kernel.unshare(kernel.CLONE_NEWNS)
        namespaces.build_view(tiny, 1 << 20)
        namespaces.drop_root()
    else:
        namespaces.enter_user_namespace(kernel.CLONE_NEWNS, proc)
        namespaces.build_view(tiny, 1 << 20)
    namespaces.enter_user_namespace(kernel.CLONE_NEWNS, proc)  # the sandbox's, inside the zygote's
    namespaces.mount_scratch(tiny.scratch, 1 << 20)


def _try_pid() -> None:
    _enter(kernel.CLONE_NEWPID)
    read, write = os.pipe()
    first = os.fork()
    if first == 0:
        kernel.unshare(kernel.CLONE_NEWPID)
        second = os.fork()
        if second == 0:
            os.write(write, b"1" if os.getpid() == 1 else b"0")
            os._exit(0)
        os.waitpid(second, 0)
        os._exit(0)
    os.close(write)
    os.waitpid(first, 0)
    if os.read(read, 1) != b"1":
        raise OSError("a process in a new pid namespace was not its first")


def _try_landlock(version: int) -> None:
    limits.drop_privileges()
    landlock.restrict(version, (Path("/usr"),), (), ())
    try:
        os.listdir("/etc")
    except PermissionError:
        return
    raise OSError("Landlock accepted a rule and did not enforce it")


def _try_seccomp() -> None:
    limits.drop_privileges()
    seccomp.install(processes=False)
    try:
        os.fork()
    except PermissionError:
        return
    os.kill(os.getpid(), signal.SIGKILL)


_ATTEMPTS: dict[str, Callable[[], None]] = {
    "user": _try_user,
    "mount": _try_mount,
    "pid": _try_pid,
    "net": lambda: _enter(kernel.CLONE_NEWNET),
    "ipc": lambda: _enter(kernel.CLONE_NEWIPC),
    "uts": lambda: _enter(kernel.CLONE_NEWUTS),
    "seccomp": _try_seccomp,
}


def _cgroup_delegated() -> bool:
    """Say whether this process may make cgroups (v2) with memory and process limits below its own."""
    try:
        rows = Path("/proc/self/cgroup").read_text().splitlines()
        own = next(row.removeprefix("0::") for row in rows if row.startswith("0::"))
        folder = Path("/sys/fs/cgroup") / own.lstrip("/")
        controllers = (folder / "cgroup.controllers").read_text().split()
    except (OSError, StopIteration):
        return False
    return {"memory", "pids"} <= set(controllers) and os.access(folder / "cgroup.procs", os.W_OK)
