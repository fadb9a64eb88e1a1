"""Seal a zygote once, then fork sandboxes from it.

``seal`` runs in the zygote, early: it moves the zygote into namespaces of its own, where only the policy's paths
exist. ``fork_isolated`` runs in the zygote for each submission; ``enter`` runs in the sandbox before student code.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NoReturn

from autograder.errors import HostError

from . import kernel, landlock, limits, namespaces, seccomp
from .guard import Guard
from .policy import Capabilities, Policy, ProcessLimits
from .probe import probe

__all__ = ["Seal", "enter", "fork_isolated", "seal"]

_PR_SET_PDEATHSIG = 1
_ZYGOTE_SCRATCH = 64 << 20
_READY = b"+"


@dataclass(frozen=True)
class Seal:
    """A sealed zygote's means to make sandboxes: descriptors that no sandbox keeps."""

    policy: Policy
    capabilities: Capabilities
    proc: int
    own_pids: int | None


def seal(policy: Policy, capabilities: Capabilities | None = None) -> Seal:
    """Shut this process into namespaces of its own as far as ``capabilities`` go, and return how to fork sandboxes.

    Call it in a process with one thread, before heavy imports: it forks, and the first process only stays to pass
    on the end of the second, which returns from here as the user nobody if this was root. When either dies, all
    sandboxes die. Raises HostError.
    """
    capabilities = capabilities or probe()
    proc = os.open("/proc", os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    own_pids = None
    try:
        root = os.geteuid() == 0
        view_first = root and capabilities.mount
        if view_first:  # as root, since the Python that grades may lie where nobody cannot look
            kernel.unshare(kernel.CLONE_NEWNS)
            namespaces.build_view(policy, _ZYGOTE_SCRATCH)
        if capabilities.user:
            namespaces.drop_root()
            flags = namespaces.flags_of(capabilities, "mount", "pid", "net", "ipc", "uts")
            namespaces.enter_user_namespace(flags, proc)
            if capabilities.pid:
                _continue_as_first_process()
                own_pids = os.open("self/ns/pid", os.O_RDONLY | os.O_CLOEXEC, dir_fd=proc)
            if view_first:
                namespaces.mount_scratch(policy.scratch, _ZYGOTE_SCRATCH)
            elif capabilities.mount:
                namespaces.build_view(policy, _ZYGOTE_SCRATCH)
        if not capabilities.mount:
            policy = replace(policy, scratch=Path(tempfile.mkdtemp(prefix="sandboxes-")))
            atexit.register(shutil.rmtree, policy.scratch, ignore_errors=True)
    except OSError as error:
        raise HostError(f"The sandbox cannot be built here: {error}.", "Run `autograder doctor`.") from error
    if capabilities.seccomp and capabilities.pid:  # built here once, found ready by every sandbox
        seccomp.build(kernel.machine(), processes=True, any_ioctl=bool(policy.devices))
    return Seal(policy, capabilities, proc, own_pids)


def _continue_as_first_process() -> None:
    pid = os.fork()
    if pid == 0:
        kernel.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        return
    for stop in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(stop, lambda *_: os.kill(pid, signal.SIGKILL))
    # The descriptors belong to the zygote now: an end that stays open here would hide its death.
    kernel.close_all_but(set())
    while True:
        with contextlib.suppress(InterruptedError):
            _, status = os.waitpid(pid, 0)
            code = os.waitstatus_to_exitcode(status)
            os._exit(code if code >= 0 else 128 - code)


def fork_isolated(run: Callable[[], None], sealed: Seal, bounds: ProcessLimits, keep: Iterable[int] = ()) -> Guard:
    """Fork a sandbox that isolates itself and calls ``run``; return its guard at once.

    ``keep`` are the descriptors that it keeps besides 0, 1 and 2: input is empty, output goes to the guard. When
    ``run`` returns the sandbox exits with 0, when it raises with 1. Should isolation fail, ``run`` is not called
    and the guard says ``Stop.SETUP``: our failure. Raises OSError when the fork fails.
    """
    folder = None
    if not sealed.capabilities.mount:
        folder = Path(tempfile.mkdtemp(dir=sealed.policy.scratch))
        sealed = replace(sealed, policy=replace(sealed.policy, scratch=folder))
    status, tell = os.pipe()
    output, write = os.pipe()
    if sealed.own_pids is not None:
        kernel.unshare(kernel.CLONE_NEWPID)
    try:
        pid = os.fork()
        if pid == 0:
            _sandbox(run, sealed, bounds, set(keep), tell, write)
    finally:
        if sealed.own_pids is not None:
            kernel.setns(sealed.own_pids, kernel.CLONE_NEWPID)
        os.close(tell)
        os.close(write)
    own = sealed.own_pids is not None
    return Guard(pid, bounds, proc=sealed.proc, status=status, output=output, own_pids=own, scratch=folder)


def _sandbox(
    run: Callable[[], None], sealed: Seal, bounds: ProcessLimits, keep: set[int], tell: int, output: int
) -> NoReturn:
    code = 1
    try:
        try:
            enter(sealed, bounds, keep | {tell}, output)
        except BaseException as error:
            os.write(tell, f"{type(error).__name__}: {error}"[:2000].encode())
            os._exit(1)
        os.write(tell, _READY)
        os.close(tell)
        run()
        code = 0
    except SystemExit as stop:
        code = stop.code if isinstance(stop.code, int) else int(stop.code is not None)
    except BaseException as error:
        with contextlib.suppress(BaseException):
            os.write(2, f"{type(error).__name__}: {error}\n".encode())
    finally:
        os._exit(code & 0xFF)


def enter(sealed: Seal, bounds: ProcessLimits, keep: set[int], output: int) -> None:
    """Give up, in this process and for good, everything that the policy does not allow. Raises OSError.

    Keeps the descriptors in ``keep``; what is written to 1 and 2 goes to ``output``.
    """
    policy, capabilities = sealed.policy, sealed.capabilities
    os.setsid()
    if capabilities.user:
        flags = namespaces.flags_of(capabilities, "mount", "net", "ipc", "uts")
        namespaces.enter_user_namespace(flags, sealed.proc)
    scratch = policy.scratch
    if capabilities.mount:
        namespaces.mount_scratch(scratch, bounds.scratch_bytes)
    else:
        for folder in (scratch / "tmp", scratch / "shm"):
            folder.mkdir()
        os.chdir(scratch)
    if capabilities.uts:
        kernel.sethostname("sandbox")
    limits.prefer_for_oom(sealed.proc)
    limits.set_rlimits(bounds, sealed.proc, memory=not policy.devices)
    os.umask(0o077)
    os.environ.clear()
    os.environ.update(limits.clean_environment(scratch))
    limits.only_descriptors(keep, output)
    kernel.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    limits.drop_privileges()
    if capabilities.landlock_abi:
        devices = (*namespaces.OWN_DEVICES, *policy.devices)
        readable = (
            (*policy.readable, Path("/etc"), Path("/proc"), Path("/sys")) if capabilities.mount else policy.readable
        )
        landlock.restrict(capabilities.landlock_abi, readable, (scratch,), devices)
    if capabilities.seccomp:
        alone = None if capabilities.pid else os.getpid()
        seccomp.install(processes=capabilities.pid, only_signal=alone, any_ioctl=bool(policy.devices))
