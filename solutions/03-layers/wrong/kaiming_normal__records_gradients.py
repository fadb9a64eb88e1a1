"""You write into a parameter without torch.no_grad(), which autograd refuses."""

import math


def kaiming_normal_(w):
    if w.dim() < 2:
        raise ValueError("no fan-in")
    fan_in = math.prod(w.shape[1:])
    std = math.sqrt(2 / fan_in)
    w.normal_(0, std)
    return w
