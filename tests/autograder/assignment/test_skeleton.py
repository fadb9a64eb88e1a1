"""A new assignment passes everything that an author runs, so that what goes wrong later is the author's own change."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from autograder.assignment.release import release_all
from autograder.assignment.skeleton import write_skeleton
from autograder.course import Course
from autograder.errors import UsageError
from autograder.local.spoil import spoilt
from autograder.local.survivors import try_mutants
from autograder.local.verify import verify

ROOT = Path(__file__).resolve().parents[3]
NAME = "99-new-thing"


@pytest.fixture
def course(tmp_path: Path) -> Course:
    shutil.copytree(ROOT / "solutions" / "shared", tmp_path / "solutions" / "shared")
    (tmp_path / "exercises").mkdir()
    shutil.copy(ROOT / "_toc.yml", tmp_path)
    return Course.open(tmp_path)


def test_it_passes_all_that_an_author_runs(course: Course) -> None:
    write_skeleton(course, NAME, "my_task")
    (found,) = verify(course, [NAME], quick=True)
    assert found.problems == ()
    assert [trial.points for trial in found.trials if trial.answer.kind == "reference"] == [pytest.approx(4)]
    (mutated,) = try_mutants(course, [NAME])
    assert (mutated.problems, mutated.survivors) == ((), ())
    assert len(mutated.killed) > 10
    (spoiled,) = spoilt(course, [NAME], workers=1)
    assert (spoiled.problems, spoiled.untried) == ((), ())
    (path,) = release_all(course, [NAME])
    released = path.read_text(encoding="utf-8")
    assert "# New thing" in released
    assert "### Task 1 · `my_task` (4 points)" in released


def test_nothing_is_written_over(course: Course) -> None:
    first, *_ = write_skeleton(course, NAME, "same_padding")
    first.write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="already"):
        write_skeleton(course, NAME, "same_padding")
    assert first.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    ("name", "task"),
    [("padding", "f"), ("1-padding", "f"), ("../11-padding", "f"), ("11-Padding", "f"), ("11-padding", "my-task")],
)
def test_names_that_cannot_be(course: Course, name: str, task: str) -> None:
    with pytest.raises(UsageError, match="is no name"):
        write_skeleton(course, name, task)
    assert sorted(path.name for path in (course.root / "solutions").iterdir()) == ["shared"]
