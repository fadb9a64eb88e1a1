"""Run the reference once in the examiner's warm parent, so that no examiner pays for the first use of anything.

Trusted code only: the instructor's answers and the checks, all in one process. What costs time the first time is kept
for the processes forked later: kernels that oneDNN compiles for each shape, modules that a check imports, caches.
"""

from __future__ import annotations

import contextlib
import io
import linecache
import marshal
import os
import signal
import warnings
from typing import Any

from autograder.engines.sealed.compiled import plain, prepare
from autograder.engines.sealed.session import Role, Session, SessionCell, seed_of
from autograder.engines.sealed.warm import seed_all

__all__ = ["rehearse"]

_FIT = 42  # not what code that ends the process by itself would give


def rehearse(session: Session) -> bool:
    """Run the cells of ``session`` here; return False, with nothing run here, if they would leave this process unfit.

    A child tries first: code that crashes, hangs, or leaves threads behind would spoil every later fork.
    """
    child = os.fork()
    if child == 0:
        code = 1
        try:
            signal.setitimer(
                signal.ITIMER_PROF, session.rules.limits.cpu_seconds
            )  # nobody handles it: it ends the child
            signal.setitimer(signal.ITIMER_REAL, 4 * session.rules.limits.cpu_seconds)
            threads = _threads()
            _run(session)
            code = _FIT if _threads() == threads else 1
        finally:
            os._exit(code)
    if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != _FIT:
        return False
    _run(session)
    return True


def _threads() -> int:
    return len(os.listdir("/proc/self/task"))


def _run(session: Session) -> None:
    import torch

    namespace: dict[str, Any] = {"__name__": "__main__"}
    dtype, environment, folder = torch.get_default_dtype(), dict(os.environ), os.getcwd()
    try:
        with (
            warnings.catch_warnings(),
            contextlib.redirect_stdout(io.StringIO()),
            contextlib.redirect_stderr(io.StringIO()),
        ):
            warnings.simplefilter("ignore")
            for cell in session.cells:
                with contextlib.suppress(Exception):
                    _execute(cell, namespace)
    finally:
        torch.set_default_dtype(dtype)
        torch.set_grad_enabled(True)
        os.environ.clear()
        os.environ.update(environment)
        os.chdir(folder)
        linecache.clearcache()
        seed_all(0)


def _execute(cell: SessionCell, namespace: dict[str, Any]) -> None:
    name = f"<cell {cell.number}>"
    if cell.role is Role.STUDENT:
        exec(compile(plain(cell.source), name, "exec"), namespace)
        return
    if cell.role is Role.CHECK:
        seed_all(seed_of(cell, "examiner"))
    exec(marshal.loads((cell.compiled or prepare(cell.source, cell.number)).code), namespace)
