"""The example class is made, graded by the real engine through the command line, and every mark is as expected."""

# Over 60 s of CPU: a class of 24 is made, its wrong answers run, and it is graded.

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from autograder.course import Course
from autograder.errors import PathError
from autograder.example.make import Answers, _assemble, _plan, differences, make_class
from autograder.grading.results import ResultStore, from_dict, to_dict

ROOT = Path(__file__).parents[3]
SMALL = Path(__file__).parents[1] / "small_course"
NAME = "01-small"

pytestmark = pytest.mark.timeout(1200)


def autograder(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}
    command = [sys.executable, "-m", "autograder", *arguments]
    return subprocess.run(command, cwd=SMALL, env=environment, capture_output=True, text=True)


@pytest.mark.parametrize("name", Course.open(ROOT).assignments())
def test_a_class_can_be_planned_for_every_assignment(name: str) -> None:
    answers = Answers.read(Course(ROOT, ROOT), name)
    members = list(_plan(answers, 24))
    assert len({member.name for member in members}) == 24
    assert all(isinstance(_assemble(answers, member), dict) for member in members)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("example") / "class"
    done = autograder("example", "--out", str(out))
    assert done.returncode == 0, done.stderr
    return out


@pytest.fixture(scope="module")
def expected(made: Path) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((made / "expected.json").read_text())[NAME]["students"]
    return data


@pytest.fixture(scope="module")
def graded(made: Path) -> tuple[Path, subprocess.CompletedProcess[str]]:
    return made, autograder("grade", NAME, "--course", str(made))


def test_there_are_24_of_all_kinds(expected: dict[str, Any], made: Path) -> None:
    assert len(expected) == 24
    assert sorted(expected) == sorted(p.name for p in (made / "submitted").iterdir())
    kinds = " ".join(entry["about"] for entry in expected.values())
    for kind in ("reference", "third way", "stderr", "as released", "half done", "several mistakes", "one mistake"):
        assert kind in kinds
    for kind in ("cut off", "missing", "doubled", "without end", "harmless", "another order", "another name"):
        assert kind in kinds


def test_expected_marks_follow_from_what_was_handed_in(expected: dict[str, Any]) -> None:
    totals = {entry["about"].split(":")[0]: entry["total"] for entry in expected.values()}
    assert totals["the reference"] == totals["right, but warns on stderr"] == totals["cells doubled"] == 10
    assert totals["handed in as released"] == totals["not a notebook"] == 0
    assert totals["a loop without end"] == totals["the first half done"] == 5
    mistakes = [entry for entry in expected.values() if "mistake" in entry["about"]]
    assert all(entry["total"] < 10 for entry in mistakes)


def test_every_mark_is_as_expected(graded: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    folder, done = graded
    assert done.returncode == 0, done.stderr
    assert differences(folder) == []
    check = autograder("example", "--out", str(folder), "--check")
    assert check.returncode == 0, check.stdout
    assert "Every mark is as expected." in check.stderr


def test_notes_tell_of_what_was_repaired(
    graded: tuple[Path, subprocess.CompletedProcess[str]], expected: dict[str, Any]
) -> None:
    notes = {
        expected[result.student]["about"].split(":")[0]: {note.kind for note in result.notes}
        for result in ResultStore(graded[0]).all(NAME)
    }
    assert notes["the reference"] == set()
    assert notes["cells missing, an answer among them"] == {"missing-answer", "missing-cell"}
    assert notes["cells doubled"] == {"duplicate-cell"}
    assert notes["a wrong answer, its tests made harmless and worth more"] == {"changed-cell", "changed-settings"}
    assert notes["cells in another order, and cells added"] == {"order"}
    assert notes["saved under another name"] == {"name"}


def test_a_wrong_mark_is_named_loudly(graded: tuple[Path, subprocess.CompletedProcess[str]], tmp_path: Path) -> None:
    shutil.copytree(graded[0], tmp_path / "copy")
    store = ResultStore(tmp_path / "copy")
    result = next(result for result in store.all(NAME) if result.points > 9)
    data = to_dict(result)
    data["checks"][0]["points"] = 0.0
    store.save(from_dict(data))
    done = autograder("example", "--out", str(tmp_path / "copy"), "--check")
    assert done.returncode == 1
    assert result.student in done.stdout
    assert "half_up-public: expected 2, got 0" in done.stdout


def test_an_ungraded_class_differs(made: Path, tmp_path: Path) -> None:
    (tmp_path / "expected.json").write_text((made / "expected.json").read_text())
    assert len(differences(tmp_path)) == 24 * 5


def test_nothing_changed_is_quick_and_the_same(graded: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    folder, _ = graded
    before = {path: path.stat().st_mtime_ns for path in (folder / "submitted").rglob("*.ipynb")}
    started = time.process_time()
    assert make_class(Course(SMALL, folder), NAME, folder) is False
    assert time.process_time() - started < 5
    assert {path: path.stat().st_mtime_ns for path in (folder / "submitted").rglob("*.ipynb")} == before
    again = autograder("grade", NAME, "--course", str(folder))
    assert "Graded 0, unchanged 24" in again.stderr
    assert again.stdout == graded[1].stdout


def test_another_folders_content_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(PathError, match="is not empty and holds no example class"):
        make_class(Course(SMALL, SMALL), NAME, tmp_path)
    with pytest.raises(PathError, match="holds no example class"):
        differences(tmp_path)


def test_the_same_sources_give_the_same_class_and_another_assignment_of_it_stays(made: Path, tmp_path: Path) -> None:
    kept = tmp_path / "submitted" / "ada" / "99-other" / "99-other.ipynb"
    kept.parent.mkdir(parents=True)
    kept.write_text("{}")
    (tmp_path / "expected.json").write_text(json.dumps({"99-other": {"stamp": "x", "students": {}}}))
    make_class(Course(SMALL, SMALL), NAME, tmp_path)
    files = sorted(path.relative_to(made) for path in (made / "submitted").rglob("*.ipynb"))
    assert [(tmp_path / path).read_bytes() for path in files] == [(made / path).read_bytes() for path in files]
    expected = json.loads((tmp_path / "expected.json").read_text())
    assert expected == {"99-other": {"stamp": "x", "students": {}}, **json.loads((made / "expected.json").read_text())}
    assert kept.read_text() == "{}"
    assert differences(tmp_path, "99-other") == []
    with pytest.raises(PathError, match="no example class for 98-none"):
        differences(tmp_path, "98-none")
