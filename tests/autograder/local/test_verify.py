"""The tests of the tests must themselves notice every way in which an assignment's tests can be bad."""

# Over 60 s of CPU: an assignment is tested with all its answers, once for each fault that it can have.

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from autograder.assignment.release import release_all
from autograder.course import Course
from autograder.local.runner import Warm
from autograder.local.verify import Verified, verify

SMALL = Path(__file__).parents[1] / "small_course"
NAME = "01-small"


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("released") / "course"
    shutil.copytree(SMALL, root)
    release_all(Course.open(root), [NAME])
    return root


@pytest.fixture
def course(tmp_path: Path, released: Path) -> Course:
    shutil.copytree(released, tmp_path / "course")
    return Course.open(tmp_path / "course")


@pytest.fixture
def folder(course: Course) -> Path:
    return course.solutions / NAME


def verified(course: Course, warm: Warm) -> Verified:
    (found,) = verify(course, [NAME], launcher=warm)
    return found


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_good_assignment_has_no_problem(course: Course) -> None:
    seen: list[tuple[int, int]] = []
    (found,) = verify(course, [NAME], repeat=2, progress=lambda done, total: seen.append((done, total)))
    assert found.problems == ()
    kinds = [trial.answer.kind for trial in found.trials]
    assert [kinds.count(kind) for kind in ("reference", "release", "right", "wrong")] == [1, 1, 4, 8]
    by_name = {trial.answer.name: trial for trial in found.trials}
    assert by_name["reference"].points == by_name["sorted"].points == 10
    assert by_name["release"].points == 0
    assert by_name["to_even"].failed == ("half_up-halves",)
    assert by_name["to_even"].answer.sentence.startswith("You used round")
    assert seen[-1] == (28, 28)


def test_wrong_answer_that_passes_is_a_problem(course: Course, folder: Path, warm: Warm) -> None:
    edit(folder / "wrong" / "half_up.py", "round(value)", "int((value + 0.5) // 1)")
    assert verified(course, warm).problems == (
        "01-small/wrong/half_up.py, to_even: passes every check of half_up; add a check that fails it.",
    )


def test_check_that_nothing_fails_is_a_problem(course: Course, folder: Path, warm: Warm) -> None:
    edit(folder / "01-small.py", "assert refused_the_empty_list", "assert spread([1, 2]) is not None")
    assert verified(course, warm).problems == (
        "01-small/wrong/spread.py, zero_for_empty: passes every check of spread; add a check that fails it.",
        "01-small: no wrong answer fails the check spread-empty; write one, or remove the check.",
    )


def test_right_answer_that_fails_is_a_problem_with_the_message(course: Course, folder: Path, warm: Warm) -> None:
    edit(folder / "right" / "spread.py", "ordered[-1]", "ordered[-2]")
    (problem,) = verified(course, warm).problems
    assert problem.startswith("01-small/right/spread.py, sorted: fails spread-public, spread-order, but must get full")


def test_a_reference_that_fails_is_named_alone_with_the_error_of_the_check(
    course: Course, folder: Path, warm: Warm
) -> None:
    """A check that is wrong itself fails every answer: one line is enough to find it."""
    edit(folder / "01-small.py", "assert half_up(1.2) == 1", "assert half_up(1.2).no_such_thing == 1")
    (problem,) = verified(course, warm).problems
    assert problem.startswith("01-small, the reference: fails half_up-public, but must get full marks.")
    assert "AttributeError: 'int' object has no attribute 'no_such_thing'" in problem
    assert problem.endswith("The other answers are judged once the reference passes.")


def test_reference_that_fails_and_release_that_passes_are_problems(course: Course, folder: Path, warm: Warm) -> None:
    edit(folder / "01-small.py", "    raise ValueError(", "    raise KeyError(")
    edit(folder / "01-small.py", "except ValueError:", "except Exception:")
    problems = verified(course, warm).problems
    assert (
        "01-small, the release: the empty notebook passes spread-empty; a check must fail without an answer."
        in problems
    )


def test_check_that_asks_about_another_task_is_a_problem(course: Course, folder: Path, warm: Warm) -> None:
    edit(folder / "01-small.py", "secret_list = [", "assert half_up(2.5) == 3\nsecret_list = [")
    said = "01-small/wrong/half_up.py, to_even: also fails spread-order; a check may ask about its own task only."
    assert said in verified(course, warm).problems


def test_check_that_is_not_the_same_each_time_is_a_problem(
    course: Course, folder: Path, tmp_path: Path, warm: Warm
) -> None:
    flag = tmp_path / "flag"
    flaky = f"import os\nassert not os.path.exists({str(flag)!r})\nopen({str(flag)!r}, 'w').close()\nsecret_list = ["
    edit(folder / "01-small.py", "secret_list = [", flaky)
    (found,) = verify(course, [NAME], repeat=2, workers=1, launcher=warm)
    assert "01-small, the reference: not the same each time in spread-order." in found.problems


def test_answers_that_loop_or_crash_lose_their_points(course: Course, folder: Path, warm: Warm) -> None:
    code = "import os\n\n\ndef spread(v):\n    os.abort()\n"
    with (folder / "wrong" / "spread.py").open("a") as file:
        file.write(f'mistake("crashes", "You end Python.", answer={code!r})\n')
    assert verified(course, warm).problems == ()
