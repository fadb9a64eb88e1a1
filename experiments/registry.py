"""Name every experiment, and say what each is given to run with. Nothing heavy is imported until one runs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from experiments.resume import Runs

__all__ = ["NAMES", "Command", "Experiment", "Settings", "common", "experiment"]

_MODULES = {
    "permuted-pixels": "permuted_pixels",
    "depth-statistics": "depth_statistics",
    "learning-rates": "learning_rates",
    "lenet": "lenet",
    "lenet-live": "lenet_live",
    "loaders": "loader_speed",
    "alexnet-parts": "alexnet_parts",
    "shapes-network": "shapes_network",
    "imagenet-maps": "imagenet_maps",
    "small-kernels": "small_kernels",
    "heads": "heads",
    "plain-residual": "plain_residual",
    "deleted-blocks": "deleted_blocks",
    "transfer-ways": "transfer_ways",
    "transfer-layers": "transfer_layers",
    "transfer-ants-bees": "transfer_ants_bees",
    "transfer-blood-cells": "transfer_blood_cells",
    "families": "families",
    "filter-sizes": "filter_sizes",
    "plain-rates": "plain_rates",
}
NAMES = tuple(_MODULES)


@dataclass(frozen=True)
class Settings:
    """Hold the settings of a run: ``seeds`` of them, from 0 on; ``root`` is the folder of the data, never recorded."""

    data: str = "fashion_mnist"
    device: str = "cpu"
    seeds: int = 3
    epochs: int = 1
    threads: int | None = None
    root: str | None = None
    full: bool = False
    """all pictures, also on a CPU, where an experiment takes few of them there"""

    @property
    def walks(self) -> str:
        return f"{self.epochs} epoch{'s' if self.epochs > 1 else ''}"


@dataclass(frozen=True)
class Experiment:
    """Describe an experiment: its question, its steps of progress, how it runs, and what a complete result holds."""

    question: str
    describe: Callable[[Settings], str]
    """Say in a few words how the networks were trained."""
    steps: Callable[[Settings], int]
    run: Callable[[Settings, Runs], Any]
    """Return the figures as plain lists and dicts; each of its trainings is a call of the :class:`Runs`."""
    missing: Callable[[Any, int, int], list[str]]
    """Given the figures and the numbers of seeds and epochs, name what is not there."""
    epochs: int = 1
    seeds: int = 3
    note: str = ""
    data: str | None = None
    """the one data set that it knows, where it does not take any"""
    has_full_size: bool = False
    """whether ``Settings.full`` means anything to it"""


@dataclass(frozen=True)
class Command:
    """Describe an experiment with options of its own: its question, and the function that parses them and runs it."""

    question: str
    main: Callable[[Sequence[str] | None], int]


def experiment(name: str) -> Experiment | Command:
    """Return the experiment ``name``.

    Raises:
        KeyError: there is none of that name.
    """
    if name not in _MODULES:
        raise KeyError(f"There is no experiment {name!r}. There are: {', '.join(NAMES)}.")
    found = import_module(f"experiments.{_MODULES[name]}").EXPERIMENT
    if not isinstance(found, Experiment | Command):
        raise TypeError(f"{_MODULES[name]}.EXPERIMENT is a {type(found).__name__}.")
    return found


def common(name: str) -> Experiment:
    """Return the experiment ``name``, one of those that :class:`Settings` describes.

    Raises:
        KeyError: there is none of that name.
        TypeError: it has options of its own.
    """
    found = experiment(name)
    if not isinstance(found, Experiment):
        raise TypeError(f"{name} has options of its own.")
    return found
