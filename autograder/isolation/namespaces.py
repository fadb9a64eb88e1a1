"""Namespaces: a root folder with only the allowed paths in it, no other process, no network.

The zygote builds the view once (``build_view``); each sandbox then only adds a scratch folder of its own
(``mount_scratch``). Runs in the zygote and in the sandbox before student code.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

from . import kernel
from .kernel import CLONE_NEWIPC, CLONE_NEWNET, CLONE_NEWNS, CLONE_NEWPID, CLONE_NEWUSER, CLONE_NEWUTS
from .policy import Capabilities, Policy

__all__ = [
    "NOBODY",
    "OWN_DEVICES",
    "build_view",
    "drop_root",
    "enter_user_namespace",
    "flags_of",
    "mount_scratch",
]

NOBODY = 65534
OWN_DEVICES = tuple(Path("/dev") / name for name in ("null", "zero", "full", "random", "urandom"))

_MS_RDONLY, _MS_NOSUID, _MS_NODEV, _MS_NOEXEC = 1, 2, 4, 8
_MS_BIND, _MS_REC, _MS_PRIVATE = 0x1000, 0x4000, 0x4_0000
_MNT_DETACH = 2
_ATTR_RDONLY, _ATTR_NOSUID = 1, 2
_PR_SET_DUMPABLE = 4
_FLAGS = {
    "user": CLONE_NEWUSER,
    "mount": CLONE_NEWNS,
    "pid": CLONE_NEWPID,
    "net": CLONE_NEWNET,
    "ipc": CLONE_NEWIPC,
    "uts": CLONE_NEWUTS,
}
# What libraries ask about the machine: copied, so that the real /proc and /sys can stay out.
_COPIED = (
    "/proc/cpuinfo",
    "/proc/meminfo",
    *(f"/sys/devices/system/cpu/{n}" for n in ("online", "possible", "present")),
)


def flags_of(capabilities: Capabilities, *layers: str) -> int:
    """Return the CLONE_NEW* flags of those ``layers`` that the host has."""
    return sum(_FLAGS[layer] for layer in layers if capabilities.has(layer))


def drop_root() -> None:
    """Become the user nobody, if this is root: the kernel exempts root from process limits and file modes.

    Where nobody does not exist (a container with few users) stay: then this root is an ordinary user outside.
    """
    if os.geteuid() != 0:
        return
    try:
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
    except OSError:
        return
    kernel.prctl(_PR_SET_DUMPABLE, 1)  # or this process could not write its own uid map


def enter_user_namespace(other_flags: int, proc: int) -> None:
    """Enter a new user namespace, and those in ``other_flags``, as the same user; needs a single thread.

    ``proc`` is a descriptor of a /proc that shows this process. Raises OSError.
    """
    uid, gid = os.geteuid(), os.getegid()
    kernel.unshare(CLONE_NEWUSER | other_flags)
    for name, text in (("setgroups", "deny"), ("uid_map", f"{uid} {uid} 1"), ("gid_map", f"{gid} {gid} 1")):
        fd = os.open(f"self/{name}", os.O_WRONLY | os.O_CLOEXEC, dir_fd=proc)
        try:
            os.write(fd, text.encode())
        finally:
            os.close(fd)


def build_view(policy: Policy, scratch_bytes: int) -> None:
    """Replace the root folder by one that holds ``policy.readable`` and a few device files, all read-only.

    Runs in a mount namespace of its own. /tmp and /dev/shm lead into the scratch folder, which is writable and in
    memory. Symbolic links on the way to a readable path are kept as links. Raises OSError.
    """
    kernel.mount(None, "/", flags=_MS_REC | _MS_PRIVATE)
    new = "/tmp" if os.path.isdir("/tmp") else "/mnt"
    sources = [*policy.readable, *OWN_DEVICES, *policy.devices]
    if policy.devices:
        sources += [Path("/proc"), Path("/sys")]
    # Opened now: the new root is about to cover /tmp, and a source may lie below it.
    handles = {path: os.open(path, os.O_PATH | os.O_CLOEXEC) for path in _links_resolved(sources)}
    copies = {} if policy.devices else {path: _read(path) for path in _COPIED}
    uid, gid = os.geteuid(), os.getegid()

    kernel.mount("tmpfs", new, "tmpfs", _MS_NOSUID, "mode=755,size=4m")
    for path, fd in handles.items():
        _bind(new, path, fd)
        os.close(fd)
    for copied, content in copies.items():
        _write(new + copied, content)
    _write(f"{new}/etc/passwd", f"student:x:{uid}:{gid}:student:{policy.scratch}:/nologin\n".encode())
    _write(f"{new}/etc/group", f"student:x:{gid}:\n".encode())
    os.makedirs(f"{new}/dev", exist_ok=True)
    for link, target in (("/tmp", "tmp"), ("/dev/shm", "shm")):
        if not os.path.lexists(new + link):
            os.symlink(policy.scratch / target, new + link)
    os.makedirs(f"{new}{policy.scratch}", exist_ok=True)

    os.chdir(new)
    os.makedirs("old", exist_ok=True)
    kernel.pivot_root(".", "old")
    kernel.umount("/old", _MNT_DETACH)
    os.chdir("/")
    os.rmdir("/old")
    kernel.mount_attributes("/", _ATTR_RDONLY | _ATTR_NOSUID)
    mount_scratch(policy.scratch, scratch_bytes)


def mount_scratch(scratch: Path, size: int) -> None:
    """Put a new, empty, private folder in memory, of ``size`` bytes at most, over ``scratch`` and go there."""
    data = f"size={max(size, 4096)},nr_inodes=8192,mode=700"
    kernel.mount("tmpfs", str(scratch), "tmpfs", _MS_NOSUID | _MS_NODEV | _MS_NOEXEC, data)
    os.mkdir(scratch / "tmp")
    os.mkdir(scratch / "shm")
    os.chdir(scratch)


def _links_resolved(paths: list[Path]) -> list[Path]:
    """Return ``paths`` that exist, each link before what it leads to, shortest first below a mount."""
    found: dict[Path, None] = {}
    todo = [path for path in paths if os.path.lexists(path)]
    while todo:
        path = todo.pop(0)
        for ancestor in (*reversed(path.parents), path):
            if ancestor.is_symlink():
                found[ancestor] = None
                target = Path(os.path.normpath(ancestor.parent / os.readlink(ancestor)))
                rest = path.relative_to(ancestor)
                if os.path.lexists(target / rest):
                    todo.append(target / rest)
                break
        else:
            found[path] = None
    # A path below another one is there already; only links may stand anywhere.
    real = [p for p in found if not p.is_symlink()]
    links = [p for p in found if p.is_symlink()]
    return [p for p in (*real, *links) if not any(q in p.parents for q in real)]


def _bind(new: str, path: Path, fd: int) -> None:
    target = new + str(path)
    os.makedirs(os.path.dirname(target), exist_ok=True)
    mode = os.fstat(fd).st_mode
    if stat.S_ISLNK(mode):
        os.symlink(os.readlink("", dir_fd=fd), target)
        return
    if stat.S_ISDIR(mode):
        os.makedirs(target, exist_ok=True)
    else:
        _write(target, b"")
    kernel.mount(f"/proc/self/fd/{fd}", target, flags=_MS_BIND | _MS_REC)


def _read(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError:
        return b""


def _write(path: str, content: bytes) -> None:
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(content)
