"""An untrusted notebook comes out with the student's own cells and otherwise as released, or not at all."""

import json
import os
import time
from copy import deepcopy
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.submissions.intake import IntakeLimits, IntakeResult, Release, Unreadable, read_submission, repair

STUB = "def add(a, b):\n    # YOUR CODE HERE\n    raise NotImplementedError()"
GOOD = "def add(a, b):\n    return a + b"


def cell(name: str, source: str, kind: str = "code", **about: Any) -> dict[str, Any]:
    flags = {"grade": False, "locked": True, "solution": False, "task": False, "schema_version": 3, **about}
    more = {"outputs": [], "execution_count": None} if kind == "code" else {}
    return {"cell_type": kind, "metadata": {"nbgrader": {"grade_id": name, **flags}}, "source": source, **more}


def plain(source: str) -> dict[str, Any]:
    return {"cell_type": "code", "metadata": {}, "source": source, "outputs": [], "execution_count": None}


RELEASE = Release(
    {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
        "cells": [
            cell("setup", "import math"),
            cell("add-statement", "### Task 1", "markdown"),
            cell("add", STUB, solution=True, locked=False),
            cell("add-public", "assert add(1, 2) == 3", grade=True, points=2),
            cell("add-hidden", "# Big numbers", grade=True, points=3),
            cell("sub", STUB.replace("add", "sub"), solution=True, locked=False),
            cell("sub-public", "assert sub(1, 2) == -1", grade=True, points=5),
        ],
    }
)


def handed_in(**answers: str) -> dict[str, Any]:
    notebook = deepcopy(RELEASE.notebook)
    for each in notebook["cells"]:
        each["source"] = answers.get(each["metadata"]["nbgrader"]["grade_id"], each["source"])
    return notebook


def taken(notebook: Any) -> IntakeResult:
    return repair(json.dumps(notebook).encode(), RELEASE)


def kinds(result: IntakeResult) -> list[str]:
    return [note.kind for note in result.notes]


def sources(result: IntakeResult) -> list[str]:
    return [each.source for each in result.cells]


def assert_as_released(result: IntakeResult) -> None:
    """Every released cell is there once, in order, with its text unless it is an answer; the whole is a notebook."""
    named = [each for each in result.cells if each.id]
    assert [each.id for each in named] == [each["metadata"]["nbgrader"]["grade_id"] for each in RELEASE.cells]
    answers = ("add", "sub")
    assert [each.source for each in named if each.id not in answers] == [
        each["source"] for each in RELEASE.cells if each["metadata"]["nbgrader"]["grade_id"] not in answers
    ]
    assert {each.id for each in named if each.role == "student"} == set(answers)
    built = RELEASE.build(result.cells)
    json.dumps(built, ensure_ascii=False).encode()
    nbformat.validate(nbformat.from_dict(built))
    assert [c["metadata"] for c in built["cells"] if c["metadata"]] == [c["metadata"] for c in RELEASE.cells]


def test_an_honest_notebook_passes_without_notes() -> None:
    result = taken(handed_in(add=GOOD))
    assert_as_released(result)
    assert result.notes == ()
    assert [(each.source, each.unwritten) for each in result.cells if each.id == "add"] == [(GOOD, False)]
    assert [each.unwritten for each in result.cells if each.id == "sub"] == [True]
    assert [each.role for each in result.cells] == ["locked", "locked", "student", *["check"] * 2, "student", "check"]


def test_own_cells_stay_after_the_cell_before_them() -> None:
    notebook = handed_in(add=GOOD)
    notebook["cells"].insert(3, plain("print(add(1, 1))"))
    notebook["cells"].insert(0, plain("first"))
    result = taken(notebook)
    assert result.notes == ()
    assert sources(result)[0] == "first"
    assert sources(result)[sources(result).index(GOOD) + 1] == "print(add(1, 1))"


def test_a_missing_answer_counts_as_empty() -> None:
    notebook = handed_in(add=GOOD)
    del notebook["cells"][2]
    result = taken(notebook)
    assert_as_released(result)
    assert kinds(result) == ["missing-answer"]
    assert STUB in sources(result)


def test_an_answer_written_again_in_a_new_cell_still_counts() -> None:
    notebook = handed_in()
    notebook["cells"][2] = plain(GOOD)
    result = taken(notebook)
    assert sources(result).index(GOOD) < sources(result).index("assert add(1, 2) == 3")
    assert next(each for each in result.cells if each.id == "add").source == GOOD


def test_missing_locked_and_test_cells_are_put_back() -> None:
    notebook = handed_in(add=GOOD)
    notebook["cells"] = [notebook["cells"][2]]
    result = taken(notebook)
    assert_as_released(result)
    assert kinds(result) == ["missing-answer", "missing-cell"]
    assert "setup" in result.notes[1].text


@pytest.mark.parametrize("before", [True, False])
def test_of_two_answers_the_written_one_counts(before: bool) -> None:
    notebook = handed_in(add=GOOD)
    notebook["cells"].insert(2 if before else 3, cell("add", STUB, solution=True, locked=False))
    result = taken(notebook)
    assert_as_released(result)
    assert kinds(result) == ["duplicate-cell"]
    assert sources(result).count(STUB) == 0
    assert GOOD in sources(result)


def test_of_two_written_answers_the_notebook_does_what_it_did() -> None:
    later = GOOD.replace("a + b", "b + a")
    notebook = handed_in(add=GOOD)
    notebook["cells"].insert(3, cell("add", later, solution=True, locked=False))
    result = taken(notebook)
    assert [each.source for each in result.cells if each.id == "add"] == [GOOD]
    assert sources(result).index(later) == sources(result).index(GOOD) + 1


def test_reordered_cells_are_put_back() -> None:
    notebook = handed_in(add=GOOD)
    notebook["cells"].reverse()
    result = taken(notebook)
    assert_as_released(result)
    assert kinds(result) == ["order"]


@pytest.mark.parametrize(
    ("key", "value"),
    [("points", 100), ("grade", False), ("locked", False), ("solution", True), ("task", True), ("points", "2")],
)
def test_changed_settings_are_restored(key: str, value: Any) -> None:
    notebook = handed_in(add=GOOD)
    notebook["cells"][3]["metadata"]["nbgrader"][key] = value
    result = taken(notebook)
    assert_as_released(result)
    assert kinds(result) == ["changed-settings"]


def test_a_tampered_test_is_restored() -> None:
    result = taken(handed_in(**{"add-public": "pass", "setup": "import os"}))
    assert_as_released(result)
    assert kinds(result) == ["changed-cell"]
    assert "setup, add-public" in result.notes[0].text


def test_a_changed_cell_id_makes_a_plain_cell() -> None:
    notebook = handed_in(add=GOOD)
    notebook["cells"][2]["metadata"]["nbgrader"]["grade_id"] = "mine"
    result = taken(notebook)
    assert_as_released(result)
    assert kinds(result) == ["unknown-cell", "missing-answer"]
    assert GOOD in sources(result)


def test_an_answer_turned_into_text_is_code_again() -> None:
    notebook = handed_in(add=GOOD)
    notebook["cells"][2]["cell_type"] = "markdown"
    result = taken(notebook)
    assert [(each.kind, each.source) for each in result.cells if each.id == "add"] == [("code", GOOD)]


def test_source_as_a_list_of_lines_and_other_line_ends() -> None:
    notebook = handed_in()
    notebook["cells"][2]["source"] = ["def add(a, b):\r\n", "    return a + b"]
    notebook["cells"][3]["source"] += "\n"
    result = taken(notebook)
    assert GOOD in sources(result)
    assert result.notes == ()


@pytest.mark.parametrize("source", [7, None, {}, ["a", 1], [["a"]]])
def test_a_cell_with_a_text_of_the_wrong_type_is_left_out(source: Any) -> None:
    notebook = handed_in()
    notebook["cells"][2]["source"] = source
    result = taken(notebook)
    assert_as_released(result)
    assert kinds(result) == ["invalid-cell", "missing-answer"]


def test_characters_that_cannot_be_written_are_replaced() -> None:
    result = taken(handed_in(add='x = "\ud800\0"'))
    assert 'x = "??"' in sources(result)
    assert_as_released(result)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b'{"cells": [', "valid JSON"),
        (b"\xff\xfe", "valid JSON"),
        (b"[" * 1_000_000, "valid JSON"),
        (b'{"nbformat": 4, "a": ' + b'{"a":' * 100_000 + b"1" + b"}" * 100_000 + b"}", "valid JSON"),
        (b'{"nbformat": ' + b"9" * 100_000 + b"}", "valid JSON"),
        (b"[]", "format's version"),
        (b"{}", "format's version"),
        (b'{"nbformat": true}', "format's version"),
        (b'{"nbformat": 3, "worksheets": []}', "format 3"),
        (b'{"nbformat": 5, "cells": []}', "format 5"),
        (b'{"nbformat": 4, "cells": {}}', "list of cells"),
    ],
)
def test_what_is_no_notebook_is_unreadable(data: bytes, reason: str) -> None:
    result = repair(data, RELEASE)
    assert reason in result.unreadable
    assert result.cells == ()


def test_too_much_is_unreadable() -> None:
    many = {"nbformat": 4, "cells": [plain("1")] * 11}
    assert "11 cells" in repair(json.dumps(many).encode(), RELEASE, IntakeLimits(cells=10)).unreadable
    long = {"nbformat": 4, "cells": [plain("1" * 11)]}
    assert "over 10 characters" in repair(json.dumps(long).encode(), RELEASE, IntakeLimits(cell_chars=10)).unreadable


def test_older_minors_and_a_byte_order_mark_are_fine() -> None:
    notebook = {**handed_in(add=GOOD), "nbformat_minor": 0}
    result = repair(b"\xef\xbb\xbf" + json.dumps(notebook).encode(), RELEASE)
    assert_as_released(result)


class TestReading:
    def test_a_file(self, tmp_path: Path) -> None:
        path = tmp_path / "ada" / "n.ipynb"
        path.parent.mkdir()
        path.write_bytes(b"{}")
        assert read_submission(path, tmp_path) == b"{}"

    def test_a_gigabyte_costs_nothing(self, tmp_path: Path) -> None:
        path = tmp_path / "n.ipynb"
        with path.open("wb") as file:
            file.truncate(1_000_000_000)
        started = time.process_time()
        with pytest.raises(Unreadable, match="1,000 MB; at most 250 MB"):
            read_submission(path, tmp_path)
        assert time.process_time() - started < 0.1

    def test_links_are_not_followed(self, tmp_path: Path) -> None:
        secret = tmp_path / "secret"
        secret.mkdir()
        (secret / "n.ipynb").write_text("{}")
        below = tmp_path / "submitted"
        (below / "eve").mkdir(parents=True)
        (below / "eve" / "n.ipynb").symlink_to(secret / "n.ipynb")
        (below / "mallory").symlink_to(secret)
        for student in ("eve", "mallory"):
            with pytest.raises(Unreadable, match="link"):
                read_submission(below / student / "n.ipynb", below)

    def test_missing_empty_and_odd_files(self, tmp_path: Path) -> None:
        with pytest.raises(Unreadable, match="No notebook was handed in"):
            read_submission(tmp_path / "n.ipynb", tmp_path)
        (tmp_path / "empty.ipynb").write_text(" \n")
        with pytest.raises(Unreadable, match="empty"):
            read_submission(tmp_path / "empty.ipynb", tmp_path)
        (tmp_path / "folder.ipynb").mkdir()
        os.mkfifo(tmp_path / "pipe.ipynb")
        for name in ("folder.ipynb", "pipe.ipynb"):
            with pytest.raises(Unreadable, match="not a file"):
                read_submission(tmp_path / name, tmp_path)


NAMES = [each["metadata"]["nbgrader"]["grade_id"] for each in RELEASE.cells]
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(exclude_categories=[]))
JSON = st.recursive(
    SCALARS | st.sampled_from([*NAMES, "code", "markdown", "raw", GOOD, STUB]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=5) | st.sampled_from(["source", "nbgrader", "grade_id"]), inner, max_size=3)
    ),
    max_leaves=6,
)


def places(value: Any) -> list[tuple[Any, Any]]:
    """Return every (container, key) inside a JSON value."""
    here = list(value.items()) if isinstance(value, dict) else list(enumerate(value)) if isinstance(value, list) else []
    return [(value, key) for key, _ in here] + [place for _, inner in here for place in places(inner)]


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_any_mutation_is_repaired_or_refused(data: st.DataObject) -> None:
    notebook = handed_in(add=GOOD)
    notebook["cells"].insert(4, plain("print(1)"))
    for _ in range(data.draw(st.integers(1, 4))):
        container, key = data.draw(st.sampled_from(places(notebook) or [({}, "x")]))
        change = data.draw(st.sampled_from(["replace", "delete", "double", "move"]))
        if change == "delete":
            container.pop(key, None) if isinstance(container, dict) else container.pop(key)
        elif change == "double" and isinstance(container, list):
            container.append(deepcopy(container[key]))
        elif change == "move" and isinstance(container, list):
            container.insert(0, container.pop(key))
        else:
            container[key] = data.draw(JSON)
    result = taken(notebook)
    assert bool(result.unreadable) != bool(result.cells)  # a reason or a notebook: never both, never neither
    {True: lambda _: None, False: assert_as_released}[bool(result.unreadable)](result)


@settings(max_examples=200, deadline=None)
@given(st.binary() | st.text().map(str.encode) | JSON.map(lambda value: json.dumps(value).encode()))
def test_any_bytes_are_repaired_or_refused(data: bytes) -> None:
    result = repair(data, RELEASE)
    assert result.unreadable or result.cells


def without_names(notebook: dict[str, Any], ids: bool) -> dict[str, Any]:
    """Return what an editor leaves that drops the metadata of cells; with ``ids`` it keeps their ids."""
    for each in notebook["cells"]:
        name = each["metadata"]["nbgrader"]["grade_id"]
        each["metadata"] = {}
        each["id"] = name if ids else f"new-{name[:3]}-{len(each['source'])}"
    return notebook


@pytest.mark.parametrize("ids", [True, False])
def test_cells_whose_names_an_editor_dropped_are_recognised(ids: bool) -> None:
    good = {"add": GOOD, "sub": "import math\n\n\ndef sub(a, b):\n    return a - b"}
    result = taken(without_names(handed_in(**good), ids))
    sources = {each.id: each.source for each in result.cells if each.id}
    assert {name: sources[name] for name in good} == good
    assert [each.id for each in result.cells] == list(RELEASE.named)
    assert kinds(result) == ["recognised-cell"]
    assert "add, sub" in result.notes[0].text


def test_a_cell_that_defines_a_lost_answer_is_that_answer() -> None:
    notebook = handed_in(sub=STUB)
    notebook["cells"] = [each for each in notebook["cells"] if each["metadata"]["nbgrader"]["grade_id"] != "add"]
    notebook["cells"].append(plain("def add(a, b):\n    return 7"))
    notebook["cells"].append(plain(GOOD))
    result = taken(notebook)
    assert next(each.source for each in result.cells if each.id == "add") == GOOD
    assert "def add(a, b):\n    return 7" in [each.source for each in result.cells if not each.id]


def test_outputs_do_not_count(tmp_path: Path) -> None:
    notebook = handed_in(add=GOOD)
    notebook["cells"][2]["outputs"] = [{"output_type": "stream", "text": "x" * 12_000_000}]
    path = tmp_path / "n.ipynb"
    path.write_text(json.dumps(notebook))
    result = repair(read_submission(path, tmp_path), RELEASE)
    assert not result.unreadable
    assert next(each.source for each in result.cells if each.id == "add") == GOOD


def test_a_file_that_is_large_without_outputs_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "n.ipynb"
    path.write_text(json.dumps({"cells": [], "nbformat": 4, "junk": "x" * 11_000_000}))
    with pytest.raises(Unreadable, match=r"The file has 11 MB; at most 10 MB are read\."):
        read_submission(path, tmp_path)
