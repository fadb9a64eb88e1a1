"""You draw from a uniform distribution; this one is to be normal."""

import math

import torch


def kaiming_normal_(w):
    if w.dim() < 2:
        raise ValueError("no fan-in")
    fan_in = math.prod(w.shape[1:])
    std = math.sqrt(2 / fan_in)
    with torch.no_grad():
        w.uniform_(-std * 3**0.5, std * 3**0.5)
    return w
