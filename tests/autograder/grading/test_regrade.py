"""A change of the assignment runs what it touches and nothing else, and what stands is kept as it is."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.assignment.material import Material
from autograder.assignment.release import generate
from autograder.course import Course
from autograder.grading.grade import ClassResult, grade_class
from autograder.grading.regrade import check_texts
from autograder.grading.results import ResultStore
from autograder.model import Outcome
from tests.fakes import FakeEngine, always
from tests.gradebooks import grades

SMALL = Path(__file__).parents[1] / "small_course"
NAME = "01-small"
ALL = {"half_up-public", "half_up-halves", "spread-public", "spread-order", "spread-empty"}


@pytest.fixture
def course(tmp_path: Path) -> Course:
    shutil.copytree(SMALL, tmp_path / "course", ignore=shutil.ignore_patterns("wrong"))
    source = SMALL / "solutions" / NAME / f"{NAME}.py"
    notebook = generate(source, out=tmp_path / "released").read_text()
    handed_in = tmp_path / "class" / "submitted" / "ada" / NAME / f"{NAME}.ipynb"
    handed_in.parent.mkdir(parents=True)
    handed_in.write_text(notebook.replace("raise NotImplementedError", "return 1"))
    return Course(tmp_path / "course", tmp_path / "class")


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine(always(Outcome.PASSED))


@pytest.fixture
def run(course: Course, engine: FakeEngine) -> Callable[[], ClassResult]:
    return lambda: grade_class(course, NAME, factory=lambda *_: engine)


Run = Callable[[], ClassResult]


def edit(course: Course, *changes: tuple[str, str]) -> None:
    source = course.source(NAME)
    text = source.read_text()
    for old, new in changes:
        assert text.count(old) == 1
        text = text.replace(old, new)
    source.write_text(text)


def outputs(course: Course) -> dict[str, str]:
    """Return what each code cell of the executed notebook shows."""
    notebook = json.loads((course.autograded / "ada" / NAME / f"{NAME}.ipynb").read_text())
    return {
        cell["metadata"]["nbgrader"]["grade_id"]: "".join(output["text"] for output in cell["outputs"])
        for cell in notebook["cells"]
        if cell["cell_type"] == "code"
    }


def test_a_changed_hidden_test_runs_alone(course: Course, run: Run, engine: FakeEngine) -> None:
    before = run().results[0].by_check
    edit(course, ("secret_list = [3, -7, 5, 0]", "secret_list = [3, -7, 5, 1]"))
    engine.marking = always(Outcome.FAILED)
    outcome = run()
    assert engine.ran == [ALL, {"spread-order"}]
    after = outcome.results[0].by_check
    assert after["spread-order"].outcome is Outcome.FAILED
    assert {name: after[name] for name in ALL - {"spread-order"}} == {
        name: before[name] for name in ALL - {"spread-order"}
    }
    assert outcome.results[0].points == pytest.approx(8)
    assert [row[0] for row in grades(course, "ada")] == pytest.approx([2, 3, 2, 0, 1])
    shown = outputs(course)
    assert shown.pop("spread-order") == shown.pop("half_up") == shown.pop("spread") == shown.pop("setup") == "run 2"
    assert set(shown.values()) == {"run 1"}
    assert "3, -7, 5, 1" in (course.autograded / "ada" / NAME / f"{NAME}.ipynb").read_text()
    run()
    assert len(engine.ran) == 2


def test_a_changed_answer_runs_everything(course: Course, run: Run, engine: FakeEngine) -> None:
    run()
    path = course.submitted / "ada" / NAME / f"{NAME}.ipynb"
    path.write_text(path.read_text().replace("return 1", "return 2"))
    run()
    assert engine.ran == [ALL, ALL]


@pytest.mark.parametrize(
    "change",
    [
        ("# Any order, and numbers below zero", "# Any order at all"),
        ("Round to the nearest whole number, a half upward.", "Round. A half goes upward."),
    ],
)
def test_titles_and_statements_run_nothing(
    course: Course, run: Run, engine: FakeEngine, change: tuple[str, str]
) -> None:
    before = run()
    edit(course, change)
    after = run()
    assert engine.ran == [ALL]
    assert after.graded == 0
    assert after.results[0].checks == before.results[0].checks
    assert set(outputs(course).values()) == {"run 1"}
    assert change[1] in (course.autograded / "ada" / NAME / f"{NAME}.ipynb").read_text()


def test_points_follow_without_a_run(course: Course, run: Run, engine: FakeEngine) -> None:
    run()
    edit(course, ("half_up-halves points=3", "half_up-halves points=4"))
    result = run().results[0]
    assert engine.ran == [ALL]
    assert (result.points, result.max_points) == pytest.approx((11, 11))
    assert [row[0] for row in grades(course, "ada")] == pytest.approx([2, 4, 2, 2, 1])
    assert ResultStore(course.directory).load(NAME, "ada") == result


def test_a_changed_setup_or_engine_runs_everything(course: Course, run: Run, engine: FakeEngine) -> None:
    run()
    edit(course, ("import math\n", "import math  # for floor\n"))
    run()
    engine.version = "2"
    run()
    assert engine.ran == [ALL] * 3


def test_a_task_that_hit_a_limit_runs_wholly(course: Course, run: Run, engine: FakeEngine) -> None:
    run()
    store = ResultStore(course.directory)
    stored = store.load(NAME, "ada")
    assert stored is not None
    checks = tuple(
        replace(check, outcome=Outcome.TIME_LIMIT, points=0.0) if check.check == "spread-empty" else check
        for check in stored.checks
    )
    store.save(replace(stored, checks=checks))
    edit(course, ("secret_list = [3, -7, 5, 0]", "secret_list = [3, -7, 5, 1]"))
    assert run().results[0].points == pytest.approx(10)
    assert engine.ran[1] == {"spread-public", "spread-order", "spread-empty"}


def test_a_check_that_uses_a_name_of_another_runs_with_it(course: Course, run: Run, engine: FakeEngine) -> None:
    edit(course, ("    spread([])\n", "    spread(secret_list[:0])\n"))
    run()
    edit(course, ("secret_list = [3, -7, 5, 0]", "secret_list = [3, -7, 5, 1]"))
    run()
    edit(course, ("    spread(secret_list[:0])\n", "    spread(list(secret_list[:0]))\n"))
    run()
    assert engine.ran[1:] == [{"spread-order", "spread-empty"}] * 2


def test_a_check_that_the_assignment_has_no_more_is_left_out_and_all_others_run(
    course: Course, run: Run, engine: FakeEngine
) -> None:
    run()
    text = course.source(NAME).read_text()
    course.source(NAME).write_text(text[: text.index("# %% spread-empty")])
    (course.directory / "gradebook.db").unlink()
    result = run().results[0]
    assert set(result.by_check) == ALL - {"spread-empty"}
    assert engine.ran == [ALL, ALL - {"spread-empty"}]


def test_a_result_of_before_there_were_keys_is_run_again(course: Course, run: Run, engine: FakeEngine) -> None:
    run()
    path = ResultStore(course.directory).path(NAME, "ada")
    data = json.loads(path.read_text())
    data["key"] = "old"
    del data["memory_mb"]
    for check in data["checks"]:
        del check["key"], check["mistake"]
    path.write_text(json.dumps(data))
    assert ResultStore(course.directory).load(NAME, "ada") is not None
    run()
    assert engine.ran == [ALL, ALL]


def test_a_lost_or_damaged_notebook_is_no_obstacle(course: Course, run: Run, engine: FakeEngine) -> None:
    run()
    edit(course, ("secret_list = [3, -7, 5, 0]", "secret_list = [3, -7, 5, 1]"))
    (course.autograded / "ada" / NAME / f"{NAME}.ipynb").write_text("{")
    assert run().results[0].points == pytest.approx(10)
    assert engine.ran[1] == {"spread-order"}
    shutil.rmtree(course.autograded)
    run()
    assert engine.ran[2] == ALL


def test_the_courses_own_checks_build_on_none_of_each_other() -> None:
    source = Path(__file__).parents[3] / "solutions" / "02-convolution-arithmetic" / "02-convolution-arithmetic.py"
    texts = check_texts(Material.read(source))
    assert len(texts) > 40
    assert not any("\0" in text for text in texts.values())
