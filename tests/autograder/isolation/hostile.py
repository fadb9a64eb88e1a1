"""What hostile student code tries. Runs inside the sandbox: each returns what it got, or raises when it is stopped."""

from __future__ import annotations

import ctypes
import mmap
import os
import platform
import signal
import socket
import subprocess
import threading
import time

_libc = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long
_X86 = platform.machine() == "x86_64"

# name: (x86-64, aarch64), from asm/unistd_64.h and asm-generic/unistd.h
CALLS = {
    "accept4": (288, 242),
    "acct": (163, 89),
    "add_key": (248, 217),
    "bpf": (321, 280),
    "bind": (49, 200),
    "capset": (126, 91),
    "chroot": (161, 51),
    "clock_settime": (227, 112),
    "clone3": (435, 435),
    "connect": (42, 203),
    "delete_module": (176, 106),
    "execve": (59, 221),
    "execveat": (322, 281),
    "fanotify_init": (300, 262),
    "finit_module": (313, 273),
    "fsopen": (430, 430),
    "init_module": (175, 105),
    "inotify_init1": (294, 26),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "io_uring_setup": (425, 425),
    "kcmp": (312, 272),
    "kexec_file_load": (320, 294),
    "kexec_load": (246, 104),
    "keyctl": (250, 219),
    "listen": (50, 201),
    "lsm_set_self_attr": (460, 460),
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "migrate_pages": (256, 238),
    "mknodat": (259, 33),
    "mount": (165, 40),
    "mount_setattr": (442, 442),
    "move_mount": (429, 429),
    "move_pages": (279, 239),
    "mq_open": (240, 180),
    "msgget": (68, 186),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    "open_tree": (428, 428),
    "perf_event_open": (298, 241),
    "personality": (135, 92),
    "pidfd_getfd": (438, 438),
    "pidfd_open": (434, 434),
    "pivot_root": (155, 41),
    "process_madvise": (440, 440),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "ptrace": (101, 117),
    "quotactl": (179, 60),
    "reboot": (169, 142),
    "request_key": (249, 218),
    "rt_sigqueueinfo": (129, 138),
    "sched_setattr": (314, 274),
    "sched_setscheduler": (144, 119),
    "seccomp": (317, 277),
    "semget": (64, 190),
    "sethostname": (170, 161),
    "setns": (308, 268),
    "setpriority": (141, 140),
    "setuid": (105, 146),
    "shmget": (29, 194),
    "socket": (41, 198),
    "swapon": (167, 224),
    "syslog": (103, 116),
    "umount2": (166, 39),
    "unshare": (272, 97),
    "userfaultfd": (323, 282),
    "vmsplice": (278, 75),
    "a call of the future": (600, 600),
}


def call(name: str, *arguments: int) -> int:
    words = [ctypes.c_ulong(a & (1 << 64) - 1) for a in arguments]
    result = _libc.syscall(ctypes.c_long(CALLS[name][0 if _X86 else 1]), *words)
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return int(result)


def system_calls() -> dict[str, int]:
    """Make every refused call with harmless arguments; the error number tells the filter from the kernel."""
    answers = {}
    for name in CALLS:
        try:
            call(name, 0, 0, 0, 0, 0)
            answers[name] = 0
        except OSError as error:
            answers[name] = error.errno or -1
    return answers


def new_namespaces() -> dict[str, int]:
    number = 56 if _X86 else 220
    answers = {}
    for bit in (0x20000, 0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000):
        result = _libc.syscall(ctypes.c_long(number), ctypes.c_ulong(bit | signal.SIGCHLD), 0, 0, 0, 0)
        if result == 0:
            os._exit(0)
        answers[hex(bit)] = ctypes.get_errno() if result < 0 else 0
    return answers


def read(path: str) -> str:
    with open(path, "rb") as file:
        return file.read(4096).decode("latin-1")


def list_folder(path: str) -> list[str]:
    return sorted(os.listdir(path))


def read_through_link(path: str) -> str:
    os.symlink(path, "link")
    return read("link")


def read_through_dots(path: str) -> str:
    return read("../../../../../.." + path)


def hard_link(path: str) -> str:
    os.link(path, "hard")
    return read("hard")


def rename_away(path: str) -> bool:
    os.rename(path, "stolen")
    return True


def write(path: str) -> bool:
    with open(path, "wb") as file:
        file.write(b"pwned")
    return True


def write_through_link(path: str) -> bool:
    os.symlink(path, "out")
    return write("out")


def change_mode(path: str) -> bool:
    os.chmod(path, 0o777)
    return True


def delete(path: str) -> bool:
    os.unlink(path)
    return True


def fill_scratch(size: int) -> int:
    written = 0
    try:
        for number in range(10_000):
            with open(f"file{number}", "wb", buffering=0) as file:
                for _ in range(16):
                    written += file.write(bytes(1 << 20))
            if written > size:
                break
    except OSError:
        pass
    return written


def many_files(count: int) -> int:
    made = 0
    try:
        for number in range(count):
            os.close(os.open(f"n{number}", os.O_CREAT | os.O_WRONLY))
            made += 1
    except OSError:
        pass
    return made


def leave_traces() -> bool:
    for path in ("secret", "/tmp/secret", "/dev/shm/secret"):
        write(path)
    time.sleep(60)
    return True


def find_traces() -> list[str]:
    return [
        os.path.join(folder, name)
        for top in ("/scratch", "/tmp/", "/dev/shm/", "/var", "/run")
        for folder, _, names in os.walk(top)
        for name in names
    ]


def open_socket(family: int, kind: int) -> bool:
    socket.socket(family, kind).close()
    return True


def connect_tcp(port: int) -> bool:
    socket.create_connection(("127.0.0.1", port), timeout=2).close()
    return True


def connect_unix(name: str) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as plug:
        plug.connect(name)
    return True


def repoint_pair(name: str) -> bool:
    one, _ = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    one.connect(name)
    return True


def connect_pair_stream(name: str) -> bool:
    one, _ = socket.socketpair()
    one.connect(name)
    return True


def ptrace_attach(pid: int) -> int:
    return call("ptrace", 16, pid, 0, 0)


def read_memory(pid: int) -> bytes:
    buffer = ctypes.create_string_buffer(8)
    vector = (ctypes.c_ulong * 2)(ctypes.addressof(buffer), 8)
    call("process_vm_readv", pid, ctypes.addressof(vector), 1, ctypes.addressof(vector), 1, 0)
    return buffer.raw


def kill(pid: int) -> bool:
    os.kill(pid, signal.SIGKILL)
    return True


def kill_all_others() -> bool:
    for pid in range(2, 40_000):
        try:
            os.kill(pid, signal.SIGKILL)
        except OSError:
            continue
        return True
    raise PermissionError("there is nobody else")


def kill_parent() -> int:
    return os.getppid()


def fork_bomb() -> int:
    made = 0
    for _ in range(5000):
        try:
            if os.fork() == 0:
                time.sleep(60)
                os._exit(0)
        except OSError:
            break
        made += 1
    return made


def thread_bomb() -> int:
    stop = threading.Event()
    made = 0
    for _ in range(5000):
        try:
            threading.Thread(target=stop.wait, daemon=True).start()
        except RuntimeError:
            break
        made += 1
    stop.set()
    return made


def fork_for_ever() -> None:
    while True:
        try:
            os.fork()
        except OSError:
            time.sleep(0.01)


def daemonise(heartbeat: int) -> bool:
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
                signal.signal(number, signal.SIG_IGN)
            while True:
                os.write(heartbeat, b".")
                time.sleep(0.01)
        os._exit(0)
    time.sleep(0.2)
    return True


def eat_memory() -> int:
    held = []
    while True:
        held.append(bytearray(b"x") * (16 << 20))


def eat_shared_memory() -> int:
    held = []
    while True:
        held.append(mmap.mmap(-1, 16 << 20))
        held[-1].write(b"x" * (16 << 20))


def eat_memory_in_processes() -> None:
    for _ in range(20):
        if os.fork() == 0:
            held = bytearray(b"x") * (60 << 20)
            time.sleep(60)
            os._exit(len(held) & 1)
    time.sleep(60)


def spin() -> None:
    for number in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:
        signal.signal(number, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    while True:
        try:
            while True:
                pass
        except BaseException:
            continue


def spin_in_children() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        pid = os.fork()
        if pid == 0:
            until = time.process_time() + 0.08
            while time.process_time() < until:
                pass
            os._exit(0)
        try:
            os.waitpid(pid, 0)
        except ChildProcessError:  # it is over, and its time was counted nowhere
            continue


def spin_in_orphans() -> None:
    for _ in range(4):
        if os.fork() == 0:
            os.setsid()
            spin()
    time.sleep(60)


def sleep() -> None:
    while True:
        time.sleep(1)


def flood() -> None:
    while True:
        os.write(1, b"x" * 65536)


def flood_errors() -> None:
    _libc.dprintf(2, b"%s", b"x" * 100)
    while True:
        os.write(2, b"y" * 1000)


def run_program() -> bool:
    subprocess.run(["/bin/ls"], check=True)
    return True


def run_shell() -> bool:
    if os.system("/bin/true"):
        raise PermissionError("no shell")
    return True


def run_own_program() -> bool:
    write("program")
    os.chmod("program", 0o755)
    os.execv("./program", ["program"])
    return True


def raise_limits() -> list[str]:
    import resource

    raised = []
    for name in ("CPU", "DATA", "AS", "NPROC", "NOFILE", "FSIZE", "CORE", "STACK", "NICE", "RTPRIO"):
        kind = getattr(resource, f"RLIMIT_{name}")
        soft, hard = resource.getrlimit(kind)
        try:
            resource.setrlimit(kind, (soft, hard + 1))
            raised.append(name)
        except (OSError, ValueError):
            pass
    return raised


def limits_of_another(pid: int) -> bool:
    import resource

    resource.prlimit(pid, resource.RLIMIT_NOFILE, (0, 0))
    return True


def raise_priority() -> int:
    return os.setpriority(os.PRIO_PROCESS, 0, -5) or 1


def descriptors() -> list[int]:
    found = []
    for fd in range(4096):
        try:
            os.fstat(fd)
            found.append(fd)
        except OSError:
            continue
    return found


def environment() -> dict[str, str]:
    return dict(os.environ)


def identity() -> dict[str, object]:
    return {"pid": os.getpid(), "parent": os.getppid(), "host": socket.gethostname(), "uid": os.getuid()}


def become_root() -> bool:
    os.setuid(0)
    return True


def rename_machine() -> bool:
    if _libc.sethostname(b"mine", 4):
        raise OSError(ctypes.get_errno(), "sethostname")
    return True


def mount_something() -> bool:
    os.mkdir("here")
    if _libc.mount(b"tmpfs", b"here", b"tmpfs", ctypes.c_ulong(0), None):
        raise OSError(ctypes.get_errno(), "mount")
    return True


def be_watched_no_more() -> bool:
    if _libc.prctl(1, 0, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl")
    return True


def type_for_others() -> bool:
    import fcntl

    fcntl.ioctl(0, 0x5412, b"x")
    return True


def x32_call() -> int:
    return int(_libc.syscall(ctypes.c_long(0x4000_0000 + 39)))


def call_as_32_bit() -> int:
    code = b"\xb8\x14\x00\x00\x00\xcd\x80\xc3"  # mov eax, 20; int 0x80; ret
    page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    page.write(code)
    address = ctypes.addressof(ctypes.c_char.from_buffer(page))
    return int(ctypes.CFUNCTYPE(ctypes.c_long)(address)())


def leave_quietly() -> None:
    os._exit(0)


def crash() -> None:
    ctypes.string_at(0)
