"""Grade an assignment's known answers in the sealed engine, where a check and an answer are in two processes.

``verify`` runs them as a notebook does. A check can be right there and ask for what only a notebook can do: a function
of a test called with gradients, a hook that keeps what it saw in a list. The reference would then lose points in class.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.assignment.answers import KnownAnswer
from autograder.assignment.material import Material
from autograder.assignment.release import generate
from autograder.course import Course
from autograder.engines.contract import Engine, Job, Limits, keeping
from autograder.grading.mistakes import jobs_for
from autograder.model import CheckResult
from autograder.submissions.intake import Release

__all__ = ["Sealed", "grade_known_answers"]


@dataclass(frozen=True)
class Sealed:
    """How many answers of each kind were graded, and each problem as a line."""

    name: str
    graded: dict[str, int]
    problems: tuple[str, ...]


def grade_known_answers(
    course: Course,
    names: Sequence[str],
    engine: Engine,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Iterator[Sealed]:
    """Yield what became of the known answers of each of the assignments ``names``.

    Raises:
        UnknownAssignment, SourceError: as ``Material.read``.
        EngineError: something could not be graded.
    """
    materials = [Material.read(course.source(name)) for name in names]
    with keeping(engine):
        for material in materials:
            yield _grade(material, engine, progress)


def _grade(material: Material, engine: Engine, progress: Callable[[int, int], None]) -> Sealed:
    answers, problems = material.known_answers()
    reference = [
        KnownAnswer("reference", "reference", task=task, code=code) for task, code in material.reference.items()
    ]
    with tempfile.TemporaryDirectory(prefix="autograder-verify-") as folder:  # not exercises/, which may be older
        release = Release.read(generate(material.source, out=Path(folder)))
    plan: list[tuple[Job, list[KnownAnswer]]] = []
    for kind in ("reference", "right", "wrong"):
        some = reference if kind == "reference" else [answer for answer in answers if answer.kind == kind]
        plan += jobs_for(material, release, some, Limits())
    groups = dict(enumerate(group for _, group in plan))
    jobs = [replace(j, submission=replace(j.submission, student=str(number))) for number, (j, _) in enumerate(plan)]
    count = dict.fromkeys(("reference", "right", "wrong"), 0)
    for done, graded in enumerate(engine.grade(iter(jobs)), 1):
        progress(done, len(jobs))
        for answer in groups[int(graded.result.student)]:
            count[answer.kind] += 1
            own = [check for check in graded.result.checks if check.check.startswith(f"{answer.task}-")]
            problems += _problems(material.name, answer, own)
    return Sealed(material.name, count, tuple(problems))


def _problems(name: str, answer: KnownAnswer, checks: Sequence[CheckResult]) -> list[str]:
    failed = [check for check in checks if check.points < check.max_points]
    if answer.kind == "wrong":
        told = (
            f"{name}: wrong/{answer.task}.py, {answer.name} keeps full marks in the sealed engine, and must lose some."
        )
        return [] if failed else [told]
    what = "the reference" if answer.kind == "reference" else f"right/{answer.task}.py, {answer.name}"
    return [
        f"{name}: {what} loses {check.check} in the sealed engine: {' '.join(check.message.split())[:300]}"
        for check in failed
    ]
