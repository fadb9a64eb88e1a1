"""Recorded results of experiments: the figures that pages plot, and everything needed to make them again.

``python -m experiments`` writes them to ``book/results``; pages read them here, with ``results.load("lenet")``. The
wheel that the site offers carries them in ``convlab/recorded``, so that a downloaded page runs in any folder.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

__all__ = ["Record", "RecordMissing", "load", "results_folder"]


class RecordMissing(FileNotFoundError):
    """There is no recorded result of that name."""


@dataclass(frozen=True)
class Record:
    """Hold a measurement (``data``, plain lists and dicts) with its data set, command, device, date and duration."""

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
        """Return a sentence for a caption: the data, the device, the seeds, the versions, the date and the command."""
        runs = f"{len(self.seeds)} seeds" if len(self.seeds) != 1 else "1 seed"
        day = date.fromisoformat(self.date)
        note = f" {self.note}" if self.note else ""
        return (
            f"{self.data_set}, {runs}, {self.settings}; recorded on {day.day} {day:%B %Y} in {_duration(self.seconds)} "
            f"on {self.device} with PyTorch {self.versions['torch']}, by {self.command}.{note}"
        )


def results_folder() -> Path:
    """Return book/results of the course that this package stands in, else the one that its wheel carries.

    Without either, that of the folder that we are in or below.
    """
    package = Path(__file__).resolve().parent
    for start in (package.parent, package / "recorded", Path.cwd(), *Path.cwd().parents):
        if (start / "book").is_dir():
            return start / "book" / "results"
    return Path("book", "results")


def load(name: str, folder: Path | None = None) -> Record:
    """Return the recorded result of the experiment ``name``.

    Raises:
        RecordMissing: it has not been recorded; the message names the command that does.
    """
    path = (folder or results_folder()) / f"{name}.json"
    if not path.is_file():
        raise RecordMissing(f"No result of {name!r} is recorded. Record it: python -m experiments run {name}")
    return Record(**json.loads(path.read_text(encoding="utf-8")))


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} seconds"
    return f"{seconds / 60:.0f} minutes" if seconds < 5400 else f"{seconds / 3600:.1f} hours"
