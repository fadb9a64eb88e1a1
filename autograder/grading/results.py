"""The durable record of what grading gave: one JSON file per submission, written whole or not at all.

The gradebook holds marks; these files also hold messages, notes, times and the key that tells whether a
submission must be graded again. They live in ``<course>/.autograder/results``, which is for staff: ``detail`` may name
hidden tests. Only the coordinator writes them. A file of another version that lacks or has other fields cannot be read,
so that its submission is graded again.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from autograder.files import to_json, write_atomically
from autograder.model import CheckResult, Note, Outcome, SubmissionResult

__all__ = ["ResultStore", "from_dict", "to_dict"]


def to_dict(result: SubmissionResult) -> dict[str, Any]:
    """Return ``result`` as plain JSON data."""
    checks, notes = ([dict(vars(one)) for one in some] for some in (result.checks, result.notes))
    return {**vars(result), "checks": checks, "notes": notes}


def from_dict(data: dict[str, Any]) -> SubmissionResult:
    """Rebuild a result from ``to_dict``'s data."""
    checks = tuple(CheckResult(**{**check, "outcome": Outcome(check["outcome"])}) for check in data["checks"])
    notes = tuple(Note(**note) for note in data["notes"])
    return SubmissionResult(**{**data, "checks": checks, "notes": notes})


class ResultStore:
    """The results of one course directory."""

    def __init__(self, course_directory: Path) -> None:
        self.folder = course_directory / ".autograder" / "results"

    def path(self, assignment: str, student: str) -> Path:
        return self.folder / assignment / f"{student}.json"

    def save(self, result: SubmissionResult) -> None:
        """Write ``result`` durably: after this returns, a power cut cannot lose it."""
        path = self.path(result.assignment, result.student)
        write_atomically(path, to_json(to_dict(result)), durable=True)

    def load(self, assignment: str, student: str) -> SubmissionResult | None:
        """Return the stored result, or None when there is none that can be read (it will be graded again)."""
        try:
            return from_dict(json.loads(self.path(assignment, student).read_text(encoding="utf-8")))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def all(self, assignment: str) -> list[SubmissionResult]:
        """Return every readable result of ``assignment``, sorted by student."""
        found = (self.load(assignment, path.stem) for path in sorted((self.folder / assignment).glob("*.json")))
        return [result for result in found if result is not None]
