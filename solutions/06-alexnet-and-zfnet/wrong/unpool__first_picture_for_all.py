"""You used the switches of the first picture for the whole batch."""

import torch


def unpool(y: torch.Tensor, switches: torch.Tensor, size: tuple[int, int]) -> torch.Tensor:
    """Return pictures (N, C, *size) with the values of ``y`` (N, C, H′, W′) at their ``switches``."""
    flat = y.new_zeros(*y.shape[:2], size[0] * size[1])
    return flat.scatter_add(2, switches[:1].expand_as(y).flatten(2), y.flatten(2)).unflatten(2, tuple(size))
