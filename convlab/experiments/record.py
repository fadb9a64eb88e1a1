"""The file an experiment leaves behind: its figures, and everything needed to make them again."""

from __future__ import annotations

import json
import os
import re
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

__all__ = ["Record", "RecordMissing", "load", "results_folder", "save"]


class RecordMissing(FileNotFoundError):
    """There is no recorded result of that name."""


@dataclass(frozen=True)
class Record:
    """What was measured (``data``, plain lists and dicts), on what, by which command, when, and how long it took."""

    experiment: str
    data: Any
    data_set: str
    settings: str
    command: str
    device: str
    seeds: list[int]
    epochs: int
    versions: dict[str, str]
    date: str
    seconds: float
    note: str = ""

    @property
    def about(self) -> str:
        """One sentence for a caption: the data, the device, the seeds, the versions, the date and the command."""
        runs = f"{len(self.seeds)} seeds" if len(self.seeds) != 1 else "1 seed"
        day = date.fromisoformat(self.date)
        note = f" {self.note}" if self.note else ""
        return (
            f"{self.data_set}, {runs}, {self.settings}; recorded on {day.day} {day:%B %Y} in {_duration(self.seconds)} "
            f"on {self.device} with PyTorch {self.versions['torch']}, by {self.command}.{note}"
        )


def results_folder() -> Path:
    """Return book/results of the course that this package stands in, or of the folder that we are in or below."""
    for start in (Path(__file__).resolve().parents[2], Path.cwd(), *Path.cwd().parents):
        if (start / "book").is_dir():
            return start / "book" / "results"
    return Path("book", "results")


def load(name: str, folder: Path | None = None) -> Record:
    """Return the recorded result of the experiment ``name``.

    Raises:
        RecordMissing: nobody has recorded it here; the message names the command that does.
    """
    path = (folder or results_folder()) / f"{name}.json"
    if not path.is_file():
        raise RecordMissing(f"No result of {name!r} is recorded. Record it: python -m convlab.experiments run {name}")
    return Record(**json.loads(path.read_text(encoding="utf-8")))


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


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} seconds"
    return f"{seconds / 60:.0f} minutes" if seconds < 5400 else f"{seconds / 3600:.1f} hours"
