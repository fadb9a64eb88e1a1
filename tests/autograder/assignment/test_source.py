"""Sources: the assignment and the hidden lines that are read from them, and releases that are none."""

from __future__ import annotations

import shutil
from pathlib import Path

import nbformat
import pytest

from autograder.assignment.leaks import leaks
from autograder.assignment.source import from_release, hidden_lines, load_assignment, read_source
from autograder.errors import NotebookError, PathError

SMALL = Path(__file__).parents[1] / "small_course" / "solutions" / "01-small" / "01-small.py"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return Path(shutil.copy(SMALL, tmp_path / SMALL.name))


def edit(source: Path, old: str, new: str) -> None:
    text = source.read_text(encoding="utf-8")
    assert old in text
    source.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_assignment_has_tasks_checks_points_and_titles(source: Path) -> None:
    assignment = load_assignment(source)
    assert (assignment.name, assignment.title, assignment.points) == ("01-small", "Two small functions", 10)
    assert [(task.name, task.number, task.title) for task in assignment.tasks] == [
        ("half_up", 1, "half_up"),
        ("spread", 2, "spread"),
    ]
    assert [check.id for check in assignment.checks if check.public] == ["half_up-public", "spread-public"]
    assert assignment.checks[1].title == "Halves, above and below zero"


def test_notebook_is_valid_named_by_grade_id_and_the_same_every_time(source: Path) -> None:
    first, second = read_source(source), read_source(source)
    nbformat.validate(first)
    assert nbformat.writes(first) == nbformat.writes(second)
    assert [cell.id for cell in first.cells][:3] == ["intro", "setup", "half_up-statement"]
    assert first.metadata.kernelspec.name == "python3"
    assert (first.nbformat, first.nbformat_minor) == (4, 5)


def test_missing_source_is_a_path_error(tmp_path: Path) -> None:
    with pytest.raises(PathError, match="is not a file"):
        read_source(tmp_path / "none.py")


def test_hidden_lines_are_the_telling_ones_without_what_is_shown_anyway(source: Path) -> None:
    line = "half_up_of_one_and_a_half = 1\n"
    part = "half_up_of_one_and_a_half\n"
    anybodys = "with torch.no_grad():\n    received = checks.unchanged(\n        1)\n"
    edit(source, "import math\n", "import math\n\nimport torch\nfrom convlab import checks\n")
    edit(source, "secret_halves = {", line + part + anybodys + "secret_halves = {")
    edit(source, "# Numbers that are nobody's half\n", "# Numbers that are nobody's half\n" + line)
    lines = hidden_lines(read_source(source))
    assert "shifted_by_a_half=value+0.5" in lines
    assert "secret_halves={2.5:3,3.5:4,-1.5:-1}" in lines
    assert not [found for found in lines if "half_up_of" in found or "unchanged" in found or "no_grad" in found]
    assert not {"try:", "iffn:", "returnmath.floor(shifted)"} & lines


PLANTED = {
    "page.html": '<pre><span class="n">shifted_by_a_half</span> <span>=</span> value <b>+</b> 0.5\n</pre>',
    "entities.html": "<pre>assert half_up(secret_value) == rounded, f&quot;secret {secret_value}&quot;</pre>",
    "searchindex.js": 'Search.setIndex({"a": "assert half_up(secret_value) == rounded, f\\"secret {secret_value}\\""})',
    "leak.ipynb": '{"source": ["x\\n", "assert half_up(secret_value) == rounded, f\\"secret {secret_value}\\""]}',
    "leak.txt": "    shifted_by_a_half  =  value + 0.5",
}


@pytest.mark.parametrize("name", PLANTED)
def test_planted_leak_is_found(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(PLANTED[name], encoding="utf-8")
    assert len(leaks(tmp_path / name, hidden_lines(read_source(SMALL)))) == 1


def test_innocent_file_has_no_leak(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("<p>Rounding a <code>half</code> upward.</p>", encoding="utf-8")
    assert leaks(tmp_path / "page.html", hidden_lines(read_source(SMALL))) == []


@pytest.mark.parametrize("text", ["", "nonsense", "[]", "{}", '{"cells": [1]}', '{"cells": [{"cell_type": "code"}]}'])
def test_release_that_is_no_notebook(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.ipynb").write_text(text, encoding="utf-8")
    with pytest.raises(NotebookError, match=r"a\.ipynb is not a notebook"):
        from_release(tmp_path / "a.ipynb")


def test_notebook_without_graded_cells_is_no_assignment(tmp_path: Path) -> None:
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1")]), tmp_path / "a.ipynb")
    with pytest.raises(NotebookError, match="not an assignment of this course"):
        from_release(tmp_path / "a.ipynb")
