"""The audit that spoils arguments finds checks that compare with what the answer left of them, and no others."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from autograder.course import Course
from autograder.local.runner import Warm
from autograder.local.spoil import spoilt

SMALL = Path(__file__).parents[1] / "small_course"
NAME = "01-small"
SOUND = "secret_list = [3, -7, 5, 0]\nassert spread(secret_list) == 12\nassert secret_list == [3, -7, 5, 0]"


@pytest.fixture
def course(tmp_path: Path) -> Course:
    shutil.copytree(SMALL, tmp_path / "course")
    return Course.open(tmp_path / "course")


def problems(course: Course, warm: Warm, check: str, answer: str = "") -> tuple[str, ...]:
    """Return what the audit says with ``check`` as the body of spread-order, and ``answer`` as that of spread."""
    path = course.solutions / NAME / "01-small.py"
    text = path.read_text(encoding="utf-8")
    start = text.index("secret_list = ")
    text = text[:start] + check + "\n\n" + text[text.index("# %% spread-empty") :]
    if answer:
        old = "    return max(values) - min(values)"
        assert old in text
        text = text.replace(old, answer)
    path.write_text(text, encoding="utf-8")
    (found,) = spoilt(course, [NAME], launcher=warm)
    assert found.untried == ()
    return found.problems


def test_sound_checks_are_no_problem(course: Course, warm: Warm) -> None:
    assert problems(course, warm, SOUND) == ()


def test_an_expected_value_from_the_leavings_is_found(course: Course, warm: Warm) -> None:
    check = "values = [3, -7, 5, 0]\nassert spread(values) == max(values) - min(values)"
    (line,) = problems(course, warm, check)
    assert line == (
        "01-small: spread-order passes an answer that sets its argument to zero or keeps one element of its argument "
        "and returns what then fits; compute the expected value before the call, or from a copy."
    )


def test_an_expected_value_from_a_tensor_s_leavings_is_found(course: Course, warm: Warm) -> None:
    check = "import torch\nx = torch.tensor([3.0, -7.0])\nassert torch.equal(spread(x), x.amax() - x.amin())"
    answer = "    return max(values) - min(values)"
    path = course.solutions / NAME / "01-small.py"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("if not values:", "if not len(values):"), encoding="utf-8")
    (line,) = problems(course, warm, check, answer)
    assert "spread-order passes an answer that sets its argument to zero or keeps one element" in line


def test_a_check_that_compares_no_values_is_no_problem(course: Course, warm: Warm) -> None:
    assert problems(course, warm, "values = [3, -7, 5, 0]\nassert type(spread(values)) is int") == ()


def test_an_answer_that_is_asked_to_work_in_place_is_left_alone(course: Course, warm: Warm) -> None:
    check = "values = [3, 1]\nspread(values)\nassert values == [1, 1]"
    answer = "    found = max(values) - min(values)\n    values[:] = [1] * len(values)\n    return found"
    assert problems(course, warm, check, answer) == ()
