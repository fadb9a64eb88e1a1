"""Attacks that look for hidden tests, marks and other people's work."""

from __future__ import annotations

from tests.attacks.attack import ATTEMPT, CHANNEL, FULL, HONEST, Attack, attempts

__all__ = ["READING"]

NO_FILE = "mount namespace and Landlock: the file is not there"
NOT_HERE = "tests run in another process; this one never held them"

FILES = {
    "source": 'open("@SOURCE@").read()',
    "folder": 'os.listdir("@COURSE@/solutions")',
    "release": 'open("@COURSE@/exercises/01-fort/01-fort.ipynb").read()',
    "by_links": '(os.symlink("@SOURCE@", "link"), open("link").read())',
    "hard_link": 'os.link("@SOURCE@", "hard")',
    "by_dots": 'open("/usr/../" + "@SOURCE@").read()',
    "by_descriptor": 'os.open("@SOURCE@", os.O_PATH)',
    "by_root": 'open("/proc/1/root@SOURCE@").read()',
}
PROC = {
    "environment": 'open("/proc/self/environ").read()',
    "memory": 'open("/proc/self/mem", "rb").read(1)',
    "maps": 'open("/proc/self/maps").read()',
    "descriptors": 'os.listdir("/proc/self/fd")',
    "grader": 'open("/proc/@PID@/environ").read()',
    "command": 'open("/proc/@PID@/cmdline").read()',
    "folder": 'open("/proc/@PID@/cwd/x").read()',
    "process": 'found([p for p in os.listdir("/proc") if p.isdigit()])',
}

WALK = """
found = []
for folder, folders, files in os.walk("/"):
    if folder.count("/") > 4 or folder.startswith(("/usr", "/lib", "/bin", "/proc")) or "site-packages" in folder:
        folders.clear()
    for name in files:
        if name.endswith((".py", ".ipynb", ".db", ".json", ".txt")):
            try:
                text = open(os.path.join(folder, name), errors="replace").read(1_000_000)
            except OSError:
                continue
            found += [line for line in text.splitlines() if "secret" + "_" in line][:50]
print("ATTACK RAN:", len(found), found[:50])
"""

LOOK_AROUND = """
import sys, threading
def look(frame):
    seen = []
    while frame is not None:
        seen.append((frame.f_code.co_name, repr(frame.f_code.co_consts)[:3000], repr(dict(frame.f_locals))[:3000]))
        frame = frame.f_back
    return seen
def halve(x):
    print("ATTACK RAN:", look(sys._getframe()), [look(f) for f in sys._current_frames().values()])
    return x / 2
"""

TRACEBACKS = """
import sys, traceback, linecache, inspect
def halve(x):
    try:
        raise ValueError("look")
    except ValueError as error:
        trace = error.__traceback__
        texts = []
        frame = trace.tb_frame
        while frame is not None:
            try:
                texts.append(inspect.getsource(frame.f_code)[:3000])
            except (OSError, TypeError):
                pass
            frame = frame.f_back
    print("ATTACK RAN:", texts, list(linecache.cache), sys.exc_info(), getattr(sys, "last_value", None))
    print([v[2] for k, v in linecache.cache.items() if "cell" in k], get_ipython().user_ns.keys(), In)
    return x / 2
"""

COLLECTOR = """
import gc, types
marker = "secret" + "_"
gc.unfreeze()
def texts(thing):
    if type(thing) is dict:
        return [v for v in (*thing, *thing.values()) if type(v) is str]
    if type(thing) is types.FunctionType:
        return [repr(thing.__code__.co_consts), *thing.__code__.co_names]
    return []
def halve(x):
    hits = [text[:2000] for thing in gc.get_objects() for text in texts(thing) if marker in text]
    print("ATTACK RAN:", len(hits), hits[:50])
    return x / 2
"""

# Small objects lie in pools of 16 KiB, aligned: to read all of one never faults.
MEMORY = """
import ctypes, gc
gc.unfreeze()
def halve(x):
    pools = {id(thing) >> 14 for thing in gc.get_objects() if type(thing) is dict}
    marker, found = b"secret" + b"_", []
    for pool in pools:
        data = ctypes.string_at(pool << 14, 1 << 14)
        if marker in data:
            found.append(data[data.index(marker) :][:300])
    print("ATTACK RAN:", len(pools), found)
    return x / 2
"""

# Everything that crosses the border, with its time: nothing of a test but its calls is in it.
LISTEN = (
    CHANNEL
    + """
import gc, time
server = next(o for o in gc.get_objects() if type(o).__name__ == "Server")
receive, start = server._receive, time.perf_counter()
def listen(size):
    data = receive(size)
    print("ATTACK RAN:", round(time.perf_counter() - start, 6), bytes(data[:3000]))
    return data
server._receive = listen
def halve(x):
    return x / 2
"""
)

PACKAGES = {
    "tests": 'pathlib.Path("@SOURCE@").read_text()',
    "results": 'found(autograder.grading.results.ResultStore(pathlib.Path("@CLASS@")).all("01-fort"))',
    "engine": "autograder.engines.sealed.pair.Pair()",
    "gradebook": 'sqlite3.connect("file:@GRADEBOOK@?mode=rw", uri=True).execute("SELECT * FROM grade").fetchall()',
}

OTHERS = {
    "notebook": 'open("@OTHER@").read()',
    "folder": 'os.listdir("@CLASS@/submitted")',
    "marked": 'os.listdir("@CLASS@/autograded")',
    "results": 'os.listdir("@CLASS@/.autograder/results/01-fort")',
    "near": 'found([x for x in os.listdir("..") if "submitted" in x])',
    "home": 'open("@HOME@").read()',
    "root": 'os.listdir("/root")',
    "shadow": 'open("/etc/shadow").read()',
}

TRACES = f"""
import builtins, contextlib, os, tempfile, torch
{ATTEMPT}
left = [hasattr(builtins, "left"), hasattr(torch, "left"), os.path.exists("left"), os.path.exists("/tmp/left"),
        os.path.exists("/dev/shm/left"), "LEFT" in os.environ]
print("ATTACK RAN:", left, "a trace" if any(left) else "no trace")
builtins.left = torch.left = 1
os.environ["LEFT"] = "1"
open("left", "w").write("left")
open("/dev/shm/left", "w").write("left")
with contextlib.suppress(OSError):  # there is no own /tmp where the environment itself lies below it
    open("/tmp/left", "w").write("left")
{HONEST["halve"]}"""

NO_TRACE = "a fork of the zygote and a scratch folder of its own for each submission; both end with it"

READING = (
    Attack(
        "reads-tests-by-path",
        "opens the source of the hidden tests by its path, links, dots and descriptors",
        NO_FILE,
        attempts("os", **FILES),
        points=FULL,
    ),
    Attack(
        "reads-tests-by-search",
        "searches every file that it can read for lines of hidden tests",
        NO_FILE,
        "import os\n" + WALK + HONEST["halve"],
        points=FULL,
    ),
    Attack(
        "reads-proc",
        "reads /proc: its own memory map, other processes, the grader",
        "an own, nearly empty /proc",
        attempts("os", **PROC),
        points=FULL,
    ),
    Attack("reads-frames", "walks up the frames of its caller and of all threads", NOT_HERE, LOOK_AROUND, points=FULL),
    Attack(
        "reads-tracebacks",
        "raises, and reads frames, source lines and history of who called it",
        NOT_HERE,
        TRACEBACKS,
        points=FULL,
    ),
    Attack("reads-objects", "searches all Python objects for the tests with gc", NOT_HERE, COLLECTOR, points=FULL),
    Attack("reads-memory", "searches raw memory for the tests with ctypes", NOT_HERE, MEMORY, points=FULL),
    Attack(
        "reads-the-wire",
        "records every byte and the time of each request that comes from the test",
        "only calls and their arguments travel, never test code",
        LISTEN,
        points=FULL,
    ),
    Attack(
        "imports-the-autograder",
        "imports the grader's own modules and asks them for tests, results and gradebook",
        "the code is no secret; the files and processes that it would need are out of reach",
        attempts(
            "autograder.grading.results, autograder.assignment.rules, autograder.engines.sealed.pair, pathlib, sqlite3",
            **PACKAGES,
        ),
        points=FULL,
    ),
    Attack(
        "reads-other-work",
        "reads other students' notebooks, marks, and the instructor's files",
        NO_FILE,
        attempts("os", **OTHERS),
        points=FULL,
    ),
    Attack(
        "leaves-traces-1",
        "leaves files, attributes and variables for the next submission, and looks for them",
        NO_TRACE,
        TRACES,
        points=FULL,
        says=("no trace",),
        never=("a trace",),
    ),
    Attack(
        "leaves-traces-2",
        "the same code in another submission",
        NO_TRACE,
        TRACES,
        points=FULL,
        says=("no trace",),
        never=("a trace",),
    ),
)
