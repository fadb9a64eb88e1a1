# ruff: noqa: E501
"""The notebook that is made from a script: all that follows from a rule is in it."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest

from autograder.assignment.cells import grade_id
from autograder.assignment.source import assignment_of, read_source
from autograder.errors import SourceError

SOURCE = """\
# %% [markdown]
# # Halves
#
# You halve.
#
# Twice.
#
# - You need: A pencil, and
#   some paper.
# - Order: Backwards.
#
# **Words.** None.

# %% setup
import math

# %% half-statement [markdown]
# Take half.

# %% half forbid="F.conv2d pooling" instead="divide"
def half_(x):
    ### BEGIN SOLUTION
    return x / 2
    ### END SOLUTION

# %% half-public points=1
# Two
assert half_(2) == 1
assert len(forbidden) == 2

# %% half-helpers
def twice(x):
    return x * 2

# %% half-back points=2.5
# There and back
assert twice(half_(7)) == 7

# %% half-own points=0.5
# One half
assert half_(1) == 0.5

# %% half-why [markdown] points=4
# Why? Write here.

# %% explore [markdown] points=3 manual="task"
# Try more.
"""
SETUP = 'from convlab import rules\n\nprint("shared")\n'
HEADER = "# {{ title }}\n\n{{ lead }}\n\n{{ you_need }} {{ points }} in {{ tasks }}. {{ order | default('Any.') }} {{ name }}\n\n{{ more }}"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    shared, folder = tmp_path / "solutions" / "shared", tmp_path / "solutions" / "01-halves"
    for path, text in (
        (shared / "header.md", HEADER),
        (shared / "setup.py", SETUP),
        (shared / "footer.md", "## The end\n"),
        (folder / "01-halves.py", SOURCE),
    ):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder / "01-halves.py"


def cells(source: Path) -> dict[str, str]:
    return {grade_id(cell): cell.source for cell in read_source(source).cells}


def test_header_setup_and_footer_are_those_of_the_course(source: Path) -> None:
    found = cells(source)
    assert list(found)[:2] == ["intro", "setup"]
    assert found["intro"] == (
        "# Halves\n\nYou halve.\n\nTwice.\n\nA pencil, and some paper. 11 in one task. Backwards. 01-halves\n\n**Words.** None."
    )
    assert found["setup"] == 'from convlab import rules\n\nprint("shared")\n\nimport math'
    assert list(found)[-1] == "hand-in"
    assert found["hand-in"] == "## The end"


def test_a_field_that_the_introduction_lacks_is_asked_for(source: Path) -> None:
    text = source.read_text(encoding="utf-8")
    source.write_text(text.replace("# - You need: A pencil, and\n#   some paper.\n", ""), encoding="utf-8")
    with pytest.raises(
        SourceError, match=r"lacks the field 'You need'\. Write below the first paragraph: - You need: …"
    ):
        read_source(source)


def test_heading_has_number_name_and_points(source: Path) -> None:
    assert cells(source)["half-statement"] == "### Task 1 · `half_` (8 points)\n\nTake half."


def test_hidden_checks_get_markers_and_the_helpers_that_they_use(source: Path) -> None:
    found = cells(source)
    assert found["half-back"] == (
        "# There and back\n### BEGIN HIDDEN TESTS\ndef twice(x):\n    return x * 2\n\n"
        "assert twice(half_(7)) == 7\n### END HIDDEN TESTS"
    )
    assert found["half-own"] == "# One half\n### BEGIN HIDDEN TESTS\nassert half_(1) == 0.5\n### END HIDDEN TESTS"
    assert "half-helpers" not in found


def test_rule_of_a_task_stands_where_it_is_used(source: Path) -> None:
    assert cells(source)["half-public"] == (
        '# Two\nforbidden = rules.forbid("F.conv2d", "pooling", instead="divide")\nassert half_(2) == 1\nassert len(forbidden) == 2'
    )


def test_rule_that_only_the_helpers_use_stands_before_them(source: Path) -> None:
    text = source.read_text(encoding="utf-8").replace("    return x * 2\n", "    return x * len(forbidden)\n")
    source.write_text(text, encoding="utf-8")
    lines = cells(source)["half-back"].splitlines()
    assert [line[:15] for line in lines[2:4]] == ["forbidden = rul", "def twice(x):"]
    assert "forbidden" not in cells(source)["half-own"]


def test_metadata_is_what_nbgrader_wants(source: Path) -> None:
    notebook = read_source(source)
    nbformat.validate(notebook)
    about = {grade_id(cell): dict(cell.metadata.nbgrader) for cell in notebook.cells}
    locked = {"grade": False, "locked": True, "schema_version": 3, "solution": False, "task": False}
    assert about["half-statement"] == {**locked, "grade_id": "half-statement"}
    assert about["half"] == {**locked, "grade_id": "half", "locked": False, "solution": True}
    assert about["half-back"] == {**locked, "grade_id": "half-back", "grade": True, "points": 2.5}
    assert about["half-public"] == {**locked, "grade_id": "half-public", "grade": True, "points": 1}
    why = {**locked, "grade_id": "half-why", "grade": True, "points": 4, "solution": True, "locked": False}
    assert about["half-why"] == why
    assert about["explore"] == {**locked, "grade_id": "explore", "points": 3, "task": True}
    assert all(cell.id == grade_id(cell) for cell in notebook.cells)


def test_notebook_is_the_same_every_time(source: Path) -> None:
    assert nbformat.writes(read_source(source)) == nbformat.writes(read_source(source))


def test_text_without_a_name_gets_an_id_from_place_and_content(source: Path) -> None:
    def first() -> str:
        (cell,) = [cell for cell in read_source(source).cells if not grade_id(cell)]
        return str(cell.id)

    text = source.read_text(encoding="utf-8")
    source.write_text(text.replace("# %% setup", "# %% [markdown]\n# A word.\n\n# %% setup"), encoding="utf-8")
    before = first()
    source.write_text(source.read_text(encoding="utf-8").replace("A word.", "Another word."), encoding="utf-8")
    assert len(before) == 12
    assert first() != before


def test_points_of_manual_parts_count_where_their_task_is(source: Path) -> None:
    assignment = assignment_of(read_source(source), "01-halves")
    assert (assignment.points, assignment.manual_points) == (4, 7)
    assert [part.task for part in assignment.manual] == ["half", "explore"]
