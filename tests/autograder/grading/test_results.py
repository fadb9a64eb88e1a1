"""Results survive a round trip, a half-written file and a second write."""

from pathlib import Path

import pytest

from autograder.grading.results import ResultStore, from_dict, to_dict
from autograder.model import CheckResult, Note, Outcome, SubmissionResult

RESULT = SubmissionResult(
    student="ada",
    assignment="02-convolution-arithmetic",
    key="k1",
    checks=(CheckResult("conv2d-public", Outcome.FAILED, 0, 3, "expected 5 — got 6", "staff", 0.25),),
    notes=(Note("missing-cell", "A locked cell was missing."),),
    seconds=1.5,
)


def test_round_trip() -> None:
    assert from_dict(to_dict(RESULT)) == RESULT


def test_store_gives_back_what_it_was_given(tmp_path: Path) -> None:
    store = ResultStore(tmp_path)
    store.save(RESULT)
    assert store.load(RESULT.assignment, "ada") == RESULT
    assert store.all(RESULT.assignment) == [RESULT]
    assert [p.name for p in store.folder.rglob("*") if p.is_file()] == ["ada.json"]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"checks": []}'])
def test_a_damaged_file_counts_as_not_graded(tmp_path: Path, text: str) -> None:
    store = ResultStore(tmp_path)
    store.save(RESULT)
    store.path(RESULT.assignment, "ada").write_text(text)
    assert store.load(RESULT.assignment, "ada") is None
    assert store.all(RESULT.assignment) == []
