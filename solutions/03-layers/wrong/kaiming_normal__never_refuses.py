"""You accept a tensor without inputs, which has no fan-in."""

import math

import torch


def kaiming_normal_(w):
    fan_in = math.prod(w.shape[1:])
    std = math.sqrt(2 / max(fan_in, 1))
    with torch.no_grad():
        w.normal_(0, std)
    return w
