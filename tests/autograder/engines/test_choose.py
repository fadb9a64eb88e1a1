"""The sealed engine stands behind ``grade --engine sealed``, and only where the host can close it."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

import autograder.isolation
from autograder.engines.choose import engine_factory
from autograder.engines.nbgrader.engine import NbgraderEngine
from autograder.errors import UsageError


def test_a_host_that_cannot_seal_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    weak = SimpleNamespace(full_strength=False, lost=("Student code could reach the network.",))
    monkeypatch.setattr(autograder.isolation, "probe", lambda: weak)
    with pytest.raises(UsageError, match=r"could reach the network\. .*--weak-sandbox"):
        engine_factory("sealed")
    assert engine_factory("sealed", weak_sandbox=True)


def test_nbgrader_is_the_other_engine(tmp_path: Path) -> None:
    assert isinstance(engine_factory("nbgrader")(tmp_path, 1), NbgraderEngine)
