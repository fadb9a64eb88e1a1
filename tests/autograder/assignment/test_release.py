"""Releases: what students get, that it is the same each time, and that a failure leaves nothing behind."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from autograder.assignment.cells import task_of
from autograder.assignment.leaks import leaks
from autograder.assignment.material import Material
from autograder.assignment.release import differences, generate, orphan_files, register, release_all, source_text
from autograder.assignment.source import from_release, load_assignment, read_notebook
from autograder.course import Course
from autograder.errors import GradebookError, SourceError, UnknownAssignment
from autograder.gradebook.nbgrader_api import quiet_nbgrader

SMALL = Path(__file__).parents[1] / "small_course"
NAME = "01-small"


@pytest.fixture
def course(tmp_path: Path) -> Course:
    shutil.copytree(SMALL, tmp_path / "course")
    return Course.open(tmp_path / "course")


def test_release_holds_the_tasks_and_nothing_hidden(course: Course) -> None:
    (path,) = release_all(course, [NAME])
    assert path == course.exercises / NAME / f"{NAME}.ipynb"
    assert from_release(path) == load_assignment(course.source(NAME))
    cells = {cell.metadata.nbgrader.grade_id: cell for cell in read_notebook(path).cells}
    assert cells["half_up"].source.endswith("# YOUR CODE HERE\n    raise NotImplementedError()")
    assert cells["half_up-halves"].source == "# Halves, above and below zero"
    assert cells["half_up-public"].source.startswith("# Numbers that are nobody's half\nassert")
    assert cells["half_up-public"].metadata.editable is False
    assert all(cell.outputs == [] for cell in cells.values() if cell.cell_type == "code")
    assert leaks(path, Material.read(course.source(NAME)).hidden) == []


def test_source_notebook_for_nbgrader_lies_under_build(course: Course) -> None:
    release_all(course, [NAME])
    path = course.root / "build" / "source" / NAME / f"{NAME}.ipynb"
    hidden = Material.read(course.source(NAME)).hidden
    assert len(hidden) > 3
    assert set(leaks(path, hidden)) == hidden


def test_same_bytes_every_time_and_check_names_the_difference(course: Course) -> None:
    (path,) = release_all(course, [NAME])
    first = path.read_bytes()
    release_all(course, [NAME])
    assert path.read_bytes() == first
    assert differences(course, [NAME]) == []

    path.write_bytes(first.replace(b"Three numbers", b"Four numbers"))
    (line,) = differences(course, [NAME])
    assert f"exercises/{NAME}/{NAME}.ipynb differs from its source at line " in line
    path.unlink()
    assert differences(course, [NAME]) == [f"exercises/{NAME}/{NAME}.ipynb is missing."]


def test_file_that_no_source_generates_is_named(course: Course) -> None:
    (course.exercises / "old").mkdir()
    (course.exercises / "old" / "old.ipynb").write_text("{}")
    assert orphan_files(course) == ["exercises/old/old.ipynb comes from no source."]


def test_failure_writes_nothing(course: Course) -> None:
    release_all(course, [NAME])
    before = (course.exercises / NAME / f"{NAME}.ipynb").read_bytes()
    bad = course.solutions / "02-bad" / "02-bad.py"
    bad.parent.mkdir()
    text = course.source(NAME).read_text(encoding="utf-8")
    bad.write_text(text.replace("### BEGIN SOLUTION", "", 1), encoding="utf-8")
    changed = text.replace("Three numbers in order", "Four numbers")
    course.source(NAME).write_text(changed, encoding="utf-8")
    with pytest.raises(SourceError, match=r"02-bad\.py"):
        release_all(course, [NAME, "02-bad"])
    files = [path for path in course.exercises.rglob("*") if path.is_file() and path.name != ".gitkeep"]
    assert [path.name for path in files] == [f"{NAME}.ipynb"]
    assert files[0].read_bytes() == before


def test_what_nbgrader_refuses_raises(course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = course.source(NAME)
    source.write_text(source.read_text(encoding="utf-8") + "# not made yet\n", encoding="utf-8")
    newer = source_text(Material.read(source)).replace('"schema_version": 3', '"schema_version": 99', 1)
    monkeypatch.setattr("autograder.assignment.release.source_text", lambda _: newer)
    with pytest.raises(SourceError, match=f"nbgrader cannot make the release of {NAME}"):
        generate(source, out=tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_gradebook_gets_the_cells_with_hidden_tests(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AUTOGRADER_DB", raising=False)
    monkeypatch.setenv("PATH", "/nowhere")  # as when the virtual environment is not activated
    register(course, NAME)
    with quiet_nbgrader():
        from nbgrader.api import Gradebook

        with Gradebook(course.gradebook_url) as gradebook:
            notebook = gradebook.find_notebook(NAME, NAME)
            cells = {cell.name: cell.source for cell in notebook.source_cells}
            points = {cell.name: cell.max_score for cell in notebook.grade_cells}
    assert "secret_halves" in cells["half_up-halves"]
    assert points == {check.id: check.points for check in load_assignment(course.source(NAME)).checks}
    assert {task_of(name) for name in points} == {"half_up", "spread"}


def test_broken_gradebook_is_one_clear_error(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AUTOGRADER_DB", raising=False)
    (course.directory / "gradebook.db").write_text("this is no database, and it is long enough to be read as one" * 20)
    with pytest.raises(GradebookError, match="cannot use the gradebook") as error:
        register(course, NAME)
    assert "\n" not in str(error.value)


def test_unknown_assignment_names_the_nearest(course: Course) -> None:
    with pytest.raises(UnknownAssignment, match="Did you mean 01-small"):
        release_all(course, ["01-smal"])


def test_metadata_names_the_assignment(course: Course) -> None:
    (path,) = release_all(course, [NAME])
    assert json.loads(path.read_text(encoding="utf-8"))["metadata"]["autograder"] == {"assignment": NAME}
