"""Grading a class: what is graded, what is kept, what a bad call says; with a quick engine and with the real one."""

# Over 60 s of CPU: whole runs are stopped at several moments and resumed, with a real engine.

import errno
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Iterable
from pathlib import Path
from typing import Any

import pytest

from autograder.assignment.material import Material
from autograder.assignment.release import generate
from autograder.course import Course
from autograder.engines.contract import Engine, Graded, Job
from autograder.errors import EngineError, GradebookError, PathError, UnknownAssignment, UsageError
from autograder.gradebook.entries import Entry
from autograder.gradebook.gradebook import Gradebook
from autograder.grading import recording
from autograder.grading.grade import grade_class
from autograder.grading.results import ResultStore
from autograder.model import SubmissionResult
from autograder.reports.marks import marks_table
from tests.fakes import FakeEngine

SMALL = Path(__file__).parents[1] / "small_course"
NAME = "01-small"


@pytest.fixture(scope="module")
def answered(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The released notebook with the reference's answers."""
    source = SMALL / "solutions" / NAME / f"{NAME}.py"
    notebook: dict[str, Any] = json.loads(generate(source, out=tmp_path_factory.mktemp("r")).read_text())
    reference = Material.read(source).reference
    for cell in notebook["cells"]:
        about = cell["metadata"]["nbgrader"]
        cell["source"] = reference[about["grade_id"]] if about["solution"] else cell["source"]
    return notebook


@pytest.fixture
def course(tmp_path: Path) -> Course:
    shutil.copytree(SMALL, tmp_path / "course")
    (tmp_path / "class").mkdir()
    return Course(tmp_path / "course", tmp_path / "class")


HandIn = Callable[..., Path]


@pytest.fixture
def hand_in(course: Course, answered: dict[str, Any]) -> HandIn:
    def write(student: str, text: str | None = None, file: str = f"{NAME}.ipynb") -> Path:
        path = course.submitted / student / NAME / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(answered) if text is None else text)
        return path

    return write


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine()


@pytest.fixture
def run(course: Course, engine: FakeEngine) -> Callable[..., dict[str, SubmissionResult]]:
    def factory(template: Path, workers: int | None) -> Engine:
        return engine

    def go(**options: Any) -> dict[str, SubmissionResult]:
        outcome = grade_class(course, NAME, factory=factory, **options)
        return {result.student: result for result in outcome.results}

    return go


Run = Callable[..., dict[str, SubmissionResult]]


def recorded(course: Course) -> dict[str, float]:
    """Return the total of each student in the gradebook."""
    connection = sqlite3.connect(course.directory / "gradebook.db")
    rows = connection.execute(
        "SELECT a.student_id, sum(g.auto_score) FROM submitted_assignment a JOIN submitted_notebook n "
        "ON n.assignment_id = a.id JOIN grade g ON g.notebook_id = n.id GROUP BY a.student_id"
    ).fetchall()
    connection.close()
    return dict(rows)


def comments(course: Course) -> dict[tuple[str, str], str | None]:
    """Return the automatic comment on each answer in the gradebook, by student and cell."""
    connection = sqlite3.connect(course.directory / "gradebook.db")
    rows = connection.execute(
        "SELECT a.student_id, b.name, c.auto_comment FROM submitted_assignment a JOIN submitted_notebook n "
        "ON n.assignment_id = a.id JOIN comment c ON c.notebook_id = n.id JOIN base_cell b ON b.id = c.cell_id"
    ).fetchall()
    connection.close()
    return {(student, cell): comment for student, cell, comment in rows}


def parts(course: Course) -> list[Path]:
    return list(course.directory.rglob("*.part"))


def test_marks_are_stored_recorded_and_written(course: Course, hand_in: HandIn, run: Run) -> None:
    hand_in("ada")
    hand_in("bo", "{")
    results = run()
    assert {student: result.points for student, result in results.items()} == {"ada": 10, "bo": 0}
    assert recorded(course) == {"ada": 10, "bo": 0}
    assert ResultStore(course.directory).load(NAME, "ada") == results["ada"]
    assert (course.autograded / "ada" / NAME / f"{NAME}.ipynb").is_file()
    assert (course.directory / "nbgrader_config.py").is_file()


def test_times_that_changed_after_grading_are_entered_and_unreadable_ones_named(
    course: Course, hand_in: HandIn, run: Run, engine: FakeEngine
) -> None:
    stamps = {student: hand_in(student).with_name("timestamp.txt") for student in ("ada", "bo")}
    run()
    stamps["ada"].write_text("2026-03-01 10:00:00 UTC")
    stamps["bo"].write_text("soon")
    warned: list[str] = []
    graded = len(engine.jobs)
    run(warn=warned.append)
    assert len(engine.jobs) == graded
    with sqlite3.connect(course.directory / "gradebook.db") as connection:
        held = dict(connection.execute("SELECT student_id, timestamp FROM submitted_assignment").fetchall())
    connection.close()
    assert held == {"ada": "2026-03-01 10:00:00.000000", "bo": None}
    assert [text.partition(":")[0] for text in warned] == ["bo"]


def test_only_new_and_changed_submissions_are_graded(hand_in: HandIn, run: Run, engine: FakeEngine) -> None:
    for student in ("ada", "bo", "cy"):
        hand_in(student)
    first = run()
    path = hand_in("bo")
    path.write_text(path.read_text().replace("shifted_by_a_half", "shifted"))
    cy = hand_in("cy")
    cy.write_text(cy.read_text() + " ")
    hand_in("di")
    second = run()
    assert engine.graded == ["ada", "bo", "cy", "bo", "di"]
    assert second["ada"] == first["ada"]
    assert second["cy"].checks == first["cy"].checks
    run(force=True, students=("ada",))
    assert engine.graded[5:] == ["ada"]


def test_a_changed_source_or_engine_grades_everything_again(
    course: Course, hand_in: HandIn, run: Run, engine: FakeEngine
) -> None:
    hand_in("ada")
    run()
    engine.version = "2"
    run()
    source = course.source(NAME)
    source.write_text(source.read_text().replace("1.7) == 2", "1.8) == 2"))
    run()
    assert engine.graded == ["ada"] * 3


def lose(data: dict[str, Any], field: str) -> None:
    del data[field]


FORMER: dict[str, Callable[[dict[str, Any]], object]] = {
    "other keys": lambda data: [one.update(key="former") for one in (data, *data["checks"])],
    "no keys of checks": lambda data: (data.update(key="former"), [lose(check, "key") for check in data["checks"]]),
    "an unknown field": lambda data: data.update(former=True),
    "an unknown field of a check": lambda data: data["checks"][0].update(former=True),
    "an unknown outcome": lambda data: data["checks"][0].update(outcome="former"),
    "a field missing": lambda data: lose(data, "key"),
    "a check's field missing": lambda data: lose(data["checks"][0], "outcome"),
    "notes of another form": lambda data: data.update(notes=["former"]),
    "another check": lambda data: (data.update(key="former"), data["checks"][0].update(check="former")),
}


@pytest.mark.parametrize("former", FORMER)
def test_a_result_of_the_former_version_is_graded_again_and_others_stay(
    course: Course, hand_in: HandIn, run: Run, engine: FakeEngine, former: str
) -> None:
    for student in ("ada", "bo"):
        hand_in(student)
    first, store = run(), ResultStore(course.directory)
    path, other = (store.path(NAME, student) for student in ("ada", "bo"))
    data = json.loads(path.read_text())
    FORMER[former](data)
    for check in data["checks"]:
        check["points"] = 0.5  # a mark that must not be taken over
    path.write_text(json.dumps(data))
    before = other.read_bytes(), other.stat().st_mtime_ns
    assert run() == first
    assert engine.graded == ["ada", "bo", "ada"]
    assert store.load(NAME, "ada") == first["ada"]
    assert (other.read_bytes(), other.stat().st_mtime_ns) == before
    assert recorded(course) == {"ada": 10, "bo": 10}
    run()
    assert len(engine.graded) == 3


def test_a_lost_gradebook_or_notebook_is_made_again(
    course: Course, hand_in: HandIn, run: Run, engine: FakeEngine
) -> None:
    hand_in("ada")
    run()
    (course.directory / "gradebook.db").unlink()
    run()
    assert recorded(course) == {"ada": 10}
    assert engine.graded == ["ada"]
    shutil.rmtree(course.autograded)
    run()
    assert engine.graded == ["ada", "ada"]


def test_another_file_name_is_accepted_with_a_note(hand_in: HandIn, run: Run) -> None:
    hand_in("ada", file="homework (1).ipynb")
    result = run()["ada"]
    assert result.points == pytest.approx(10)
    assert [(note.kind, note.text) for note in result.notes] == [
        ("name", "Handed in under another name, homework (1).ipynb: accepted.")
    ]


def test_what_cannot_be_read_gets_zero_with_the_reason(course: Course, hand_in: HandIn, run: Run) -> None:
    hand_in("none").unlink()
    hand_in("two", file="a.ipynb")
    hand_in("two", file="b.ipynb")
    hand_in("json", "[1,")
    hand_in("old", '{"nbformat": 3, "worksheets": []}')
    hand_in("link").unlink()
    (course.submitted / "link" / NAME / f"{NAME}.ipynb").symlink_to(hand_in("ada"))
    results = run()
    reasons = {student: result.checks[0].message for student, result in results.items()}
    assert reasons["none"] == "No notebook was handed in."
    assert reasons["two"].startswith("No notebook was found, but there is: a.ipynb, b.ipynb. Hand in")
    assert "valid JSON" in reasons["json"]
    assert "format 3" in reasons["old"]
    assert "link" in reasons["link"]
    assert sorted(recorded(course).items()) == sorted((s, 10.0 if s == "ada" else 0.0) for s in results)
    assert "could not be graded" in (course.autograded / "json" / NAME / f"{NAME}.ipynb").read_text()


class TestBadCalls:
    def test_no_folder(self, run: Run) -> None:
        with pytest.raises(PathError, match=r"There is no folder .*submitted"):
            run()

    def test_nothing_in_it(self, course: Course, run: Run) -> None:
        (course.submitted / "ada" / "99-other").mkdir(parents=True)
        with pytest.raises(PathError, match=r"Nobody in .* has handed in 01-small"):
            run()

    def test_unknown_assignment(self, course: Course) -> None:
        with pytest.raises(UnknownAssignment, match=r"Did you mean 01-small\?"):
            grade_class(course, "01-smal")

    def test_unknown_student(self, hand_in: HandIn, run: Run) -> None:
        hand_in("ada")
        with pytest.raises(UsageError, match=r"'adda' has handed in nothing of 01-small. Did you mean ada\?"):
            run(students=("adda",))

    def test_another_nbgraders_gradebook_is_refused_before_anything_runs(
        self, course: Course, hand_in: HandIn, run: Run, engine: FakeEngine
    ) -> None:
        hand_in("ada")
        with sqlite3.connect(course.directory / "gradebook.db") as connection:
            connection.execute("CREATE TABLE alembic_version (version_num TEXT)")
            connection.execute("INSERT INTO alembic_version VALUES ('old')")
        connection.close()
        with pytest.raises(GradebookError, match="nbgrader db upgrade"):
            run()
        assert engine.graded == []


def test_a_locked_gradebook_loses_no_result(
    course: Course, hand_in: HandIn, run: Run, engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    for student in ("ada", "bo"):
        hand_in(student)
    put = Gradebook.put

    def locked(*_: object) -> None:
        raise GradebookError("Another program has held the gradebook.")

    monkeypatch.setattr(Gradebook, "put", locked)
    with pytest.raises(GradebookError, match="held"):
        run()
    monkeypatch.setattr(Gradebook, "put", put)
    assert run()["ada"].points == pytest.approx(10)
    assert recorded(course) == {"ada": 10, "bo": 10}
    assert engine.graded == ["ada", "bo"]


def test_marks_that_come_quickly_share_transactions_and_all_are_entered(
    course: Course, hand_in: HandIn, run: Run, engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    students = [f"s{number:02}" for number in range(40)]
    for student in students:
        hand_in(student)
    put, sizes = Gradebook.put, []

    def counted(book: Gradebook, *entries: Entry) -> None:
        sizes.append(len(entries))
        put(book, *entries)

    monkeypatch.setattr(Gradebook, "put", counted)
    monkeypatch.setattr(recording, "_TOGETHER_SECONDS", 1000.0)
    monkeypatch.setattr(recording, "_MOST_TOGETHER", 16)
    run()
    assert sizes == [1, 16, 16, 7]  # the first does not wait
    assert recorded(course) == dict.fromkeys(students, 10)


def test_marks_that_are_only_in_files_are_entered_with_their_comments(
    course: Course, hand_in: HandIn, run: Run, engine: FakeEngine, answered: dict[str, Any], tmp_path: Path
) -> None:
    released = json.loads(generate(course.source(NAME), out=tmp_path / "released").read_text())
    stubs = {cell["metadata"]["nbgrader"]["grade_id"]: cell for cell in released["cells"]}
    cells = [
        stubs["spread"] if cell["metadata"]["nbgrader"]["grade_id"] == "spread" else cell for cell in answered["cells"]
    ]
    hand_in("ada", json.dumps({**answered, "cells": cells}))
    run()
    before = comments(course)
    assert before == {("ada", "half_up"): None, ("ada", "spread"): "No response."}
    connection = sqlite3.connect(course.directory / "gradebook.db")
    for table in ("grade", "comment", "submitted_notebook", "submitted_assignment"):
        connection.execute(f"DELETE FROM {table}")
    connection.commit()
    connection.close()
    run()
    assert comments(course) == before
    assert engine.graded == ["ada"]


@pytest.mark.parametrize("where", [os.fsync, os.replace])
def test_a_full_disk_leaves_nothing_half_written(
    course: Course,
    hand_in: HandIn,
    run: Run,
    engine: FakeEngine,
    monkeypatch: pytest.MonkeyPatch,
    where: Callable[..., Any],
) -> None:
    for student in ("ada", "bo", "cy"):
        hand_in(student)

    def full(target: Any, *rest: Any) -> Any:
        if engine.graded == ["ada", "bo"]:
            raise OSError(errno.ENOSPC, "No space left on device", str(target))
        return where(target, *rest)

    monkeypatch.setattr(os, where.__name__, full)
    with pytest.raises(OSError, match="No space left"):
        run()
    assert parts(course) == []
    assert recorded(course) == {"ada": 10}
    monkeypatch.undo()
    run()
    assert recorded(course) == {"ada": 10, "bo": 10, "cy": 10}
    assert engine.graded == ["ada", "bo", "bo", "cy"]


def test_stopping_keeps_what_was_graded(
    course: Course, hand_in: HandIn, run: Run, engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    for student in ("ada", "bo"):
        hand_in(student)
    grade = FakeEngine.grade

    def stop_after_one(self: FakeEngine, jobs: Iterable[Job]) -> Generator[Graded, None, None]:
        yield next(grade(self, jobs))
        raise KeyboardInterrupt

    monkeypatch.setattr(FakeEngine, "grade", stop_after_one)
    with pytest.raises(KeyboardInterrupt):
        run()
    assert recorded(course) == {"ada": 10}
    monkeypatch.undo()
    run()
    assert engine.graded == ["ada", "bo"]


def test_an_engines_failure_is_no_zero(
    course: Course, hand_in: HandIn, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_in("ada")

    def fail(self: FakeEngine, jobs: Iterable[Job]) -> Generator[Graded, None, None]:
        raise EngineError("Not graded: ada.")
        yield

    monkeypatch.setattr(FakeEngine, "grade", fail)
    with pytest.raises(EngineError, match="Not graded: ada"):
        run()
    assert recorded(course) == {}
    assert ResultStore(course.directory).all(NAME) == []


def test_the_engines_warning_is_passed_on_when_something_is_run(hand_in: HandIn, run: Run) -> None:
    hand_in("ada")
    said: list[str] = []
    run(warn=said.append)
    run(warn=said.append)
    assert said == ["Quick and careless."]


def test_the_table(course: Course, hand_in: HandIn, engine: FakeEngine) -> None:
    hand_in("ada")
    hand_in("bo", "{")
    outcome = grade_class(course, NAME, factory=lambda *_: engine)
    assert marks_table(outcome).splitlines() == [
        "student  T1  T2  total  notes",
        "of        5   5     10",
        "─────────────────────────────",
        "ada       5   5     10",
        "bo        0   0      0      1",
        "",
        "T1  half_up",
        "T2  spread",
    ]


def command(course: Course, *more: str) -> list[str]:
    where = ["--root", str(course.root), "--course", str(course.directory)]
    return [sys.executable, "-m", "autograder", "grade", NAME, *where, "--workers", "1", "--engine", "nbgrader", *more]


@pytest.mark.timeout(900)
class TestTheRealThing:
    """Through the command line and the nbgrader engine, in a process that is killed or stopped on the way."""

    @pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGINT])
    def test_a_stopped_run_goes_on(self, course: Course, hand_in: HandIn, end: signal.Signals) -> None:
        for student in ("ada", "bo", "cy"):
            hand_in(student)
        store = ResultStore(course.directory)
        first = subprocess.Popen(
            command(course),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            # A shell that runs the tests in the background has them, and all they start, ignore Ctrl-C.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
        waiting = time.monotonic() + 300
        while not store.all(NAME) and time.monotonic() < waiting:
            time.sleep(0.02)
        first.send_signal(end)
        _, said = first.communicate(timeout=120)
        assert first.returncode == {signal.SIGKILL: -signal.SIGKILL, signal.SIGINT: 130}[end]
        assert ("run the same command to resume" in said) is (end is signal.SIGINT)
        kept = {result.student: store.path(NAME, result.student).stat().st_mtime_ns for result in store.all(NAME)}
        assert "ada" in kept
        assert len(kept) < 3
        again = subprocess.run(command(course, "--json"), capture_output=True, text=True, timeout=600)
        assert again.returncode == 0, again.stderr
        assert [sum(check["points"] for check in result["checks"]) for result in json.loads(again.stdout)] == [10] * 3
        assert recorded(course) == {"ada": 10, "bo": 10, "cy": 10}
        assert {student: store.path(NAME, student).stat().st_mtime_ns for student in kept} == kept
        assert "Student code runs with your rights" in again.stderr
        events = [json.loads(line) for line in again.stderr.splitlines() if line.startswith("{")]
        assert {event["student"] for event in events if event["event"] == "graded"} == {"ada", "bo", "cy"} - kept.keys()
        assert events[-1] == {"event": "finished", "graded": 3 - len(kept)}
        assert parts(course) == []

    @pytest.mark.parametrize(
        ("arguments", "code", "said"),
        [
            (["grade", "99-none"], 2, "There is no assignment '99-none'."),
            (["grade", NAME], 2, "There is no folder"),
            (["grade", NAME, "--course", "/nowhere/at/all"], 2, "/nowhere/at/all is not a folder."),
            (["grade"], 2, "Missing argument"),
            (["grade", NAME, "--workers", "0"], 2, "--workers"),
        ],
    )
    def test_a_bad_call_is_one_clear_line(self, course: Course, arguments: list[str], code: int, said: str) -> None:
        done = subprocess.run(
            [sys.executable, "-m", "autograder", *arguments],
            cwd=course.root,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
            capture_output=True,
            text=True,
        )
        assert done.returncode == code
        assert said in done.stderr
        assert "Traceback" not in done.stderr
        assert done.stdout == ""
