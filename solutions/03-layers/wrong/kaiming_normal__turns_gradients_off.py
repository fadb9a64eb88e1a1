"""You turn off the parameter’s requires_grad, so it would never be trained."""

import math


def kaiming_normal_(w):
    if w.dim() < 2:
        raise ValueError("no fan-in")
    fan_in = math.prod(w.shape[1:])
    std = math.sqrt(2 / fan_in)
    w.requires_grad_(False)
    w.normal_(0, std)
    return w
