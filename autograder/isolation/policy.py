"""What a sandbox may do, how much of it, and what the host can enforce: plain frozen data.

Imported on both sides; trusts nobody and holds nothing secret.
"""

from __future__ import annotations

import os
import site
import sys
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["LAYERS", "Capabilities", "Policy", "ProcessLimits", "default_policy"]

MIB = 1 << 20

# Every layer of full strength, in the order in which a sandbox enters them, with what its absence costs.
LAYERS: dict[str, str] = {
    "user": "namespaces cannot be made, and the process limit is shared with everything else this user runs",
    "mount": "files are guarded by Landlock alone, and the scratch folder is on a real disk without a total size",
    "pid": "student code may not start processes at all, and may learn which process numbers exist",
    "net": "the network is refused by the system call filter alone",
    "ipc": "System V shared memory and message queues are refused by the system call filter alone",
    "uts": "the machine's real name is visible",
    "seccomp": "the whole system call surface of the kernel is open to student code",
    "landlock": "files are guarded by the mount namespace alone",
}


@dataclass(frozen=True)
class ProcessLimits:
    """How much one sandbox may use: times in seconds, sizes in bytes, counted over all its processes.

    ``memory_bytes`` is what the sandbox may add to what the zygote already holds. It bounds each process in the
    kernel (RLIMIT_DATA) and the sum of all from outside. ``wall_seconds`` only catches what sleeps: a limit that
    decides a mark is ``cpu_seconds`` (the submission) or ``check_cpu_seconds`` (one check, see ``Guard.begin_check``).
    """

    cpu_seconds: float = 60.0
    check_cpu_seconds: float = 20.0
    wall_seconds: float = 300.0
    memory_bytes: int = 2048 * MIB
    output_bytes: int = 1 * MIB
    scratch_bytes: int = 64 * MIB
    open_files: int = 256
    processes: int = 32


@dataclass(frozen=True)
class Policy:
    """What a sandbox sees: ``readable`` paths read-only, one scratch folder to write, and nothing else.

    ``devices`` are device files that it may use besides null, zero, full, random and urandom (for CUDA). With any,
    /proc and /sys come in read-only too and no longer hide the machine: the driver needs them.
    """

    readable: tuple[Path, ...] = ()
    devices: tuple[Path, ...] = ()
    scratch: Path = Path("/scratch")


@dataclass(frozen=True)
class Capabilities:
    """What this kernel enforces for this user, each thing tried and not guessed.

    ``reasons`` gives, for a layer that is missing, what the kernel answered.
    """

    user: bool
    mount: bool
    pid: bool
    net: bool
    ipc: bool
    uts: bool
    seccomp: bool
    landlock_abi: int
    cgroup_v2: bool = False
    bubblewrap: bool = False
    reasons: dict[str, str] = field(default_factory=dict)

    def has(self, layer: str) -> bool:
        return self.landlock_abi > 0 if layer == "landlock" else bool(getattr(self, layer))

    @property
    def missing(self) -> tuple[str, ...]:
        return tuple(layer for layer in LAYERS if not self.has(layer))

    @property
    def full_strength(self) -> bool:
        """Say whether untrusted work may be graded without a flag: every layer of ``LAYERS`` is there."""
        return not self.missing

    @property
    def lost(self) -> tuple[str, ...]:
        """Say in one sentence per missing layer what its absence costs."""
        sentences = [f"Without {layer}: {LAYERS[layer]}." for layer in self.missing]
        if not self.mount and self.landlock_abi == 0:
            sentences.append("Files are not guarded at all: student code reads and writes whatever this user can.")
        if not self.pid and not self.seccomp:
            sentences.append("Processes are not guarded: one submission can kill or rewrite the grading of another.")
        if not self.net and not self.seccomp:
            sentences.append("The network is open.")
        return tuple(sentences)


_SYSTEM_PATHS = (
    "/usr",
    "/bin",
    "/lib",
    "/lib64",
    "/etc/alternatives",
    "/etc/fonts",
    "/etc/ld.so.cache",
    "/etc/localtime",
    "/etc/mime.types",
)


def default_policy(*readable: Path | str, devices: tuple[Path, ...] = ()) -> Policy:
    """Return the policy for this Python: its environment, the system's libraries, and ``readable``.

    Folders of ``sys.path`` outside the environment are not included: name what the assignment needs (convlab, its
    public data), never the repository, which holds the solutions.
    """
    python = (sys.prefix, sys.base_prefix, sys.exec_prefix, *site.getsitepackages())
    wanted = dict.fromkeys(os.path.abspath(p) for p in (*_SYSTEM_PATHS, *python, *map(str, readable)))
    return Policy(tuple(Path(p) for p in wanted if os.path.lexists(p)), devices)
