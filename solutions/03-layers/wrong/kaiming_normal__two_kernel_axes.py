"""You take exactly two kernel axes for granted; a weight may have none, one or three."""

import math

import torch


def kaiming_normal_(w):
    if w.dim() < 2:
        raise ValueError("no fan-in")
    fan_in = math.prod(w.shape[1:2]) * math.prod(w.shape[2:4])
    std = math.sqrt(2 / fan_in)
    with torch.no_grad():
        w.normal_(0, std)
    return w
