"""You made the layers once, outside of the function, and all blocks share them."""

import torch

MADE = {}


def vgg_block(num_convs: int, c_in: int, c_out: int) -> torch.nn.Module:
    if min(num_convs, c_in, c_out) < 1:
        raise ValueError("a block has at least one convolution and one channel")
    if (num_convs, c_in, c_out) not in MADE:
        parts = []
        for reads in [c_in] + [c_out] * (num_convs - 1):
            parts += [torch.nn.Conv2d(reads, c_out, 3, padding=1), torch.nn.ReLU()]
        MADE[num_convs, c_in, c_out] = torch.nn.Sequential(*parts, torch.nn.MaxPool2d(2, 2))
    return MADE[num_convs, c_in, c_out]
