"""You let torch.nn.init find the fan-in; work it out from the shape."""

import math

import torch


def kaiming_normal_(w):
    if w.dim() < 2:
        raise ValueError("no fan-in")
    fan_in = torch.nn.init._calculate_fan_in_and_fan_out(w)[0]
    std = math.sqrt(2 / fan_in)
    with torch.no_grad():
        w.normal_(0, std)
    return w
