"""The sealed engine and plain ``nbgrader autograde`` give the same marks, cell by cell, to known answers.

Tasks are independent, so that one notebook carries one answer of each. Since nbgrader takes seconds for each notebook,
three assignments bring one, tasks answered rightly and wrongly by turns. With ``--thorough`` every assignment brings as
many notebooks as a task has answers, so that they carry every known answer. Where nbgrader itself is wrong, the
difference is in docs/engine/differences.md, and here.
"""

# Over 60 s of CPU: nbgrader starts a kernel with torch for each notebook, three of them and one that it marks wrongly.

from __future__ import annotations

import itertools
import json
import os
import re
import subprocess
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from nbgrader.api import Gradebook as Database  # type: ignore[import-untyped]
from nbgrader.apps.api import NbGraderAPI  # type: ignore[import-untyped]
from nbgrader.coursedir import CourseDirectory  # type: ignore[import-untyped]
from traitlets.config import PyFileConfigLoader

from autograder.assignment.release import generate
from autograder.course import Course
from autograder.engines.contract import Engine
from autograder.example.damage import Notebook, noisy
from autograder.example.make import Answers
from autograder.gradebook.directory import prepare_directory
from autograder.gradebook.gradebook import Gradebook
from autograder.gradebook.nbgrader_api import quiet_nbgrader
from autograder.grading import grade
from autograder.grading.grade import grade_class
from autograder.grading.results import ResultStore
from autograder.model import Assignment, SubmissionResult

ROOT = Path(__file__).resolve().parents[2]
SMALL = ROOT / "tests" / "autograder" / "small_course"
NAMES = Course(ROOT, ROOT).assignments()
SOME = ("02-convolution-arithmetic", "03-layers", "08-network-in-network")
BIN = Path(sys.executable).parent
DIFFERENCES = ROOT / "docs" / "engine" / "differences.md"
BY_CHANCE = {("activation_memory", "frees")}  # it goes by where freed memory lies, which no two processes share

pytestmark = [pytest.mark.timeout(1500)]
THOROUGH = pytest.mark.thorough


def hand_in(course: Course, name: str, student: str, notebook: Notebook) -> None:
    path = course.directory / "submitted" / student / name / f"{name}.ipynb"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(notebook), encoding="utf-8")


def assembled(material: Answers, answers: dict[str, str]) -> Notebook:
    """The release with ``answers`` in place; a task that has none keeps its stub."""
    notebook: Notebook = json.loads(json.dumps(material.released))
    for cell in notebook["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id", "")
        cell["source"] = answers.get(name) or "".join(cell["source"])
    return notebook


def answered(material: Answers) -> dict[str, Notebook]:
    """Notebooks that hold every known answer of every task, by student."""
    found = {"release": {}, "reference": material.reference}
    for kind, known in (("right", material.right), ("wrong", material.wrong)):
        for number in range(max(map(len, known.values()))):
            picked = {
                task: answers[number].code
                for task, answers in known.items()
                if number < len(answers) and (task, answers[number].name) not in BY_CHANCE
            }
            found[f"{kind}-{number:02}"] = {**material.reference, **picked}
    return {student: assembled(material, answers) for student, answers in found.items()}


def sample(material: Answers) -> dict[str, Notebook]:
    """One notebook whose tasks are answered rightly and wrongly by turns."""
    turns = zip(material.reference, itertools.cycle((material.right, material.wrong)), strict=False)
    return {"wrong-and-right": assembled(material, {task: known[task][0].code for task, known in turns})}


def in_this_process(course: Course, name: str) -> None:
    """Do what ``nbgrader autograde`` does, without loading all of nbgrader anew for each assignment."""
    config = PyFileConfigLoader("nbgrader_config.py", path=str(course.directory)).load_config()
    config.CourseDirectory.root = str(course.directory)
    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings(), quiet_nbgrader():
        warnings.simplefilter("ignore")  # as in a program of its own: here they would be errors
        patch.setenv("OMP_NUM_THREADS", "1")
        patch.setenv("PATH", f"{BIN}{os.pathsep}{os.environ['PATH']}")
        nbgrader = NbGraderAPI(CourseDirectory(config=config), config=config)
        for student in sorted(path.name for path in course.submitted.iterdir()):
            for _ in range(3):  # now and then a kernel does not start
                done = nbgrader.autograde(name, student)
                if done["success"]:
                    break
            assert done["success"], done["log"][-6000:]


def plainly(course: Course, name: str) -> subprocess.CompletedProcess[str]:
    """Run ``nbgrader autograde`` on a class folder, with nothing of ours but the released assignment."""
    prepare(course, name)
    return autograde(course, name)


def prepare(course: Course, name: str) -> None:
    (course.directory / "release").mkdir()
    template = course.directory / "release" / "template.db"
    generate(course.source(name), out=course.directory / "release", gradebook_url=f"sqlite:///{template}")
    Gradebook(course).register(template)
    prepare_directory(course)


def autograde(course: Course, name: str) -> subprocess.CompletedProcess[str]:
    url = f"sqlite:///{course.directory / 'gradebook.db'}"
    command = [BIN / "nbgrader", "autograde", name, "--student=*", f"--db={url}"]
    environment = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "OMP_NUM_THREADS": "1"}
    return subprocess.run(
        [str(part) for part in command], cwd=course.directory, env=environment, capture_output=True, text=True
    )


def database_marks(course: Course, name: str) -> dict[str, dict[str, float]]:
    """What nbgrader's own gradebook says: points by student and cell."""
    with quiet_nbgrader(), Database(f"sqlite:///{course.directory / 'gradebook.db'}") as book:
        return {
            handed_in.student.id: {grade.name: grade.score for grade in handed_in.notebooks[0].grades}
            for handed_in in book.assignment_submissions(name)
        }


class Unnamed:
    """Knows no mistake."""

    def __init__(self, *_: object) -> None:
        pass

    def named(self, assignment: Assignment, result: SubmissionResult) -> SubmissionResult:
        return result


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "two" in metafunc.fixturenames:
        names = NAMES if metafunc.config.getoption("thorough") else SOME
        metafunc.parametrize("two", names, indirect=True, scope="module")


@pytest.fixture(scope="module")
def two(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, engine: Engine) -> tuple[Any, Any]:
    """The marks of every known answer of an assignment in both gradebooks."""
    name: str = request.param
    ours, theirs = (Course(ROOT, tmp_path_factory.mktemp(who)) for who in ("ours", "theirs"))
    picked = answered if request.config.getoption("thorough") else sample
    for student, notebook in picked(Answers.read(ours, name)).items():
        for course in (ours, theirs):
            hand_in(course, name, student, notebook)
    prepare(theirs, name)
    in_this_process(theirs, name)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(grade, "find_mistakes", Unnamed)  # to find them all known answers are graded once more
        grade.grade_class(ours, name, factory=lambda *_: engine)
    return database_marks(ours, name), database_marks(theirs, name)


def test_the_notebooks_carry_every_known_answer(tmp_path: Path) -> None:
    material = Answers.read(Course(ROOT, tmp_path), "02-convolution-arithmetic")
    carried = {cell["source"] for notebook in answered(material).values() for cell in notebook["cells"]}
    known = {each.code for of in (material.right, material.wrong) for answers in of.values() for each in answers}
    assert len(known) > 100
    assert known <= carried


def test_every_known_answer_gets_the_same_mark_in_every_cell(two: tuple[Any, Any]) -> None:
    ours, theirs = two
    assert ours.keys() == theirs.keys()
    assert len(ours) in (1, *range(15, 60))
    different = {
        (student, cell): (points, theirs[student][cell])
        for student, marks in ours.items()
        for cell, points in marks.items()
        if points != pytest.approx(theirs[student][cell])
    }
    assert different == {}


def test_the_known_answers_cover_all_there_is_between_nothing_and_full_marks(two: tuple[Any, Any]) -> None:
    totals = {student: sum(marks.values()) for student, marks in two[0].items()}
    assert totals.get("release", 0) == pytest.approx(0)
    assert totals.get("reference", 100) == pytest.approx(100)
    assert all(total == pytest.approx(100) for student, total in totals.items() if student.startswith("right"))
    assert all(0 < total < 100 for student, total in totals.items() if student.startswith("wrong"))


def warns(material: Answers) -> Notebook:
    return assembled(material, {task: noisy(text, task) for task, text in material.reference.items()})


def copied(material: Answers) -> Notebook:
    notebook = assembled(material, material.reference)
    at = next(i for i, c in enumerate(notebook["cells"]) if c["metadata"]["nbgrader"]["grade_id"] == "half_up-halves")
    notebook["cells"].insert(at, json.loads(json.dumps(notebook["cells"][at])))
    return notebook


def deleted(material: Answers) -> Notebook:
    notebook = assembled(material, material.reference)
    notebook["cells"] = [c for c in notebook["cells"] if c["metadata"]["nbgrader"]["grade_id"] != "half_up-halves"]
    return notebook


def broken(material: Answers) -> Notebook:
    return {"not": "a notebook"}


def endless(material: Answers) -> Notebook:
    return assembled(material, {**material.reference, "half_up": "while True: pass"})


CASES: dict[str, tuple[Callable[[Answers], Notebook], float, float | None]] = {
    # name: (what is handed in, our mark of 10, nbgrader's mark, or None where the class stops or there is none)
    "warning": (warns, 10.0, 0.0),
    "copied test cell": (copied, 10.0, None),
    "deleted test cell": (deleted, 10.0, 7.0),
    "not a notebook": (broken, 0.0, None),
}


@pytest.mark.parametrize("case", ["warning", *(pytest.param(c, marks=THOROUGH) for c in CASES if c != "warning")])
def test_where_nbgrader_is_wrong(case: str, tmp_path: Path, engine: Engine) -> None:
    make, mine, nbgraders = CASES[case]
    material = Answers.read(Course(SMALL, tmp_path), "01-small")
    ours, theirs = (Course(SMALL, tmp_path / who) for who in ("ours", "theirs"))
    for course in (ours, theirs):
        hand_in(course, "01-small", "someone", make(material))
    plainly(theirs, "01-small")
    grade_class(ours, "01-small", factory=lambda *_: engine)
    assert sum(database_marks(ours, "01-small")["someone"].values()) == pytest.approx(mine)
    found = database_marks(theirs, "01-small").get("someone")
    autograded = (theirs.directory / "autograded" / "someone").exists()
    complete = found is not None and autograded and None not in found.values()
    assert (round(sum(found.values()), 6) if complete else None) == nbgraders  # type: ignore[union-attr]


def test_an_endless_loop_costs_one_task_and_not_the_notebook(tmp_path: Path, engine: Engine) -> None:
    """nbgrader has no limit unless one is set, and then the notebook gets no mark: its run is not tried here."""
    material = Answers.read(Course(SMALL, tmp_path), "01-small")
    course = Course(SMALL, tmp_path / "ours")
    hand_in(course, "01-small", "someone", endless(material))
    grade_class(course, "01-small", factory=lambda *_: engine)
    (result,) = ResultStore(course.directory).all("01-small")
    assert result.points == pytest.approx(5)


def test_each_difference_is_in_the_page_and_each_in_the_page_is_tested() -> None:
    listed = re.findall(r"^\| (?!---|what is)([^|]+?) \|", DIFFERENCES.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(listed) == sorted([*CASES, "endless loop"])
