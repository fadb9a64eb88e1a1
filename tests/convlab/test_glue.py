from typing import Any

import numpy as np
import pytest
import torch
from IPython.core.interactiveshell import InteractiveShell

from convlab.glue import glue


@pytest.fixture
def published(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Stand in for a running kernel and collect what it would publish."""
    outputs: list[dict[str, Any]] = []

    class Shell:
        class display_formatter:
            @staticmethod
            def format(value: object) -> tuple[dict[str, str], dict[str, str]]:
                return {"text/plain": repr(value)}, {}

        class display_pub:
            @staticmethod
            def publish(**output: Any) -> None:
                outputs.append(output)

    monkeypatch.setattr(InteractiveShell, "initialized", classmethod(lambda cls: True))
    monkeypatch.setattr(InteractiveShell, "instance", classmethod(lambda cls: Shell))
    return outputs


def test_each_value_is_stored_under_its_name_and_not_shown(published: list[dict[str, Any]]) -> None:
    glue(a=75, b="two")
    assert [o["metadata"]["scrapbook"]["name"] for o in published] == ["a", "b"]
    assert published[0]["data"] == {"application/papermill.record/text/plain": "75"}
    assert published[0]["metadata"]["scrapbook"]["mime_prefix"] == "application/papermill.record/"


@pytest.mark.parametrize("value", [np.float64(0.5), torch.tensor(0.5), 0.5])
def test_scalars_become_plain_numbers(published: list[dict[str, Any]], value: object) -> None:
    glue(x=value)
    assert published[0]["data"]["application/papermill.record/text/plain"] == "0.5"


def test_outside_a_notebook_nothing_happens(capsys: pytest.CaptureFixture[str]) -> None:
    glue(x=1)
    assert capsys.readouterr().out == ""
