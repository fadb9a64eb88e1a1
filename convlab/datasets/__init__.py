"""Pictures by name, in one call: what needs no network is the default, what everybody uses is one argument away.

    train, test = datasets.loaders("digits", batch_size=64)
    for x, y in train:  # x: float32 (N, C, H, W) from 0 to 1; y: int64 (N,)
        ...

``digits`` comes with scikit-learn and ``shapes`` are drawn here. ``fashion_mnist``, ``mnist``, ``cifar10`` and
``hymenoptera`` (ants and bees) are downloaded once, checked, and kept in a cache folder, or read from ``root``.
"""

from convlab.datasets.augment import Both, RandomFlip, RandomShift
from convlab.datasets.catalogue import NAMES, load
from convlab.datasets.data import Data, DatasetUnavailable, Split
from convlab.datasets.loader import DeviceLoader, HostLoader, loaders
from convlab.datasets.scenes import COLOR_NAMES, SHAPE_NAMES, Scenes, shapes

__all__ = [
    "COLOR_NAMES",
    "NAMES",
    "SHAPE_NAMES",
    "Both",
    "Data",
    "DatasetUnavailable",
    "DeviceLoader",
    "HostLoader",
    "RandomFlip",
    "RandomShift",
    "Scenes",
    "Split",
    "load",
    "loaders",
    "shapes",
]
