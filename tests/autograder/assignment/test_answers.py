"""Known answers: files that are not what they should be are named, and code begins after the docstring."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from autograder.assignment.answers import known_answers, split_module

NAME = "01-small"
SMALL = Path(__file__).parents[1] / "small_course"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SMALL / "solutions" / NAME, tmp_path / NAME))


def test_bad_files_are_named(folder: Path) -> None:
    wrong = folder / "wrong"
    (wrong / "nothing__x.py").write_text('"""You did."""')
    (wrong / "spread__x.py").write_text("def spread(:")
    (wrong / "spread__y.py").write_text("spread = len")
    (wrong / "spread__z.py").write_text('"""You did. You did too."""\nspread = len')
    for path in (folder / "right").glob("spread*"):
        path.unlink()
    for path in [*wrong.glob("half_up__a*")]:
        path.unlink()
    _, problems = known_answers(folder, ["half_up", "spread"])
    assert problems == [
        "01-small/wrong/nothing__x.py: call it TASK__NAME.py, TASK one of half_up, spread.",
        "01-small/wrong/spread__x.py: line 1 is not Python: invalid syntax.",
        "01-small/wrong/spread__y.py: begin it with a docstring of one sentence, as a tutor would say it.",
        "01-small/wrong/spread__z.py: begin it with a docstring of one sentence, as a tutor would say it.",
        "01-small: task half_up has 1 wrong answers; write at least 4.",
        "01-small: task spread has 0 right answers; write at least 2.",
    ]


def test_code_begins_after_the_docstring() -> None:
    assert split_module('"""One\nsentence."""\n\nimport x\n\ny = 1\n') == ("One\nsentence.", "import x\n\ny = 1\n")
    assert split_module("y = 1\n") == ("", "y = 1\n")
