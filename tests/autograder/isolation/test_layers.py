"""Each layer alone still stops what it is there for, and what a missing layer costs is said."""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.isolation import LAYERS, Capabilities, Policy, default_policy, probe

NO_NAMESPACES = dict.fromkeys(("user", "mount", "pid", "net", "ipc", "uts"), False)
FULL = Capabilities(True, True, True, True, True, True, True, 7)


def stopped(answer) -> bool:
    return answer["stop"] == "exited" and "stopped" in answer["result"]


def test_landlock_alone_guards_files(start, outside):
    zygote = start(**NO_NAMESPACES, seccomp=False)
    for action in ("read", "read_through_link", "write", "delete", "rename_away"):
        assert stopped(zygote.ask(action, path=str(outside / "secret"))), action
    assert stopped(zygote.ask("read", path="/proc/self/environ"))
    assert (outside / "secret").read_text() == "the hidden test"
    assert zygote.ask("write", path="mine")["result"] == {"got": True}


def test_the_view_alone_guards_files(start, outside):
    zygote = start(landlock_abi=0, seccomp=False)
    for action in ("read", "read_through_link", "write", "delete", "rename_away"):
        assert stopped(zygote.ask(action, path=str(outside / "secret"))), action
    assert stopped(zygote.ask("write", path=sys.prefix + "/planted"))
    assert zygote.ask("list_folder", path="/proc")["result"] == {"got": ["cpuinfo", "meminfo"]}


def test_the_view_alone_is_read_only(start, outside):
    zygote = start(landlock_abi=0, seccomp=False, readable=(str(outside),))
    assert zygote.ask("read", path=str(outside / "secret"))["result"] == {"got": "the hidden test"}
    for action, name in (("write", "secret"), ("delete", "secret"), ("write", "planted")):
        assert stopped(zygote.ask(action, path=str(outside / name))), action
    assert (outside / "secret").read_text() == "the hidden test"
    assert not (outside / "planted").exists()


def test_namespaces_alone_guard_processes_and_the_network(start):
    zygote = start(landlock_abi=0, seccomp=False)
    assert stopped(zygote.ask("kill_all_others"))
    assert stopped(zygote.ask("kill", pid=zygote.process.pid))
    assert stopped(zygote.ask("read_memory", pid=zygote.process.pid))
    assert stopped(zygote.ask("connect_tcp", port=9))
    for action in ("become_root", "rename_machine", "mount_something"):
        assert stopped(zygote.ask(action)), action


def test_without_namespaces_it_starts_and_signals_no_process(start):
    zygote = start(**NO_NAMESPACES)
    assert zygote.greeting["ready"] is False
    assert zygote.ask("fork_bomb")["result"] == {"got": 0}
    assert zygote.ask("thread_bomb", limits={"processes": 10_000})["result"]["got"] > 0
    assert stopped(zygote.ask("kill", pid=zygote.process.pid))
    assert stopped(zygote.ask("connect_tcp", port=9))
    assert zygote.ask("spin", limits={"cpu_seconds": 1})["stop"] == "cpu time"
    assert zygote.ask("sleep", limits={"wall_seconds": 0.3})["stop"] == "wall time"


def test_without_a_mount_namespace_scratch_folders_are_private_and_removed(start):
    zygote = start(mount=False)
    zygote.ask("leave_traces", background=True)
    time.sleep(0.3)
    assert zygote.ask("write", path="secret")["result"] == {"got": True}
    listed = zygote.ask("list_folder", path=".")["result"]["got"]
    assert listed == ["shm", "tmp"]
    assert stopped(zygote.ask("list_folder", path=".."))
    zygote.ask("stop background")


def test_this_host_has_every_layer():
    assert probe().full_strength, probe().reasons


def test_full_strength_loses_nothing():
    assert FULL.lost == ()


@pytest.mark.parametrize("layer", LAYERS)
def test_every_missing_layer_is_named_with_its_cost(layer):
    lacking = replace(FULL, **{"landlock_abi" if layer == "landlock" else layer: 0})
    assert lacking.missing == (layer,)
    assert not lacking.full_strength
    assert LAYERS[layer] in lacking.lost[0]


def test_a_host_with_nothing_says_the_worst():
    said = " ".join(replace(FULL, **NO_NAMESPACES, seccomp=False, landlock_abi=0).lost)
    assert "Files are not guarded at all" in said
    assert "Processes are not guarded" in said
    assert "The network is open" in said


def test_the_default_policy_names_no_repository(tmp_path):
    policy = default_policy(tmp_path, tmp_path / "missing")
    assert tmp_path in policy.readable
    assert tmp_path / "missing" not in policy.readable
    assert Policy().readable == ()
    assert not {"/", "/etc", "/home", "/proc", "/sys", "/dev"} & set(map(str, policy.readable))


def test_importing_the_package_is_light():
    code = "import sys, autograder.isolation; print({'torch', 'numpy', 'nbgrader', 'dask'} & set(sys.modules))"
    root = Path(__file__).resolve().parents[3]
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=root, check=True)
    assert ran.stdout == "set()\n"
