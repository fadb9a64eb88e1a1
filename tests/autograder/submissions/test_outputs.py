"""Outputs are taken out of a notebook's bytes, and nothing else is."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from autograder.submissions.outputs import without_outputs


def cell(source: str, outputs: Any) -> dict[str, Any]:
    return {"cell_type": "code", "metadata": {"outputs": ["kept"]}, "source": source, "outputs": outputs}


OUTPUTS = [
    [],
    [{"output_type": "stream", "text": ["] } [ {", '"outputs": [1]', "\\", '\\"']}],
    [{"data": {"image/png": "A" * 1000, "nested": [[{"outputs": [[]]}]]}}],
]


@pytest.mark.parametrize("indent", [None, 1])
def test_each_cells_outputs_become_an_empty_list(indent: int | None) -> None:
    sources = ['x = "outputs"', 'y = {"outputs": [1, 2]}', "z = '\\\\'"]
    cells = [cell(source, outputs) for source, outputs in zip(sources, OUTPUTS, strict=True)]
    notebook = {"cells": cells, "metadata": {"outputs": [1], "a": [{"outputs": [2]}]}, "nbformat": 4}
    found = json.loads(without_outputs(json.dumps(notebook, indent=indent).encode()))
    assert found == {**notebook, "cells": [cell(source, []) for source in sources]}


@pytest.mark.parametrize(
    "data", [b"", b"nonsense", b"]]]", b'{"cells": [{"outputs": [', b'{"cells": [{"outputs": 3}]}']
)
def test_what_is_no_notebook_stays_as_it_is(data: bytes) -> None:
    assert without_outputs(data) == data


def test_a_file_of_nothing_but_brackets_is_given_up_soon() -> None:
    data = b'{"cells": [' + b"[]," * 20_000_000
    start = time.process_time()
    assert without_outputs(data) == data
    assert time.process_time() - start < 30
