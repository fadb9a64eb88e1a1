"""A failed task names the mistake that it shows, when it shows one, and names nothing on thin evidence."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from autograder.assignment.answers import KnownAnswer
from autograder.assignment.cells import squeeze
from autograder.assignment.material import Material
from autograder.assignment.release import generate
from autograder.course import Course
from autograder.engines.contract import Job, Limits
from autograder.errors import EngineError
from autograder.grading.grade import grade_class
from autograder.grading.mistakes import Mistake, NamedMistakes, jobs_for, signature
from autograder.grading.results import ResultStore
from autograder.model import Assignment, Check, CheckResult, Outcome, SubmissionResult, Task
from autograder.submissions.intake import Release
from tests.fakes import FakeEngine, by_running

ROOT = Path(__file__).parents[3]
SMALL = Path(__file__).parents[1] / "small_course"
NAME = "01-small"
SENTENCE = "You cut the decimals off: 1.7 becomes 1."
SOURCE = SMALL / "solutions" / NAME / f"{NAME}.py"
TASK = Task("conv", 1, "Conv", tuple(Check(f"conv-{name}", "conv", 1.0, name == "public", name) for name in "ab"))


def given(*outcomes: tuple[Outcome, str, str]) -> dict[str, CheckResult]:
    return {
        check.id: CheckResult(check.id, outcome, float(outcome is Outcome.PASSED), 1.0, message, detail)
        for check, (outcome, message, detail) in zip(TASK.checks, outcomes, strict=True)
    }


PASSED = (Outcome.PASSED, "", "")
DIFFERS = "Values\nMismatched elements {} / 40 ({}%). Greatest absolute difference {} at index ({}, 1); allowed 1e-05."


def failed(message: str) -> tuple[Outcome, str, str]:
    return (Outcome.FAILED, message, "")


class TestSignature:
    def test_it_keeps_what_was_found(self) -> None:
        assert signature(TASK, given(PASSED, failed("Expected 4, received 5."))) == (
            "conv-b failed: Expected 4, received 5."
        )
        assert signature(TASK, given(failed("x"), PASSED)) != signature(TASK, given(PASSED, failed("x")))

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            (DIFFERS.format(20, "50", "8.3e-07", 0), DIFFERS.format(31, "77.5", "4.1e-07", 1)),
            ("Your code uses f, in the line `return f(x)`.", "Your code uses f, in the line `a = f(y)`."),
            ("Your function took 365 times the CPU time", "Your function took 41.5 times the CPU time"),
            ("An object at 0x7f00aa was returned", "An object at 0x55512b was returned"),
        ],
    )
    def test_it_leaves_out_what_two_files_need_not_share(self, one: str, other: str) -> None:
        assert signature(TASK, given(PASSED, failed(one))) == signature(TASK, given(PASSED, failed(other))) != ""

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            (DIFFERS.format(20, "50", "0.5", 0), DIFFERS.format(20, "50", "0.25", 0)),
            ("Wrong in 2 of 4 cases, always too large.", "Wrong in 3 of 4 cases, always too large."),
            ("Expected shape (2, 3), received (3, 2).", "Expected shape (2, 3), received (2, 2)."),
        ],
    )
    def test_it_keeps_what_tells_mistakes_apart(self, one: str, other: str) -> None:
        assert signature(TASK, given(PASSED, failed(one))) != signature(TASK, given(PASSED, failed(other)))

    def test_errors_count_by_what_they_say_and_not_by_where_they_are(self) -> None:
        def error(line: str, text: str) -> tuple[Outcome, str, str]:
            return (Outcome.ERROR, f"Your code raised ValueError in line {line}", f"ValueError: {text}\n{line}")

        first = signature(TASK, given(failed("x"), error("3 of your cell: `a`.", "sizes 3 and 4")))
        assert first == signature(TASK, given(failed("x"), error("9 of your cell: `b`.", "sizes 3 and 4"))) != ""
        assert first != signature(TASK, given(failed("x"), error("3 of your cell: `a`.", "sizes 3 and 5")))

    @pytest.mark.parametrize(
        "outcomes",
        [
            (PASSED, PASSED),
            (PASSED, (Outcome.ERROR, "Your code raised ValueError.", "ValueError: x")),
            (failed("x"), (Outcome.ERROR, "`conv` is not written yet.", "NotImplementedError: ")),
            (failed("x"), (Outcome.ERROR, "The cell `conv` stopped with SyntaxError.", "NameError: conv")),
            (failed("x"), (Outcome.TIME_LIMIT, "This took too long.", "")),
            (failed("x"), (Outcome.CRASHED, "The process ended.", "")),
            ((Outcome.UNREADABLE, "No file.", ""), (Outcome.UNREADABLE, "No file.", "")),
        ],
    )
    def test_thin_evidence_is_none(self, outcomes: tuple[tuple[Outcome, str, str], ...]) -> None:
        assert signature(TASK, given(*outcomes)) == ""

    def test_a_check_that_was_not_run_leaves_nothing_to_say(self) -> None:
        checks = given(PASSED, failed("x"))
        del checks["conv-a"]
        assert signature(TASK, checks) == ""

    def test_a_flood_of_text_takes_no_time(self) -> None:
        checks = given(failed("1.1." * 1000), (Outcome.ERROR, "x", "1.1." * 100_000))
        assert len(signature(TASK, checks)) < 6000


class TestNames:
    of = Assignment("01-x", "X", (TASK,))

    def named(self, known: list[Mistake], checks: dict[str, CheckResult]) -> list[str]:
        result = SubmissionResult("ada", "01-x", "k", tuple(checks.values()))
        return [check.mistake for check in NamedMistakes(known).named(self.of, result).checks]

    def test_the_sentence_goes_to_every_failed_check_of_the_task_and_old_ones_go(self) -> None:
        checks = {name: replace(check, mistake="Old.") for name, check in given(PASSED, failed("x")).items()}
        shows = signature(TASK, checks)
        assert self.named([Mistake("conv", "m", "You flipped it.", shows)], checks) == ["", "You flipped it."]
        assert self.named([Mistake("other", "m", "You flipped it.", shows)], checks) == ["", ""]
        assert self.named([Mistake("conv", "m", "You flipped it.", "")], checks) == ["", ""]

    def test_two_that_look_alike_are_both_named_and_three_are_not(self) -> None:
        checks = given(PASSED, failed("x"))
        known = [Mistake("conv", f"m{n}", f"Mistake {n}.", signature(TASK, checks)) for n in range(3)]
        assert self.named(known[:2], checks) == ["", "Mistake 0. Or: Mistake 1."]
        assert self.named(known, checks) == ["", ""]


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return Release.read(generate(SOURCE, out=tmp_path_factory.mktemp("release")))


def test_wrong_answers_of_different_tasks_share_a_job(release: Release) -> None:
    material = Material.read(SOURCE)
    wrong = [a for a in material.known_answers()[0] if a.kind == "wrong"]
    dependent = KnownAnswer("wrong", "leans", "spread", "S.", "def spread(v):\n    return half_up(max(v))\n")
    plan = jobs_for(material, release, [*wrong, dependent], Limits())
    assert [len(group) for _, group in plan] == [2, 2, 2, 2, 1]
    texts = [{c.id: c.source for c in job.intake.cells if c.role == "student"} for job, _ in plan]
    assert texts[-1] == {"half_up": material.reference["half_up"], "spread": dependent.code}
    assert {a.code for a in wrong} == {text for cells in texts[:-1] for text in cells.values()}
    assert plan[-1][0].checks == {"spread-public", "spread-order", "spread-empty"}
    assert len({job.submission.student for job, _ in plan}) == 5


@pytest.fixture
def course(tmp_path: Path, release: Release) -> Course:
    """A class of three: one mistake, no mistake known, nothing written."""
    shutil.copytree(SMALL, tmp_path / "course")
    course = Course(tmp_path / "course", tmp_path / "class")
    wrong, _ = Material.read(course.source(NAME)).known_answers()
    answers = {
        "ada": next(answer.code for answer in wrong if answer.name == "always_down"),
        "bo": "def half_up(value):\n    return 12345 if value == 1.7 else 1\n",
        "cy": None,
    }
    for student, answer in answers.items():
        notebook: dict[str, Any] = json.loads(json.dumps(release.notebook))
        for cell in notebook["cells"]:
            if answer and cell["metadata"]["nbgrader"]["grade_id"] == "half_up":
                cell["source"] = answer
        path = course.submitted / student / NAME / f"{NAME}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(notebook))
    return course


Grade = Callable[[], dict[str, SubmissionResult]]


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine(by_running)


@pytest.fixture
def grade(course: Course, engine: FakeEngine) -> Grade:
    def go() -> dict[str, SubmissionResult]:
        return {r.student: r for r in grade_class(course, NAME, factory=lambda *_: engine).results}

    return go


def sentences(results: dict[str, SubmissionResult]) -> dict[str, set[str]]:
    return {student: {check.mistake for check in result.checks} - {""} for student, result in results.items()}


def known_here(engine: FakeEngine) -> int:
    return sum(student.startswith("known-mistakes") for student in engine.graded)


def test_a_class_is_told_its_mistakes_once_they_are_learnt(course: Course, grade: Grade, engine: FakeEngine) -> None:
    wrong = course.solutions / NAME / "wrong" / "half_up.py"
    first = sentences(grade())
    assert first == {"ada": {SENTENCE}, "bo": set(), "cy": set()}
    assert known_here(engine) == 4
    assert sentences({r.student: r for r in ResultStore(course.directory).all(NAME)}) == first
    assert sentences(grade()) == first
    assert known_here(engine) == 4
    table = course.directory / ".autograder" / "mistakes" / f"{NAME}.json"
    table.write_text("{")
    assert sentences(grade()) == first
    assert known_here(engine) == 8
    wrong.write_text(wrong.read_text().replace(SENTENCE, "You always went down."))
    assert sentences(grade())["ada"] == {"You always went down."}
    assert known_here(engine) == 12
    assert engine.graded[:3] == ["ada", "bo", "cy"]
    assert sum(student in ("ada", "bo", "cy") for student in engine.graded) == 3


def test_nothing_is_learnt_for_one_who_wrote_nothing(course: Course, grade: Grade, engine: FakeEngine) -> None:
    for student in ("ada", "bo"):
        shutil.rmtree(course.submitted / student)
    grade()
    assert engine.graded == ["cy"]
    assert not (course.directory / ".autograder" / "mistakes").exists()


def test_a_sentence_that_gives_a_hidden_line_away_is_not_told(course: Course, grade: Grade) -> None:
    wrong = course.solutions / NAME / "wrong" / "half_up.py"
    telling = "You fail on secret_halves = {2.5: 3, 3.5: 4, -1.5: -1}."
    wrong.write_text(wrong.read_text().replace(SENTENCE, telling))
    assert sentences(grade())["ada"] == set()


def test_a_failure_of_ours_costs_the_names_and_no_mark(course: Course, engine: FakeEngine) -> None:
    def fail(job: Job) -> None:
        if job.submission.student.startswith("known-mistakes"):
            raise EngineError("No process could be started.")

    engine.before = fail
    said: list[str] = []
    outcome = grade_class(course, NAME, factory=lambda *_: engine, warn=said.append)
    assert len(outcome.results) == 3
    assert said[-1] == "Known mistakes are not named this time: No process could be started."


def test_no_sentence_of_the_course_holds_a_line_of_a_hidden_test() -> None:
    sources = [path for path in sorted(ROOT.glob("solutions/*/*.py")) if path.stem == path.parent.name]
    found = []
    for source in sources:
        material = Material.read(source)
        answers, _ = material.known_answers()
        found += [a.name for a in answers if any(line in squeeze(a.sentence) for line in material.hidden)]
    assert sources
    assert found == []
