"""Your zeros are float32, whatever y is."""

import torch


def unpool(y: torch.Tensor, switches: torch.Tensor, size: tuple[int, int]) -> torch.Tensor:
    """Return pictures (N, C, *size) with the values of ``y`` (N, C, H′, W′) at their ``switches``."""
    flat = torch.zeros(*y.shape[:2], size[0] * size[1], device=y.device)
    return flat.scatter_add(2, switches.flatten(2), y.flatten(2).float()).unflatten(2, tuple(size))
