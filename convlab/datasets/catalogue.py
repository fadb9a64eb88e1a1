"""The data sets by name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import torch

from convlab.datasets import files, scenes
from convlab.datasets.data import Data, Split, resized

__all__ = ["NAMES", "load"]

DRAWN = (2000, 500)  # training and test pictures of "shapes"


def load(
    name: str = "digits", *, size: int | None = None, root: str | Path | None = None, download: bool = True
) -> Data:
    """Return the data set ``name`` whole, its pictures at ``size`` × ``size`` where a size is given.

    ``root`` is a folder that holds the files already, or where to download them. Without it that is the folder that the
    environment variable CONVLAB_DATA names, or ``convlab`` in the user's cache.

    Raises:
        KeyError: there is no data set of that name.
        DatasetUnavailable: its files are not there and cannot be downloaded.
    """
    if name not in _LOADERS:
        raise KeyError(f"There is no data set {name!r}. There are: {', '.join(_LOADERS)}.")
    return _LOADERS[name](size, files.folder(root), download)


def _digits(size: int | None, root: Path, download: bool) -> Data:
    """Every fifth digit of each class is a test digit: 1,433 + 364 pictures of 8 × 8, the same everywhere."""
    try:
        from sklearn.datasets import load_digits
    except ImportError as error:
        raise ImportError(
            "The digits come with scikit-learn, which is not installed. Install it (pip install scikit-learn), or use "
            'the data set "shapes", which needs nothing.'
        ) from error
    bundled = load_digits()
    pixels = torch.tensor(bundled.images, dtype=torch.float32)[:, None] / 16  # values 0, 1, … 16
    labels = torch.tensor(bundled.target, dtype=torch.int64)
    test = torch.zeros(len(labels), dtype=torch.bool)
    for digit in range(10):
        test[(labels == digit).nonzero()[::5]] = True
    pixels = resized(pixels, size)
    train = Split(pixels[~test], labels[~test])
    return Data("digits", "scikit-learn's digits", train, Split(pixels[test], labels[test]), tuple("0123456789"))


def _shapes(size: int | None, root: Path, download: bool) -> Data:
    """One shape to a picture; its kind is the class."""
    train, test = (_one_each(count, size or 64, seed) for seed, count in enumerate(DRAWN))
    return Data("shapes", "drawn shapes", train, test, scenes.SHAPE_NAMES)


def _one_each(count: int, size: int, seed: int) -> Split:
    drawn = scenes.shapes(count, size, seed, objects=1)
    return Split(drawn.images, torch.cat(drawn.labels))


_LOADERS: dict[str, Callable[[int | None, Path, bool], Data]] = {
    "digits": _digits,
    "shapes": _shapes,
    "fashion_mnist": files.fashion_mnist,
    "mnist": files.mnist,
    "cifar10": files.cifar10,
    "hymenoptera": files.hymenoptera,
}
NAMES = tuple(_LOADERS)
