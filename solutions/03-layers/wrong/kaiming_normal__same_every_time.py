"""You set the seed inside, so every call gives the same weights."""

import math

import torch


def kaiming_normal_(w):
    if w.dim() < 2:
        raise ValueError("no fan-in")
    fan_in = math.prod(w.shape[1:])
    std = math.sqrt(2 / fan_in)
    with torch.no_grad():
        w.copy_(torch.randn(w.shape, generator=torch.Generator().manual_seed(0)) * std)
    return w
