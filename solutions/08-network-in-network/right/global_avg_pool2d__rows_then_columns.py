"""The mean of the rows' means."""

import torch


def global_avg_pool2d(x):
    if x.ndim != 4 or x.size(2) < 1 or x.size(3) < 1:
        raise ValueError("there are no maps")
    return torch.mean(torch.mean(x, -1), -1)
