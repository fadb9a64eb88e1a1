"""A submission's file: read, given its key, and repaired.

Runs in the coordinator and trusts nothing that it reads: a file that cannot be read is a value with its reason, and
never stops the class.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from autograder.course import Course
from autograder.model import Assignment, CheckResult, Note, Outcome, Submission, SubmissionResult
from autograder.submissions.intake import IntakeCell, IntakeResult, Release, Unreadable, read_submission, repair

__all__ = ["HandedIn", "notice", "printable", "read_handed_in", "refused", "timestamp", "unreadable_time", "unwritten"]


_OFFSET = re.compile(r"\s*([+-]\d\d:?\d\d|Z)$")  # at the end of a time: +0100, -05:00


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
        path, others, notes = self.submission.path, self.submission.others, []
        if path.name != f"{self.submission.assignment}.ipynb":
            notes.append(Note("name", f"Handed in under another name, {printable(path.name)}: accepted."))
        if others:
            listed = ", ".join(map(printable, others))
            notes.append(Note("other-files", f"Beside it, and not read: {listed}. Hand in one file, the finished one."))
        return replace(intake, notes=(*notes, *intake.notes))


def read_handed_in(submission: Submission, course: Course, fingerprint: bytes) -> HandedIn:
    """Read one submission; its key is a hash of its bytes and of ``fingerprint``, which decides all else."""
    data, trouble = b"", ""
    try:
        data = read_submission(submission.path, course.submitted)
    except Unreadable as error:
        trouble = error.message
        if submission.others and not os.path.lexists(submission.path):
            listed = ", ".join(map(printable, submission.others))
            trouble = f"No notebook was found, but there is: {listed}. Hand in the notebook itself, a file .ipynb."
    parts = hashlib.sha256(fingerprint)
    for part in (submission.path.name.encode("utf-8", "replace"), trouble.encode(), data):
        parts.update(len(part).to_bytes(8, "big") + part)
    return HandedIn(submission, data, trouble, parts.hexdigest())


def printable(name: str) -> str:
    """Return a file's name as a page and a terminal can show it."""
    text = name.encode("utf-8", "replace").decode()
    return "".join(letter if letter.isprintable() else "?" for letter in text)[:100]


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
    """Return when the submission was handed in (UTC), where nbgrader's collection has left that.

    nbgrader reads a time with an offset as if it had none, so it is given the same moment in UTC.
    """
    with contextlib.suppress(*_NO_TIME):  # the file may be the student's: a time that is none is left out
        return _time(course, result)
    return None


def unreadable_time(course: Course, result: SubmissionResult) -> str:
    """Return what the instructor should know of a submission's time that could not be read, if that is so."""
    try:
        _time(course, result)
    except _NO_TIME as error:
        said = error.message if isinstance(error, Unreadable) else "It holds no time such as 2026-03-01 10:00:00 UTC."
        return f"{printable(result.student)}: timestamp.txt could not be read, so no late penalty is decided. {said}"
    return ""


_NO_TIME = (Unreadable, ValueError, OverflowError)


def _time(course: Course, result: SubmissionResult) -> str | None:
    path = course.submitted / result.student / result.assignment / "timestamp.txt"
    if not os.path.lexists(path):
        return None
    from nbgrader.utils import parse_utc

    text = read_submission(path, course.submitted).decode("utf-8-sig", "replace").strip()[:60]
    if not _OFFSET.search(text):
        parse_utc(text)
        return text
    moment = datetime.fromisoformat(_OFFSET.sub(r"\1", text))
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f} UTC"
