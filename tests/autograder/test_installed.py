"""Whatever module of ours changes, marks that were kept are known to be another version's."""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Iterable, Iterator
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest

from autograder import installed
from autograder.assignment.release import generate
from autograder.course import Course
from autograder.engines.contract import Graded, Job
from autograder.grading.grade import grade_class
from autograder.model import CheckResult, Outcome, SubmissionResult

ROOT = Path(__file__).resolve().parents[2]
SMALL = Path(__file__).parent / "small_course"
NAME = "01-small"


class Same:
    """An engine that gives every check one outcome, and counts its jobs."""

    name, version, warning = "same", "1", ""
    outcome = Outcome.PASSED

    def __init__(self) -> None:
        self.wanted: list[frozenset[str] | None] = []

    def grade(self, jobs: Iterable[Job]) -> Iterator[Graded]:
        for job in jobs:
            self.wanted.append(job.checks)
            checks = tuple(CheckResult(c.id, self.outcome, 0.0, c.points) for c in job.assignment.checks)
            who = job.submission.student
            yield Graded(SubmissionResult(who, NAME, job.key, checks, job.intake.notes), job.notebook)


@pytest.fixture
def copies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Copies of both packages, which ``installed`` takes for the real ones."""
    for name in installed.PACKAGES:
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "results"))

    def find_spec(name: str) -> ModuleSpec:
        spec = ModuleSpec(name, None, is_package=True)
        spec.submodule_search_locations = [str(tmp_path / name)]
        return spec

    monkeypatch.setattr(importlib.util, "find_spec", find_spec)
    installed.installed.cache_clear()
    yield tmp_path
    installed.installed.cache_clear()


def now() -> bytes:
    installed.installed.cache_clear()
    return installed.fingerprint()


def modules(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*.py") if "__pycache__" not in path.parts)


@pytest.mark.parametrize("package", installed.PACKAGES)
def test_a_byte_of_any_module_changes_the_hash(copies: Path, package: str) -> None:
    every = modules(copies / package)
    assert {path.parent.name for path in every} > {package, "sealed" if package == "autograder" else "trace"}
    folder = [copies / package]
    before = installed.code_hash(folder)
    unseen = []
    for path in every:
        data = path.read_bytes()
        path.write_bytes(data + b"#")
        if installed.code_hash(folder) == before:
            unseen.append(path)
        path.write_bytes(data)
    assert unseen == []
    assert installed.code_hash(folder) == before


@pytest.mark.parametrize(
    "module",
    ["autograder/engines/judge.py", "autograder/engines/sealed/examiner/grading.py", "convlab/checks.py"],
)
def test_it_counts_in_what_decides_marks(copies: Path, module: str) -> None:
    before = now()
    path = copies / module
    path.write_bytes(path.read_bytes().replace(b"e", b"a", 1))
    assert now() != before


def test_a_module_that_moves_or_goes_changes_the_hash(copies: Path) -> None:
    before = now()
    path = copies / "autograder" / "errors.py"
    path.rename(path.with_name("mistakes.py"))
    moved = now()
    path.with_name("mistakes.py").unlink()
    assert len({before, moved, now()}) == 3


def test_libraries_count_too(monkeypatch: pytest.MonkeyPatch) -> None:
    before = now()
    monkeypatch.setattr(installed, "_version", lambda library: f"another {library}")
    assert now() != before
    monkeypatch.undo()
    assert now() == before


def test_the_packages_of_this_test_are_those_that_run() -> None:
    assert installed._folders("autograder") == [ROOT / "autograder"]
    assert installed._folders("convlab") == [ROOT / "convlab"]
    assert installed._folders("no_such_package") == []
    assert installed._version("no-such-library") == "missing"


def test_a_class_graded_by_other_code_is_graded_again_and_not_mixed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(SMALL, tmp_path / "course", ignore=shutil.ignore_patterns("wrong", "right"))
    notebook = generate(SMALL / "solutions" / NAME / f"{NAME}.py", out=tmp_path / "released").read_text()
    for student in ("ada", "bob"):
        handed_in = tmp_path / "class" / "submitted" / student / NAME / f"{NAME}.ipynb"
        handed_in.parent.mkdir(parents=True)
        handed_in.write_text(notebook)
    course, engine = Course(tmp_path / "course", tmp_path / "class"), Same()

    def graded(*students: str) -> tuple[int, set[Outcome]]:
        found = grade_class(course, NAME, students=students, factory=lambda *_: engine)
        return found.graded, {check.outcome for result in found.results for check in result.checks}

    assert graded() == (2, {Outcome.PASSED})
    assert graded() == (0, {Outcome.PASSED})
    monkeypatch.setattr(installed, "fingerprint", lambda: b"after a fix in the judge")
    engine.outcome = Outcome.ERROR
    assert graded("ada") == (1, {Outcome.ERROR})
    assert graded() == (1, {Outcome.ERROR})
    assert graded() == (0, {Outcome.ERROR})
    assert engine.wanted == [None] * 4  # every check of every submission, each time
