"""Iterate over a data set in batches, in two ways: from the device itself, or by PyTorch's ordinary DataLoader.

A small data set fits on any device whole. Then a batch is one indexing operation there: no worker processes, no
collating of single pictures, nothing to move.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import torch
from torch import Tensor
from torch.utils.data import DataLoader, TensorDataset

from convlab.datasets.catalogue import load
from convlab.datasets.data import Split, as_float

__all__ = ["DeviceLoader", "HostLoader", "loaders"]

Augment = Callable[[Tensor], Tensor]
EPOCHS = 1 << 20  # more than anybody trains: the seed of an epoch is seed · EPOCHS + epoch


class DeviceLoader:
    """Batches of a split that lies on ``device`` whole, shuffled and augmented there.

    Each walk through it is an epoch with an order of its own; the orders follow from ``seed`` and are the same on every
    device. The last batch may be smaller. Pixels stored as uint8 stay uint8 until their batch is made.
    """

    def __init__(
        self,
        split: Split,
        batch_size: int = 256,
        *,
        classes: tuple[str, ...] = (),
        device: str | torch.device = "cpu",
        shuffle: bool = True,
        augment: Augment | None = None,
        seed: int = 0,
    ) -> None:
        if batch_size < 1:
            raise ValueError(f"Expected a batch size of at least 1, got {batch_size}.")
        self.pixels, self.labels = split.pixels.to(device), split.labels.to(device)
        self.batch_size, self.classes, self.device = batch_size, classes, torch.device(device)
        self.shuffle, self.augment, self.seed = shuffle, augment, seed
        self.epoch = 0
        self.examples = len(split)

    def __len__(self) -> int:
        """Return the number of batches."""
        return -(-self.examples // self.batch_size)

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor]]:
        epoch, self.epoch = self.epoch, self.epoch + 1
        return self._batches(epoch)

    def _batches(self, epoch: int) -> Iterator[tuple[Tensor, Tensor]]:
        order = torch.arange(self.examples)
        if self.shuffle:
            order = torch.randperm(self.examples, generator=torch.Generator().manual_seed(self.seed * EPOCHS + epoch))
        for here in torch.split(
            order.to(self.device), self.batch_size
        ):  # indexing copies: a batch may be changed in place
            x = as_float(self.pixels[here])
            yield (x if self.augment is None else self.augment(x)), self.labels[here]


class HostLoader(DataLoader[tuple[Tensor, ...]]):
    """PyTorch's DataLoader over the same pictures, one by one, collated on the host; move each batch yourself."""

    def __init__(
        self,
        split: Split,
        batch_size: int = 256,
        *,
        classes: tuple[str, ...] = (),
        shuffle: bool = True,
        augment: Augment | None = None,
        seed: int = 0,
    ) -> None:
        super().__init__(
            TensorDataset(split.images, split.labels),
            batch_size,
            shuffle=shuffle,
            generator=torch.Generator().manual_seed(seed),
            collate_fn=_Collate(augment),
        )
        self.classes, self.examples = classes, len(split)


class _Collate:
    """Stack single pictures into a batch, then augment it; a class, so that it can be sent to worker processes."""

    def __init__(self, augment: Augment | None) -> None:
        self.augment = augment

    def __call__(self, samples: list[tuple[Tensor, Tensor]]) -> tuple[Tensor, Tensor]:
        pictures, labels = zip(*samples, strict=True)
        x = torch.stack(pictures)
        return (x if self.augment is None else self.augment(x)), torch.stack(labels)


def loaders(
    name: str = "digits",
    batch_size: int = 256,
    *,
    size: int | None = None,
    device: str | torch.device = "cpu",
    augment: Augment | None = None,
    seed: int = 0,
    root: str | None = None,
    download: bool = True,
    on_device: bool = True,
) -> tuple[DeviceLoader, DeviceLoader] | tuple[HostLoader, HostLoader]:
    """Return loaders of the training and test pictures of the data set ``name``.

    Each gives batches ``(x, y)``: x is float32 (N, C, H, W) from 0 to 1, y int64 (N,). Each has ``len()`` (batches),
    ``.examples`` and ``.classes``. Only the training loader shuffles (by ``seed``) and applies ``augment``, a function
    of a batch x. ``size`` resizes to size × size. ``on_device=False`` gives PyTorch's ordinary DataLoader, which leaves
    its batches on the host.

    Raises:
        KeyError: there is no data set of that name.
        DatasetUnavailable: it is neither in the cache nor in ``root``, and could not be downloaded.
    """
    data = load(name, size=size, root=root, download=download)
    if not on_device:
        train = HostLoader(data.train, batch_size, classes=data.classes, augment=augment, seed=seed)
        return train, HostLoader(data.test, batch_size, classes=data.classes, shuffle=False)
    return (
        DeviceLoader(data.train, batch_size, classes=data.classes, device=device, augment=augment, seed=seed),
        DeviceLoader(data.test, batch_size, classes=data.classes, device=device, shuffle=False),
    )
