"""Attacks on time, memory, disk and output, and on the processes that run them."""

from __future__ import annotations

from autograder.model import Outcome
from tests.attacks.attack import CHANNEL, FULL, HONEST, REST, Attack

__all__ = ["EXHAUSTING"]

CPU = "the guard counts CPU time from outside and sends SIGKILL; the other tasks run in a new sandbox"
TIME = frozenset({Outcome.TIME_LIMIT})
CRASH = frozenset({Outcome.CRASHED})
LIMITS = frozenset({Outcome.TIME_LIMIT, Outcome.MEMORY_LIMIT, Outcome.OUTPUT_LIMIT, Outcome.CRASHED, Outcome.ERROR})
MEMORY = LIMITS - {Outcome.OUTPUT_LIMIT}


def answer(body: str, imports: str = "os") -> str:
    lines = "".join(f"    {line}\n" for line in body.strip("\n").split("\n"))
    return f'import {imports}\nprint("ATTACK RAN")\ndef halve(x):\n{lines}'


SWALLOW = """
for number in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:
    signal.signal(number, signal.SIG_IGN)
signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
while True:
    try:
        while True: pass
    except BaseException: continue
"""

HALF_A_GIGABYTE = "b = bytearray(b'x') * (60 << 20)"
FORKS = "while True:\n    try: os.fork()\n    except OSError: pass"
CHILDREN = f"""
for _ in range(20):
    if os.fork() == 0:
        {HALF_A_GIGABYTE}
        time.sleep(60)
time.sleep(60)
"""

FILL = f"""
import os
size = count = 0
try:
    with open("big", "wb") as file:
        while size < 1 << 34:
            size += file.write(bytes(1 << 20))
except OSError as error:
    print("ATTACK RAN:", error.strerror, "at", size >> 20, "MB", "-> GOT" if size >= 1 << 30 else "")
os.remove("big")
try:
    for count in range(1_000_000):
        open(f"f{{count}}", "x").close()
except OSError as error:
    print("ATTACK RAN:", error.strerror, "at", count, "files", "-> GOT" if count >= 100_000 else "")
{HONEST["halve"]}"""

SHOUT = f'print("ATTACK RAN")\nprint({{}})\n{HONEST["halve"]}'

COLLIDE = """
    node = ["d"]
    for i in range(1, 70_000):
        node += [i * (2**61 - 1), 1]
    send(["ok", None, [], [], node, [], []])
"""

EXHAUSTING = (
    Attack("loops", "never returns", CPU, answer("while True: pass"), outcomes=TIME),
    Attack(
        "loops-in-a-cell",
        "never ends its cell",
        CPU,
        'print("ATTACK RAN", flush=True)\nwhile True: pass',
        outcomes=TIME,
    ),
    Attack(
        "loops-in-torch",
        "never leaves torch's C++ code for long",
        CPU,
        answer("a = torch.ones(900, 900)\nwhile True: a @ a", "torch"),
        outcomes=TIME,
    ),
    Attack(
        "swallows-signals",
        "blocks and ignores all signals and swallows all exceptions in an endless loop",
        CPU,
        answer(SWALLOW, "signal"),
        outcomes=TIME,
    ),
    Attack(
        "sleeps",
        "waits for ever without using time",
        "a sandbox that does nothing for 10 s is ended",
        'import time\nprint("ATTACK RAN", flush=True)\ntime.sleep(10**6)',
        says=(),
        outcomes=TIME,
    ),
    Attack(
        "computes-in-children",
        "moves its endless loop into processes of their own that nobody waits for",
        CPU,
        answer("os.fork(); os.fork()\nwhile True: pass"),
        outcomes=TIME,
    ),
    Attack(
        "fork-bomb",
        "forks without end",
        "RLIMIT_NPROC in a user namespace of its own; then the CPU limit",
        answer(FORKS),
        outcomes=LIMITS,
    ),
    Attack(
        "thread-bomb",
        "starts threads without end",
        "RLIMIT_NPROC; then the CPU limit",
        answer(
            "while True:\n    try: threading.Thread(target=time.sleep, args=(99,)).start()\n"
            "    except RuntimeError: pass",
            "threading, time",
        ),
        outcomes=LIMITS,
    ),
    Attack(
        "eats-memory",
        "allocates without end",
        "RLIMIT_DATA, and the guard's count of what it holds",
        answer("b = []\nwhile True: b.append(bytearray(b'x') * (1 << 24))"),
        outcomes=MEMORY,
    ),
    Attack(
        "eats-memory-in-processes",
        "20 processes that each stay below the limit of one",
        "the guard adds the memory of all processes",
        answer(CHILDREN, "os, time"),
        outcomes=MEMORY,
    ),
    Attack(
        "eats-shared-memory",
        "shared mappings, which RLIMIT_DATA does not count",
        "the guard's count; RLIMIT_AS",
        answer("m = []\nwhile True:\n    m.append(mmap.mmap(-1, 1 << 24))\n    m[-1].write(b'x' * (1 << 24))", "mmap"),
        outcomes=MEMORY,
    ),
    Attack(
        "fills-the-disk",
        "writes a file and a number of files without end",
        "scratch is in memory, with a size and a number of files",
        FILL,
        points=FULL,
    ),
    Attack(
        "floods-output",
        "prints without end",
        "the guard counts output and kills",
        answer("while True: print('x' * 10_000)"),
        outcomes=LIMITS,
    ),
    Attack(
        "floods-errors",
        "writes to the descriptor of errors without end",
        "the guard counts output and kills",
        answer("while True: os.write(2, b'y' * 65536)"),
        outcomes=LIMITS,
    ),
    Attack(
        "prints-control-characters",
        "prints as many bytes as are kept, each of which JSON writes as six",
        "output travels as base64: its message fits the socket",
        SHOUT.format("chr(1) * 60_000"),
        points=FULL,
    ),
    Attack(
        "prints-other-alphabets",
        "prints as many letters as are kept that take six characters in JSON",
        "output travels as base64: its message fits the socket",
        SHOUT.format("chr(233) * 30_000"),
        points=FULL,
    ),
    Attack(
        "os-exit",
        "ends the process at once",
        "the guard, which saw the process end; nothing was returned",
        answer("os._exit(0)"),
        outcomes=CRASH,
    ),
    Attack(
        "os-exit-in-a-cell",
        "ends the process at once, before any test",
        "the guard, which saw the process end",
        'import os\nprint("ATTACK RAN", flush=True)\nos._exit(0)',
        outcomes=CRASH,
    ),
    Attack(
        "sys-exit",
        "raises SystemExit in the middle of a test",
        "an exception like any other",
        answer("sys.exit(0)", "sys"),
        outcomes=frozenset({Outcome.ERROR}),
    ),
    Attack(
        "segfault",
        "reads address 0",
        "the process ends, and it is the student's",
        answer("ctypes.string_at(0)", "ctypes"),
        outcomes=CRASH,
    ),
    Attack(
        "overflows-the-stack",
        "recurses without Python's limit",
        "the process ends, and it is the student's",
        answer("sys.setrecursionlimit(1 << 30)\nreturn halve(x)", "sys"),
        outcomes=frozenset({Outcome.CRASHED, Outcome.ERROR, Outcome.TIME_LIMIT, Outcome.MEMORY_LIMIT}),
    ),
    Attack(
        "too-deep-to-compile",
        "a sum of 60,000 terms, which exceeds the compiler's recursion",
        "an error of the shell itself is the cell's error",
        "x = " + "1+" * 60_000 + "1",
        says=(),
        outcomes=frozenset({Outcome.ERROR}),
    ),
    Attack(
        "hash-collisions",
        "sends a dict of 70,000 keys with one hash, which takes Python minutes to build",
        "keys that collide are refused before the dict is made",
        CHANNEL + 'print("ATTACK RAN")\ndef halve(x):' + COLLIDE + "    return x / 2\n",
        outcomes=CRASH,
    ),
    Attack(
        "infinite-answer",
        "returns a list that holds itself",
        "depth is counted: it cannot leave the sandbox",
        answer("a = []\na.append(a)\nreturn a"),
        outcomes=frozenset({Outcome.ERROR, Outcome.CRASHED, Outcome.FAILED}),
    ),
    Attack(
        "huge-answer",
        "returns a tensor of 10^12 numbers that takes no memory",
        "sizes are counted before any copy",
        answer("return torch.zeros(1).expand(10 ** 12)", "torch"),
        points=REST,
        outcomes=frozenset({Outcome.ERROR, Outcome.FAILED}),
    ),
)
