"""A submission's file: read, given its key, and repaired.

Runs in the coordinator and trusts nothing that it reads: a file that cannot be read is a value with its reason, and
never stops the class.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, replace

from autograder.course import Course
from autograder.model import Assignment, CheckResult, Note, Outcome, Submission, SubmissionResult
from autograder.submissions.intake import IntakeCell, IntakeResult, Release, Unreadable, read_submission, repair

__all__ = ["HandedIn", "notice", "read_handed_in", "refused", "timestamp", "unwritten"]


@dataclass(frozen=True)
class HandedIn:
    """The bytes of a submission, or the ``trouble`` in reading them; ``key`` says whether it was graded before."""

    submission: Submission
    data: bytes
    trouble: str
    key: str

    def repaired(self, release: Release) -> IntakeResult:
        """Return the notebook with the student's own cells and all others as released, or why there is none."""
        if self.trouble:
            return IntakeResult(unreadable=self.trouble)
        intake = repair(self.data, release)
        path = self.submission.path
        if path.stem == self.submission.assignment:
            return intake
        name = path.name.encode("utf-8", "replace").decode()
        return replace(intake, notes=(Note("name", f"Handed in under another name, {name}: accepted."), *intake.notes))


def read_handed_in(submission: Submission, course: Course, fingerprint: bytes) -> HandedIn:
    """Read one submission; its key is a hash of its bytes and of ``fingerprint``, which decides all else."""
    data, trouble = b"", ""
    try:
        data = read_submission(submission.path, course.submitted)
    except Unreadable as error:
        trouble = error.message
    parts = hashlib.sha256(fingerprint)
    for part in (submission.path.name.encode("utf-8", "replace"), trouble.encode(), data):
        parts.update(len(part).to_bytes(8, "big") + part)
    return HandedIn(submission, data, trouble, parts.hexdigest())


def refused(handed_in: HandedIn, reason: str, assignment: Assignment) -> SubmissionResult:
    """Return the result of a notebook that could not be read: no points, and the ``reason`` at every check."""
    checks = (CheckResult(c.id, Outcome.UNREADABLE, 0.0, c.points, reason) for c in assignment.checks)
    who = handed_in.submission
    return SubmissionResult(who.student, who.assignment, handed_in.key, tuple(checks), (Note("unreadable", reason),))


def notice(release: Release, reason: str) -> dict[str, object]:
    """Return a notebook for the instructor's tools in place of one that could not be read."""
    empty = repair(b'{"nbformat": 4, "cells": []}', release)
    text = IntakeCell("student", "", "markdown", f"**The notebook could not be graded.** {reason}")
    return release.build((text, *empty.cells))


def unwritten(intake: IntakeResult) -> frozenset[str]:
    """Return the names of the answers that are still the stub."""
    return frozenset(cell.id for cell in intake.cells if cell.unwritten)


def timestamp(course: Course, result: SubmissionResult) -> str | None:
    """Return when the submission was handed in, where nbgrader's collection has left that."""
    path = course.submitted / result.student / result.assignment / "timestamp.txt"
    if not os.path.lexists(path):
        return None
    from nbgrader.utils import parse_utc

    try:
        text = read_submission(path, course.submitted).decode("utf-8", "replace").strip()[:60]
        parse_utc(text)
    except (Unreadable, ValueError, OverflowError):  # the file may be the student's: a time that is none is left out
        return None
    return text
