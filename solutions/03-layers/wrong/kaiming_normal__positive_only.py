"""You take the magnitude of the numbers, so all weights are positive."""

import math

import torch


def kaiming_normal_(w):
    if w.dim() < 2:
        raise ValueError("no fan-in")
    fan_in = math.prod(w.shape[1:])
    std = math.sqrt(2 / fan_in)
    with torch.no_grad():
        w.normal_(0, std).abs_()
    return w
