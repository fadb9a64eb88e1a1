"""The quick way: each answer with the cells of its own task, and one notebook that mixes wrong answers."""

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


def failed(found: Verified) -> dict[str, tuple[str, ...]]:
    return {f"{trial.answer.task} {trial.answer.name}": trial.failed for trial in found.trials}


def test_a_wrong_answer_may_end_at_the_first_check_that_fails_it(course: Course, warm: Warm) -> None:
    edit(course.solutions / NAME / "wrong" / "half_up.py", "math.ceil(value)", "math.ceil(value) + 1")
    whole = quickly(course, warm)
    (short,) = verify(course, [NAME], quick=True, first=True, launcher=warm)
    assert short.problems == ()
    assert all(checks[:1] == failed(whole)[answer][:1] for answer, checks in failed(short).items())
    assert sum(map(len, failed(short).values())) < sum(map(len, failed(whole).values()))


def test_a_check_that_is_failed_second_counts_as_failed(course: Course, warm: Warm) -> None:
    """Whoever fails ``half_up-halves`` fails the check before it, and the one that runs through passes it."""
    file = course.solutions / NAME / "wrong" / "half_up.py"
    edit(file, "return int(value)", "return math.floor(value + 0.5) if value * 2 % 2 == 1 else 0")
    for old in ("math.copysign(math.floor(abs(value) + 0.5), value)", "round(value)"):
        edit(file, old, f"{old} - (value == 1.7)")
    (short,) = verify(course, [NAME], quick=True, first=True, launcher=warm)
    assert short.problems == ()


def test_a_smoke_test_runs_three_notebooks(course: Course, warm: Warm) -> None:
    seen: list[tuple[int, int]] = []
    (found,) = verify(
        course, [NAME], smoke=True, launcher=warm, progress=lambda done, total: seen.append((done, total))
    )
    assert found.problems == ()
    assert [trial.answer.kind for trial in found.trials] == ["reference", "release"]
    assert [trial.points for trial in found.trials] == [found.assignment.points, 0]
    assert seen == [(1, 3), (2, 3), (3, 3)]


def test_a_smoke_test_finds_a_wrong_answer_that_keeps_its_points(course: Course, warm: Warm) -> None:
    wrong = course.solutions / NAME / "wrong" / "half_up.py"
    edit(wrong, 'new="    return int(value)",', 'new="    return 0 + math.floor(value + 0.5)",')
    (found,) = verify(course, [NAME], smoke=True, launcher=warm)
    (problem,) = found.problems
    assert problem.startswith("01-small/wrong/half_up.py, ")
    assert problem.endswith("passes every check of half_up beside the first wrong answers of the other tasks.")


def test_a_smoke_test_finds_a_task_that_another_disturbs(course: Course, warm: Warm) -> None:
    (course.solutions / NAME / "wrong" / "spread.py").unlink()
    source = course.solutions / NAME / "01-small.py"
    edit(source, "try:\n    spread([])", "assert half_up(1.7) == 2\ntry:\n    spread([])")
    (found,) = verify(course, [NAME], smoke=True, launcher=warm)
    expected = "01-small: spread-empty failed beside other tasks' wrong answers; make it independent."
    assert found.problems[1:] == (expected,)


def test_two_assignments_are_tried_beside_each_other(course: Course) -> None:
    shutil.copytree(course.solutions / NAME, course.solutions / "02-again")
    (course.solutions / "02-again" / f"{NAME}.py").rename(course.solutions / "02-again" / "02-again.py")
    release_all(course, ["02-again"])
    seen: list[tuple[int, int]] = []
    found = verify(
        course, [NAME, "02-again"], workers=2, quick=True, progress=lambda done, total: seen.append((done, total))
    )
    assert [one.assignment.name for one in found] == [NAME, "02-again"]
    assert [one.problems for one in found] == [(), ()]
    assert [done for done, _ in seen] == list(range(1, 31))
