"""Work that a person grades is in the gradebook as plain nbgrader leaves it, and what the person entered stays."""

import json
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
from autograder.errors import SourceError
from autograder.gradebook.directory import prepare_directory
from autograder.gradebook.gradebook import Gradebook
from autograder.gradebook.nbgrader_api import quiet_nbgrader
from autograder.grading.grade import grade_class
from tests.fakes import FakeEngine

SMALL = Path(__file__).parents[1] / "small_course"
NAME = "01-small"
BIN = Path(sys.executable).parent
PARTS = """
# %% why [markdown] points=4
# Why has an empty list no spread? Write your answer here.

# %% plot points=2.5 manual=true
# Draw something here.

# %% explore [markdown] points=3 manual="task"
# Measure something of your own, in as many cells as you like.
"""

Row = tuple[str, str, float | None, float | None, float | None, bool, float]


@pytest.fixture
def course(tmp_path: Path) -> Course:
    shutil.copytree(SMALL, tmp_path / "course", ignore=shutil.ignore_patterns("wrong"))
    (tmp_path / "class").mkdir()
    course = Course(tmp_path / "course", tmp_path / "class")
    with course.source(NAME).open("a") as file:
        file.write(PARTS)
    return course


@pytest.fixture
def hand_in(course: Course, tmp_path: Path) -> Callable[..., None]:
    source = course.source(NAME)
    notebook = json.loads(generate(source, out=tmp_path / "released").read_text())
    reference = Material.read(source).reference

    def write(student: str, why: str | None = None, *more: Course) -> None:
        """Hand in the release, or the reference with ``why`` as the answer in words."""
        filled: dict[str, Any] = json.loads(json.dumps(notebook))
        answers = {} if why is None else {**reference, "why": why, "plot": "print('a plot')"}
        for cell in filled["cells"]:
            cell["source"] = answers.get(grade_id(cell), cell["source"])
        for where in (course, *more):
            path = where.submitted / student / NAME / f"{NAME}.ipynb"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(filled))

    return write


HandIn = Callable[..., None]


def grade(course: Course, engine: FakeEngine | None = None, **options: Any) -> None:
    grade_class(course, NAME, factory=lambda *_: engine or FakeEngine(), **options)


def rows(course: Course, student: str) -> tuple[list[Row], list[tuple[str, str | None, str | None]]]:
    """Return all grades and comments of a submission, as nbgrader's API gives them."""
    with quiet_nbgrader():
        from nbgrader.api import Gradebook as Api

        with Api(course.gradebook_url) as api:
            (notebook,) = api.find_submission(NAME, student).notebooks
            given = sorted(
                (g.name, g.cell.type, g.auto_score, g.manual_score, g.extra_credit, g.needs_manual_grade, g.max_score)
                for g in notebook.grades
            )
            said = sorted((c.name, c.auto_comment, c.manual_comment) for c in notebook.comments)
    return given, said


def grade_by_hand(course: Course, student: str) -> None:
    """Do what formgrader does when a person grades."""
    with quiet_nbgrader():
        from nbgrader.api import Gradebook as Api

        with Api(course.gradebook_url) as api:
            for name, score in (("why", 3.0), ("explore", 2.0), ("spread-order", 1.5)):
                found = api.find_grade(name, NAME, NAME, student)
                found.manual_score, found.extra_credit, found.needs_manual_grade = score, 0.25, False
            for name in ("why", "explore", "half_up"):
                api.find_comment(name, NAME, NAME, student).manual_comment = f"On {name}: good."
            api.db.commit()


def nbgrader_autograde(course: Course) -> None:
    command = [BIN / "nbgrader", "autograde", NAME, "--force"]
    done = subprocess.run(command, cwd=course.directory, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]


@pytest.mark.timeout(900)
def test_the_rows_are_those_of_nbgrader_autograde(course: Course, hand_in: HandIn, tmp_path: Path) -> None:
    plain = Course(course.root, tmp_path / "plain")
    plain.directory.mkdir()
    generate(course.source(NAME), out=tmp_path / "again", gradebook_url=plain.gradebook_url)
    prepare_directory(plain)
    hand_in("ada", "Nothing to subtract.", plain)
    hand_in("bo", None, plain)
    nbgrader_autograde(plain)
    grade(course)
    for student in ("ada", "bo"):
        assert rows(course, student) == rows(plain, student)
    assert {row[0]: row[5] for row in rows(course, "ada")[0] if row[5]} == {"why": 1, "plot": 1, "explore": 1}
    assert {row[0]: row[5] for row in rows(course, "bo")[0] if row[5]} == {"explore": 1}
    for where in (course, plain):
        grade_by_hand(where, "ada")
    hand_in("ada", "There is no largest number.", plain)
    hand_in("bo", "I do not know.", plain)
    nbgrader_autograde(plain)
    grade(course)
    assert rows(course, "bo") == rows(plain, "bo")
    ours, comments = rows(course, "ada")
    theirs, expected = rows(plain, "ada")
    assert comments == expected
    # nbgrader asks a person to look again at a check whose automatic mark is still the same: that is not done here.
    assert [row for row in ours if row[0] != "spread-order"] == [row for row in theirs if row[0] != "spread-order"]
    assert [row for row in ours if row[0] == "spread-order"] == [("spread-order", "GradeCell", 2, 1.5, 0.25, False, 2)]


def test_what_a_person_entered_survives_every_regrade(course: Course, hand_in: HandIn) -> None:
    hand_in("ada", "Nothing to subtract.")
    engine = FakeEngine()
    grade(course, engine)
    grade_by_hand(course, "ada")
    entered = [(row[0], row[3], row[4]) for row in rows(course, "ada")[0]]
    said = [(row[0], row[2]) for row in rows(course, "ada")[1]]

    def kept() -> bool:
        given, comments = rows(course, "ada")
        return [(row[0], row[3], row[4]) for row in given] == entered and [(r[0], r[2]) for r in comments] == said

    def waiting() -> set[str]:
        return {row[0] for row in rows(course, "ada")[0] if row[5]}

    assert waiting() == {"plot"}
    source = course.source(NAME)
    source.write_text(source.read_text().replace("# Any order, and numbers below zero", "# Any order"))
    grade(course, engine)
    assert (kept(), waiting(), len(engine.graded)) == (True, {"plot"}, 1)
    source.write_text(source.read_text().replace("secret_list = [3, -7, 5, 0]", "secret_list = [3, -7, 5, 1]"))
    grade(course, engine)
    assert (kept(), waiting(), len(engine.graded)) == (True, {"plot"}, 2)
    grade(course, engine, force=True)
    assert (kept(), waiting(), len(engine.graded)) == (True, {"plot", "why"}, 3)
    engine.name = "another"
    grade(course, engine)
    grade_by_hand(course, "ada")
    hand_in("ada", "Something else.")
    grade(course, engine)
    assert (kept(), waiting(), len(engine.graded)) == (True, {"plot", "why"}, 4)  # no code has changed
    hand_in("ada", None)
    grade(course, engine)
    assert kept()
    assert waiting() == {"why", "spread-order"}


def test_an_unreadable_notebook_waits_for_nobody(course: Course, hand_in: HandIn) -> None:
    hand_in("ada")
    (course.submitted / "ada" / NAME / f"{NAME}.ipynb").write_text("{")
    grade(course)
    given, comments = rows(course, "ada")
    assert {row[0]: row[2] for row in given if row[0] in ("why", "plot")} == {"why": 0, "plot": 0}
    assert {row[0] for row in given if row[5]} == {"explore"}
    assert len({row[1] for row in comments}) == 1


def test_the_assignment_knows_its_manual_parts(course: Course) -> None:
    assignment = Material.read(course.source(NAME)).assignment
    assert [(part.id, part.points) for part in assignment.manual] == [("why", 4), ("plot", 2.5), ("explore", 3)]
    assert assignment.points == pytest.approx(10)
    assert assignment.manual_points == pytest.approx(9.5)
    assert [task.name for task in assignment.tasks] == ["half_up", "spread"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("why [markdown] points=4", "why [markdown] points=0", "'why': points=0 is not a number above zero"),
        ("explore [markdown] points=3 ", "explore [markdown] ", "'explore': a text has no manual"),
    ],
)
def test_a_manual_part_that_cannot_be_graded_is_refused(course: Course, old: str, new: str, said: str) -> None:
    source = course.source(NAME)
    assert old in source.read_text()
    source.write_text(source.read_text().replace(old, new, 1))
    with pytest.raises(SourceError, match=said):
        Material.read(source)


def test_cells_that_were_added_are_refused_once_there_are_submissions(course: Course, hand_in: HandIn) -> None:
    hand_in("ada", "Because.")
    grade(course)
    source = course.source(NAME)
    source.write_text(source.read_text().replace("%% explore [", "%% explore-more ["))
    with pytest.raises(Exception, match="earlier version of 01-small with other cells"):
        grade(course)
    assert Gradebook(course).url == course.gradebook_url
