# ruff: noqa: E501
"""Rules for sources: the sentence for each one that an author can break."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from autograder.assignment.source import load_assignment, read_source
from autograder.errors import SourceError

SMALL = Path(__file__).parents[1] / "small_course" / "solutions" / "01-small" / "01-small.py"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return Path(shutil.copy(SMALL, tmp_path / SMALL.name))


def edit(source: Path, old: str, new: str) -> None:
    text = source.read_text(encoding="utf-8")
    assert old in text
    source.write_text(text.replace(old, new, 1), encoding="utf-8")


PUBLIC = "# %% half_up-public points=2\n"
HIDDEN = "# %% half_up-halves points=3\n# Halves, above and below zero\n"
BROKEN = {
    "two cells of one name": ("# %% spread-order", "# %% spread-empty", "2 cells have this name"),
    "no statement": (
        "# %% half_up-statement",
        "# %% about_half_up",
        "the task has no statement. Add a cell: # %% half_up-st",
    ),
    "no public check": (
        "# %% half_up-public",
        "# %% half_up-first",
        "the task has no public check. Add a cell: # %% half_up-p",
    ),
    "no answer": ("# %% spread\n", "# %% spred\n", "'spred': the task has no statement"),
    "a heading in the statement": (
        "# Round to",
        "# ### Task 1\n#\n# Round to",
        "Remove '### Task 1': number, name and points",
    ),
    "an empty statement": ("# Round to the nearest whole number, a half upward.", "#", "the statement is empty"),
    "end without begin": ("    ### BEGIN SOLUTION\n", "", "'half_up': BEGIN SOLUTION and END SOLUTION do not pair up"),
    "begin without end": ("    ### END SOLUTION\n", "", "'half_up': BEGIN SOLUTION and END SOLUTION do not pair up"),
    "marker with a typing error": ("### BEGIN SOLUTION", "# BEGIN SOLUTION", "do not pair up"),
    "an empty solution": (
        "    shifted_by_a_half = value + 0.5\n    return math.floor(shifted_by_a_half)\n",
        "",
        "nothing stands between '### BEGIN SOLUTION'",
    ),
    "no solution": (
        "    ### BEGIN SOLUTION\n    shifted_by_a_half = value + 0.5\n"
        "    return math.floor(shifted_by_a_half)\n    ### END SOLUTION\n",
        "    return value\n",
        "the answer cell has no solution region",
    ),
    "a solution in a check": (
        PUBLIC,
        f"{PUBLIC}# x\n### BEGIN SOLUTION\n1\n### END SOLUTION\n",
        "is not an answer cell",
    ),
    "markers of hidden tests": (HIDDEN, f"{HIDDEN}### BEGIN HIDDEN TESTS\n", "are generated. Remove the line"),
    "no title": (HIDDEN, "# %% half_up-halves points=3\n", "'half_up-halves': the first line is not a comment"),
    "a check without tests": (
        "# An empty list raises ValueError\n",
        "# An empty list raises ValueError\n\n# %% spread-none points=1\n# Nothing\n\n# %% spread-more points=1\n# More\n",
        "'spread-empty': the check checks nothing",
    ),
    "a check that is not Python": (
        "secret_halves = {",
        "secret_halves = = {",
        "'half_up-halves': line 2 is not Python",
    ),
    "an answer that is not Python": (
        "shifted_by_a_half = value",
        "shifted by = value",
        "'half_up': line 4 is not Python",
    ),
    "a check that is not there": (
        'assert refused_the_empty_list, "no ValueError"',
        "checks.equals(spread([1.0]), 0, 'One number')",
        "there is no checks.equals. Correct the name; near it: equal",
    ),
    "a check that shows a number": (
        'assert refused_the_empty_list, "no ValueError"',
        "1.5",
        "it ends in an expression, '1.5', whose value the notebook shows",
    ),
    "a check that shows what an answer returned": (
        'assert refused_the_empty_list, "no ValueError"',
        "checks.unchanged(spread, [1.0], what='A list')",
        "it ends in an expression",
    ),
    "a name that nothing defines": (
        "secret_halves.items()",
        "secret_havles.items()",
        "uses `secret_havles`, which nothing",
    ),
    "a name that is only in hidden helpers": (
        PUBLIC,
        "# %% half_up-helpers\nONE = 1\n\n" + PUBLIC + "# x\nassert ONE\n",
        "'half_up-public': it uses `ONE` of half_up-helpers. Define it in the public check",
    ),
    "helpers that nothing uses": (
        PUBLIC,
        "# %% half_up-helpers\nONE = 1\n\n" + PUBLIC,
        "no hidden check of the task uses it",
    ),
    "a hidden check first": (
        PUBLIC,
        "# %% half_up-early points=1\n# Early\nassert half_up(1) == 1\n\n" + PUBLIC,
        "comes before",
    ),
    "forbidden without a rule": (
        HIDDEN,
        HIDDEN + "assert forbidden\n",
        'Write what is forbidden once: # %% half_up forbid="convolution"',
    ),
    "a rule that no check uses": (
        "# %% half_up\n",
        '# %% half_up forbid="pooling"\n',
        "no check uses what its header forbids",
    ),
    "a rule of no group": (
        "# %% half_up\n",
        '# %% half_up forbid="poolin"\n',
        "no group 'poolin' to forbid: did you mean pooling?",
    ),
    "a task in two places": ("# %% spread-empty", "# %% half_up-empty", "the task's cells are not together"),
    "no introduction": (
        "# %% [markdown]\n",
        "# %% about-look\nx = 1\n\n# %% [markdown]\n",
        "does not begin with an introd",
    ),
    "no title in the introduction": ("# # Two small functions\n", "# Two\n", "does not begin with a title"),
    "a field that the header does not know": (
        "# A course of its own",
        "# - You want: x\n#\n# A course",
        "no field 'you want'",
    ),
}


@pytest.mark.parametrize("rule", BROKEN)
def test_broken_rule_names_the_cell_and_what_to_do(source: Path, rule: str) -> None:
    old, new, said = BROKEN[rule]
    edit(source, old, new)
    with pytest.raises(SourceError, match=r"01-small\.py, cell ['\"].*['\"]: ") as error:
        read_source(source)
    assert said in str(error.value)
    assert error.value.hint
    assert "\n" not in str(error.value)


def test_task_without_hidden_check_is_refused(source: Path) -> None:
    text = source.read_text(encoding="utf-8")
    start, end = text.index("# %% half_up-halves"), text.index("# %% spread-statement")
    source.write_text(text[:start] + text[end:], encoding="utf-8")
    with pytest.raises(SourceError, match="the task has no hidden check"):
        read_source(source)


def test_source_without_tasks_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "01-small.py"
    path.write_text("# %% [markdown]\n# # A title\n#\n# Words.\n", encoding="utf-8")
    with pytest.raises(SourceError, match="the source has no answer cell"):
        read_source(path)


def test_good_source_breaks_no_rule(source: Path) -> None:
    assert load_assignment(source).points == 10
