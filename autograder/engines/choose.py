"""Turn the name of an engine into the engine, and refuse a sandbox that this host cannot seal."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from autograder.engines.contract import Engine
from autograder.engines.devices import Compared, parse_devices, require_gpu
from autograder.errors import UsageError
from autograder.processes import cores

__all__ = ["ENGINES", "engine_factory"]

ENGINES = ("sealed", "nbgrader")


def engine_factory(
    name: str,
    weak_sandbox: bool = False,
    *,
    scheduler: str | None = None,
    device: str = "cpu",
    say: Callable[[str], None] = lambda _: None,
) -> Callable[[Path, int | None], Engine]:
    """Return what makes the engine ``name`` from a template gradebook and a number of workers.

    ``scheduler`` is the address of a Dask scheduler whose workers the sealed engine uses; ``device`` is cpu, cuda, or
    cpu,cuda to compare the two; ``say`` gets what a person who waits should know.

    Raises:
        UsageError: the sealed engine was asked for and this host enforces less than all of it, unless
            ``weak_sandbox`` accepts that. Workers elsewhere look for themselves. Or the nbgrader engine was asked to
            use a scheduler or a GPU, or there is no GPU.
    """
    devices = parse_devices(device)
    if name == "nbgrader":
        if scheduler is not None:
            raise UsageError("Only the sealed engine can use a scheduler.", "Add --engine sealed.")
        if devices != ("cpu",):
            raise UsageError("Only the sealed engine can use a GPU.", "Add --engine sealed.")
        return _nbgrader
    if sys.platform != "linux":
        raise UsageError("The sealed engine needs Linux.", "Use --engine nbgrader, or grade on a Linux machine.")
    if scheduler is None and "cuda" in devices:
        require_gpu()
    if scheduler is None and not weak_sandbox:
        from autograder.isolation import probe

        found = probe()
        if not found.full_strength:
            raise UsageError(
                f"This host cannot seal the sandbox: {' '.join(found.lost)}",
                "`autograder doctor` says how to get what is missing; --weak-sandbox grades all the same, and "
                "--engine nbgrader without any sandbox.",
            )

    def sealed(template: Path, workers: int | None) -> Engine:
        from autograder.engines.sealed.engine import SealedEngine

        def on(name: str) -> Engine:
            return SealedEngine(workers or cores(), scheduler=scheduler, device=name, weak=weak_sandbox, say=say)

        return (
            on(devices[0]) if len(devices) == 1 else Compared(on(devices[0]), on(devices[1]), (devices[0], devices[1]))
        )

    return sealed


def _nbgrader(template: Path, workers: int | None) -> Engine:
    from autograder.engines.nbgrader.engine import NbgraderEngine

    return NbgraderEngine(template, workers)
