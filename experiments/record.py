"""Write the record of an experiment: its figures, and everything needed to make them again."""

from __future__ import annotations

import json
import os
import platform
import re
import time
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from convlab.results import Record, results_folder

__all__ = ["record", "save"]


def record(
    experiment: str,
    data: Any,
    *,
    data_set: str,
    settings: str,
    command: str,
    seeds: Sequence[int],
    epochs: int,
    start: float,
    device: str = "cpu",
    note: str = "",
) -> Record:
    """Return a record with the device, the versions, the date and the seconds since ``start`` (``time.monotonic``)."""
    return Record(
        experiment=experiment,
        data=data,
        data_set=data_set,
        settings=settings,
        command=command,
        device=_device_name(device),
        seeds=list(seeds),
        epochs=epochs,
        versions={"python": platform.python_version()} | {p: version(p) for p in ("torch", "torchvision", "numpy")},
        date=datetime.now(UTC).date().isoformat(),
        seconds=time.monotonic() - start,
        note=note,
    )


def save(record: Record, folder: Path | None = None) -> Path:
    """Write the record to ``<folder>/<experiment>.json``: whole, or not at all.

    Raises:
        ValueError: a figure is not a finite number; write None where there is none.
    """
    text = json.dumps(_rounded(asdict(record)), indent=1, ensure_ascii=False, allow_nan=False)
    text = re.sub(r"\[[^][{}\"]*\]", lambda m: re.sub(r"\s+", " ", m[0]), text)  # a list of numbers on one line
    folder = folder or results_folder()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{record.experiment}.json"
    beside = path.with_suffix(f".{os.getpid()}.partial")
    try:
        beside.write_text(text + "\n", encoding="utf-8")
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    return path


def _rounded(value: Any) -> Any:
    """Keep six significant digits of each float: more than any of these measurements has."""
    if isinstance(value, dict):
        return {str(key): _rounded(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(item) for item in value]
    return float(f"{value:.6g}") if isinstance(value, float) else value


def _device_name(device: str) -> str:
    """Return the maker's name of the device, and how many CPU threads were used."""
    import torch

    if device.startswith("cuda"):
        return torch.cuda.get_device_name(device)
    if device == "cpu":
        threads = torch.get_num_threads()
        return f"{_processor()} ({threads} thread{'s' if threads > 1 else ''})"
    return device


def _processor() -> str:
    table = Path("/proc/cpuinfo")
    if table.is_file():
        for line in table.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine() or "a CPU"
