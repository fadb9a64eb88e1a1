"""You called torch’s own initialisation; this task is to write it."""

import torch


def kaiming_normal_(w):
    if w.dim() < 2:
        raise ValueError("no fan-in")
    return torch.nn.init.kaiming_normal_(w, nonlinearity="relu")
