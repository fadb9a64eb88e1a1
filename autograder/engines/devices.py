"""Devices to grade on: a GPU's files for the sandbox, and an engine that compares the results of two devices."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from autograder.engines.contract import Engine, Graded, Job, keeping
from autograder.errors import UsageError
from autograder.model import CheckResult, Note

__all__ = ["DEVICES", "Compared", "gpu_files", "parse_devices", "require_gpu"]

DEVICES = ("cpu", "cuda")
_FOLDER = Path("/dev")
_ASK = "import torch; print(torch.cuda.is_available() and torch.cuda.get_device_name(0) or '')"


def parse_devices(text: str) -> tuple[str, ...]:
    """Return the devices of ``cpu``, ``cuda`` or ``cpu,cuda``.

    Raises:
        UsageError: it names something else, or one twice.
    """
    names = tuple(part.strip() for part in text.split(","))
    if not set(names) <= set(DEVICES) or len(set(names)) != len(names):
        raise UsageError(f"{text!r} names no devices to grade on.", "Say cpu, cuda, or cpu,cuda.")
    return names


def gpu_files(folder: Path = _FOLDER) -> tuple[Path, ...]:
    """Return the device files of NVIDIA's driver."""
    return tuple(sorted(path for path in folder.glob("nvidia*") if not path.is_dir()))


def require_gpu(folder: Path = _FOLDER) -> str:
    """Return the name of the first GPU, as torch calls it; another process asks, since CUDA does not survive a fork.

    Raises:
        UsageError: torch can use none here.
    """
    hint = "Use --device cpu, or grade on a machine with an NVIDIA GPU, its driver and a torch built for it."
    if not gpu_files(folder):
        raise UsageError("There is no GPU here: no device file of NVIDIA's driver.", hint)
    asked = subprocess.run([sys.executable, "-c", _ASK], capture_output=True, text=True, env=dict(os.environ))
    name = asked.stdout.strip()
    if asked.returncode or not name:
        last = (asked.stderr.strip().splitlines() or ["it finds none"])[-1]
        raise UsageError(f"torch cannot use this machine's GPU: {last[:200]}.", hint)
    return name


class Compared:
    """Grade with ``first``, whose marks count, and with ``second``; a note names each check that ended differently."""

    def __init__(self, first: Engine, second: Engine, names: tuple[str, str]) -> None:
        self.first, self.second, self.names = first, second, names
        self.name = first.name

    @property
    def version(self) -> str:
        return f"{self.first.version} {','.join(self.names)}"

    @property
    def warning(self) -> str:
        return " ".join(filter(None, dict.fromkeys([self.first.warning, self.second.warning])))

    @contextlib.contextmanager
    def kept(self) -> Iterator[None]:
        """Keep the warm processes of both engines."""
        with keeping(self.first), keeping(self.second):
            yield

    def grade(self, jobs: Iterable[Job]) -> Iterator[Graded]:
        """Yield each job's result on the first device as soon as the second has graded it too.

        Raises:
            EngineError: either engine cannot go on.
        """
        jobs = list(jobs)
        other = {graded.result.student: graded.result.checks for graded in self.second.grade(jobs)}
        for graded in self.first.grade(jobs):
            notes = tuple(self._notes(graded.result.checks, other.get(graded.result.student, ())))
            result = dataclasses.replace(graded.result, notes=(*graded.result.notes, *notes))
            yield dataclasses.replace(graded, result=result)

    def _notes(self, first: tuple[CheckResult, ...], second: tuple[CheckResult, ...]) -> Iterator[Note]:
        there = {check.check: check.outcome for check in second}
        here, elsewhere = self.names
        for check in first:
            found = there.get(check.check)
            if found is None:
                yield Note("device", f"{check.check} was not run on {elsewhere}.")
            elif found is not check.outcome:
                yield Note(
                    "device", f"{check.check} ended differently: {check.outcome} on {here}, {found} on {elsewhere}."
                )
