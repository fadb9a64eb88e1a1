"""Marks reach nbgrader's gradebook, its tools go on from there, and what a person entered stays."""

import csv
import json
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from autograder.assignment.material import Material
from autograder.assignment.release import generate
from autograder.course import Course
from autograder.errors import GradebookError
from autograder.gradebook import entries
from autograder.gradebook.directory import prepare_directory, write_autograded
from autograder.gradebook.entries import Entry
from autograder.gradebook.gradebook import Gradebook
from autograder.gradebook.nbgrader_api import quiet_nbgrader
from autograder.model import CheckResult, Outcome, SubmissionResult
from autograder.submissions.intake import Release, repair
from tests.crash.classes import penalties
from tests.gradebooks import grades

SMALL = Path(__file__).parents[1] / "small_course"
NAME = "01-small"
SOURCE = SMALL / "solutions" / NAME / f"{NAME}.py"
BIN = Path(sys.executable).parent


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("release")
    generate(SOURCE, out=folder, gradebook_url=f"sqlite:///{folder / 'gradebook.db'}")
    return folder / "gradebook.db"


@pytest.fixture
def course(tmp_path: Path) -> Course:
    return Course(SMALL, tmp_path)


@pytest.fixture
def book(course: Course, template: Path) -> Gradebook:
    book = Gradebook(course, patience=2)
    book.register(template)
    prepare_directory(course)
    return book


def marks(student: str, share: float = 1.0, outcome: Outcome = Outcome.PASSED, message: str = "") -> SubmissionResult:
    checks = Material.read(SOURCE).assignment.checks
    results = tuple(CheckResult(c.id, outcome, c.points * share, c.points, message) for c in checks)
    return SubmissionResult(student, NAME, "key", results)


def change(course: Course, statement: str, *values: object) -> None:
    with sqlite3.connect(course.directory / "gradebook.db") as connection:
        connection.execute(statement, values)
    connection.close()


def comments(course: Course, student: str) -> set[str | None]:
    with quiet_nbgrader():
        from nbgrader.api import Gradebook as Api

        with Api(course.gradebook_url) as api:
            (notebook,) = api.find_submission(NAME, student).notebooks
            return {comment.comment for comment in notebook.comments}


def test_nbgraders_own_tools_go_on_from_it(course: Course, book: Gradebook, template: Path) -> None:
    release = Release.read(template.parent / NAME / f"{NAME}.ipynb")
    for student, share in (("ada", 1.0), ("bo", 0.5)):
        book.put(Entry(marks(student, share)))
        intake = repair(json.dumps(release.notebook).encode(), release)
        write_autograded(course, marks(student, share), release.build(intake.cells))
    (course.directory / "submitted" / "ada" / NAME).mkdir(parents=True)
    for command in (["export"], ["generate_feedback", NAME, "--student", "ada"]):
        done = subprocess.run([BIN / "nbgrader", *command], cwd=course.directory, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
    with (course.directory / "grades.csv").open() as file:
        rows = {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}
    assert rows == {"ada": pytest.approx(10), "bo": pytest.approx(5)}
    page = course.feedback / "ada" / NAME / f"{NAME}.html"
    assert "(Score: 10.0 / 10.0)" in page.read_text()
    with quiet_nbgrader():
        from nbgrader.apps.api import NbGraderAPI
        from nbgrader.coursedir import CourseDirectory

        api = NbGraderAPI(CourseDirectory(root=str(course.directory)))
        listed = {entry["student"]: entry for entry in api.get_submissions(NAME)}
    assert listed["bo"]["score"] == pytest.approx(5)
    assert listed["ada"]["autograded"] is True
    assert listed["ada"]["needs_manual_grade"] is False


def test_what_a_person_entered_survives(course: Course, book: Gradebook) -> None:
    book.put(Entry(marks("ada")))
    change(course, "UPDATE grade SET manual_score = 1.5, extra_credit = 2")
    change(course, "UPDATE comment SET manual_comment = 'Neat.'")
    book.put(Entry(marks("ada")))
    assert set(grades(course, "ada")) >= {(2.0, 1.5, 2.0, False)}
    book.put(Entry(marks("ada", 0.0)))
    assert set(grades(course, "ada")) == {(0.0, 1.5, 2.0, True)}
    assert comments(course, "ada") == {"Neat."}


def test_comments_say_why(course: Course, book: Gradebook) -> None:
    book.put(Entry(marks("ada", 0.0, Outcome.UNREADABLE, "The file is empty.")))
    assert comments(course, "ada") == {"The file is empty."}
    book.put(Entry(marks("bo", 0.0), unwritten=frozenset({"spread", "half_up"})))
    assert comments(course, "bo") == {"No response."}
    book.put(Entry(marks("bo")))
    assert comments(course, "bo") == {None}


def test_a_late_submission_is_nbgraders_to_penalise(course: Course, book: Gradebook) -> None:
    config = course.directory / "nbgrader_config.py"
    config.write_text(config.read_text() + "c.LateSubmissionPlugin.penalty_method = 'zero'\n")
    change(course, "UPDATE assignment SET duedate = '2024-01-01 00:00:00.000000'")
    book.put(Entry(marks("ada"), timestamp="2024-01-02 10:00:00 UTC"))
    book.put(Entry(marks("bo"), timestamp="2023-12-31 10:00:00 UTC"))
    subprocess.run([BIN / "nbgrader", "export"], cwd=course.directory, check=True, capture_output=True)
    with (course.directory / "grades.csv").open() as file:
        rows = {row["student_id"]: row["score"] for row in csv.DictReader(file)}
    assert rows == {"ada": "0.0", "bo": "10.0"}


def test_a_penalty_goes_with_its_reason(course: Course, book: Gradebook) -> None:
    config = course.directory / "nbgrader_config.py"
    config.write_text(config.read_text() + "c.LateSubmissionPlugin.penalty_method = 'zero'\n")
    change(course, "UPDATE assignment SET duedate = '2024-01-01 00:00:00.000000'")
    book.put(Entry(marks("ada"), timestamp="2024-01-02 10:00:00 UTC"))
    assert penalties(course) == {"ada": pytest.approx(10)}
    change(course, "UPDATE submitted_assignment SET extension = '1970-01-08 00:00:00.000000'")
    book.put(Entry(marks("ada"), timestamp="2024-01-02 10:00:00 UTC"))
    assert penalties(course) == {"ada": None}


def test_times_and_penalties_are_decided_anew(course: Course, book: Gradebook) -> None:
    config = course.directory / "nbgrader_config.py"
    config.write_text(config.read_text() + "c.LateSubmissionPlugin.penalty_method = 'zero'\n")
    change(course, "UPDATE assignment SET duedate = '2024-01-01 00:00:00.000000'")
    on_time, late = "2023-12-31 10:00:00 UTC", "2024-01-02 10:00:00 UTC"
    book.put(Entry(marks("ada"), timestamp=on_time), Entry(marks("bo"), timestamp=late), Entry(marks("cy")))
    assert penalties(course) == {"ada": None, "bo": pytest.approx(10), "cy": None}
    book.renew_times(NAME, {"ada": late, "bo": on_time, "cy": None, "nobody": late})
    assert penalties(course) == {"ada": pytest.approx(10), "bo": None, "cy": None}
    change(course, "UPDATE assignment SET duedate = '2025-01-01 00:00:00.000000'")
    book.renew_times(NAME, {"ada": late, "bo": None})
    assert penalties(course) == {"ada": None, "bo": None, "cy": None}


def test_missing_tells_what_is_not_there(course: Course, book: Gradebook) -> None:
    book.put(Entry(marks("ada")))
    book.put(Entry(marks("bo", 0.5)))
    results = [marks("ada"), marks("bo"), marks("cy")]
    assert book.missing(results) == results[1:]


def test_a_failure_in_between_writes_nothing(course: Course, book: Gradebook, monkeypatch: pytest.MonkeyPatch) -> None:
    add = entries._add

    def fail(*arguments: Any) -> None:
        add(*arguments)
        raise RuntimeError("power cut")

    monkeypatch.setattr(entries, "_add", fail)
    with pytest.raises(RuntimeError, match="power cut"):
        book.put(Entry(marks("ada")))
    connection = sqlite3.connect(course.directory / "gradebook.db")
    assert connection.execute("SELECT count(*) FROM student").fetchone() == (0,)
    connection.close()


def edited(tmp_path: Path, *changes: tuple[str, str]) -> Path:
    """Return a gradebook with the assignment as it is after ``changes`` to its source."""
    source = tmp_path / "edited" / f"{NAME}.py"
    source.parent.mkdir()
    text = SOURCE.read_text()
    for old, new in changes:
        text = text.replace(old, new, 1)
    source.write_text(text)
    generate(source, out=source.parent, gradebook_url=f"sqlite:///{source.parent / 'gradebook.db'}")
    return source.parent / "gradebook.db"


def test_changed_points_are_taken_over(course: Course, book: Gradebook, tmp_path: Path) -> None:
    book.put(Entry(marks("ada")))
    book.register(edited(tmp_path, ("half_up-halves points=3", "half_up-halves points=4")))
    connection = sqlite3.connect(course.directory / "gradebook.db")
    assert connection.execute("SELECT sum(max_score) FROM grade_cells").fetchone() == (pytest.approx(11),)
    connection.close()


def test_changed_cells_are_refused_once_there_are_submissions(book: Gradebook, tmp_path: Path) -> None:
    other = edited(tmp_path, ("half_up-halves", "half_up-others"))
    book.put(Entry(marks("ada")))
    with pytest.raises(GradebookError, match=r"earlier version of 01-small with other cells"):
        book.register(other)


def test_changed_cells_are_taken_over_before_that(course: Course, book: Gradebook, tmp_path: Path) -> None:
    book.register(edited(tmp_path, ("half_up-halves", "half_up-others")))
    connection = sqlite3.connect(course.directory / "gradebook.db")
    names = {name for (name,) in connection.execute("SELECT name FROM base_cell")}
    connection.close()
    assert "half_up-others" in names
    assert "half_up-halves" not in names


class TestCheck:
    def test_none_or_a_fresh_one_is_fine(self, course: Course, template: Path) -> None:
        Gradebook(course).check()
        assert not (course.directory / "gradebook.db").exists()
        Gradebook(course).register(template)
        Gradebook(course).check()

    def test_another_nbgraders(self, course: Course, book: Gradebook) -> None:
        change(course, "UPDATE alembic_version SET version_num = '167914646830'")
        with pytest.raises(GradebookError, match=r"another nbgrader version.*167914646830.*nbgrader db upgrade"):
            book.check()

    def test_one_without_a_version(self, course: Course, book: Gradebook) -> None:
        change(course, "DROP TABLE alembic_version")
        for remove in (False, True):  # it has rows
            with pytest.raises(GradebookError, match="unknown"):
                book.check(remove_half_made=remove)

    def test_one_half_made_is_made_anew(self, course: Course, template: Path) -> None:
        change(course, "CREATE TABLE student (id VARCHAR PRIMARY KEY)")
        with pytest.raises(GradebookError, match="unknown"):
            Gradebook(course).check()
        Gradebook(course).check(remove_half_made=True)
        Gradebook(course).register(template)
        Gradebook(course).check()

    def test_somebody_elses_tables_stay(self, course: Course) -> None:
        change(course, "CREATE TABLE student (id VARCHAR PRIMARY KEY)")
        change(course, "CREATE TABLE holidays (day VARCHAR)")
        with pytest.raises(GradebookError, match="unknown"):
            Gradebook(course).check(remove_half_made=True)

    def test_not_a_database(self, course: Course) -> None:
        (course.directory / "gradebook.db").write_text("I am a text file, " * 100)
        with pytest.raises(GradebookError, match=r"file is not a database.*Move it away"):
            Gradebook(course).check()

    def test_a_bad_address(self, course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("AUTOGRADER_DB", "nonsense")
        with pytest.raises(GradebookError, match="AUTOGRADER_DB"):
            Gradebook(course).check()


def test_a_lock_is_waited_for_and_then_reported(course: Course, book: Gradebook) -> None:
    lock = sqlite3.connect(course.directory / "gradebook.db", isolation_level=None, check_same_thread=False)
    lock.execute("BEGIN EXCLUSIVE")
    with pytest.raises(GradebookError, match=r"has held the gradebook .* for 2 s"):
        book.put(Entry(marks("ada")))
    threading.Timer(1.5, lambda: lock.execute("ROLLBACK")).start()
    started = time.monotonic()
    Gradebook(course, patience=30).put(Entry(marks("ada")))
    assert time.monotonic() - started > 1
    assert book.missing([marks("ada")]) == []
    lock.close()
