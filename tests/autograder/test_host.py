"""Probes of the kernel try things for real, in children, and leave this process as it was."""

import errno
import os
import sys
from pathlib import Path

import pytest

from autograder import host
from autograder.host import NAMESPACES, Finding, Level

LINKS = [f"/proc/self/ns/{kind}" for kind in ("user", "mnt", "pid", "net", "ipc")]


def test_every_probe_answers_and_changes_nothing_here() -> None:
    def state() -> list[str]:
        status = Path("/proc/self/status").read_text().splitlines()
        return [*map(os.readlink, LINKS), *(line for line in status if line.startswith(("NoNewPrivs", "Seccomp:")))]

    before = state()
    findings = host.sandbox_findings()
    assert state() == before
    assert [one.name for one in findings][:5] == [f"{kind} namespace" for kind in NAMESPACES]
    assert all(one.level is Level.OPTIONAL and one.value for one in findings)
    assert all(one.ok or one.advice for one in findings)


def test_a_child_that_fails_gives_its_errno() -> None:
    def refuse() -> None:
        raise PermissionError(errno.EPERM, "no")

    assert host._in_child(refuse) == errno.EPERM
    assert host._in_child(lambda: None) == 0
    assert host._in_child(lambda: os.kill(os.getpid(), 9)) == errno.EIO


@pytest.mark.parametrize("kind", NAMESPACES)
def test_a_namespace_that_the_kernel_refuses_is_reported(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(kinds: int) -> None:
        raise OSError(errno.EPERM, "refused")

    monkeypatch.setattr(host, "_enter", refused)
    found = host.namespace(kind)
    assert not found.ok
    assert found.value == os.strerror(errno.EPERM)
    assert "user namespaces" in found.advice


def test_mount_and_pid_are_tried_beyond_the_first_step(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(host, "_enter", lambda kinds: None)  # as where a namespace is made but gives no rights
    assert host.try_namespace("pid") == errno.EPERM


def test_seccomp_that_the_kernel_lacks_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    def lacking() -> None:
        raise OSError(errno.EINVAL, "no seccomp")

    monkeypatch.setattr(host, "_install_filter", lacking)
    assert not host.seccomp().ok


def test_landlock_version_is_read_from_the_kernel() -> None:
    listed = Path("/sys/kernel/security/lsm")
    assert host.landlock_abi() >= 0
    assert host.landlock().ok == (host.landlock_abi() > 0)
    assert listed.exists() <= (host.landlock_abi() > 0 or "landlock" not in listed.read_text())


def test_elsewhere_every_probe_says_not_linux(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    findings = host.sandbox_findings()
    assert {(one.ok, one.level, one.value) for one in findings} == {(False, Level.OPTIONAL, "not Linux")}


def test_a_cgroup_is_tried_and_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(host, "_cgroup_folders", lambda: iter([tmp_path]))
    assert host.cgroup() == Finding(
        "cgroup", False, Level.OPTIONAL, "version 2, delegated: no limits", host.cgroup().advice
    )
    assert list(tmp_path.iterdir()) == []
    monkeypatch.setattr(host, "_cgroup_folders", lambda: iter([tmp_path / "absent"]))
    assert host.cgroup().value == "version 2, not delegated to this user"
    monkeypatch.setattr(host, "_cgroup_folders", lambda: iter([]))
    assert host.cgroup().value == "no version 2"


@pytest.mark.parametrize(("script", "value"), [("exit 0", "works"), ("exit 1", "installed, does not start")])
def test_bubblewrap_is_really_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, value: str) -> None:
    program = tmp_path / "bwrap"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert host.bubblewrap().value == value


def test_no_bubblewrap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert host.bubblewrap().value == "not installed"
