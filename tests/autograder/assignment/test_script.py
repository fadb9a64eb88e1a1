# ruff: noqa: E501
"""Scripts: what each header makes of a cell, and the sentence for each header that is wrong."""

from __future__ import annotations

from pathlib import Path

import jupytext
import pytest

from autograder.assignment.script import Role, read_script
from autograder.errors import PathError, SourceError

SMALL = Path(__file__).parents[1] / "small_course" / "solutions" / "01-small" / "01-small.py"

HEADERS = {
    "# %% [markdown]": ("", Role.TEXT, 0),
    "# %% half_up-statement [markdown]": ("half_up-statement", Role.STATEMENT, 0),
    "# %% [markdown] half_up-statement": ("half_up-statement", Role.STATEMENT, 0),
    "# %% half_up-look-text [markdown]": ("half_up-look-text", Role.TEXT, 0),
    "# %% setup": ("setup", Role.SETUP, 0),
    "# %% half_up": ("half_up", Role.ANSWER, 0),
    '# %% half_up forbid="pooling" instead="add"': ("half_up", Role.ANSWER, 0),
    "# %% half_up-public points=1": ("half_up-public", Role.PUBLIC, 1),
    "# %% half_up-helpers": ("half_up-helpers", Role.HELPERS, 0),
    "# %% half_up-halves points=2.5": ("half_up-halves", Role.HIDDEN, 2.5),
    '# %% half_up-halves {"points": 2}': ("half_up-halves", Role.HIDDEN, 2),
    "#%% half_up-halves points=2": ("half_up-halves", Role.HIDDEN, 2),
    "# %% half_up-look": ("half_up-look", Role.SHOWN, 0),
    "# %% half_up-idea": ("half_up-idea", Role.SHOWN, 0),
    "# %% half_up-why [markdown] points=4": ("half_up-why", Role.MANUAL, 4),
    "# %% plot points=2 manual=true": ("plot", Role.MANUAL, 2),
    '# %% explore [markdown] points=3 manual="task"': ("explore", Role.OPEN_TASK, 3),
    '# %% half_up tags=["keep"] editable=false slideshow={"slide_type": "skip"}': ("half_up", Role.ANSWER, 0),
}


def script(folder: Path, text: str) -> Path:
    path = folder / "01-small.py"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("header", HEADERS)
def test_header_says_what_the_cell_is(tmp_path: Path, header: str) -> None:
    body = "# text" if "[markdown]" in header else "x = 1"
    (part,) = read_script(script(tmp_path, f"{header}\n{body}\n"))
    assert (part.name, part.role, part.points) == HEADERS[header]
    assert part.text == body.removeprefix("# ")
    assert part.line == 1


WRONG = {
    "# %% half_up-halves point=2": "cell 'half_up-halves': its header has the unknown key 'point'. Did you mean points?",
    "# %% half_up-halves weight=2": "the unknown key 'weight'. There are: points, manual, forbid, instead, tags.",
    "# %% half_up-halves points=0": "points=0 is not a number above zero. Write: # %% half_up-halves points=3",
    "# %% half_up-halves points=true": "points=True is not a number above zero",
    '# %% half_up-halves points="two"': "points='two' is not a number above zero",
    "# %% half_up-halves": "it has no points, so it is no check, and its name says nothing else. Write: # %% half_up-halves "
    "points=2, or call it half_up-look (shown) or half_up-helpers (hidden).",
    "# %% half up points=2": "cell 'half up': its name is not one word of that kind. Write a name like conv2d",
    "# %% half.up": "its name is not one word of that kind",
    f"# %% {'x' * 70}": "its name is not one word of that kind",
    "# %% half_up points=3": "an answer cell has no points of its own. Give them to its checks: # %% half_up-public",
    '# %% half_up-public points=1 forbid="pooling"': "a public check has no forbid. Remove forbid from its header.",
    "# %%": "cell 'line 1': a code cell has no name. Write: # %% TASK for an answer, # %% TASK-look for code to show.",
    "# %% half_up [raw]": "it is a raw cell. Use code or [markdown].",
    '# %% nbgrader={"grade": true, "grade_id": "half_up-halves", "points": 3}': "cell 'half_up-halves': nbgrader's metadata "
    "stands in its header, which is the former format. Write: # %% half_up-halves points=3, and leave out headings",
    '# %% [markdown] nbgrader={"grade": false, "grade_id": "half_up-statement"}': "Write: # %% half_up-statement [markdown],",
}


@pytest.mark.parametrize("header", WRONG)
def test_wrong_header_names_file_cell_and_what_to_write(tmp_path: Path, header: str) -> None:
    with pytest.raises(SourceError) as error:
        read_script(script(tmp_path, f"{header}\nx = 1\n"))
    assert str(error.value).startswith("01-small.py, cell '")
    assert WRONG[header] in str(error.value)
    assert "\n" not in str(error.value)


def test_remarks_above_the_first_header_are_nobodys_cell(tmp_path: Path) -> None:
    path = script(tmp_path, "# A remark for authors.\n\n# %% half_up\nx = 1\n")
    assert [(part.name, part.line) for part in read_script(path)] == [("half_up", 3)]


def test_code_above_the_first_header_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="a code cell has no name"):
        read_script(script(tmp_path, "import math\n\n# %% half_up\nx = 1\n"))


def test_script_saved_by_an_editor_as_a_notebook_is_read_the_same(tmp_path: Path) -> None:
    notebook = jupytext.read(SMALL, fmt="py:percent")
    notebook.metadata.clear()
    notebook.metadata["kernelspec"] = {"display_name": "Python 3", "language": "python", "name": "python3"}
    saved = script(tmp_path, jupytext.writes(notebook, fmt="py:percent"))
    assert saved.read_text(encoding="utf-8") != SMALL.read_text(encoding="utf-8")
    before, after = read_script(SMALL), read_script(saved)
    assert [(p.name, p.role, p.text, p.points) for p in before] == [(p.name, p.role, p.text, p.points) for p in after]


def test_missing_script_is_a_path_error(tmp_path: Path) -> None:
    with pytest.raises(PathError, match="is not a file"):
        read_script(tmp_path / "none.py")
