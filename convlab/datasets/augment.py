"""Augmentation of a whole batch at once, on the device where the batch is."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional as F

__all__ = ["Both", "RandomFlip", "RandomShift"]


class _Random:
    """Keep one seeded generator for each device, made with the first batch on that device."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self._generators: dict[torch.device, torch.Generator] = {}

    def generator(self, device: torch.device) -> torch.Generator:
        if device not in self._generators:
            self._generators[device] = torch.Generator(device).manual_seed(self.seed)
        return self._generators[device]


class RandomFlip(_Random):
    """Mirror each picture of a batch (N, C, H, W) left to right with probability ``p``."""

    def __init__(self, p: float = 0.5, seed: int = 0) -> None:
        super().__init__(seed)
        self.p = p

    def __call__(self, x: Tensor) -> Tensor:
        chosen = torch.rand(len(x), 1, 1, 1, generator=self.generator(x.device), device=x.device) < self.p
        return torch.where(chosen, x.flip(-1), x)


class RandomShift(_Random):
    """Move each picture of a batch (N, C, H, W) by up to ``pixels`` along each axis; the border becomes 0."""

    def __init__(self, pixels: int = 2, seed: int = 0) -> None:
        super().__init__(seed)
        self.pixels = pixels

    def __call__(self, x: Tensor) -> Tensor:
        count, channels, height, width = x.shape
        wide = F.pad(x, [self.pixels] * 4)
        generator = self.generator(x.device)
        down, right = torch.randint(2 * self.pixels + 1, (2, count, 1), generator=generator, device=x.device)
        rows = (down + torch.arange(height, device=x.device))[:, None, :, None]
        columns = (right + torch.arange(width, device=x.device))[:, None, None, :]
        each = torch.arange(count, device=x.device)[:, None, None, None]
        channel = torch.arange(channels, device=x.device)[None, :, None, None]
        return wide[each, channel, rows, columns]


class Both:
    """Apply several augmentations in order."""

    def __init__(self, *steps: Callable[[Tensor], Tensor]) -> None:
        self.steps = steps

    def __call__(self, x: Tensor) -> Tensor:
        for step in self.steps:
            x = step(x)
        return x
