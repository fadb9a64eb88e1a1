"""The quick way: each answer with the cells of its own task, and one notebook that mixes wrong answers."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.assignment.release import release_all
from autograder.course import Course
from autograder.local.runner import Warm
from autograder.local.verify import Verified, verify

SMALL = Path(__file__).parents[1] / "small_course"
NAME = "01-small"


@pytest.fixture(scope="module")
def warm() -> Iterator[Warm]:
    with Warm() as launcher:
        yield launcher


@pytest.fixture
def course(tmp_path: Path) -> Course:
    shutil.copytree(SMALL, tmp_path / "course")
    course = Course.open(tmp_path / "course")
    release_all(course, [NAME])
    return course


def quickly(course: Course, warm: Warm) -> Verified:
    (found,) = verify(course, [NAME], quick=True, launcher=warm)
    return found


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_each_answer_runs_with_the_cells_of_its_task(course: Course, warm: Warm) -> None:
    seen: list[tuple[int, int]] = []
    (found,) = verify(
        course, [NAME], quick=True, launcher=warm, progress=lambda done, total: seen.append((done, total))
    )
    assert found.problems == ()
    ran = [(v.answer.kind, v.answer.task, {check.check.partition("-")[0] for check in v.checks}) for v in found.trials]
    assert [kind for kind, _, tasks in ran if tasks == {"half_up", "spread"}] == ["reference", "release"]
    assert len(ran) == 14
    assert all(tasks == {task} for _, task, tasks in ran[2:])
    assert seen[-1] == (15, 15)  # and one that mixes wrong answers


def test_a_weak_check_is_found(course: Course, warm: Warm) -> None:
    edit(course.solutions / NAME / "01-small.py", "assert refused_the_empty_list", "assert spread([1, 2]) is not None")
    assert quickly(course, warm).problems == (
        "01-small/wrong/spread.py, zero_for_empty: passes every check of spread; add a check that fails it.",
        "01-small: no wrong answer fails the check spread-empty; write one, or remove the check.",
    )


def test_a_wrong_answer_that_disturbs_another_task_is_found(course: Course, warm: Warm) -> None:
    wrong = course.solutions / NAME / "wrong" / "half_up.py"
    worse = "    global ValueError\n    ValueError = print\n    return int(value)"
    edit(wrong, 'new="    return int(value)",', f"new={worse!r},")
    assert quickly(course, warm).problems == (
        "01-small, the first wrong answers of all tasks in one notebook: spread-empty ended differently than with the "
        "cells of spread alone; a task may depend on itself only.",
    )


def test_a_check_that_asks_about_another_task_is_found(course: Course, warm: Warm) -> None:
    edit(
        course.solutions / NAME / "01-small.py",
        "try:\n    spread([])",
        'assert globals().get("half_up", int)(1.7) in (1, 2)\nassert "half_up" not in globals() or half_up(1.7) == 2\n'
        "try:\n    spread([])",
    )
    (problem,) = quickly(course, warm).problems
    assert "in one notebook: spread-empty ended differently than with the cells of spread alone" in problem
