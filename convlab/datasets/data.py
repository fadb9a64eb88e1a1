"""What a data set is once it is loaded: two splits of pictures with labels, the names of the classes, and a title."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor
from torch.nn import functional as F

__all__ = ["Data", "DatasetUnavailable", "Split", "resized"]

AT_ONCE = 4096  # pictures; resizing all of them in one go would need several times their memory


class DatasetUnavailable(RuntimeError):
    """Report that files are missing and cannot be downloaded; the message says what to do instead."""


@dataclass(frozen=True)
class Split:
    """Hold pictures with their labels. ``pixels`` is as it was stored: uint8 0–255 or float32 0–1, (N, C, H, W)."""

    pixels: Tensor
    labels: Tensor

    @cached_property
    def images(self) -> Tensor:
        """Return the pictures as float32 (N, C, H, W) with values from 0 to 1."""
        return as_float(self.pixels)

    def __len__(self) -> int:
        return len(self.labels)


@dataclass(frozen=True)
class Data:
    """Hold a data set by name. ``title`` is how to write it in a caption, its source included where that matters."""

    name: str
    title: str
    train: Split
    test: Split
    classes: tuple[str, ...]

    def __repr__(self) -> str:
        size = "×".join(str(side) for side in self.train.pixels.shape[1:])
        return f"<{self.title}: {len(self.train):,} + {len(self.test):,} of {size}, {len(self.classes)} classes>"


def as_float(pixels: Tensor) -> Tensor:
    """Return pixels as float32 from 0 to 1, however they are stored."""
    return pixels.float().div_(255) if pixels.dtype == torch.uint8 else pixels


def resized(pixels: Tensor, size: int | None) -> Tensor:
    """Return (N, C, H, W) pixels at ``size`` × ``size``: bilinear, with antialiasing, of the same dtype."""
    if size is None or tuple(pixels.shape[-2:]) == (size, size):
        return pixels
    if size < 1:
        raise ValueError(f"Expected a size of at least 1 pixel, got {size}.")
    parts = []
    for part in torch.split(pixels, AT_ONCE):
        sized = F.interpolate(part.float(), (size, size), mode="bilinear", antialias=True)
        sized = sized.round_().clamp_(0, 255) if pixels.dtype == torch.uint8 else sized.clamp_(0, 1)
        parts.append(sized.to(pixels.dtype))
    return torch.cat(parts)
