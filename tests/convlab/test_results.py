"""Recorded results: where they are, what one says of itself, and what to do where there is none."""

from dataclasses import replace
from pathlib import Path

import pytest

from convlab import results
from convlab.results import Record, RecordMissing, results_folder

RECORD = Record(
    experiment="some-name",
    data={"curve": [[0.123456789, 2.0]], "classes": ["a", "b"]},
    data_set="Fashion-MNIST",
    settings="2 epochs of SGD",
    command="python -m experiments run some-name --seeds 3",
    device="a CPU (1 thread)",
    seeds=[0, 1, 2],
    epochs=2,
    versions={"python": "3.11.0", "torch": "2.9.0"},
    date="2026-02-03",
    seconds=754.2,
)


def test_about_is_one_sentence_with_everything_in_it() -> None:
    assert RECORD.about == (
        "Fashion-MNIST, 3 seeds, 2 epochs of SGD; recorded on 3 February 2026 in 13 minutes on a CPU (1 thread) with "
        "PyTorch 2.9.0, by python -m experiments run some-name --seeds 3."
    )
    assert replace(RECORD, seeds=[0], seconds=12.0, note="A note.").about.endswith("--seeds 3. A note.")
    assert "1 seed, " in replace(RECORD, seeds=[0]).about
    assert "in 2.0 hours" in replace(RECORD, seconds=7200.0).about


def test_a_missing_record_names_the_command(tmp_path: Path) -> None:
    with pytest.raises(RecordMissing, match=r"python -m experiments run lenet"):
        results.load("lenet", tmp_path)


def test_results_are_kept_in_the_course() -> None:
    assert results_folder() == Path(__file__).resolve().parents[2] / "book" / "results"
