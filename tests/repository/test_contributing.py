"""What CONTRIBUTING tells an author to write is an assignment that passes, as it stands there."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from autograder.assignment.release import release_all
from autograder.course import Course
from autograder.local.verify import verify

ROOT = Path(__file__).resolve().parents[2]
NAME = "99-padding"


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """Return a course of the one assignment that the page shows, with the course's own shared parts."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    source, mistakes = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    folder = tmp_path / "solutions" / NAME
    (folder / "wrong").mkdir(parents=True)
    (folder / f"{NAME}.py").write_text(source, encoding="utf-8")
    (folder / "wrong" / "same_padding.py").write_text(mistakes, encoding="utf-8")
    shutil.copytree(ROOT / "solutions" / "shared", tmp_path / "solutions" / "shared")
    (tmp_path / "exercises").mkdir()
    shutil.copy(ROOT / "_toc.yml", tmp_path)
    return Course.open(tmp_path)


def test_worked_example_is_an_assignment_and_its_mistake_is_caught(course: Course) -> None:
    (path,) = release_all(course, [NAME])
    released = path.read_text(encoding="utf-8")
    assert "size_kept" not in released
    assert "### Task 1 · `same_padding` (4 points)" in released
    (found,) = verify(course, [NAME])
    by_kind = {trial.answer.kind: trial for trial in found.trials}
    assert by_kind["reference"].points == pytest.approx(4)
    assert by_kind["wrong"].failed == ("same_padding-dilation",)
    # Only what the page says in words is left to do: more answers, and a mistake that the public check catches.
    assert [problem.partition(": ")[2] for problem in found.problems] == [
        "task same_padding has 1 wrong answers; write at least 4.",
        "task same_padding has 0 right answers; write at least 2.",
        "no wrong answer fails the check same_padding-public; write one, or remove the check.",
    ]
