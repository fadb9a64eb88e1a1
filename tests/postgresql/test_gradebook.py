"""The gradebook on a real PostgreSQL server: graded, stopped, resumed, marked by hand, exported by nbgrader."""

# Over 60 s of CPU: each command of a class runs against a server, as a process of its own.

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from autograder.assignment.cells import grade_id
from autograder.assignment.material import Material
from autograder.assignment.release import generate
from autograder.course import Course
from autograder.errors import GradebookError
from autograder.gradebook.gradebook import Gradebook
from autograder.gradebook.nbgrader_api import quiet_nbgrader
from autograder.grading.grade import grade_class
from autograder.reports.marks import read_marks
from tests.fakes import FakeEngine

SMALL = Path(__file__).parents[1] / "autograder" / "small_course"
NAME = "01-small"
BIN = Path(sys.executable).parent
STUDENTS = {"ada": 10.0, "bo": 5.0, "cy": 0.0}

pytestmark = [pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    source = SMALL / "solutions" / NAME / f"{NAME}.py"
    notebook: dict[str, Any] = json.loads(generate(source, out=tmp_path_factory.mktemp("r")).read_text())
    return notebook


@pytest.fixture
def course(tmp_path: Path, released: dict[str, Any], new_database: Callable[[], str]) -> Course:
    """A class of three: one with all answers, one with the first, one with none."""
    shutil.copytree(SMALL, tmp_path / "course", ignore=shutil.ignore_patterns("wrong"))
    course = Course(tmp_path / "course", tmp_path / "class", new_database())
    reference = Material.read(course.source(NAME)).reference
    for student, answered in (("ada", reference), ("bo", {"half_up": reference["half_up"]}), ("cy", {})):
        notebook = json.loads(json.dumps(released))
        for cell in notebook["cells"]:
            cell["source"] = answered.get(grade_id(cell), cell["source"])
        path = course.submitted / student / NAME / f"{NAME}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(notebook))
    return course


def grade(course: Course, engine: FakeEngine | None = None, **options: Any) -> FakeEngine:
    engine = engine or FakeEngine()
    grade_class(course, NAME, factory=lambda *_: engine, **options)
    return engine


def query(course: Course, statement: str) -> list[tuple[Any, ...]]:
    from sqlalchemy import create_engine, text

    engine = create_engine(course.gradebook_url)
    try:
        with engine.begin() as connection:
            found = connection.execute(text(statement))
            return [tuple(row) for row in found] if found.returns_rows else []
    finally:
        engine.dispose()


def totals(course: Course) -> dict[str, float]:
    rows = query(
        course,
        "SELECT a.student_id, sum(g.auto_score) FROM submitted_assignment a JOIN submitted_notebook n "
        "ON n.assignment_id = a.id JOIN grade g ON g.notebook_id = n.id GROUP BY a.student_id",
    )
    return {student: float(total) for student, total in rows}


def test_a_class_is_graded_into_it(course: Course) -> None:
    grade(course)
    assert totals(course) == pytest.approx(STUDENTS)
    assert query(course, "SELECT version_num FROM alembic_version") != []
    assert query(course, "SELECT count(*) FROM grade") == [(15,)]
    assert not (course.directory / "gradebook.db").exists()


def test_nothing_is_graded_twice_and_what_was_lost_is_entered_again(course: Course) -> None:
    engine = grade(course)
    grade(course, engine)
    assert len(engine.graded) == 3
    query(course, "DELETE FROM comment")
    query(course, "DELETE FROM grade WHERE notebook_id IN (SELECT id FROM submitted_notebook)")
    query(course, "DELETE FROM submitted_notebook")
    query(course, "DELETE FROM submitted_assignment")
    assert totals(course) == {}
    grade(course, engine)
    assert totals(course) == pytest.approx(STUDENTS)
    assert len(engine.graded) == 3


def test_what_a_person_entered_stays(course: Course) -> None:
    grade(course)
    query(course, "UPDATE grade SET manual_score = 1.5, extra_credit = 0.5 WHERE auto_score = 3")
    query(course, "UPDATE comment SET manual_comment = 'Neat – ünïcode.'")
    grade(course, force=True)
    assert query(course, "SELECT count(*) FROM grade WHERE manual_score = 1.5 AND extra_credit = 0.5") == [(2,)]
    marks = read_marks(course, NAME)
    assert marks["ada"].manual == {"half_up-halves": 1.5}
    assert {text for _, text in marks["cy"].comments} == {"Neat – ünïcode."}


def test_a_late_hand_in_is_known(course: Course) -> None:
    (course.submitted / "bo" / NAME / "timestamp.txt").write_text("2024-01-02 10:00:00 UTC")
    grade(course)
    query(course, "UPDATE assignment SET duedate = '2024-01-01 00:00:00'")
    config = course.directory / "nbgrader_config.py"
    config.write_text(config.read_text() + "c.LateSubmissionPlugin.penalty_method = 'zero'\n")
    grade(course, force=True)
    assert {student: marks.penalty for student, marks in read_marks(course, NAME).items()} == {
        "ada": 0,
        "bo": 5,
        "cy": 0,
    }


def test_nbgraders_own_programs_read_it(course: Course) -> None:
    grade(course)
    with quiet_nbgrader():
        from nbgrader.apps.api import NbGraderAPI
        from nbgrader.coursedir import CourseDirectory

        directory = CourseDirectory(root=str(course.directory), db_url=course.gradebook_url)
        listed = {entry["student"]: entry for entry in NbGraderAPI(directory).get_submissions(NAME)}
    assert {student: entry["score"] for student, entry in listed.items()} == pytest.approx(STUDENTS)
    assert all(entry["autograded"] for entry in listed.values())
    assert course.gradebook_url in (course.directory / "nbgrader_config.py").read_text()
    done = subprocess.run([BIN / "nbgrader", "export"], cwd=course.directory, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    with (course.directory / "grades.csv").open() as file:
        assert {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)} == pytest.approx(STUDENTS)


@pytest.mark.parametrize("how", ["--db", "AUTOGRADER_DB", "nbgrader_config.py"])
def test_the_command_line_finds_it_by_option_variable_or_configuration(course: Course, how: str) -> None:
    url = course.gradebook_url
    environment = {name: value for name, value in os.environ.items() if name != "AUTOGRADER_DB"}
    where = ["--root", str(course.root), "--course", str(course.directory)]
    named = {"--db": ["--db", url]}.get(how, [])
    environment |= {"AUTOGRADER_DB": {"AUTOGRADER_DB": url}}.get(how, {})
    setting = {"nbgrader_config.py": f"c.CourseDirectory.db_url = {url!r}\n"}.get(how, "")
    (course.directory / "nbgrader_config.py").write_text(f"c = get_config()\n{setting}")
    grade(course)
    query(course, "UPDATE grade SET manual_score = 0")
    command = [sys.executable, "-m", "autograder", "report", NAME, *where, *named, "--json"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, cwd=Path(__file__).parents[2])
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["mean"] == pytest.approx(0)


def test_a_server_that_is_not_there_is_one_clear_error(course: Course, tmp_path: Path) -> None:
    elsewhere = Course(course.root, course.directory, f"postgresql+psycopg://course:secret@/x?host={tmp_path}")
    with pytest.raises(GradebookError, match="server runs") as error:
        Gradebook(elsewhere).check()
    assert "secret" not in str(error.value)
    assert "\n" not in str(error.value)


def test_a_driver_that_is_not_installed_is_named(course: Course) -> None:
    with pytest.raises(GradebookError, match=r"No module named 'pg8000'.*postgresql\+psycopg://"):
        Gradebook(Course(course.root, course.directory, "postgresql+pg8000://course@localhost/x")).check()
