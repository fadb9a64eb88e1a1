"""How fast do the pictures come? LeNet-5 trained by d2l's loader and loop, PyTorch's loader, and the device's own."""

from __future__ import annotations

import contextlib
import io
import os
import re
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import torch

from convlab import datasets
from convlab.datasets.files import folder
from convlab.networks import Network
from convlab.networks.training import train_epoch
from experiments.lenet import BATCH, NETWORKS
from experiments.registry import Experiment, Settings
from experiments.resume import Runs

__all__ = ["EXPERIMENT", "Stopwatch"]

TEXT, LR, _ = NETWORKS["1998 style"]
NO_LOADING = "no loading"
WAYS = ("d2l", "torch", "device", "device, channels last", NO_LOADING)
REPORTED = "d2l, as it reports"


class Stopwatch:
    """Pass batches on, and take the time of each walk from its first request to its end: loading and training both.

    ``cpu_seconds`` are those of this process and of the loader's, which have ended by then: on a machine with other
    work they say more than the clock.
    """

    def __init__(self, batches: Any, wait: Callable[[], None]) -> None:
        self.batches, self.wait = batches, wait
        self.examples, self.seconds, self.cpu_seconds = 0, 0.0, 0.0

    def __len__(self) -> int:
        return len(self.batches)

    def __iter__(self) -> Iterator[Any]:
        self.wait()
        start, cpu = time.perf_counter(), cpu_time()
        for x, y in self.batches:
            self.examples += len(y)
            yield x, y
        self.wait()
        self.seconds += time.perf_counter() - start
        self.cpu_seconds += cpu_time() - cpu

    @property
    def rates(self) -> tuple[float, float]:
        """Return the examples per second, and per second of CPU time."""
        return self.examples / self.seconds, self.examples / self.cpu_seconds


def cpu_time() -> float:
    """Return the CPU seconds used by this process, its threads, and its processes that have ended."""
    return sum(os.times()[:4])


def run(settings: Settings, runs: Runs) -> Any:
    """Measure examples per second, the ways one after the other in each repeat (a seed is a repeat).

    Raises:
        ValueError: the data set is not Fashion-MNIST, the only one that d2l loads.
    """
    if settings.data != "fashion_mnist":
        raise ValueError(f"d2l loads Fashion-MNIST only: run loaders with --data fashion_mnist, not {settings.data}.")
    found: dict[str, list[float]] = {way: [] for way in (*WAYS, REPORTED)}
    per_cpu_second: dict[str, list[float]] = {way: [] for way in WAYS}
    wait = torch.cuda.synchronize if settings.device.startswith("cuda") else _nothing
    for seed in range(settings.seeds):
        for way in WAYS:
            rate, cpu_rate, reported = runs(f"{way}, repeat {seed}", _measured, way, seed, settings, wait)
            found[way].append(rate)
            per_cpu_second[way].append(cpu_rate)
            if reported is not None:
                found[REPORTED].append(reported)
    return {**found, "per CPU second": per_cpu_second, "batch_size": BATCH}


def _measured(way: str, seed: int, settings: Settings, wait: Callable[[], None]) -> tuple[float, float, float | None]:
    """Return the examples per second, those per second of CPU time, and what d2l reports itself, if it is d2l's way."""
    torch.manual_seed(seed)
    if way == "d2l":
        watched, reported = _d2l(settings, wait)
        return *watched.rates, reported
    return *_ours(settings, seed, wait, way).rates, None


def _nothing() -> None:
    """A CPU has nothing to wait for."""


def _ours(settings: Settings, seed: int, wait: Callable[[], None], way: str) -> Stopwatch:
    """Train with the course's own loop; "channels last" is a memory layout of weights and maps.

    "no loading" gives the same batch again and again: no loader can be faster than that.
    """
    train: Any = datasets.loaders(
        settings.data, BATCH, device=settings.device, seed=seed, root=settings.root, on_device=way != "torch"
    )[0]
    if way == NO_LOADING:
        train = [next(iter(train))] * len(train)
    layout = torch.channels_last if way.endswith("channels last") else torch.contiguous_format
    net = Network(TEXT, (1, 28, 28)).to(settings.device).to(memory_format=layout)
    watched = Stopwatch(train, wait)
    optimizer = torch.optim.SGD(net.parameters(), LR)
    for _ in range(settings.epochs):
        train_epoch(net, watched, optimizer)
    return watched


def _d2l(settings: Settings, wait: Callable[[], None]) -> tuple[Stopwatch, float]:
    """Return what was measured, and the rate d2l prints, whose timer stands still while a batch is loaded.

    The loader and the loop are d2l's own. Its plots are left out: drawing them takes longer than some epochs.
    """
    from d2l import torch as d2l

    printed = io.StringIO()
    with _beside(folder(settings.root)), warnings.catch_warnings(), contextlib.redirect_stdout(printed):
        warnings.filterwarnings("ignore", "This DataLoader will create")  # it wants 4 workers, whatever the machine
        train, _ = d2l.load_data_fashion_mnist(BATCH)
        watched = Stopwatch(train, wait)
        one = [next(iter(datasets.HostLoader(datasets.load(settings.data, root=settings.root).test)))]
        net = Network(TEXT, (1, 28, 28))
        with mock.patch.object(d2l, "Animator", mock.MagicMock()):
            d2l.train_ch6(net, watched, one, settings.epochs, LR, torch.device(settings.device))
    said = re.search(r"([\d.]+) examples/sec", printed.getvalue())
    if said is None:
        raise RuntimeError(f"d2l.train_ch6 printed no examples/sec: {printed.getvalue()!r}")
    return watched, float(said[1])


@contextlib.contextmanager
def _beside(data: Path) -> Iterator[None]:
    """Work in a new folder that has ``data`` as ../data, where d2l looks."""
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as top:
        Path(top, "data").symlink_to(data.resolve(), target_is_directory=True)
        Path(top, "work").mkdir()
        os.chdir(Path(top, "work"))
        try:
            yield
        finally:
            os.chdir(before)


def missing(data: Any, seeds: int, epochs: int) -> list[str]:
    return [way for way in WAYS if len(data[way]) != seeds]


EXPERIMENT = Experiment(
    question="How many examples a second, with d2l's loader and loop, with PyTorch's loader, and from the device?",
    describe=lambda s: f"LeNet-5, repeats of {s.walks} each, interleaved, batches of {BATCH}",
    steps=lambda s: len(WAYS) * s.seeds,
    run=run,
    missing=missing,
    seeds=5,
    data="fashion_mnist",
)
