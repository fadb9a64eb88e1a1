"""Grade a class: find what was handed in, grade what is new or changed, record everything.

The coordinator: each step of docs/submission.md is a method of ``ClassRun``, in that order. Runs in the process that
the instructor started, and trusts nothing that was handed in. A run that is stopped anywhere loses at most the
submissions that it was working on, and the next run resumes where it stopped.
"""

from __future__ import annotations

import contextlib
import gc
import hashlib
import itertools
import tempfile
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

from autograder import installed
from autograder.assignment.material import Material
from autograder.course import Course
from autograder.engines.choose import engine_factory
from autograder.engines.contract import Engine, Graded, Job, Limits, keeping
from autograder.errors import EngineError
from autograder.gradebook.directory import autograded_path, prepare_directory, remove_half_written
from autograder.gradebook.entries import Entry
from autograder.gradebook.gradebook import Gradebook
from autograder.grading.conditions import Conditions
from autograder.grading.handed_in import (
    HandedIn,
    notice,
    read_handed_in,
    refused,
    timestamp,
    unreadable_time,
    unwritten,
)
from autograder.grading.lock import only_run
from autograder.grading.mistakes import NamedMistakes, find_mistakes, signature
from autograder.grading.recording import Recorder
from autograder.grading.regrade import Regrade, check_keys
from autograder.grading.results import ResultStore
from autograder.model import Assignment, Submission, SubmissionResult
from autograder.progress import Progress, progress
from autograder.submissions.find import find_submissions, submission_in

__all__ = ["ClassResult", "ClassRun", "grade_class"]

EngineFactory = Callable[[Path, int | None], Engine]
Warn = Callable[[str], None]


@dataclass(frozen=True)
class ClassResult:
    """What a run gave: every submission's result, sorted by student, and how many were graded anew."""

    assignment: Assignment
    results: tuple[SubmissionResult, ...]
    graded: int


def grade_class(
    course: Course,
    name: str,
    *,
    students: tuple[str, ...] = (),
    workers: int | None = None,
    force: bool = False,
    limits: Limits | None = None,
    shown: Progress | None = None,
    warn: Warn = lambda _: None,
    factory: EngineFactory | None = None,
) -> ClassResult:
    """Grade every submission of the assignment ``name``, or those of ``students``.

    Raises:
        UnknownAssignment, PathError, UsageError, GradebookError: it cannot be done as asked; nothing was run.
        EngineError, OSError: it stopped for a reason of ours; what was graded until then is kept.
    """
    material = Material.read(course.source(name))
    gradebook = Gradebook(course)
    with (
        contextlib.closing(gradebook),
        _rare_collections(),
        only_run(course.directory),
        tempfile.TemporaryDirectory(prefix="autograder-") as folder,
        shown or progress("", quiet=True) as bar,
        contextlib.ExitStack() as stack,
    ):
        remove_half_written(course)
        gradebook.check(remove_half_made=True)
        gradebook.apply_late_penalties()
        engine = (factory or engine_factory("sealed"))(Path(folder) / "gradebook.db", workers)
        stack.enter_context(keeping(engine))
        limits = limits or Limits()
        conditions = Conditions(material, engine, limits, _deciding(engine, limits), Path(folder))
        return ClassRun(course, conditions, gradebook, ResultStore(course.directory), bar, warn, force).grade(students)


@dataclass(frozen=True)
class TakenIn:
    """A submission on its way through the engine: its job, and the plan of what runs again."""

    job: Job
    plan: Regrade

    @property
    def unwritten(self) -> frozenset[str]:
        return unwritten(self.job.intake)


@dataclass
class Tally:
    """What a run has come to: results, how many of them are new, and the submissions that the engine has, by student.

    A class need not fit into memory, so nothing else of a submission is kept.
    """

    results: list[SubmissionResult] = field(default_factory=list)
    graded: int = 0
    in_flight: dict[str, TakenIn] = field(default_factory=dict)

    def add(self, result: SubmissionResult, graded: bool) -> None:
        self.results.append(result)
        self.graded += graded


@dataclass(frozen=True)
class ClassRun:
    """One run over a class; its methods are the steps, in their order."""

    course: Course
    conditions: Conditions
    gradebook: Gradebook
    store: ResultStore
    shown: Progress
    warn: Warn
    force: bool

    def grade(self, students: tuple[str, ...]) -> ClassResult:
        """Take every step once and return what the run gave."""
        material = self.conditions.material
        found = find_submissions(self.course, material.name, students, self.warn)
        standing, new = self.keep_what_stands(found)
        lost = self.gradebook.missing(standing)
        self.shown.begin(len(new))
        if new or lost:
            self.register_release()
        self.enter_lost(lost)
        tally = Tally(standing)
        self.run(new, tally)
        results = sorted(tally.results, key=lambda result: result.student)
        self.renew_times(results)
        return ClassResult(material.assignment, tuple(self.name_mistakes(results)), tally.graded)

    def read(self, submission: Submission) -> HandedIn:
        """Read a submission and give it its key."""
        return read_handed_in(submission, self.course, self.conditions.fingerprint)

    def keep_what_stands(self, found: Iterable[Submission]) -> tuple[list[SubmissionResult], list[Submission]]:
        """Return the results that stand, which have a stored key that is still theirs, and the submissions to grade."""
        standing: list[SubmissionResult] = []
        new: list[Submission] = []
        for submission in found:
            key, stored = self.read(submission).key, self.store.load(submission.assignment, submission.student)
            if stored is not None and stored.key == key and not self.force and self.path_of(submission).is_file():
                standing.append(stored)
            else:
                new.append(submission)
        return standing, new

    def path_of(self, submission: Submission) -> Path:
        """Return where the executed notebook of ``submission`` is."""
        return autograded_path(self.course, submission.assignment, submission.student)

    def register_release(self) -> None:
        """Generate the release, and enter the assignment and its cells in the gradebook."""
        assert self.conditions.release
        prepare_directory(self.course)
        self.gradebook.register(self.conditions.template)

    def enter_lost(self, lost: Iterable[SubmissionResult]) -> None:
        """Enter the results that are stored and not in the gradebook: a run was killed in between, or it is new."""
        name = self.conditions.material.name
        for result in lost:
            folder = self.course.submitted / result.student
            missing = Submission(result.student, name, folder / name / f"{name}.ipynb")
            found = submission_in(folder, name) if folder.is_dir() else None
            intake = self.read(found or missing).repaired(self.conditions.release)
            self.gradebook.put(Entry(result, timestamp(self.course, result), unwritten(intake)))

    def renew_times(self, results: Iterable[SubmissionResult]) -> None:
        """Enter when each was handed in and let late penalties be decided again: a deadline may have moved."""
        times = {result.student: timestamp(self.course, result) for result in results}
        self.gradebook.renew_times(self.conditions.material.name, times)
        for trouble in filter(None, (unreadable_time(self.course, result) for result in results)):
            self.warn(trouble)

    def run(self, new: Iterable[Submission], tally: Tally) -> None:
        """Take in, dispatch and record the submissions ``new``."""
        # Closing the engine's generator stops its work, however this loop is left; its processes end with the run.
        with (
            Recorder(self.course, self.store, self.gradebook, self.shown) as recorder,
            contextlib.closing(self.dispatch(self.jobs(new, recorder, tally))) as stream,
        ):
            for graded in stream:
                taken = tally.in_flight.pop(graded.result.student)
                result = taken.plan.finished(graded.result)
                executed = taken.plan.executed(graded.notebook or taken.job.notebook)
                recorder.record(result, executed, taken.unwritten, taken.plan.answers_changed(taken.job.notebook))
                tally.add(result, graded=True)

    def jobs(self, new: Iterable[Submission], recorder: Recorder, tally: Tally) -> Iterator[Job]:
        """Take submissions in, one at a time and as the engine asks for them; yield a job for each that must run."""
        for submission in new:
            handed_in = self.read(submission)  # again: a class is not kept in memory
            taken = self.take_in(handed_in)
            if reason := taken.job.intake.unreadable:
                result = refused(handed_in, reason, self.conditions.material.assignment)
                recorder.record(result, notice(self.conditions.release, reason))
                tally.add(result, graded=True)
            elif taken.plan.wanted == frozenset():
                result = taken.plan.unchanged(handed_in.key, taken.job.intake.notes)
                look_again = taken.plan.answers_changed(taken.job.notebook)
                recorder.record(result, taken.plan.executed(taken.job.notebook), taken.unwritten, look_again)
                tally.add(result, graded=False)
            else:
                tally.in_flight[submission.student] = taken
                yield taken.job

    def take_in(self, handed_in: HandedIn) -> TakenIn:
        """Repair a submission, and decide which of its checks must run again."""
        who, conditions = handed_in.submission, self.conditions
        intake = handed_in.repaired(conditions.release)
        former = None if self.force else self.store.load(who.assignment, who.student)
        keys = check_keys(conditions.deciding, conditions.texts, intake.cells)
        plan = Regrade(conditions.material, keys, former, self.path_of(who))
        return TakenIn(conditions.job(who, handed_in.key, intake, plan.wanted), plan)

    def dispatch(self, jobs: Iterator[Job]) -> Generator[Graded, None, None]:
        """Have the engine grade ``jobs``; where there is none, it is not started."""
        engine, first = self.conditions.engine, next(jobs, None)
        if first is not None:
            if engine.warning:
                self.warn(engine.warning)
            yield from engine.grade(itertools.chain([first], jobs))

    def name_mistakes(self, results: list[SubmissionResult]) -> list[SubmissionResult]:
        """Return ``results`` with the known mistakes that their failures match, stored where that is news."""
        tasks = self.conditions.material.assignment.tasks
        if not any(signature(task, result.by_check) for result in results for task in tasks):
            return results
        try:
            known = find_mistakes(self.course, self.conditions, self.shown)
        except EngineError as error:
            self.warn(f"Known mistakes are not named this time: {error}")
            return results
        return [self.named(known, result) for result in results]

    def named(self, known: NamedMistakes, result: SubmissionResult) -> SubmissionResult:
        """Return ``result`` with the known mistakes, and store it if that changed it."""
        named = known.named(self.conditions.material.assignment, result)
        if named != result:
            self.store.save(named)
        return named


@contextlib.contextmanager
def _rare_collections() -> Iterator[None]:
    """Collect garbage rarely: a class makes much that stays and no cycles worth a quarter of the time."""
    before = gc.get_threshold()
    gc.set_threshold(50_000, 20, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _deciding(engine: Engine, limits: Limits) -> bytes:
    """Hash what decides all marks besides the assignment: the engine, the limits, our code and the libraries."""
    chosen = repr((engine.name, engine.version, sorted(asdict(limits).items())))
    return hashlib.sha256(installed.fingerprint() + chosen.encode()).digest()
