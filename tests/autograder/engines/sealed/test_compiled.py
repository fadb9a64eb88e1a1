"""Released cells: which names a test takes from the student, and source that is not all Python."""

from __future__ import annotations

import ast

import pytest

from autograder.engines.sealed.compiled import plain, prepare


def test_only_names_that_are_read_before_they_are_bound_are_the_students() -> None:
    compiled = prepare("device = 1\nfor x in range(device):\n    y = answer(x)\nassert data == y\ndata = 2", 3)
    assert compiled.uses & {"device", "x", "y", "answer", "data"} == {"answer", "data"}
    assert {"device", "x", "y", "data"} <= compiled.binds


MAGICS = {
    "!ls": "pass",
    "    !ls -la | wc": "    pass",
    "%pip install a": "pass",
    "files = !ls": "files = None",
    "    out[0] = %who": "    out[0] = None",
    "np.mean?": "pass",
    "?print": "pass",
}


@pytest.mark.parametrize("line", MAGICS)
def test_a_line_for_the_shell_becomes_python_in_its_place(line: str) -> None:
    indent = "if 1:\n" if line.startswith(" ") else ""
    source = f"{indent}{line}\nafter = 1"
    assert plain(source) == f"{indent}{MAGICS[line]}\nafter = 1"
    ast.parse(plain(source))


def test_python_is_left_alone() -> None:
    source = "rest = (7\n% 4)\ntext = '''\n!ls\n'''"
    assert plain(source) == source
