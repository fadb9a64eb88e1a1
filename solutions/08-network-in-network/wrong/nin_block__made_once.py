"""You made the layers once, outside of the function, and all blocks share them."""

import torch

MADE = {}


def nin_block(c_in, c_out, kernel_size, stride=1, padding=0):
    key = (c_in, c_out, kernel_size, stride, padding)
    if key not in MADE:
        nn = torch.nn
        first = nn.Conv2d(c_in, c_out, kernel_size, stride, padding)
        second, third = nn.Conv2d(c_out, c_out, 1), nn.Conv2d(c_out, c_out, 1)
        MADE[key] = nn.Sequential(first, nn.ReLU(), second, nn.ReLU(), third, nn.ReLU())
    return MADE[key]
