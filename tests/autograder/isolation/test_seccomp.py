"""The filter's decisions, on both architectures: an interpreter of classic BPF runs it on every call number."""

from __future__ import annotations

import errno
import fcntl
import struct

import pytest

from autograder.isolation import seccomp
from autograder.isolation.syscalls import ALLOWED

ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
ALLOW, KILL = 0x7FFF0000, 0x80000000
REFUSE, UNKNOWN = 0x00050000 | errno.EPERM, 0x00050000 | errno.ENOSYS
# What hostile code would call first: (x86-64, aarch64) from the kernel's headers.
DANGEROUS = {
    "execve": (59, 221),
    "ptrace": (101, 117),
    "socket": (41, 198),
    "connect": (42, 203),
    "mount": (165, 40),
    "unshare": (272, 97),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "keyctl": (250, 219),
    "shmget": (29, 194),
    "memfd_create": (319, 279),
    "process_vm_writev": (311, 271),
    "open_by_handle_at": (304, 265),
}


def decide(arch: str, number: int, *arguments: int, called_as: int | None = None, **options) -> int:
    program = seccomp.build(arch, **{"processes": True, **options})
    words = (*arguments, *[0] * 6)[:6]
    data = struct.pack("=iIQ6Q", number, ARCH[arch] if called_as is None else called_as, 0, *words)
    code = list(struct.iter_unpack("=HBBI", program))
    at = accumulator = 0
    while True:
        operation, yes, no, k = code[at]
        at += 1
        match operation:
            case 0x20:
                accumulator = struct.unpack_from("=I", data, k)[0]
            case 0x54:
                accumulator &= k
            case 0x15:
                at += yes if accumulator == k else no
            case 0x35:
                at += yes if accumulator >= k else no
            case 0x45:
                at += yes if accumulator & k else no
            case 0x06:
                return k
            case _:
                raise AssertionError(hex(operation))


@pytest.fixture(params=ALLOWED)
def arch(request):
    return request.param


def test_every_number_is_decided_as_the_table_says(arch):
    conditional = {"clone", "prctl", "ioctl", "fcntl", "prlimit64", "socketpair"}
    unconditional = {number for name, number in ALLOWED[arch].items() if name not in conditional}
    allowed = {number for number in range(1000) if decide(arch, number, 0xDEAD, 0xDEAD, 0xDEAD) == ALLOW}
    assert allowed - set(ALLOWED[arch].values()) == set()
    assert unconditional - allowed == set()


@pytest.mark.parametrize("name", DANGEROUS)
def test_dangerous_calls_are_refused(arch, name):
    assert decide(arch, DANGEROUS[name][arch == "aarch64"]) == REFUSE


@pytest.mark.parametrize("number", [425, 426, 427, 428, 434, 435, 438, 442, 447, 500, 999])
def test_young_calls_look_as_if_the_kernel_had_none(arch, number):
    assert decide(arch, number) == UNKNOWN


def test_another_architecture_kills(arch):
    assert decide(arch, 0, called_as=0x40000003) == KILL


def test_x32_kills():
    assert decide("x86_64", 0x40000000 + 39) == KILL


@pytest.mark.parametrize(
    "flag", [0x20000, 0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000, 0x8000]
)
def test_clone_makes_no_namespace(arch, flag):
    assert decide(arch, ALLOWED[arch]["clone"], flag | 17) == REFUSE
    assert decide(arch, ALLOWED[arch]["clone"], flag | 0x10000 | 17, processes=False) == REFUSE


def test_without_processes_there_are_still_threads(arch):
    number = ALLOWED[arch]["clone"]
    assert decide(arch, number, 17) == ALLOW
    assert decide(arch, number, 17, processes=False) == REFUSE
    assert decide(arch, number, 0x3D0F00, processes=False) == ALLOW


def test_fork_and_vfork_follow():
    for name in ("fork", "vfork"):
        assert decide("x86_64", ALLOWED["x86_64"][name]) == ALLOW
        assert decide("x86_64", ALLOWED["x86_64"][name], processes=False) == REFUSE


@pytest.mark.parametrize(
    ("family", "kind", "action"), [(1, 1, ALLOW), (1, 0x80801, ALLOW), (1, 2, REFUSE), (16, 1, REFUSE)]
)
def test_socket_pairs_are_streams(arch, family, kind, action):
    assert decide(arch, ALLOWED[arch]["socketpair"], family, kind) == action


def test_signals_stay_at_home_without_a_pid_namespace(arch):
    kill = ALLOWED[arch]["kill"]
    assert decide(arch, kill, 77, 9, only_signal=77) == ALLOW
    for pid in (0, 1, 78, 2**64 - 1):
        assert decide(arch, kill, pid, 9, only_signal=77) == REFUSE


@pytest.mark.parametrize(("request_", "action"), [(0x5401, ALLOW), (0x5412, REFUSE), (0x1234, REFUSE)])
def test_ioctls_are_the_harmless_ones(arch, request_, action):
    assert decide(arch, ALLOWED[arch]["ioctl"], 0, request_) == action


@pytest.mark.parametrize(
    ("command", "action"),
    [
        *((command, ALLOW) for command in (fcntl.F_DUPFD, fcntl.F_GETFD, fcntl.F_SETFD, fcntl.F_GETFL, fcntl.F_SETFL)),
        *((command, REFUSE) for command in (fcntl.F_GETLK, fcntl.F_SETLK, fcntl.F_SETLKW, fcntl.F_SETOWN)),
        *((command, REFUSE) for command in (36, 37, 38, fcntl.F_SETLEASE, fcntl.F_NOTIFY)),  # 36 to 38: F_OFD_*LK*
    ],
)
def test_descriptors_are_copied_and_never_locked(arch, command, action):
    assert decide(arch, ALLOWED[arch]["fcntl"], 3, command) == action
    assert "flock" not in ALLOWED[arch]


def test_devices_open_ioctls_but_never_typing(arch):
    assert decide(arch, ALLOWED[arch]["ioctl"], 0, 0x1234, any_ioctl=True) == ALLOW
    assert decide(arch, ALLOWED[arch]["ioctl"], 0, 0x5412, any_ioctl=True) == REFUSE


@pytest.mark.parametrize("option", [4, 22, 38, 1, 24, 0x59616D61])
def test_prctl_changes_no_protection(arch, option):
    assert decide(arch, ALLOWED[arch]["prctl"], option) == REFUSE
    assert decide(arch, ALLOWED[arch]["prctl"], 15) == ALLOW
