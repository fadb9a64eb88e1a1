"""Recorded experiments: what takes too long for a page is one command, and the page plots what it wrote.

    python -m experiments list
    python -m experiments run lenet --data fashion_mnist --seeds 3

The second writes ``book/results/lenet.json``, and a page reads it with ``convlab.results.load("lenet")``. Some
experiments train the networks of pages and write their weights too. Nothing else of the course imports this package.
"""

from experiments.registry import NAMES, Command, Experiment, Settings, common, experiment

__all__ = ["NAMES", "Command", "Experiment", "Settings", "common", "experiment"]
