"""The system call filter: what Python, torch, numpy, matplotlib and IPython need is allowed, all else is refused.

Runs in the sandbox before student code. The filter is a list of what is allowed: a call that nobody thought of, or
that a later kernel adds, is refused. Source: Documentation/userspace-api/seccomp_filter.rst.
"""

from __future__ import annotations

import ctypes
import errno
import struct
from collections.abc import Iterable
from functools import cache

from .kernel import machine, prctl
from .syscalls import ALLOWED

__all__ = ["build", "install"]

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _AND, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x54, 0x06
_ALLOW, _ERRNO, _KILL = 0x7FFF_0000, 0x0005_0000, 0x8000_0000
_REFUSE, _UNKNOWN = _ERRNO | errno.EPERM, _ERRNO | errno.ENOSYS
_AUDIT_ARCH = {"x86_64": 0xC000_003E, "aarch64": 0xC000_00B7}
_FIRST_X32 = 0x4000_0000
# From here on calls are young enough that every library has a way without them, which it takes on ENOSYS.
_FIRST_YOUNG = 424

_CLONE_THREAD = 0x0001_0000
_CLONE_REFUSED = 0x7E02_0000 | 0x8000  # all CLONE_NEW* flags and CLONE_PARENT
# SET_NAME GET_NAME GET_DUMPABLE GET_SECCOMP CAPBSET_READ GET_SECUREBITS GET_TIMERSLACK GET_NO_NEW_PRIVS
# GET_TID_ADDRESS GET_THP_DISABLE SET_VMA
_PRCTL = (15, 16, 3, 21, 23, 27, 30, 39, 40, 42, 0x5356_4D41)
# TCGETS TCGETS2 TIOCGWINSZ TIOCGPGRP FIONREAD FIONBIO FIONCLEX FIOCLEX
_IOCTL = (0x5401, 0x802C_542A, 0x5413, 0x540F, 0x541B, 0x5421, 0x5450, 0x5451)
# DUPFD GETFD SETFD GETFL SETFL DUPFD_CLOEXEC GETPIPE_SZ GET_SEALS: no locks, leases or signals. The files of the
# environment are every sandbox's and the graders' own, and a lock on one would stop them all.
_FCNTL = (0, 1, 2, 3, 4, 1030, 1032, 1034)
_IOCTL_INJECTS = (0x5412, 0x541C, 0x5423)  # TIOCSTI TIOCLINUX TIOCSETD
_AF_UNIX, _SOCK_STREAM = 1, 1


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("code", ctypes.c_char_p)]


_Code = list[tuple[int, int, int, int]]


def install(*, processes: bool, only_signal: int | None = None, any_ioctl: bool = False) -> None:
    """Filter this process, and all that it starts, permanently. Needs no_new_privs; the process has one thread.

    ``processes`` allows fork. ``only_signal`` is the one process that may be sent signals, for hosts without a pid
    namespace. ``any_ioctl`` is for device files. Raises OSError.
    """
    # Spelled as in ``seal``, which fills the cache: another set of keywords would be another entry.
    if only_signal is None:
        program = build(machine(), processes=processes, any_ioctl=any_ioctl)
    else:
        program = build(machine(), processes=processes, only_signal=only_signal, any_ioctl=any_ioctl)
    pr_set_seccomp, mode_filter = 22, 2
    argument = _Program(len(program) // 8, program)
    prctl(pr_set_seccomp, mode_filter, ctypes.addressof(argument))


@cache
def build(arch: str, *, processes: bool, only_signal: int | None = None, any_ioctl: bool = False) -> bytes:
    """Return the filter for ``arch`` as an array of ``struct sock_filter``. Raises KeyError for an unknown ``arch``."""
    numbers = ALLOWED[arch]
    rules: dict[str, _Code] = {
        "clone": _clone(processes),
        "prctl": _one_of(0, _PRCTL),
        "ioctl": _none_of(1, _IOCTL_INJECTS) if any_ioctl else _one_of(1, _IOCTL),
        "fcntl": _one_of(1, _FCNTL),
        "prlimit64": _one_of(0, (0,)),
        # Streams only: a datagram socket, even one of a pair, can be pointed at another address.
        "socketpair": [*_require(0, _AF_UNIX), _argument(1), (_AND, 0, 0, 0xF), *_decide(_EQUAL, _SOCK_STREAM)],
    }
    if only_signal is not None:
        rules |= {"kill": _one_of(0, (only_signal,)), "tgkill": _one_of(0, (only_signal,)), "tkill": [_return(_REFUSE)]}
    if not processes:
        rules |= {name: [_return(_REFUSE)] for name in ("fork", "vfork") if name in numbers}

    code: _Code = [(_LOAD, 0, 0, 4), (_EQUAL, 1, 0, _AUDIT_ARCH[arch]), _return(_KILL), (_LOAD, 0, 0, 0)]
    if arch == "x86_64":
        code += [(_AT_LEAST, 0, 1, _FIRST_X32), _return(_KILL)]
    for name, rule in rules.items():
        code += [(_EQUAL, 0, len(rule), numbers[name]), *rule]
    code += _tree(_boundaries(set(numbers.values())))
    return b"".join(struct.pack("=HBBI", *instruction) for instruction in code)


def _return(action: int) -> tuple[int, int, int, int]:
    return (_RETURN, 0, 0, action)


def _argument(index: int) -> tuple[int, int, int, int]:
    return (_LOAD, 0, 0, 16 + 8 * index)  # the low half: both architectures are little-endian


def _decide(test: int, value: int) -> _Code:
    return [(test, 0, 1, value), _return(_ALLOW), _return(_REFUSE)]


def _require(index: int, value: int) -> _Code:
    return [_argument(index), (_EQUAL, 1, 0, value), _return(_REFUSE)]


def _one_of(index: int, values: Iterable[int]) -> _Code:
    tests = [part for value in values for part in ((_EQUAL, 0, 1, value), _return(_ALLOW))]
    return [_argument(index), *tests, _return(_REFUSE)]


def _none_of(index: int, values: Iterable[int]) -> _Code:
    tests = [part for value in values for part in ((_EQUAL, 0, 1, value), _return(_REFUSE))]
    return [_argument(index), *tests, _return(_ALLOW)]


def _clone(processes: bool) -> _Code:
    code = [_argument(0), (_ANY_BIT, 0, 1, _CLONE_REFUSED), _return(_REFUSE)]
    return [*code, *([_return(_ALLOW)] if processes else _decide(_ANY_BIT, _CLONE_THREAD))]


def _boundaries(allowed: set[int]) -> list[tuple[int, int]]:
    """Return (first number, action) for each run of numbers with one action."""
    runs: list[tuple[int, int]] = []
    for number in range(max(*allowed, _FIRST_YOUNG) + 2):
        action = _ALLOW if number in allowed else _UNKNOWN if number >= _FIRST_YOUNG else _REFUSE
        if not runs or runs[-1][1] != action:
            runs.append((number, action))
    return runs


def _tree(runs: list[tuple[int, int]]) -> _Code:
    """Return a binary search over ``runs``: a filter of 200 comparisons in a row would slow every call."""
    if len(runs) == 1:
        return [_return(runs[0][1])]
    middle = len(runs) // 2
    left, right = _tree(runs[:middle]), _tree(runs[middle:])
    assert len(left) < 256, "a jump in the filter does not fit into a byte"
    return [(_AT_LEAST, len(left), 0, runs[middle][0]), *left, *right]
