"""What a command cost is all that was burnt below it: by orphans, and by a sandbox in its namespaces too."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.accounting import Usage, in_flight_bytes, run, tree_bytes

pytestmark = pytest.mark.thorough  # processes burn CPU time for seconds, to be counted

ROOT = Path(__file__).resolve().parents[2]
BURN = "import time\ndef burn(seconds):\n    while time.process_time() < seconds:\n        pass\n"
ORPHAN = f"""{BURN}
import os
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        burn(1.0)
    os._exit(0)
os.wait()
burn(0.5)
"""
SANDBOX = """
import json, os, resource, sys, threading, time
from benchmarks.accounting import in_flight_bytes, tree_bytes, tree_cpu
from autograder.engines.sealed.pair import Interrupted, Pair
from autograder.engines.sealed.session import SessionCell, Role, Rules, Session

def session(source):
    return Session((SessionCell(0, Role.STUDENT, source),), Rules())

def left_alone():
    try:
        pair.run(session("while True: pass"))
    except Interrupted:
        print("interrupted", flush=True)

with Pair() as pair:
    (first,) = pair.run(session("x = 1"))
    assert not first.end.error, first.end
    before = tree_cpu(os.getpid())
    source = "import time\\nend = time.thread_time() + 1\\nwhile time.thread_time() < end: pass"
    (run,) = pair.run(session(source))
    assert not run.end.error, run.end
    thread = threading.Thread(target=left_alone)
    thread.start()
    time.sleep(1)
thread.join()
children, own = resource.getrusage(resource.RUSAGE_CHILDREN), resource.getrusage(resource.RUSAGE_SELF)
after = sum(usage.ru_utime + usage.ru_stime for usage in (children, own))
with open(sys.argv[1], "w") as file:
    json.dump({"before": before, "after": after, "cell": run.cpu_seconds}, file)
"""

ONE_MEMORY = """
import ctypes, os, signal, subprocess, sys, time

def hold(megabytes):
    memory = b"x" * (megabytes << 20)
    time.sleep(1)
    os._exit(len(memory) == 0)

if len(sys.argv) == 1:  # both halves, as processes that are recognised by their command
    half = [sys.executable, "-S", "-c", os.environ["SOURCE"]]
    halves = [subprocess.Popen([*half, f"autograder.engines.sealed.{name}"]) for name in ("sandbox", "examiner")]
    sys.exit(max(each.wait() for each in halves))
if sys.argv[1].endswith("sandbox") and os.fork():
    sys.exit(os.waitstatus_to_exitcode(os.wait()[1]))
if not os.fork():
    hold(20)
memory = b"x" * (100 << 20)
libc, stack, shared = ctypes.CDLL(None), ctypes.create_string_buffer(1 << 16), 0x100
top = ctypes.c_void_p(ctypes.addressof(stack) + (1 << 15))
program = libc.clone(libc.pause, top, shared | signal.SIGCHLD, None)  # like a vfork whose exec takes its time
assert program > 0
time.sleep(1)
os.kill(program, signal.SIGKILL)
assert os.waitstatus_to_exitcode(os.waitpid(-1, 0)[1]) in (0, -9)
assert os.waitstatus_to_exitcode(os.waitpid(-1, 0)[1]) in (0, -9)
os._exit(0)
"""


def measured(*command: str, memory: object = None) -> Usage:
    return run([sys.executable, *command], cwd=ROOT, environment={"PYTHONPATH": str(ROOT)}, memory=memory)  # type: ignore[arg-type]


def test_a_process_and_an_orphan_are_counted_and_waited_for() -> None:
    usage = measured("-S", "-c", ORPHAN)
    assert usage.cpu_seconds >= 1.5
    assert usage.cpu_seconds < 4
    assert (usage.code, usage.processes, usage.killed) == (0, 2, 0)


def test_a_command_that_fails_is_an_error_with_its_code() -> None:
    with pytest.raises(subprocess.CalledProcessError) as raised:
        measured("-S", "-c", "raise SystemExit(7)")
    assert raised.value.returncode == 7


def test_what_a_sandbox_burns_is_in_the_sum_of_all_children(tmp_path: Path) -> None:
    log = tmp_path / "log.txt"
    command = [sys.executable, "-c", SANDBOX, str(tmp_path / "said.json")]
    usage = run(command, cwd=ROOT, environment={"PYTHONPATH": str(ROOT)}, log=log, memory=in_flight_bytes)
    assert log.read_text() == "interrupted\n"
    said = json.loads((tmp_path / "said.json").read_text())
    assert said["cell"] >= 0.95
    assert said["after"] - said["before"] >= 0.95
    assert usage.cpu_seconds >= said["after"] - 0.05
    assert usage.cpu_seconds < said["after"] + 3
    # A sandbox and an examiner hold some MB of their own; the processes kept warm, with hundreds each, are not meant,
    # nor is what a pair leaves behind that ends while a submission is at work.
    assert 1e6 < usage.private_bytes < 150e6


def test_a_program_about_to_start_has_no_memory_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE", ONE_MEMORY)
    usage = measured("-S", "-c", ONE_MEMORY, memory=in_flight_bytes)
    assert 40e6 < usage.private_bytes < 80e6


def test_the_memory_of_a_tree_is_that_of_what_runs_in_it() -> None:
    usage = measured("-S", "-c", "import time\nx = b'x' * 60_000_000\ntime.sleep(0.5)", memory=tree_bytes)
    assert usage.private_bytes > 60e6
    assert usage.private_bytes < 120e6
