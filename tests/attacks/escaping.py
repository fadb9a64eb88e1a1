"""Attacks that change what is not theirs, start or end processes, or reach the network and the kernel."""

from __future__ import annotations

from tests.attacks.attack import ATTEMPT, FULL, HONEST, Attack, attempts

__all__ = ["ESCAPING"]

NO_FILE = "mount namespace and Landlock: nothing but the scratch folder can be written"
SYSTEM_CALL = "seccomp refuses the system call; the namespace has nothing at its end"
NO_PROCESS = "pid namespace: nobody outside has a number, and the first process takes all others along"

WRITES = {
    "append": 'open("@GRADEBOOK@", "ab").write(b"x")',
    "marks": 'sqlite3.connect("@GRADEBOOK@").execute("UPDATE grade SET auto_score = 100")',
    "result": 'open("@CLASS@/.autograder/results/01-fort/writes-the-gradebook.json", "w").write("{}")',
    "marked": 'os.makedirs("@CLASS@/autograded/writes-the-gradebook/01-fort")',
    "feedback": 'os.makedirs("@CLASS@/feedback/writes-the-gradebook")',
}
OTHERS = {
    "write": 'open("@OTHER@", "w").write("{}")',
    "delete": 'os.remove("@OTHER@")',
    "rename": 'os.rename("@OTHER@", "mine")',
    "link": 'os.symlink("@OTHER@", "theirs") or open("theirs", "a").write("x")',
    "mode": 'os.chmod("@OTHER@", 0)',
    "home": 'open("@HOME@", "a").write("x")',
    "truncate": 'os.truncate("@HOME@", 0)',
    "folder": 'os.rmdir("@CLASS@/submitted")',
}
LIBRARIES = {
    "checks": 'open(convlab.checks.__file__, "a").write("#")',
    "grader": 'open(autograder.__file__, "a").write("#")',
    "torch": 'open(torch.__file__, "a").write("#")',
    "site": 'open(os.path.join(os.path.dirname(os.path.dirname(torch.__file__)), "x.pth"), "w")',
    "cached": 'open(convlab.checks.__cached__, "wb")',
    "system": 'open("/usr/lib/planted", "w")',
    "etc": 'open("/etc/ld.so.preload", "w")',
}

KILLS = f"""
import os, signal
{ATTEMPT}
attempt("its parent", lambda: found(os.getppid()))
attempt("the grader", lambda: os.kill(@PID@, 9))
attempt("the grader's group", lambda: os.killpg(@PID@, 9))
def anyone():
    for pid in range(2, 70_000):
        try:
            os.kill(pid, 9)
            return pid
        except ProcessLookupError:
            continue
    raise ProcessLookupError
attempt("zygote, examiner or anyone", anyone)
attempt("by a pidfd", lambda: os.pidfd_open(@PID@))
os.kill(os.getpid(), signal.SIGSTOP)
{HONEST["halve"]}"""

DAEMON = f"""
import os, signal, time
print("ATTACK RAN")
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)
        while True:
            time.sleep(0.05)
    os._exit(0)
{HONEST["halve"]}"""

PROGRAMS = {
    "shell": 'found(os.system("/bin/true") == 0)',
    "run": 'subprocess.run(["/bin/ls"])',
    "python": 'subprocess.run([sys.executable, "-c", "1"])',
    "exec": 'os.execv("/bin/ls", ["ls"])',
    "own": '(open("own", "w").write("#!/bin/sh"), os.chmod("own", 0o755), os.execv("./own", ["own"]))',
    "spawn": 'os.posix_spawn("/bin/ls", ["ls"], {})',
    "memory": "os.execve(os.memfd_create('x'), ['x'], {})",
    "type": 'fcntl.ioctl(0, 0x5412, b"x")',
}

NETWORK = {
    "tcp": 'socket.create_connection(("127.0.0.1", @TCP@), 1)',
    "udp": 'socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", @UDP@))',
    "tcp6": "socket.socket(socket.AF_INET6, socket.SOCK_STREAM)",
    "raw": "socket.socket(socket.AF_INET, socket.SOCK_RAW, 1)",
    "unix": 'socket.socket(socket.AF_UNIX).connect("@UNIX@")',
    "abstract": 'socket.socket(socket.AF_UNIX).connect("\\0@ABSTRACT@")',
    "pair": 'socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)[0].sendto(b"x", "\\0@ABSTRACT@")',
    "pair_path": 'socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)[0].sendto(b"x", "@UNIX@")',
    "name": 'socket.getaddrinfo("example.org", 80)',
    "netlink": "socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)",
    "vsock": "socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM)",
}

# name: number on x86-64, on aarch64
CALLS = {
    "io_uring_setup": (425, 425),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "keyctl": (250, 219),
    "open_by_handle_at": (304, 265),
    "init_module": (175, 105),
    "kexec_load": (246, 104),
    "setns": (308, 268),
    "unshare": (272, 97),
    "mount": (165, 40),
    "fsopen": (430, 430),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "pidfd_getfd": (438, 438),
    "setuid": (105, 146),
    "reboot": (169, 142),
    "sethostname": (170, 161),
}

KERNEL = f"""
import ctypes, os, platform
{ATTEMPT}
libc = ctypes.CDLL(None, use_errno=True)
column = 0 if platform.machine() == "x86_64" else 1
def call(numbers, *arguments):
    if libc.syscall(ctypes.c_long(numbers[column]), *map(ctypes.c_ulong, arguments)) < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return "done"
for name, numbers in {CALLS!r}.items():
    attempt(name, lambda: call(numbers, 0, 0, 0, 0, 0))
for bit in (0x20000, 0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000):
    attempt("clone into namespace " + hex(bit), lambda: call((56, 220), bit | 17, 0, 0, 0, 0))
attempt("trace the grader", lambda: call({CALLS["ptrace"]}, 16, @PID@, 0, 0))
attempt("become root", lambda: os.setuid(0))
attempt("raise a limit", lambda: __import__("resource").prlimit(@PID@, 7, (0, 0)))
attempt("priority", lambda: os.setpriority(os.PRIO_PROCESS, 0, -5))
{HONEST["halve"]}"""

ESCAPING = (
    Attack(
        "writes-the-gradebook",
        "gives itself marks in the gradebook, the stored results and the marked notebooks",
        NO_FILE,
        attempts("os, sqlite3", **WRITES),
        points=FULL,
    ),
    Attack(
        "spoils-other-work",
        "overwrites, deletes, renames and links other students' notebooks and files at home",
        NO_FILE,
        attempts("os", **OTHERS),
        points=FULL,
    ),
    Attack(
        "plants-code",
        "changes the grader's modules, torch and Python's start-up files for the next submission",
        NO_FILE,
        attempts("os, autograder, convlab.checks, torch", **LIBRARIES),
        points=FULL,
    ),
    Attack(
        "kills-parent-and-zygote",
        "kills its parent, the zygote, the grader and every process that has a number",
        NO_PROCESS,
        KILLS,
        points=FULL,
    ),
    Attack(
        "leaves-a-process",
        "leaves a daemon in a session of its own that ignores signals",
        NO_PROCESS,
        DAEMON,
        points=FULL,
    ),
    Attack(
        "starts-programs",
        "starts a shell, Python, a program of its own and one in memory",
        "seccomp: no execve",
        attempts("fcntl, os, subprocess, sys", **PROGRAMS),
        points=FULL,
    ),
    Attack(
        "opens-sockets",
        "connects to listeners by TCP, UDP, a Unix path and an abstract name, and asks for a name",
        SYSTEM_CALL,
        attempts("socket", **NETWORK),
        points=FULL,
    ),
    Attack(
        "calls-the-kernel",
        "io_uring, bpf, ptrace, mount, user and other namespaces, and 15 more system calls",
        SYSTEM_CALL,
        KERNEL,
        points=FULL,
    ),
)
