"""Recorded experiments: what takes too long for a page is one command, and the page plots what it wrote.

    python -m convlab.experiments list
    python -m convlab.experiments run lenet --data fashion_mnist --seeds 3

writes ``book/results/lenet.json``, and a page reads it with ``experiments.load("lenet")``.
"""

from convlab.experiments.record import Record, RecordMissing, load
from convlab.experiments.registry import NAMES, Experiment, Settings, experiment

__all__ = ["NAMES", "Experiment", "Record", "RecordMissing", "Settings", "experiment", "load"]
