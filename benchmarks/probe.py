"""Time what happens in the warm processes and their children; imported there as one of a pair's ``preload`` modules.

It replaces functions of the engine by timed ones when it is imported. Each process says what it measured as a line of
JSON on its stderr, which the pair keeps in a file. A sandbox has no way to say anything: it writes to memory that it
shares with its zygote, which speaks for it. Nothing of this is loaded when a class is graded.
"""

from __future__ import annotations

import contextlib
import json
import mmap
import os
import resource
import sys
from pathlib import Path
from time import thread_time
from typing import Any

from benchmarks.spans import Spans

__all__ = ["MARK", "private_bytes", "read_records", "watch_memory"]

MARK = "@measured "
_SLOTS, _SLOT = 32, 1 << 14
_memory: list[bool] = []
_spans = Spans()


def watch_memory() -> None:
    """Also read each child's private memory at its end: 5 ms each, hence in runs of their own."""
    _memory.append(True)


def private_bytes(pid: int | str) -> int:
    """Return the memory that process ``pid`` shares with no other; 0 when it is gone."""
    total = 0
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
            if line.startswith(("Private_Dirty:", "Private_Clean:")):
                total += int(line.split()[1]) << 10
    return total


def read_records(text: str) -> list[dict[str, Any]]:
    """Return what the processes of a pair have said among ``text``."""
    return [json.loads(line.partition(MARK)[2]) for line in text.splitlines() if MARK in line]


def _say(**record: Any) -> None:
    os.write(2, f"{MARK}{json.dumps(record)}\n".encode())


def _timed_fork(spans: Spans, before: Any = lambda: None, after: Any = lambda pid: None) -> None:
    fork = os.fork

    def timed() -> int:
        before()
        start = thread_time()
        pid = fork()
        if pid:
            spans.add_within("fork", thread_time() - start)
            after(pid)
        return pid

    os.fork = timed
    os.register_at_fork(after_in_child=spans.reset)


def _in_examiner() -> None:
    from autograder.engines.sealed.examiner import grading, link, remote

    spans = _spans
    _timed_fork(spans)
    import pickle

    spans.wrap(pickle, "load", "read the session")
    Grading: Any = grading.Grading
    made, ran, closed = Grading.__init__, Grading.run, link.Link.close
    waitpid = os.waitpid
    first: list[bool] = []

    def init(self: Any, session: Any, zygote: Any, report: Any, *more: Any, **others: Any) -> None:
        first[:] = [True]
        told = sum(seconds for _, seconds in spans.totals.values())
        spans.add("begin after the fork", thread_time() - told)
        report = spans.timed(report, "report cells")
        spans.timed(made, "make namespace, ask for a sandbox")(self, session, zygote, report, *more, **others)

    def run(self: Any) -> None:
        spans.timed(ran, "loop over the cells")(self)
        usage = resource.getrusage(resource.RUSAGE_SELF)
        _say(who="examiner", pid=os.getpid(), cpu=thread_time(), spans=spans.totals, minflt=usage.ru_minflt)

    def close(self: Any) -> None:
        if _memory and first:
            first.clear()
            _say(who="memory", examiner=private_bytes("self"), sandbox=private_bytes(self.pid or 0))
        spans.timed(closed, "end the sandbox (message)")(self)

    def wait(pid: int, options: int) -> tuple[int, int]:
        found, status, used = os.wait4(pid, options)
        if found:
            cpu = used.ru_utime + used.ru_stime
            parent = {"spans": spans.totals, "cpu": thread_time()}
            _say(who="examiner ended", pid=found, cpu=cpu, minflt=used.ru_minflt, parent=parent)
        return found, status

    Grading.__init__, Grading.run, link.Link.close, os.waitpid = init, run, close, wait
    del waitpid

    def role_of(self: Any, cell: Any, *_: Any) -> str:
        return f"run {cell.role} cells"

    spans.wrap(Grading, "_execute", role_of)
    spans.wrap(Grading, "_check", "around a check: names, seeds, limits")
    spans.wrap(Grading, "_cell", "around a cell")
    spans.wrap(grading.backend, "use", "set the checks' backend")
    for name in ("begin_check", "printed", "own_seconds", "cpu_seconds"):
        spans.wrap(link.Link, name, "talk to the guard")
    spans.wrap(remote.Remote, "_request", lambda self, op, *_: f"values of {op}")
    spans.wrap(link.Link, "exchange", lambda self, node, raw: f"message {node[0]}")


def _in_zygote() -> None:
    from autograder.engines.sealed.sandbox import server, zygote
    from autograder.isolation import guard, sealing

    own, spans = _spans, Spans()  # of the zygote, of the sandbox
    board = mmap.mmap(-1, _SLOTS * _SLOT)
    slots: dict[int, int] = {}
    number = [0]
    enter, handle, wait4 = sealing.enter, server.Server._handle, os.wait4

    def before() -> None:
        number[0] = (number[0] + 1) % _SLOTS
        board[number[0] * _SLOT : number[0] * _SLOT + 4] = bytes(4)

    def after(pid: int) -> None:
        slots[pid] = number[0]

    def publish() -> None:
        data = json.dumps({"spans": spans.totals, "cpu": thread_time()}).encode()[: _SLOT - 4]
        at = number[0] * _SLOT
        board[at : at + 4 + len(data)] = len(data).to_bytes(4, "big") + data

    def isolate(*args: Any, **kwargs: Any) -> None:
        spans.add("begin after the fork", thread_time())
        spans.timed(enter, "isolate itself")(*args, **kwargs)
        publish()

    def label(self: Any, node: Any, raw: Any) -> str:
        return f"run cell {node[5]}" if node[0] == "run" else f"request {node[0]}"

    timed_handle = spans.timed(handle, label)

    def answer(self: Any, node: Any, raw: Any) -> Any:
        try:
            return timed_handle(self, node, raw)
        finally:
            publish()

    def wait(pid: int, options: int) -> Any:
        found = wait4(pid, options)
        if found[0]:
            at = slots.pop(found[0], 0) * _SLOT
            size = int.from_bytes(board[at : at + 4], "big")
            said = json.loads(board[at + 4 : at + 4 + size] or b"{}")
            parent = {"spans": own.totals, "cpu": thread_time()}
            used = found[2]
            cpu = used.ru_utime + used.ru_stime
            _say(who="sandbox ended", pid=found[0], cpu=cpu, minflt=used.ru_minflt, said=said, parent=parent)
        return found

    sealing.enter, server.Server._handle, os.wait4 = isolate, answer, wait  # type: ignore[assignment]
    _timed_fork(own, before, after)
    own.wrap(zygote.Zygote, "_start", "start a sandbox, without the fork")
    own.wrap(zygote.Zygote, "_watch", "watch")
    own.wrap(guard.Guard, "_measure", "measure use")
    own.wrap(zygote, "_tell", "tell the examiner")


if "autograder.engines.sealed.examiner.parent" in sys.modules:
    _in_examiner()
elif "autograder.engines.sealed.sandbox.zygote" in sys.modules:
    _in_zygote()
if _spans.missing:
    _say(who="missing", names=_spans.missing)
