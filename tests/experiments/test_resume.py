"""A recording that was stopped resumes: the same record, and nothing is trained twice."""

import json
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import torch

from convlab import datasets
from convlab.datasets import Data, Split
from convlab.datasets.progress import Progress
from experiments import Settings, alexnet_parts, depth_statistics
from experiments import __main__ as command_line
from experiments.resume import NoTimeLeft, Runs, journal, key_of

SETTINGS = Settings(data="digits", seeds=2, epochs=1, threads=1)
NAME = "alexnet-parts"


@pytest.fixture(autouse=True)
def few_digits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every data set be 60 pictures of noise, and the experiment so small that it takes a second."""
    g = torch.Generator().manual_seed(0)
    split = Split(torch.rand(60, 1, 8, 8, generator=g), torch.arange(60) % 10)
    monkeypatch.setattr(datasets, "load", lambda name, **options: Data(name, name, split, split, tuple("0123456789")))
    monkeypatch.setattr(alexnet_parts, "RATES", (0.1,))
    monkeypatch.setattr(alexnet_parts, "BATCH", 60)


class Counted:
    """Count the trainings, and stop the process (as Ctrl-C does) before number ``last``."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, module: ModuleType = alexnet_parts) -> None:
        self.calls: list[tuple[Any, ...]] = []
        self.last: int | None = None
        self.real = module.trained
        monkeypatch.setattr(module, "trained", self)

    def __call__(self, *arguments: Any) -> Any:
        if self.last is not None and len(self.calls) == self.last:
            raise KeyboardInterrupt
        self.calls.append(arguments[:3])
        return self.real(*arguments)


@pytest.fixture
def trainings(monkeypatch: pytest.MonkeyPatch) -> Counted:
    return Counted(monkeypatch)


def stopped(trainings: Counted, folder: Path, last: int, settings: Settings = SETTINGS) -> Path:
    """Stop a recording after ``last`` trainings; return the file of its runs."""
    trainings.last = last
    with pytest.raises(KeyboardInterrupt):
        command_line.recorded(NAME, settings, folder=folder)
    trainings.calls, trainings.last = [], None
    kept = list(folder.glob("*.runs.jsonl"))
    assert list(folder.glob("*.json")) == []
    return kept[-1]


def test_a_stopped_recording_gives_the_same_record_and_trains_only_what_is_missing(
    trainings: Counted, tmp_path: Path
) -> None:
    whole, _ = command_line.recorded(NAME, SETTINGS, folder=tmp_path / "whole")
    assert len(trainings.calls) == 6
    in_order, trainings.calls = trainings.calls, []
    stopped(trainings, tmp_path / "stopped", 5)
    result, path = command_line.recorded(NAME, SETTINGS, folder=tmp_path / "stopped")
    assert trainings.calls == in_order[5:]
    assert result.data == whole.data
    assert [p.name for p in path.parent.iterdir()] == [path.name]  # the record is whole: the runs have gone


def test_a_record_counts_the_time_before_the_stop(trainings: Counted, tmp_path: Path) -> None:
    kept = stopped(trainings, tmp_path, 1)
    run = json.loads(kept.read_text())
    kept.write_text(json.dumps(run | {"seconds": 5000.0}) + "\n")
    result, _ = command_line.recorded(NAME, SETTINGS, folder=tmp_path)
    assert result.seconds > 5000


@pytest.mark.parametrize("damage", ["half a line", "no end", "not a run"])
def test_a_damaged_last_line_is_dropped(damage: str, trainings: Counted, tmp_path: Path) -> None:
    kept = stopped(trainings, tmp_path, 3)
    lines = kept.read_text().splitlines(keepends=True)
    last = {"half a line": lines[2][:40], "no end": lines[2].rstrip("\n"), "not a run": "[]\n"}[damage]
    kept.write_text("".join(lines[:2]) + last)
    stopped(trainings, tmp_path, 1)
    assert kept.read_text().splitlines()[:2] == [line.rstrip("\n") for line in lines[:2]]
    assert [json.loads(line)["run"] for line in kept.read_text().splitlines()] == [
        json.loads(line)["run"] for line in lines
    ]


@pytest.mark.parametrize("other", [{"epochs": 2}, {"threads": None}, {"data": "mnist"}, {"full": True}])
def test_other_settings_are_not_mixed(other: dict[str, Any], trainings: Counted, tmp_path: Path) -> None:
    first = stopped(trainings, tmp_path, 3)
    before = first.read_bytes()
    command_line.recorded(NAME, replace(SETTINGS, **other), folder=tmp_path)
    assert len(trainings.calls) == 6
    assert first.read_bytes() == before  # and its own recording can still be resumed


def test_more_seeds_can_be_added(trainings: Counted, tmp_path: Path) -> None:
    command_line.recorded(NAME, replace(SETTINGS, seeds=1), folder=tmp_path, keep=True)
    trainings.calls = []
    result, _ = command_line.recorded(NAME, SETTINGS, folder=tmp_path)
    assert {seed for _, _, seed in trainings.calls} == {1}
    assert result.seeds == [0, 1]


def test_after_a_deadline_nothing_new_is_begun_and_finished_runs_stay(trainings: Counted, tmp_path: Path) -> None:
    with pytest.raises(NoTimeLeft, match=r"tanh, rate 0\.1, seed 0"):
        command_line.recorded(NAME, SETTINGS, folder=tmp_path, deadline=0.0)
    assert trainings.calls == []
    kept = stopped(trainings, tmp_path, 2)
    with pytest.raises(NoTimeLeft):
        command_line.recorded(NAME, SETTINGS, folder=tmp_path, deadline=0.0)
    assert len(kept.read_text().splitlines()) == 2


def test_another_code_has_another_key() -> None:
    keys = {key_of(alexnet_parts.run, 1), key_of(alexnet_parts.run, 2), key_of(depth_statistics.run, 1)}
    assert len(keys) == 3
    assert key_of(alexnet_parts.run, 1) in keys


def test_steps_of_runs_that_are_taken_over_are_counted(tmp_path: Path) -> None:
    data = datasets.load("digits")
    path = journal(tmp_path, "some", "0123")

    def make(runs: Runs) -> dict[int, tuple[int, float]]:
        runs.step("half")
        return {1: (2, 0.1)}

    for _ in range(2):
        progress = Progress("some", 3)
        runs = Runs(progress, data, path)
        assert runs("a", make, runs, steps=3) == {"1": [2, 0.1]}  # what JSON gives back, also when it is new
        assert progress.done == 3
    assert (runs.made, len(path.read_text().splitlines())) == (0, 1)
