"""Experiments in a tiny form, the command that runs them, and the record that they leave."""

# Over 60 s of CPU: each recorded experiment runs once, from the command line to its record.

import json
import math
import re
import socket
import struct
from collections.abc import Iterator
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from convlab import datasets, results
from convlab.datasets import catalogue
from convlab.networks import Network
from convlab.results import Record
from experiments import NAMES, Experiment, Settings, alexnet_parts, common, experiment, heads
from experiments import __main__ as command_line
from experiments.plain_residual import Scale
from experiments.record import save

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
COMMON = [name for name in NAMES if isinstance(experiment(name), Experiment)]  # without options of their own
OWN_DATA = (
    "loaders",
    "deleted-blocks",
    "filter-sizes",
)  # these know one data set only, and are run in tests of their own
QUICK = ("heads", "learning-rates")  # the others run if thorough
# What makes a run long: a second of work is enough to see that it goes from its data to a complete record.
TINY: dict[str, dict[str, Any]] = {
    "alexnet-parts": {"BATCH": 64, "SMALL": alexnet_parts.Scale(size=16, train=100, test=50)},
    "depth-statistics": {"BATCH": 8},
    "families": {"BATCH": 50},
    "heads": {"SMALL": heads.Scale(channels=(2, 3, 4), counts=(50, 100), test=60), "WALK": 100},
    "learning-rates": {"BATCH": 64},
    "plain-rates": {"SMALL": Scale(width=2, size=8, train=40, test=20, batch=20, augment=True)},
    "plain-residual": {"SMALL": Scale(width=2, size=8, train=40, test=20, batch=20, augment=True), "PROBE": 20},
    "small-kernels": {"SIZES": ((4, 9), (8, 7)), "REPEATS": 2, "PICTURES": 1},
    "transfer-layers": {"PICTURES": 50, "TEST": 20, "STEPS": 1},
    "transfer-ways": {"KNOWN": 50, "NEW": 100, "TEST": 20, "STEPS": 1, "COUNTS": (2, 5)},
}


@pytest.fixture
def fashion(tmp_path: Path) -> Path:
    """A folder with a Fashion-MNIST of 300 + 60 pictures of noise, in the files that torchvision reads."""
    raw = tmp_path / "FashionMNIST" / "raw"
    raw.mkdir(parents=True)
    random = np.random.default_rng(0)
    for part, count in (("train", 300), ("t10k", 60)):
        for kind, array in (
            ("images-idx3", random.integers(0, 256, (count, 28, 28), dtype=np.uint8)),
            ("labels-idx1", np.arange(count, dtype=np.uint8) % 10),
        ):
            head = struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *array.shape)
            (raw / f"{part}-{kind}-ubyte").write_bytes(head + array.tobytes())
    return tmp_path


@pytest.fixture
def few_digits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the digits be 120 to learn from and 60 to test with, of all ten classes."""
    all_of_them = catalogue._LOADERS["digits"]

    def some(split: datasets.Split, count: int) -> datasets.Split:
        return datasets.Split(split.pixels[:count], split.labels[:count])

    def few(*args: Any) -> datasets.Data:
        data = all_of_them(*args)
        return replace(data, train=some(data.train, 120), test=some(data.test, 60))

    monkeypatch.setitem(catalogue._LOADERS, "digits", few)


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: Any, **kwargs: Any) -> None:
        raise socket.gaierror("no network in this test")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.mark.usefixtures("few_digits")
@pytest.mark.parametrize(
    "name",
    [pytest.param(n, marks=() if n in QUICK else pytest.mark.thorough) for n in COMMON if n not in OWN_DATA],
)
def test_each_experiment_runs_on_the_digits_and_leaves_a_complete_record(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for constant, value in TINY.get(name, {}).items():
        monkeypatch.setattr(import_module(common(name).run.__module__), constant, value)
    options = ["--data", "digits", "--seeds", "2", "--epochs", "1", "--threads", "1", "--results", str(tmp_path)]
    assert command_line.main(["run", name, *options]) == 0
    out, err = capsys.readouterr()
    assert out.strip() == str(tmp_path / f"{name}.json")
    record = results.load(name, tmp_path)
    assert common(name).missing(record.data, 2, 1) == []
    assert common(name).missing(record.data, 3, 1) != []
    assert record.seeds == [0, 1]
    assert record.command == (
        f"python -m experiments run {name} --data digits --device cpu --seeds 2 --epochs 1 --threads 1"
    )
    assert record.about in err
    assert record.about.startswith("scikit-learn's digits, 2 seeds, ")
    assert {"python", "torch", "torchvision", "numpy"} == set(record.versions)
    assert "1 thread" in record.device
    assert record.seconds > 0


@pytest.mark.usefixtures("few_digits")
@pytest.mark.parametrize("name", [pytest.param("lenet", marks=pytest.mark.thorough), "permuted-pixels"])
def test_a_run_repeats_itself(name: str) -> None:
    def figures() -> str:
        data = command_line.record(name, Settings(data="digits", seeds=1, epochs=1, threads=1)).data
        return re.sub(r'"seconds": \[[^]]*\]', "", json.dumps(data))

    assert figures() == figures()


def test_list_names_them_all(capsys: pytest.CaptureFixture[str]) -> None:
    assert command_line.main(["list"]) == 0
    listed = [line.split()[0] for line in capsys.readouterr().out.splitlines()]
    assert listed == list(NAMES)


def test_an_experiment_with_options_of_its_own_gets_them(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as caught:
        command_line.main(["run", "imagenet-maps", "--help"])
    assert caught.value.code == 0
    assert "--weights" in capsys.readouterr().out
    with pytest.raises(TypeError, match="imagenet-maps has options of its own"):
        common("imagenet-maps")


@pytest.mark.parametrize(
    "wrong",
    [
        ["run", "nothing"],
        ["run", "lenet", "--seeds", "0"],
        ["run", "lenet", "--data", "x"],
        ["run", "lenet", "--full"],
        ["run", "filter-sizes", "--data", "digits"],
    ],
)
def test_wrong_usage_is_2(wrong: list[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        command_line.main(wrong)
    assert caught.value.code == 2


@pytest.mark.usefixtures("no_network")
def test_data_that_cannot_be_had_are_3_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command_line.main(["run", "lenet", "--root", str(tmp_path / "data"), "--results", str(tmp_path)]) == 3
    said = capsys.readouterr().err.strip()
    assert "\n" not in said
    assert "Without a network, pass --data digits or --data shapes, which need none, or --root FOLDER" in said
    assert "holds FashionMNIST/raw with the four …-ubyte files" in said
    assert list(tmp_path.glob("*.json")) == []


@pytest.mark.usefixtures("few_digits")
def test_the_folder_of_the_data_is_in_no_record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("experiments.depth_statistics.BATCH", 8)
    record = command_line.record("depth-statistics", Settings(data="digits", seeds=1, root=str(tmp_path / "secret")))
    assert "secret" not in json.dumps(record.__dict__)


def test_an_unknown_experiment_gets_the_list() -> None:
    with pytest.raises(KeyError, match="permuted-pixels, depth-statistics"):
        experiment("nothing")


def test_a_record_comes_back_as_it_was_rounded(tmp_path: Path) -> None:
    save(RECORD, tmp_path)
    back = results.load("some-name", tmp_path)
    assert back.data["curve"][0] == pytest.approx([0.123457, 2.0], rel=1e-9)
    assert replace(back, data=None) == replace(RECORD, data=None)


def test_curves_stand_on_one_line_each(tmp_path: Path) -> None:
    text = save(RECORD, tmp_path).read_text()
    assert "   [ 0.123457, 2.0 ]" in text


def test_what_is_no_number_is_refused_and_the_old_file_stays(tmp_path: Path) -> None:
    save(RECORD, tmp_path)
    before = (tmp_path / "some-name.json").read_bytes()
    with pytest.raises(ValueError, match="JSON"):
        save(replace(RECORD, data=math.nan), tmp_path)
    assert (tmp_path / "some-name.json").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["some-name.json"]


def test_a_write_that_is_interrupted_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save(RECORD, tmp_path)
    before = (tmp_path / "some-name.json").read_bytes()

    def full(*args: Any, **kwargs: Any) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="disk full"):
        save(replace(RECORD, data={}), tmp_path)
    assert (tmp_path / "some-name.json").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["some-name.json"]


def test_the_lenet_of_the_experiment_has_d2ls_size() -> None:
    from experiments.lenet import NETWORKS

    text, *_ = NETWORKS["1998 style"]
    net = Network(text, (1, 28, 28))
    assert net.parameter_count == 61_706
    assert net(torch.zeros(2, 1, 28, 28)).shape == (2, 10)
    assert [p.abs().max().item() for name, p in net.named_parameters() if name.endswith("bias")] == [0.0] * 5
    text, *_ = NETWORKS["today"]
    assert Network(text, (1, 28, 28)).parameter_count == 61_706 + 2 * (6 + 16 + 120 + 84)


def test_the_full_size_is_in_the_command() -> None:
    settings = Settings(data="digits", seeds=2, threads=1, full=True)
    words = command_line.command("families", settings).split()
    assert words[-1] == "--full"
    assert command_line.settings_of(command_line.parser().parse_args(words[3:])) == settings


def test_pixels_are_permuted_in_every_picture_alike() -> None:
    from experiments.permuted_pixels import permuted

    split = datasets.Split(torch.arange(24).view(2, 3, 2, 2), torch.tensor([4, 5]))
    moved = permuted(split, torch.tensor([2, 0, 3, 1]))
    assert moved.pixels[0, 0].flatten().tolist() == [2, 0, 3, 1]
    assert moved.pixels[1, 2].flatten().tolist() == [22, 20, 23, 21]
    assert moved.labels.tolist() == [4, 5]


@pytest.mark.usefixtures("few_digits")
def test_a_loss_that_is_no_number_is_kept_as_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from experiments import learning_rates

    monkeypatch.setattr(learning_rates, "RATES", (1e-3, 1e30))
    monkeypatch.setattr(learning_rates, "BATCH", 40)
    result = command_line.record("learning-rates", Settings(data="digits", seeds=1, epochs=1))
    low, high = result.data["loss"]
    assert None not in low[0]
    assert low[0][0] == pytest.approx(high[0][0])  # the same start
    assert high[0][-1] is None
    save(result, tmp_path)


def test_statistics_of_a_stack_by_hand() -> None:
    from experiments.depth_statistics import statistics

    torch.manual_seed(0)
    net = Network("conv 3 3 1 | tanh | conv 2 3 1 | relu | flat | dense 4", (1, 5, 5))
    x, y = torch.randn(6, 1, 5, 5), torch.randint(4, (6,))
    spreads, differences, norms = statistics(net, x, y)
    steps = list(net.steps)
    first = torch.tanh(steps[0](x))
    second = torch.relu(steps[2](first))
    assert spreads == pytest.approx([first.std().item(), second.std().item()], rel=1e-5)
    assert differences == pytest.approx([first.std(0).mean().item(), second.std(0).mean().item()], rel=1e-5)
    loss = torch.nn.functional.cross_entropy(net(x), y)
    expected = [g.norm().item() for g in torch.autograd.grad(loss, [steps[0].weight, steps[2].weight])]
    assert norms == pytest.approx(expected, rel=1e-5)


def test_the_stopwatch_counts_loading_and_training_together(monkeypatch: pytest.MonkeyPatch) -> None:
    from experiments import loader_speed

    clock = [0.0]
    monkeypatch.setattr(loader_speed.time, "perf_counter", lambda: clock[0])
    monkeypatch.setattr(loader_speed, "cpu_time", lambda: clock[0] / 2)

    def batches() -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
        for _ in range(3):
            clock[0] += 2  # loading
            yield torch.zeros(5), torch.zeros(5)

    waits: list[float] = []
    watch = loader_speed.Stopwatch(batches(), lambda: waits.append(clock[0]))
    for _ in watch:
        clock[0] += 1  # training
    assert watch.examples == 15
    assert watch.seconds == pytest.approx(9)
    assert watch.rates == (pytest.approx(15 / 9), pytest.approx(15 / 4.5))
    assert waits == [0.0, 9.0]  # a device is asked to finish before the clock is read


def test_loaders_are_measured_side_by_side(fashion: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("experiments.loader_speed.BATCH", 50)  # d2l wants five batches and more
    here = Path.cwd()
    settings = Settings(seeds=2, epochs=1, threads=1, root=str(fashion))
    result = command_line.record("loaders", settings)
    assert common("loaders").missing(result.data, 2, 1) == []
    ways = ("d2l", "torch", "device", "device, channels last", "no loading")
    assert all(rate > 0 for way in (*ways, "d2l, as it reports") for rate in result.data[way])
    assert {way: len(rates) for way, rates in result.data["per CPU second"].items()} == dict.fromkeys(ways, 2)
    assert Path.cwd() == here


def test_d2l_loads_no_other_data() -> None:
    with pytest.raises(ValueError, match="Fashion-MNIST only"):
        command_line.record("loaders", Settings(data="digits"))
