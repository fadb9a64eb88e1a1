"""Grade a class: find what was handed in, grade what is new or changed, record everything.

For each submission, in this order: the executed notebook is written, then the durable result, then the gradebook, where
submissions that are ready at the same moment share a transaction. A run that is stopped anywhere loses at most the
submissions it was working on, and the next run goes on from there.
"""

from __future__ import annotations

import contextlib
import functools
import gc
import hashlib
import itertools
import os
import tempfile
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from autograder import installed
from autograder.assignment.material import Material
from autograder.assignment.release import generate
from autograder.course import Course
from autograder.engines.choose import engine_factory
from autograder.engines.contract import Engine, Graded, Job, Limits, keeping
from autograder.errors import EngineError
from autograder.gradebook.entries import Entry
from autograder.gradebook.gradebook import (
    Gradebook,
    autograded_path,
    prepare_directory,
    remove_half_written,
    write_autograded,
)
from autograder.grading.lock import only_run
from autograder.grading.mistakes import find_mistakes, signature
from autograder.grading.regrade import Regrade, check_keys, check_texts
from autograder.grading.results import ResultStore
from autograder.model import Assignment, CheckResult, Note, Outcome, Submission, SubmissionResult
from autograder.progress import Progress, progress
from autograder.submissions.find import find_submissions, notebook_in
from autograder.submissions.intake import IntakeCell, IntakeResult, Release, Unreadable, read_submission, repair

__all__ = ["ClassResult", "grade_class"]

_MOST_TOGETHER = 16
_TOGETHER_SECONDS = 0.2
EngineFactory = Callable[[Path, int | None], Engine]


@dataclass(frozen=True)
class ClassResult:
    """What a run gave: every submission's result, sorted by student, and how many were graded anew."""

    assignment: Assignment
    results: tuple[SubmissionResult, ...]
    graded: int


@dataclass(frozen=True)
class _HandedIn:
    """The bytes of a submission, or the ``trouble`` that there was in reading them."""

    submission: Submission
    data: bytes
    trouble: str
    key: str


def grade_class(
    course: Course,
    name: str,
    *,
    students: tuple[str, ...] = (),
    workers: int | None = None,
    force: bool = False,
    limits: Limits | None = None,
    shown: Progress | None = None,
    warn: Callable[[str], None] = lambda _: None,
    factory: EngineFactory | None = None,
) -> ClassResult:
    """Grade every submission of the assignment ``name``, or those of ``students``.

    Garbage collection is rare meanwhile: a class makes much that stays and no cycles worth a quarter of the time.

    Raises:
        UnknownAssignment, PathError, UsageError, GradebookError: it cannot be done as asked; nothing was run.
        EngineError, OSError: it stopped for a reason of ours; what was graded until then is kept.
    """
    material = Material.read(course.source(name))
    source, notebook, assignment = material.source, material.notebook, material.assignment
    gradebook = Gradebook(course)
    store = ResultStore(course.directory)
    with (
        contextlib.closing(gradebook),
        _rare_collections(),
        only_run(course.directory),
        tempfile.TemporaryDirectory(prefix="autograder-") as folder,
        shown or progress("", quiet=True) as bar,
        contextlib.ExitStack() as stack,
    ):
        remove_half_written(course)
        gradebook.check(mend=True)
        gradebook.settle()
        template = Path(folder) / "gradebook.db"
        engine = (factory or engine_factory("sealed"))(template, workers)
        stack.enter_context(keeping(engine))
        limits = limits or Limits()
        deciding = _deciding(engine, limits)
        fingerprint = hashlib.sha256(deciding + material.fingerprint).digest()
        kept: list[SubmissionResult] = []
        new: list[Submission] = []
        for submission in find_submissions(course, name, students):
            handed_in = _read(submission, course, fingerprint)
            stored = store.load(name, submission.student)
            if stored is not None and stored.key == handed_in.key and not force and _complete(course, stored):
                kept.append(stored)
            else:
                new.append(submission)
        lost = gradebook.missing(kept)
        bar.begin(len(new))

        @functools.cache
        def release() -> Release:
            return Release.read(generate(source, out=Path(folder), gradebook_url=f"sqlite:///{template}"))

        if new or lost:
            release()
            prepare_directory(course)
            gradebook.register(template)
        for result in lost:
            where = notebook_in(course.submitted / result.student / name, name)
            cells = _repair(_read(Submission(result.student, name, where), course, fingerprint), release()).cells
            gradebook.put(Entry(result, _timestamp(course, result), _unwritten(cells)))
        done: list[SubmissionResult] = []

        def record(
            result: SubmissionResult, executed: dict[str, Any] | bytes, unwritten: frozenset[str], again: bool = True
        ) -> None:
            write_autograded(course, result, executed)
            store.save(result)
            enter(Entry(result, _timestamp(course, result), unwritten, again))
            bar.step(result.student, result.points)

        texts = check_texts(notebook)
        flying: dict[str, tuple[Job, Regrade]] = {}

        def jobs() -> Iterator[Job]:
            """Take submissions in, one at a time and as the engine asks for them: a class need not fit into memory."""
            for who in new:
                handed_in = _read(who, course, fingerprint)  # again: a class is not kept in memory
                intake = _repair(handed_in, release())
                if intake.unreadable:
                    result = _refused(handed_in, intake.unreadable, assignment)
                    record(result, _notice(release(), intake.unreadable), frozenset())
                    done.append(result)
                    continue
                former = None if force else store.load(name, who.student)
                keys = check_keys(deciding, texts, intake.cells)
                plan = Regrade(assignment, notebook, keys, former, autograded_path(course, name, who.student))
                built = release().build(intake.cells)
                if plan.wanted == frozenset():
                    result = plan.unchanged(handed_in.key, intake.notes)
                    again = plan.answers_changed(built)
                    record(result, plan.executed(built), _unwritten(intake.cells), again)
                    kept.append(result)
                else:
                    job = Job(who, handed_in.key, intake, built, assignment, source, limits, plan.wanted)
                    flying[who.student] = (job, plan)
                    yield job

        # Closing the engine's generator ends what it is at, however this loop is left; its processes end with `stack`.
        with _together(gradebook) as enter, contextlib.closing(_generator(engine, jobs(), warn)) as stream:
            for graded in stream:
                job, plan = flying.pop(graded.result.student)
                result = plan.finished(graded.result)
                executed = plan.executed(graded.notebook or job.notebook)
                record(result, executed, _unwritten(job.intake.cells), plan.answers_changed(job.notebook))
                done.append(result)
        everything = sorted(kept + done, key=lambda result: result.student)
        if any(signature(task, result.by_check) for result in everything for task in assignment.tasks):
            try:
                known = find_mistakes(course, material, engine, release, deciding, texts, limits, bar)
            except EngineError as error:
                warn(f"Known mistakes are not named this time: {error}")
            else:
                everything = [_renamed(store, known.named(assignment, result), result) for result in everything]
    return ClassResult(assignment, tuple(everything), len(done))


@contextlib.contextmanager
def _rare_collections() -> Iterator[None]:
    before = gc.get_threshold()
    gc.set_threshold(50_000, 20, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)


@contextlib.contextmanager
def _together(gradebook: Gradebook) -> Iterator[Callable[[Entry], None]]:
    """Yield a function that enters marks: those that come quickly share a transaction, which is what costs.

    A run that is killed before it has its results in files, and the next one enters them.
    """
    waiting: list[Entry] = []
    written = 0.0

    def write() -> None:
        nonlocal written
        batch, waiting[:] = tuple(waiting), []  # should it fail, it is not tried again while the failure is on its way
        gradebook.put(*batch)
        written = time.monotonic()

    def enter(entry: Entry) -> None:
        waiting.append(entry)
        if len(waiting) >= _MOST_TOGETHER or time.monotonic() - written > _TOGETHER_SECONDS:
            write()

    try:
        yield enter
    finally:
        write()


def _renamed(store: ResultStore, named: SubmissionResult, result: SubmissionResult) -> SubmissionResult:
    if named != result:
        store.save(named)
    return named


def _generator(engine: Engine, jobs: Iterator[Job], warn: Callable[[str], None]) -> Generator[Graded, None, None]:
    """Grade ``jobs``; where there is none, the engine is not started."""
    first = next(jobs, None)
    if first is not None:
        if engine.warning:
            warn(engine.warning)
        yield from engine.grade(itertools.chain([first], jobs))


def _read(submission: Submission, course: Course, fingerprint: bytes) -> _HandedIn:
    """Read one submission, and say by its key whether it is one that was graded before."""
    data, trouble = b"", ""
    try:
        data = read_submission(submission.path, course.submitted)
    except Unreadable as error:
        trouble = error.message
    parts = hashlib.sha256(fingerprint)
    for part in (submission.path.name.encode("utf-8", "replace"), trouble.encode(), data):
        parts.update(len(part).to_bytes(8, "big") + part)
    return _HandedIn(submission, data, trouble, parts.hexdigest())


def _repair(handed_in: _HandedIn, release: Release) -> IntakeResult:
    if handed_in.trouble:
        return IntakeResult(unreadable=handed_in.trouble)
    intake = repair(handed_in.data, release)
    path = handed_in.submission.path
    if path.stem == handed_in.submission.assignment:
        return intake
    name = path.name.encode("utf-8", "replace").decode()
    return replace(intake, notes=(Note("name", f"Handed in under another name, {name}: accepted."), *intake.notes))


def _refused(handed_in: _HandedIn, reason: str, assignment: Assignment) -> SubmissionResult:
    checks = (CheckResult(c.id, Outcome.UNREADABLE, 0.0, c.points, reason) for c in assignment.checks)
    who = handed_in.submission
    return SubmissionResult(who.student, who.assignment, handed_in.key, tuple(checks), (Note("unreadable", reason),))


def _deciding(engine: Engine, limits: Limits) -> bytes:
    """Hash what decides all marks besides the assignment: the engine, the limits, our code and the libraries."""
    chosen = repr((engine.name, engine.version, sorted(asdict(limits).items())))
    return hashlib.sha256(installed.fingerprint() + chosen.encode()).digest()


def _complete(course: Course, result: SubmissionResult) -> bool:
    return autograded_path(course, result.assignment, result.student).is_file()


def _unwritten(cells: tuple[IntakeCell, ...]) -> frozenset[str]:
    return frozenset(cell.id for cell in cells if cell.unwritten)


def _notice(release: Release, reason: str) -> dict[str, object]:
    """Return a notebook for the instructor's tools in place of one that could not be read."""
    empty = repair(b'{"nbformat": 4, "cells": []}', release)
    text = IntakeCell("student", "", "markdown", f"**The notebook could not be graded.** {reason}")
    return release.build((text, *empty.cells))


def _timestamp(course: Course, result: SubmissionResult) -> str | None:
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
