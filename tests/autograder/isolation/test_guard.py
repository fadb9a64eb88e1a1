"""The watcher sleeps while there is nothing to see."""

from __future__ import annotations

import os
import select
import time

from autograder.isolation import Guard, ProcessLimits, Stop


def test_an_output_that_is_closed_wakes_nobody() -> None:
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
    guard = Guard(pid, ProcessLimits(), proc=proc, status=status, output=output, own_pids=False)
    until = time.monotonic() + 20
    while len(guard.filenos()) > 1 and time.monotonic() < until:
        select.select(guard.filenos(), (), (), 0.02)
        guard.poll()
    assert bytes(guard.output) == b"the last word"
    assert select.select(guard.filenos(), (), (), 0.3) == ([], [], [])
    guard.kill()
    assert len(select.select(guard.filenos(), (), (), 20)[0]) == 1
    assert guard.close().stop is Stop.KILLED
    os.close(proc)
