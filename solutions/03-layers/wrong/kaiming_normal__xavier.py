"""You use the mean of fan-in and fan-out; that is the initialisation of Glorot and Bengio."""

import math

import torch


def kaiming_normal_(w):
    if w.dim() < 2:
        raise ValueError("no fan-in")
    fan_in = math.prod(w.shape[1:])
    fan_out = w.shape[0] * math.prod(w.shape[2:])
    std = math.sqrt(4 / (fan_in + fan_out))
    with torch.no_grad():
        w.normal_(0, std)
    return w
