"""Turn the name of an engine into the engine, and refuse a sandbox that this host cannot close."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from autograder.engine import Engine
from autograder.errors import UsageError

__all__ = ["ENGINES", "engine_factory"]

ENGINES = ("nbgrader", "sealed")


def engine_factory(name: str, weak_sandbox: bool = False) -> Callable[[Path, int | None], Engine]:
    """Return what makes the engine ``name`` from a template gradebook and a number of workers.

    Raises:
        UsageError: the sealed engine was asked for and this host enforces less than all of it, unless
            ``weak_sandbox`` accepts that.
    """
    if name == "nbgrader":
        return _nbgrader
    from autograder.isolation import probe

    found = probe()
    if not found.full_strength and not weak_sandbox:
        raise UsageError(
            f"This host cannot seal the sandbox: {' '.join(found.lost)}",
            "`autograder doctor` says how to get what is missing; --weak-sandbox grades all the same.",
        )
    return _sealed


def _nbgrader(template: Path, workers: int | None) -> Engine:
    from autograder.engine.nbgrader import NbgraderEngine

    return NbgraderEngine(template, workers)


def _sealed(template: Path, workers: int | None) -> Engine:
    from autograder.sealed.engine import SealedEngine

    return SealedEngine(workers or os.cpu_count() or 1)
