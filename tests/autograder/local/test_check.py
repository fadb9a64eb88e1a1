"""What a student is told about their own notebook."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from autograder.assignment.release import release_all
from autograder.course import Course
from autograder.errors import NotebookError, PathError
from autograder.local.check import check_notebook
from autograder.model import Outcome

SMALL = Path(__file__).parents[1] / "small_course"
NAME = "01-small"
GOOD = {
    "half_up": "import math\ndef half_up(value):\n    return math.floor(value + 0.5)",
    "spread": "def spread(values):\n    return max(values) - min(values)",
}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("here") / "course"
    shutil.copytree(SMALL, root)
    release_all(Course.open(root), [NAME])
    return root


def notebook(root: Path, to: Path, answers: dict[str, str], **change: Any) -> Path:
    """Write the release with ``answers`` put in and the cells named in ``change`` given other text."""
    data = json.loads((root / "exercises" / NAME / f"{NAME}.ipynb").read_text(encoding="utf-8"))
    for cell in data["cells"]:
        name = cell["metadata"]["nbgrader"]["grade_id"]
        cell["source"] = {**answers, **change}.get(name, cell["source"])
    to.write_text(json.dumps(data), encoding="utf-8")
    return to


def test_all_public_tests_pass(root: Path, tmp_path: Path) -> None:
    checked = check_notebook(notebook(root, tmp_path / "mine.ipynb", GOOD), root)
    assert checked.passed
    assert (checked.points, checked.public_points, checked.assignment.points) == (4, 4, 10)
    assert [check.check for check in checked.checks] == ["half_up-public", "spread-public"]
    assert checked.notes == ()


def test_failed_and_not_written_are_told_apart(root: Path, tmp_path: Path) -> None:
    path = notebook(root, tmp_path / "mine.ipynb", {"half_up": "def half_up(value):\n    return int(value)"})
    checked = check_notebook(path, root)
    first, second = checked.checks
    assert not checked.passed
    assert "half_up(1.7) should be 2, yours gave 1" in first.message
    assert checked.unwritten == {"spread"}
    assert second.message == "`spread` is not written yet: its cell is still the one that was handed out."


def test_tests_come_from_the_release(root: Path, tmp_path: Path) -> None:
    answers = {"half_up": "def half_up(value):\n    return 0", "half_up-public": "# all is well", "setup": "1 / 0"}
    checked = check_notebook(notebook(root, tmp_path / "mine.ipynb", answers), root)
    assert checked.checks[0].points == 0
    assert "Changed, and put back as released: setup, half_up-public." in checked.notes


def test_assignment_is_found_by_its_cells_whatever_the_file_is_called(root: Path, tmp_path: Path) -> None:
    path = notebook(root, tmp_path / "final version (2).ipynb", GOOD)
    data = json.loads(path.read_text(encoding="utf-8"))
    data["metadata"] = {}
    path.write_text(json.dumps(data), encoding="utf-8")
    assert check_notebook(path, root).assignment.name == NAME


def test_without_the_course_the_notebook_has_the_tests_and_a_note_says_so(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = notebook(root, tmp_path / "mine.ipynb", {"half_up": GOOD["half_up"]})
    checked = check_notebook(path)
    assert [check.outcome for check in checked.checks] == [Outcome.PASSED, Outcome.ERROR]
    assert checked.unwritten == {"spread"}
    assert checked.notes[0].startswith("The course's own copy of this notebook was not found")


def test_students_own_cells_and_files_beside_the_notebook_work(root: Path, tmp_path: Path) -> None:
    (tmp_path / "numbers.txt").write_text("0.5")
    path = notebook(root, tmp_path / "mine.ipynb", {**GOOD, "half_up": GOOD["half_up"].replace("0.5", "SHIFT")})
    data = json.loads(path.read_text(encoding="utf-8"))
    own = "%matplotlib inline\nSHIFT = float(open('numbers.txt').read())"
    data["cells"].insert(2, {"cell_type": "code", "source": own, "metadata": {}, "outputs": [], "execution_count": 1})
    path.write_text(json.dumps(data), encoding="utf-8")
    assert check_notebook(path, root).passed


def test_missing_file_names_the_nearest(root: Path, tmp_path: Path) -> None:
    notebook(root, tmp_path / "mine.ipynb", GOOD)
    with pytest.raises(PathError, match=r"There is no file .*miin\.ipynb\. Did you mean .*/mine\.ipynb\?"):
        check_notebook(tmp_path / "miin.ipynb", root)
    with pytest.raises(PathError, match=r"is a folder\. Did you mean .*/mine\.ipynb\?"):
        check_notebook(tmp_path, root)


def test_notebook_of_something_else_is_refused(root: Path, tmp_path: Path) -> None:
    path = tmp_path / "01-smal.ipynb"
    path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}))
    with pytest.raises(NotebookError, match=r"not an assignment of this course.* Did you mean .*01-small\.ipynb\?"):
        check_notebook(path, root)


def test_old_format_is_refused_with_the_way_out(root: Path, tmp_path: Path) -> None:
    path = notebook(root, tmp_path / "mine.ipynb", GOOD)
    path.write_text(path.read_text(encoding="utf-8").replace('"nbformat": 4', '"nbformat": 3'), encoding="utf-8")
    with pytest.raises(NotebookError, match="format 3; format 4 is needed"):
        check_notebook(path, root)
