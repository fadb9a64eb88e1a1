"""You used the kernel's height for both sides."""

import torch


def nin_block(
    c_in: int,
    c_out: int,
    kernel_size: int | tuple[int, int],
    stride: int | tuple[int, int] = 1,
    padding: int | tuple[int, int] = 0,
) -> torch.nn.Module:
    """Return a new block: a convolution and two of 1 × 1, with a ReLU after each."""
    nn = torch.nn
    looks = nn.Conv2d(c_in, c_out, kernel_size if isinstance(kernel_size, int) else kernel_size[0], stride, padding)
    mixes = [part for _ in range(2) for part in (nn.Conv2d(c_out, c_out, 1), nn.ReLU())]
    return nn.Sequential(looks, nn.ReLU(), *mixes)
