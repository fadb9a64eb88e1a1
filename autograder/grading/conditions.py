"""What is the same for every submission of a run: the assignment, the engine, its limits, and the release.

Trusted, and made once by the coordinator; student code has no part in it.
"""

from __future__ import annotations

import functools
import hashlib
from dataclasses import dataclass
from pathlib import Path

from autograder.assignment.material import Material
from autograder.assignment.release import generate
from autograder.engines.contract import Engine, Job, Limits
from autograder.grading.regrade import check_texts
from autograder.model import Submission
from autograder.submissions.intake import IntakeResult, Release

__all__ = ["Conditions"]


@dataclass(frozen=True)
class Conditions:
    """What a class is graded with.

    ``deciding`` is a hash of what decides all marks besides the assignment; ``folder`` is a temporary one.
    """

    material: Material
    engine: Engine
    limits: Limits
    deciding: bytes
    folder: Path

    @property
    def fingerprint(self) -> bytes:
        """A hash of all that decides a submission's marks but the submission."""
        return hashlib.sha256(self.deciding + self.material.fingerprint).digest()

    @property
    def template(self) -> Path:
        """A gradebook that holds the assignment alone, once there is a ``release``."""
        return self.folder / "gradebook.db"

    @functools.cached_property
    def release(self) -> Release:
        """The released notebook, generated when it is first asked for."""
        made = generate(self.material.source, out=self.folder, gradebook_url=f"sqlite:///{self.template}")
        return Release.read(made)

    @functools.cached_property
    def texts(self) -> dict[str, str]:
        """What decides the outcome of each check."""
        return check_texts(self.material)

    def job(self, who: Submission, key: str, intake: IntakeResult, checks: frozenset[str] | None) -> Job:
        """Return the job that grades a repaired submission."""
        built, material = self.release.build(intake.cells), self.material
        return Job(who, key, intake, built, material.assignment, material.source, self.limits, checks)
