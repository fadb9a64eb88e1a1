"""Each hostile action is stopped, and the thing it wanted did not happen."""

from __future__ import annotations

import errno
import os
import platform
import socket
import subprocess
import sys
import time

import pytest

ERRORS = {"PermissionError", "FileNotFoundError", "OSError", "ProcessLookupError", "NotADirectoryError"}
SYSTEM_FILES = ["/etc/shadow", "/etc/hostname", "/proc/1/environ", "/proc/self/environ", "/proc/self/maps", "/dev/kmsg"]
DEVICES = ["/dev/mem", "/dev/kvm", "/dev/vda", "/dev/tty", "/dev/ptmx", "/dev/fuse", "/dev/loop-control"]
NEVER_YOURS = ["/usr/planted", "/etc/passwd", "/planted", "/dev/planted", "/proc/planted", "/root/planted"]
SOCKETS = {
    "tcp": (socket.AF_INET, socket.SOCK_STREAM),
    "tcp6": (socket.AF_INET6, socket.SOCK_STREAM),
    "udp": (socket.AF_INET, socket.SOCK_DGRAM),
    "raw": (socket.AF_INET, socket.SOCK_RAW),
    "unix": (socket.AF_UNIX, socket.SOCK_STREAM),
    "unix datagram": (socket.AF_UNIX, socket.SOCK_DGRAM),
    "netlink": (socket.AF_NETLINK, socket.SOCK_RAW),
    "packet": (socket.AF_PACKET, socket.SOCK_RAW),
    "vsock": (socket.AF_VSOCK, socket.SOCK_STREAM),
    "alg": (socket.AF_ALG, socket.SOCK_SEQPACKET),
}


def stopped(answer) -> bool:
    return answer["stop"] == "exited" and answer["result"].get("stopped") in ERRORS


@pytest.fixture
def victim():
    """A process of the same user as this test, standing for the examiner."""
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    yield process
    assert process.poll() is None
    process.communicate(b"\n")


def test_the_sandbox_is_at_full_strength(zygote):
    assert zygote.greeting["ready"] is True
    assert zygote.greeting["uid"] != 0
    who = zygote.ask("identity")["result"]["got"]
    assert who == {"pid": 1, "parent": 0, "host": "sandbox", "uid": zygote.greeting["uid"]}


# files


@pytest.mark.parametrize(
    "path", SYSTEM_FILES + DEVICES + [__file__, "/proc/1/mem", "/proc/1/fd", "/sys/kernel/vmcoreinfo"]
)
def test_it_reads_nothing_of_the_machine(zygote, path):
    assert stopped(zygote.ask("read", path=path))


@pytest.mark.parametrize("action", ["read", "read_through_link", "read_through_dots", "hard_link", "rename_away"])
def test_it_reads_no_planted_secret(zygote, outside, action):
    assert stopped(zygote.ask(action, path=str(outside / "secret")))
    assert (outside / "secret").read_text() == "the hidden test"


@pytest.mark.parametrize("inside", ["environ", "mem", "maps", "cwd/x", "root/etc/shadow", "fd/0"])
def test_it_reads_nothing_of_another_process(zygote, victim, inside):
    assert stopped(zygote.ask("read", path=f"/proc/{victim.pid}/{inside}"))


def test_system_folders_hold_the_least(zygote):
    assert zygote.ask("list_folder", path="/proc")["result"] == {"got": ["cpuinfo", "meminfo"]}
    assert stopped(zygote.ask("list_folder", path="/dev"))
    assert zygote.ask("read", path="/dev/null")["result"] == {"got": ""}


@pytest.mark.parametrize("action", ["write", "write_through_link", "change_mode", "delete"])
def test_it_changes_no_file_outside(zygote, outside, action):
    secret = outside / "secret"
    before = secret.stat()
    assert stopped(zygote.ask(action, path=str(secret)))
    assert secret.read_text() == "the hidden test"
    assert secret.stat().st_mode == before.st_mode


@pytest.mark.parametrize("path", [*NEVER_YOURS, os.path.dirname(os.__file__) + "/planted.py", f"{sys.prefix}/planted"])
def test_it_writes_nowhere_but_in_scratch(zygote, path):
    before = os.path.exists(path) and os.stat(path).st_mtime_ns
    assert stopped(zygote.ask("write", path=path))
    assert (os.path.exists(path) and os.stat(path).st_mtime_ns) == before
    assert zygote.ask("write", path="mine")["result"] == {"got": True}


@pytest.mark.parametrize("action", ["write", "change_mode", "delete"])
def test_even_a_readable_file_cannot_be_changed(start, outside, action):
    secret = outside / "secret"
    opened = start(readable=(str(outside),))
    assert opened.ask("read", path=str(secret))["result"] == {"got": "the hidden test"}
    assert stopped(opened.ask(action, path=str(secret)))
    assert secret.read_text() == "the hidden test"
    assert secret.stat().st_mode & 0o777 == 0o666


def test_scratch_has_a_size(zygote):
    size = 24 << 20
    answer = zygote.ask("fill_scratch", size=2 * size, limits={"scratch_bytes": size})
    assert 8 << 20 < answer["result"]["got"] <= size


def test_scratch_has_a_number_of_files(zygote):
    assert 100 < zygote.ask("many_files", count=100_000)["result"]["got"] < 8192


def test_submissions_do_not_see_each_other(zygote):
    zygote.ask("leave_traces", background=True)
    time.sleep(0.3)
    assert zygote.ask("find_traces")["result"] == {"got": []}
    assert stopped(zygote.ask("kill_all_others"))
    assert [answer["stop"] for answer in zygote.ask("stop background")] == ["killed"]
    assert zygote.ask("find_traces")["result"] == {"got": []}


# network


@pytest.mark.parametrize("name", SOCKETS)
def test_it_opens_no_socket(zygote, name):
    family, kind = SOCKETS[name]
    answer = zygote.ask("open_socket", family=family, kind=kind)
    assert answer["result"] == {"stopped": "PermissionError", "errno": errno.EPERM}


def test_it_reaches_no_server(zygote):
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        assert stopped(zygote.ask("connect_tcp", port=server.getsockname()[1]))
        with pytest.raises(TimeoutError):
            server.accept()


@pytest.mark.parametrize("action", ["connect_unix", "repoint_pair", "connect_pair_stream"])
@pytest.mark.parametrize("abstract", [True, False])
def test_it_reaches_no_unix_socket(zygote, outside, action, abstract):
    name = "\0planted" if abstract else str(outside / "socket")
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as server:
        server.bind(name)
        server.listen()
        server.settimeout(0.2)
        assert stopped(zygote.ask(action, name=name))
        with pytest.raises(TimeoutError):
            server.accept()


# processes


@pytest.mark.parametrize("action", ["ptrace_attach", "read_memory", "kill", "limits_of_another"])
def test_it_touches_no_other_process(zygote, victim, action):
    for pid in (victim.pid, zygote.process.pid, os.getpid()):
        assert stopped(zygote.ask(action, pid=pid))
    assert zygote.ask("identity")["stop"] == "exited"


@pytest.mark.parametrize("pid", [-1, 0, 1])
def test_killing_everyone_kills_nobody_outside(zygote, victim, pid):
    zygote.ask("kill", pid=pid)
    assert victim.poll() is None
    assert zygote.ask("identity")["stop"] == "exited"


def test_it_knows_no_parent(zygote):
    assert zygote.ask("kill_parent")["result"] == {"got": 0}


def test_a_fork_bomb_is_bounded(zygote):
    started = time.monotonic()
    answer = zygote.ask("fork_bomb", limits={"processes": 20})
    assert 0 < answer["result"]["got"] < 20
    assert time.monotonic() - started < 10


def test_a_thread_bomb_is_bounded(zygote):
    assert 0 < zygote.ask("thread_bomb", limits={"processes": 20})["result"]["got"] < 20


def test_forking_for_ever_ends(zygote):
    answer = zygote.ask("fork_for_ever", limits={"cpu_seconds": 1, "wall_seconds": 5, "processes": 16})
    assert answer["stop"] in {"cpu time", "wall time"}
    assert answer["wall_seconds"] < 10


def test_one_bomb_leaves_others_their_processes(zygote):
    zygote.ask("fork_bomb", limits={"processes": 20}, background=True)
    assert zygote.ask("fork_bomb", limits={"processes": 20})["result"]["got"] > 10
    zygote.ask("stop background")


def test_a_daemon_dies_with_its_submission(zygote):
    # The channel is read to its end before the answer comes: a living daemon would hold it open for ever.
    answer = zygote.ask("daemonise", heartbeat="CHANNEL")
    assert answer["stop"] == "exited"
    assert answer["wall_seconds"] < 5


def test_sandboxes_die_with_their_zygote(start):
    zygote = start()
    zygote.ask("sleep", background=True)
    zygote.process.kill()
    assert zygote.process.stdout.read() == ""  # the zygote itself, not only the process we started, is gone
    zygote.process.wait(5)


# limits


@pytest.mark.parametrize("action", ["eat_memory", "eat_shared_memory", "eat_memory_in_processes"])
def test_memory_has_an_end(zygote, action):
    answer = zygote.ask(action, limits={"memory_bytes": 200 << 20})
    ended = answer["stop"] if answer["stop"] != "exited" else answer["result"]["stopped"]
    assert ended in {"memory", "MemoryError"}
    assert answer["peak_memory_bytes"] < 2 * (200 << 20)
    assert answer["wall_seconds"] < 10


@pytest.mark.parametrize("action", ["spin", "spin_in_children", "spin_in_orphans"])
def test_cpu_time_has_an_end(zygote, action):
    answer = zygote.ask(action, limits={"cpu_seconds": 1, "wall_seconds": 20})
    assert answer["stop"] == "cpu time"
    assert 0.9 < answer["cpu_seconds"] < 3


def test_sleep_has_an_end(zygote):
    answer = zygote.ask("sleep", limits={"wall_seconds": 0.5})
    assert answer["stop"] == "wall time"
    assert answer["wall_seconds"] < 5


@pytest.mark.parametrize("action", ["flood", "flood_errors"])
def test_output_has_an_end(zygote, action):
    answer = zygote.ask(action, limits={"output_bytes": 100_000})
    assert answer["stop"] == "output"
    assert answer["output"] == 100_000


def test_limits_cannot_be_raised(zygote):
    assert zygote.ask("raise_limits")["result"] == {"got": []}


def test_priority_cannot_be_raised(zygote):
    assert stopped(zygote.ask("raise_priority"))


def test_a_crash_is_told_from_an_exit(zygote):
    assert zygote.ask("crash")["stop"] == "died"
    assert zygote.ask("leave_quietly")["stop"] == "exited"


def test_nothing_runs_when_shutting_in_fails(zygote):
    answer = zygote.ask("write", path="x", limits={"open_files": -5})
    assert answer["stop"] == "setup"
    assert answer["result"] is None
    assert "ValueError" in answer["detail"] or "OverflowError" in answer["detail"]


# the kernel's surface


def test_refused_calls_never_reach_the_kernel(zygote):
    answers = zygote.ask("system_calls")["result"]["got"]
    assert {name for name, code in answers.items() if code not in (errno.EPERM, errno.ENOSYS)} == set()
    assert len(answers) > 60


def test_it_makes_no_namespaces(zygote):
    assert set(zygote.ask("new_namespaces")["result"]["got"].values()) == {errno.EPERM}


FOREIGN_CALLS = {"x86_64": ["x32_call", "call_as_32_bit"]}.get(platform.machine(), [])


@pytest.mark.parametrize("action", FOREIGN_CALLS)
def test_another_architectures_calls_kill(zygote, action):
    answer = zygote.ask(action)
    assert answer["stop"] == "died"
    assert answer["exit_code"] == -31  # SIGSYS


@pytest.mark.parametrize(
    "action",
    ["run_program", "run_shell", "run_own_program", "become_root", "be_watched_no_more", "type_for_others"],
)
def test_it_runs_no_program_and_gains_no_right(zygote, action):
    assert stopped(zygote.ask(action))


def test_it_inherits_nothing(zygote):
    found = zygote.ask("descriptors")["result"]["got"]
    assert found[:3] == [0, 1, 2]
    assert len(found) == 4  # and the channel
    assert "in the environment" not in zygote.ask("environment")["result"]["got"].values()
