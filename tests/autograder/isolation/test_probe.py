"""The probe tries things for real, in children, and leaves this process as it was."""

import os
import threading
from pathlib import Path

import pytest

from autograder.isolation import LAYERS, kernel, landlock, probe

LINKS = [f"/proc/self/ns/{kind}" for kind in ("user", "mnt", "pid", "net", "ipc", "uts")]


def state() -> list[str]:
    status = Path("/proc/self/status").read_text().splitlines()
    return [*map(os.readlink, LINKS), *(line for line in status if line.startswith(("NoNewPrivs", "Seccomp:")))]


def test_every_layer_is_answered_and_nothing_changes_here() -> None:
    before = state()
    found = probe()
    assert state() == before
    assert set(found.missing) == found.reasons.keys() <= LAYERS.keys()
    assert all(found.reasons.values())


def test_it_may_be_asked_beside_a_thread() -> None:
    done = threading.Event()
    thread = threading.Thread(target=done.wait)
    thread.start()
    try:
        assert set(probe().missing) <= LAYERS.keys()
    finally:
        done.set()
        thread.join()


def test_a_kernel_that_refuses_is_reported_with_its_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise PermissionError(1, "refused by the kernel")

    monkeypatch.setattr(kernel, "unshare", refused)
    monkeypatch.setattr(landlock, "abi", lambda: 0)
    found = probe()
    assert {"user", "mount", "pid", "net", "ipc", "uts", "landlock"} <= set(found.missing)
    assert "refused by the kernel" in found.reasons["net"]
    assert not found.full_strength
