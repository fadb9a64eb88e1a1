"""You use the fan-out: the outputs times the kernel’s size, in place of the inputs times it."""

import math

import torch


def kaiming_normal_(w):
    if w.dim() < 2:
        raise ValueError("no fan-in")
    fan_in = w.shape[0] * math.prod(w.shape[2:])
    std = math.sqrt(2 / fan_in)
    with torch.no_grad():
        w.normal_(0, std)
    return w
