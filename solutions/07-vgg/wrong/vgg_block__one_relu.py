"""You put one ReLU at the end of the block; each convolution is followed by its own."""

import torch


def vgg_block(num_convs: int, c_in: int, c_out: int) -> torch.nn.Module:
    """Return a new block that maps (N, c_in, H, W) to (N, c_out, ⌊H/2⌋, ⌊W/2⌋)."""
    if min(num_convs, c_in, c_out) < 1:
        raise ValueError("a block has at least one convolution and one channel")
    parts: list[torch.nn.Module] = []
    for reads in [c_in] + [c_out] * (num_convs - 1):
        parts += [torch.nn.Conv2d(reads, c_out, 3, padding=1)]
    return torch.nn.Sequential(*parts, torch.nn.ReLU(), torch.nn.MaxPool2d(2, 2))
