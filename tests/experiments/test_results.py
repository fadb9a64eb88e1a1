"""The recorded results that pages plot: whole, made by the command that they state, and plausible."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from statistics import mean
from typing import Any

import pytest

import experiments
from convlab import results
from convlab.results import Record, results_folder
from experiments import NAMES, Experiment, common, experiment, registry
from experiments import __main__ as command_line

WAITING = ("plain-rates", "transfer-blood-cells")  # not recorded yet
EARLIER = ("alexnet-parts", "heads", "transfer-ways")  # recorded by an earlier form, which is described in the record
COMMON = [  # without options of their own
    name for name in NAMES if isinstance(experiment(name), Experiment) and name not in (*WAITING, *EARLIER)
]


@pytest.fixture(params=COMMON)
def record(request: pytest.FixtureRequest) -> Record:
    return results.load(request.param)


TITLES = {
    "fashion_mnist": {"Fashion-MNIST"},
    "cifar10": {"CIFAR-10", "CIFAR-10, JPEG copy"},
    "digits": {"scikit-learn's digits"},
    "shapes": {"drawn shapes"},
}


def numbers(value: Any) -> Iterator[float]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from numbers(item)
    elif isinstance(value, int | float):
        yield value


def test_every_file_of_results_is_made_by_exactly_one_listed_experiment() -> None:
    files = sorted(path.stem for path in results_folder().glob("*.json"))
    assert files == sorted(set(NAMES) - set(WAITING))
    assert [results.load(name).experiment for name in files] == files


def test_every_module_with_an_experiment_is_listed_once() -> None:
    folder = Path(experiments.__file__).parent
    modules = sorted(path.stem for path in folder.glob("*.py") if "\nEXPERIMENT = " in path.read_text(encoding="utf-8"))
    assert sorted(registry._MODULES.values()) == modules


@pytest.mark.parametrize("name", EARLIER)
def test_what_an_earlier_form_recorded_is_described_by_the_record_alone(name: str) -> None:
    record = results.load(name)
    settings = command_line.settings_of(command_line.parser().parse_args(record.command.split()[3:]))
    assert record.settings != common(name).describe(settings)  # once recorded anew, the name leaves EARLIER
    assert len(record.seeds) >= 3


@pytest.mark.parametrize("name", sorted(set(NAMES) - set(WAITING)))
def test_the_stated_command_runs_the_experiment(name: str) -> None:
    assert results.load(name).command.startswith(f"python -m experiments run {name} ")


def test_every_seed_and_epoch_is_there(record: Record) -> None:
    assert common(record.experiment).missing(record.data, len(record.seeds), record.epochs) == []
    assert len(record.seeds) >= 3
    assert record.seeds == list(range(len(record.seeds)))


def test_the_stated_command_is_the_one_that_made_it(record: Record) -> None:
    words = record.command.split()
    assert words[:3] == ["python", "-m", "experiments"]
    chosen = command_line.parser().parse_args(words[3:])
    settings = command_line.settings_of(chosen)
    assert chosen.name == record.experiment
    assert (settings.seeds, settings.epochs) == (len(record.seeds), record.epochs)
    assert record.settings == common(record.experiment).describe(settings)
    assert command_line.command(chosen.name, settings) == record.command
    assert record.data_set in TITLES[settings.data]


def test_it_says_when_where_and_with_what(record: Record) -> None:
    assert set(record.versions) == {"python", "torch", "torchvision", "numpy"}
    assert date(2026, 1, 1) <= date.fromisoformat(record.date)
    assert record.device
    assert record.seconds > 1
    assert record.command in record.about


def test_no_path_of_the_machine_is_in_it(record: Record) -> None:
    text = (results_folder() / f"{record.experiment}.json").read_text(encoding="utf-8")
    assert re.findall(r"(?:^|[\s\"'=(])(?:/[A-Za-z]|[A-Z]:\\|~/)", text) == []
    assert "--root" not in text
    assert str(Path.home()) not in text or str(Path.home()) == "/"


def test_accuracies_are_shares() -> None:
    lenet = results.load("lenet").data["networks"]
    permuted = results.load("permuted-pixels").data
    shares = [*numbers([net[c] for net in lenet.values() for c in ("train_accuracy", "test_accuracy")])]
    shares += numbers([permuted["mlp"], permuted["cnn"]])
    assert all(0 <= share <= 1 for share in shares)


def test_lenet_is_where_d2l_found_it_and_todays_parts_are_better() -> None:
    data = results.load("lenet").data
    old, new = data["networks"]["1998 style"], data["networks"]["today"]
    assert old["parameters"] == 61_706
    last_old, last_new = ([curve[-1] for curve in net["test_accuracy"]] for net in (old, new))
    assert 0.76 < min(last_old) <= max(last_old) < 0.84  # d2l reports about .78 to .82
    assert min(last_new) > max(last_old)
    table = data["confusion"]
    assert [sum(row) for row in table] == [1000 * len(last_new)] * 10
    right = sum(table[i][i] for i in range(10)) / sum(map(sum, table))
    assert right == pytest.approx(mean(last_new), abs=1e-4)


def test_a_permutation_costs_the_convolutions_and_not_the_dense_network() -> None:
    data = results.load("permuted-pixels").data
    last = {
        (net, kind): mean(c[-1] for c in data[net][kind]) for net in ("mlp", "cnn") for kind in ("plain", "permuted")
    }
    assert abs(last["mlp", "plain"] - last["mlp", "permuted"]) < 0.02
    assert last["cnn", "plain"] - last["cnn", "permuted"] > 0.01
    assert last["cnn", "plain"] > last["mlp", "plain"]


def test_rates_are_too_low_right_and_too_high() -> None:
    data = results.load("learning-rates").data
    ends = [mean(2.302585 if run[-1] is None else run[-1] for run in runs) for runs in data["loss"]]
    best = ends.index(min(ends))
    assert 0 < best < len(ends) - 1
    assert ends[0] > ends[best] + 0.5
    assert ends[-1] > ends[best] + 0.5


def test_sigmoids_lose_the_gradient_and_batch_norm_keeps_it() -> None:
    data = results.load("depth-statistics").data
    first = {name: mean(run[0] for run in data[name]["gradient_norm"]) for name in ("sigmoid", "tanh", "relu")}
    assert first["sigmoid"] < 1e-9
    assert min(first["tanh"], first["relu"]) > 1e-3
    kept = [run[-1] / run[0] for run in data["sigmoid, batch norm"]["picture_std"]]
    lost = [run[-1] / run[0] for run in data["sigmoid"]["picture_std"]]
    assert min(kept) > 0.3
    assert max(lost) < 1e-4


def test_pictures_that_lie_on_the_device_come_faster() -> None:
    data = results.load("loaders").data
    rates = {way: mean(values) for way, values in data["per CPU second"].items()}
    assert rates["d2l"] < rates["torch"]
    assert rates["d2l"] * 1.3 < rates["device"]
    assert all(len(data[way]) == len(data["d2l"]) for way in rates)
