"""The watcher sleeps while there is nothing to see."""

from __future__ import annotations

import os
import select
import time
from collections.abc import Iterator
from contextlib import contextmanager

from autograder.isolation import Guard, ProcessLimits, Stop


@contextmanager
def watched(kind: type[Guard] = Guard, limits: ProcessLimits | None = None) -> Iterator[Guard]:
    """A guard of a child that says a word, closes its output and sleeps."""
    status, ready = os.pipe()
    output, write = os.pipe()
    proc = os.open("/proc", os.O_PATH | os.O_DIRECTORY)
    pid = os.fork()
    if pid == 0:
        os.write(ready, b"+")
        os.write(write, b"the last word")
        os.closerange(3, 100)
        time.sleep(30)
        os._exit(0)
    os.close(ready)
    os.close(write)
    yield kind(pid, limits or ProcessLimits(), proc=proc, status=status, output=output, own_pids=False)
    os.close(proc)


def test_an_output_that_is_closed_wakes_nobody() -> None:
    with watched() as guard:
        until = time.monotonic() + 20
        while len(guard.filenos()) > 1 and time.monotonic() < until:
            select.select(guard.filenos(), (), (), 0.02)
            guard.poll()
        assert bytes(guard.output) == b"the last word"
        assert select.select(guard.filenos(), (), (), 0.3) == ([], [], [])
        guard.kill()
        assert len(select.select(guard.filenos(), (), (), 20)[0]) == 1
        assert guard.close().stop is Stop.KILLED


class Costly(Guard):
    """Looks at a sandbox with so many mappings that each look takes 0.1 s of our CPU time."""

    looks = 0

    def _look_at_all(self) -> None:
        super()._look_at_all()
        self.looks += 1
        until = time.thread_time() + 0.1
        while time.thread_time() < until:
            pass


def test_what_a_sandbox_costs_to_watch_is_its_own_time() -> None:
    """A sandbox that only sleeps, and whose looks cost as much as a check may take, is ended for its CPU time."""
    limits = ProcessLimits(cpu_seconds=60, check_cpu_seconds=1.0, wall_seconds=60)
    with watched(Costly, limits) as guard:
        guard.begin_check()
        start, used = time.monotonic(), time.thread_time()
        end = guard.wait(40)
        assert end is not None
        assert end.stop is Stop.CPU
        assert 8 <= guard.looks <= 14
        assert time.thread_time() - used < 2.5
        assert time.monotonic() - start > 8 * 0.4  # and it was looked at less often
        assert end.cpu_seconds > 0.9
