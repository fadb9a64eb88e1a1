"""The classes of the benchmark are the same every time, and a larger one begins as a smaller one does."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.assignment.material import Material
from benchmarks.classes import WORKLOADS, make_class
from benchmarks.floor import read_answers

LIGHT = WORKLOADS["light"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("class")
    make_class(LIGHT, made, 12)
    return made


def answers(folder: Path) -> list[str]:
    paths = sorted(folder.glob(f"submitted/*/{LIGHT.assignment}/*.ipynb"))
    return [read_answers(path)["channel_means"] for path in paths]


def test_the_first_hands_in_the_reference(folder: Path) -> None:
    assert answers(folder)[0] == Material.read(LIGHT.source).reference["channel_means"]


def test_the_others_differ_from_one_another(folder: Path) -> None:
    assert len(set(answers(folder))) >= 5


def test_a_smaller_class_is_the_beginning_of_a_larger_one(folder: Path, tmp_path: Path) -> None:
    assert make_class(LIGHT, tmp_path, 5) == [f"student-{number:04d}" for number in range(5)]
    assert answers(tmp_path) == answers(folder)[:5]


def test_no_notebook_holds_a_hidden_test(folder: Path) -> None:
    texts = [path.read_text() for path in folder.rglob("*.ipynb")]
    assert len(texts) == 12
    assert not any("secret" in text for text in texts)
