"""You return a new tensor and leave w as it was; the name’s last _ says that it works in place."""

import math

import torch


def kaiming_normal_(w):
    if w.dim() < 2:
        raise ValueError("no fan-in")
    fan_in = math.prod(w.shape[1:])
    std = math.sqrt(2 / fan_in)
    return torch.randn(w.shape, dtype=w.dtype, device=w.device) * std
