"""The tests that otter gets are our checks: they pass on the reference and fail on what is wrong.

Otter itself is not needed here: its decorator is stood in for by one that keeps what it is given. The benchmark runs
the same files with otter and compares the marks.
"""

from __future__ import annotations

import json
import sys
import types
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from autograder.assignment.material import Material
from benchmarks.classes import WORKLOADS, make_class
from benchmarks.floor import Floor
from benchmarks.otter import autograder_zip, read_marks, submission, test_files

LIGHT = WORKLOADS["light"]
files = test_files
files.__test__ = False  # type: ignore[attr-defined]  # pytest would take it for a test
del test_files


@pytest.fixture(autouse=True)
def otter(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a module of otter's name in place, with the decorator that test files import."""

    def test_case(**options: Any) -> Callable[[Any], Any]:
        return lambda function: (function, options)

    module = types.ModuleType("otter.test_files")
    module.test_case = test_case  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "otter", types.ModuleType("otter"))
    monkeypatch.setitem(sys.modules, "otter.test_files", module)


def run(notebook: dict[str, Any]) -> dict[str, float]:
    """Run the cells, then each test file; return the points of each check."""
    space: dict[str, Any] = {"__name__": "__main__"}
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            exec("".join(cell["source"]), space)
    marks = {}
    for text in files(LIGHT.source).values():
        made: dict[str, Any] = {}
        exec(text, made)
        function, options = made["test_check"]
        assert options == {"points": made["points"], "hidden": True}
        try:
            function(space)
            marks[made["name"]] = options["points"]
        except Exception:
            marks[made["name"]] = 0.0
    return marks


def notebook_with(code: str, folder: Path) -> dict[str, Any]:
    make_class(LIGHT, folder, 1)
    (path,) = folder.rglob("*.ipynb")
    notebook: dict[str, Any] = json.loads(path.read_text())
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("solution") and code:
            cell["source"] = code
    return submission(notebook)


def test_the_reference_passes_all(tmp_path: Path) -> None:
    assert run(notebook_with("", tmp_path)) == Floor(LIGHT.source).points


@pytest.mark.parametrize("name", ["over_the_batch", "divides_in_place", "keeps_the_axes"])
def test_wrong_answers_fail_the_checks_that_they_fail_elsewhere(name: str, tmp_path: Path) -> None:
    (code,) = [a.code for a in Material.read(LIGHT.source).known_answers()[0] if a.name == name]
    marks = run(notebook_with(code, tmp_path))
    assert marks == Floor(LIGHT.source).run({"channel_means": code})
    assert sum(marks.values()) < 6


def test_a_notebook_for_otter_has_no_check_cells_but_all_that_is_the_students(tmp_path: Path) -> None:
    cells = notebook_with("", tmp_path)["cells"]
    names = [cell["metadata"]["nbgrader"]["grade_id"] for cell in cells if cell["cell_type"] == "code"]
    assert names == ["setup", "channel_means"]


def test_the_archive_holds_a_file_for_each_check_in_order(tmp_path: Path) -> None:
    source = WORKLOADS["02"].source
    autograder_zip(source, tmp_path / "autograder.zip")
    with zipfile.ZipFile(tmp_path / "autograder.zip") as archive:
        names = [name for name in archive.namelist() if name.startswith("tests/")]
        first = archive.read(names[0]).decode()
    assert len(names) == len(Material.read(source).assignment.checks)
    assert names == sorted(names)
    assert "name = 'conv_output_size-public'" in first


def test_marks_are_read_by_check(tmp_path: Path) -> None:
    tests = [
        {"name": "Public Tests", "output": "all passed"},
        {"name": "a-public", "score": 1.0, "max_score": 1.0},
        {"name": "a-hidden", "score": 0.0, "max_score": 2.0},
    ]
    (tmp_path / "results.json").write_text(json.dumps({"tests": tests}))
    assert read_marks(tmp_path / "results.json") == {"a-public": 1.0, "a-hidden": 0.0}
