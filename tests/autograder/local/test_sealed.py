"""Known answers are graded in the engine of the class too: what only a notebook can do is found before a student is."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.assignment.release import generate
from autograder.course import Course
from autograder.engines.contract import Job
from autograder.local.sealed import Sealed, grade_known_answers
from autograder.model import CheckResult
from tests.fakes import FakeEngine, wanted

SMALL = Path(__file__).parents[1] / "small_course"
NAME = "01-small"


@pytest.fixture
def course(tmp_path: Path) -> Course:
    shutil.copytree(SMALL, tmp_path / "course")
    course = Course.open(tmp_path / "course")
    generate(course.source(NAME), out=course.exercises)
    return course


def graded(course: Course, lost: str = "", kept: str = "") -> Sealed:
    """Grade with an engine in which the reference's answers and right ones pass, but for the check ``lost``.

    Of an answer that holds the text ``kept`` every check passes.
    """

    def marking(job: Job) -> tuple[CheckResult, ...]:
        from autograder.assignment.material import Material

        answers, _ = Material.read(course.source(NAME)).known_answers()
        wrong = {answer.code: answer for answer in answers if answer.kind == "wrong"}
        given = {cell.id: cell.source for cell in job.intake.cells}
        results = []
        for check in wanted(job):
            fine = given[check.task] not in wrong or kept in given[check.task]
            results.append(replace(passed(check.id), points=float(fine and check.id != lost)))
        return tuple(results)

    def passed(check: str) -> CheckResult:
        from autograder.model import Outcome

        return CheckResult(check, Outcome.PASSED, 1.0, 1.0, "A hook that gives no gradients.")

    (found,) = grade_known_answers(course, [NAME], FakeEngine(marking))
    return found


def test_what_the_engine_grades_as_known_is_clean(course: Course) -> None:
    found = graded(course, kept="no answer holds this")
    assert found.problems == ()
    assert found.graded["reference"] == 2
    assert found.graded["wrong"] > 3


def test_an_assignment_that_was_never_released_is_graded_too(course: Course) -> None:
    shutil.rmtree(course.exercises / NAME)
    assert graded(course, kept="no answer holds this").problems == ()


def test_a_check_that_the_reference_loses_there_is_named(course: Course) -> None:
    found = graded(course, lost="spread-order", kept="no answer holds this")
    assert any(
        problem.startswith(f"{NAME}: the reference loses spread-order in the sealed engine: A hook")
        for problem in found.problems
    )


def test_a_wrong_answer_that_keeps_its_points_there_is_named(course: Course) -> None:
    found = graded(course, kept="return")
    assert any("keeps full marks in the sealed engine" in problem for problem in found.problems)
