"""``verify --mutants``: which mutants survive, which are marked as equivalent, and what can be wrong with a mark."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from autograder.assignment.answers import Equivalent
from autograder.commands.verify import verify
from autograder.course import Course
from autograder.engines.judge import CellEnd
from autograder.local.mutants import Mutant
from autograder.local.runner import Warm
from autograder.local.survivors import Mutated, Tried, allowance, match, try_mutants

SMALL = Path(__file__).parents[1] / "small_course"
NAME = "01-small"


@pytest.fixture
def course(tmp_path: Path) -> Course:
    shutil.copytree(SMALL, tmp_path / "course")
    return Course.open(tmp_path / "course")


def edit(course: Course, file: str, old: str, new: str) -> None:
    path = course.solutions / NAME / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.fixture
def mutated(warm: Warm) -> Callable[[Course], Mutated]:
    def mutated(course: Course) -> Mutated:
        (found,) = try_mutants(course, [NAME], launcher=warm)
        return found

    return mutated


def test_good_checks_kill_every_mutant_and_progress_is_shown(course: Course, warm: Warm) -> None:
    seen: list[tuple[int, int]] = []
    (found,) = try_mutants(course, [NAME], launcher=warm, progress=lambda done, total: seen.append((done, total)))
    assert [one.mutant.change for one in found.survivors] == []
    assert found.problems == ()
    assert [one.mutant.operator for one in found.equivalent] == ["never_refuses"]  # max raises ValueError, too
    assert len(found.killed) == len(found.tried) - 1 > 8
    assert {one.killed_by for one in found.killed} >= {"half_up-public", "spread-public", "spread-empty"}
    assert seen == [(done, len(found.tried)) for done in range(len(found.tried) + 1)]


def test_a_weak_check_leaves_survivors_and_a_mark_explains_one(
    course: Course, mutated: Callable[[Course], Mutated]
) -> None:
    edit(course, f"{NAME}.py", "except ValueError:", "except Exception:")
    text = "an empty list has no spread"
    change = f"raise ValueError('{text}') -> raise TypeError('{text}')"
    before = mutated(course)
    assert change in [one.mutant.change for one in before.survivors]
    with (course.solutions / NAME / "wrong" / "spread.py").open("a") as file:
        file.write(f'\nequivalent("{change}", "For the test.")\n')
    found = mutated(course)
    assert [one.mutant.operator for one in found.equivalent] == ["never_refuses", "other_error"]
    assert len(found.survivors) == len(before.survivors) - 1
    assert found.problems == ()


def test_the_command_lists_survivors_and_exits_with_1(course: Course) -> None:
    edit(course, f"{NAME}.py", "except ValueError:", "except Exception:")
    ran = CliRunner().invoke(verify, [NAME, "--root", str(course.root), "--mutants"], standalone_mode=False)
    assert ran.return_value == 1
    assert "SURVIVOR  01-small, spread: Another kind of error is raised. (other_error)" in ran.stdout
    assert (
        "  - raise ValueError('an empty list has no spread')\n  + raise TypeError('an empty list has no spread')\n"
        in ran.stdout
    )
    assert "task     made  killed  equivalent  survivors" in ran.stdout
    assert ran.stdout.splitlines()[-1].startswith("01-small: mutants made ")


@pytest.mark.thorough
def test_json_and_no_survivors(course: Course) -> None:
    ran = CliRunner().invoke(verify, [NAME, "--root", str(course.root), "--mutants", "--json"], standalone_mode=False)
    assert ran.return_value == 0
    (found,) = json.loads(ran.stdout)
    assert found["made"] == found["killed"] + 1 > 8
    assert (found["survivors"], found["problems"]) == ([], [])
    assert [one["reason"] for one in found["equivalent"]] == ["Of an empty list, max raises ValueError itself."]


def test_a_mutant_that_loops_counts_as_killed(course: Course, mutated: Callable[[Course], Mutated]) -> None:
    edit(
        course,
        f"{NAME}.py",
        "    return max(values) - min(values)",
        "    left = len(values)\n    while left > 0:\n        left -= 1\n    return max(values) - min(values)",
    )
    found = mutated(course)
    loops = [one for one in found.killed if one.mutant.change == "left -= 1 -> pass"]
    assert [one.killed_by for one in loops] == ["spread-public"]


def test_a_reference_that_fails_has_no_mutants(course: Course, mutated: Callable[[Course], Mutated]) -> None:
    edit(course, f"{NAME}.py", "value + 0.5", "value + 0.25")
    found = mutated(course)
    assert found.problems == (
        "01-small, the reference of half_up: fails half_up-public, so no mutant of it was tried.",
    )
    assert {one.task for one in found.tried} == {"spread"}


TRIED = [
    Tried("half", Mutant("number", "S.", "", "a = 1", "a = 2"), ""),
    Tried("half", Mutant("bound", "S.", "", "a < 1", "a <= 1"), "half-public"),
]
MARKS = {
    "number": "",
    "a  = 1 -> a = 2": "",
    "numbr": "unknown; name an operator (bound, condition, number, ",
    "a = 1 -> a = 3": "matches no mutant; copy a line of verify --mutants, or remove the mark.",
    "switch": "matches no mutant; copy a line of verify --mutants, or remove the mark.",
    "bound": "is not equivalent, half-public fails it; remove the mark.",
}


@pytest.mark.parametrize("what", MARKS)
def test_what_a_mark_names(what: str) -> None:
    marked, problems = match("01-half", TRIED, [Equivalent("half", what, "Why.")])
    assert [bool(one.mark) for one in marked] == [not MARKS[what], False]
    assert all(line.startswith(f"01-half/wrong/half.py, equivalent({what!r}): {MARKS[what]}") for line in problems)
    assert len(problems) == bool(MARKS[what])


def test_a_mark_that_names_what_another_names() -> None:
    marks = [Equivalent("half", "number", "Why."), Equivalent("half", "a = 1 -> a = 2", "Why.")]
    _, problems = match("01-half", TRIED, marks)
    assert problems == ["01-half/wrong/half.py, equivalent('a = 1 -> a = 2'): another mark names the same; remove one."]


def test_a_mutant_may_compute_for_ten_times_as_long_as_the_reference() -> None:
    assert allowance({}).cpu_seconds == 2
    assert allowance({"half": CellEnd(seconds=0.5), "half-public": CellEnd(seconds=1.5)}).cpu_seconds == 15
