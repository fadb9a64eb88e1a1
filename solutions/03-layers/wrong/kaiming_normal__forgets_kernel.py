"""You count the input channels and forget the kernel’s cells."""

import math

import torch


def kaiming_normal_(w):
    if w.dim() < 2:
        raise ValueError("no fan-in")
    fan_in = w.shape[1]
    std = math.sqrt(2 / fan_in)
    with torch.no_grad():
        w.normal_(0, std)
    return w
