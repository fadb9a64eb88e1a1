"""A notebook that was fetched before the teacher's last edit is nobody's tampering."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from nbformat import from_dict
from nbgrader.utils import compute_checksum  # type: ignore[import-untyped]

from autograder.assignment.release import generate
from autograder.submissions.intake import IntakeResult, Release, repair

SMALL = Path(__file__).parents[1] / "small_course" / "solutions" / "01-small"
ANSWER = "import math\ndef half_up(value):\n    return math.floor(value + 0.5)"
Notebook = dict[str, Any]


def released(folder: Path, *edits: tuple[str, str]) -> Release:
    """Release the small assignment after ``edits`` of its source, each an old and a new text."""
    source = folder / "solutions" / "01-small" / "01-small.py"
    source.parent.mkdir(parents=True)
    text = (SMALL / "01-small.py").read_text(encoding="utf-8")
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    source.write_text(text, encoding="utf-8")
    return Release.read(generate(source, out=folder / "release"))


@pytest.fixture(scope="module")
def yesterday(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return released(tmp_path_factory.mktemp("yesterday"))


@pytest.fixture(scope="module")
def today(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return released(
        tmp_path_factory.mktemp("today"),
        ("Round to the nearest whole number", "Round ``value`` to the nearest whole number"),
        ("# %% half_up-public points=2", "# %% half_up-public points=4"),
        ("import math\n\n# %%", "import math\nimport os\n\n# %%"),
        ('"""Return the largest of values minus', '"""Return the largest value minus'),
        (
            "# %% spread-empty points=1",
            "# %% spread-ties points=1\n# Equal numbers\nassert spread([2, 2]) == 0\n\n# %% spread-empty points=1",
        ),
    )


def named(notebook: Notebook) -> dict[str, Any]:
    return {cell["metadata"]["nbgrader"]["grade_id"]: cell for cell in notebook["cells"]}


def handed_in(release: Release, **changes: Callable[[Any], object]) -> bytes:
    notebook = deepcopy(release.notebook)
    named(notebook)["half_up"]["source"] = ANSWER
    for name, change in changes.items():
        change(named(notebook)[name.replace("__", "-")])
    return json.dumps(notebook).encode()


def notes(result: IntakeResult) -> dict[str, str]:
    return {note.kind: note.text for note in result.notes}


def test_the_release_carries_nbgraders_checksums(yesterday: Release) -> None:
    cells = [
        from_dict({**cell, "source": "".join(cell["source"])})  # type: ignore[no-untyped-call]
        for cell in yesterday.notebook["cells"]
    ]
    assert [compute_checksum(cell) for cell in cells] == [cell.metadata.nbgrader["checksum"] for cell in cells]


def test_yesterdays_release_is_taken_as_todays_with_one_mild_note(yesterday: Release, today: Release) -> None:
    result = repair(handed_in(yesterday), today)
    assert notes(result).keys() == {"earlier-release"}
    text = notes(result)["earlier-release"]
    assert text.startswith("Edited by your teacher since you fetched it")
    for name in ("half_up-statement", "half_up-public", "setup", "spread-ties"):
        assert name in text
    assert [cell.source for cell in result.cells if cell.id == "setup"] == ["import math\nimport os"]


def test_an_earlier_stub_counts_as_unwritten(yesterday: Release, today: Release) -> None:
    result = repair(handed_in(yesterday), today)
    assert {cell.id: cell.unwritten for cell in result.cells if cell.role == "student"} == {
        "half_up": False,
        "spread": True,
    }


def test_what_the_student_changed_in_an_earlier_release_is_still_said(yesterday: Release, today: Release) -> None:
    result = repair(
        handed_in(
            yesterday,
            half_up__public=lambda cell: cell.update(source="pass"),
            spread__order=lambda cell: cell["metadata"]["nbgrader"].update(points=100),
        ),
        today,
    )
    assert notes(result)["changed-cell"].endswith(": half_up-public.")
    assert notes(result)["changed-settings"].endswith(": half_up-public, spread-order.")
    assert "half_up-public" not in notes(result)["earlier-release"]


@pytest.mark.parametrize("checksum", [None, 7, "", "0" * 32, {"a": 1}])
def test_a_checksum_that_is_none_proves_nothing(yesterday: Release, today: Release, checksum: object) -> None:
    def spoil(cell: Any) -> None:
        cell["metadata"]["nbgrader"]["checksum"] = checksum

    assert notes(repair(handed_in(yesterday, setup=spoil), today))["changed-cell"].endswith(": setup.")


@pytest.mark.parametrize("points", [None, "1", [], float("nan"), float("inf"), 10**400, True])
def test_points_of_any_kind_stop_nothing(yesterday: Release, today: Release, points: object) -> None:
    def spoil(cell: Any) -> None:
        cell["metadata"]["nbgrader"]["points"] = points

    assert "half_up-public" in notes(repair(handed_in(yesterday, half_up__public=spoil), today))["changed-settings"]
