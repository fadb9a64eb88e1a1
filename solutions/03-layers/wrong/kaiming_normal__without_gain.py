"""You use a variance of 1 / fan-in, without the 2 that makes up for the ReLU."""

import math

import torch


def kaiming_normal_(w):
    if w.dim() < 2:
        raise ValueError("no fan-in")
    fan_in = math.prod(w.shape[1:])
    std = math.sqrt(1 / fan_in)
    with torch.no_grad():
        w.normal_(0, std)
    return w
