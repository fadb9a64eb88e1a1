"""You also cut at 1, but a rectifier has no upper end."""

import torch


def relu(x):
    return torch.where(x <= 0, torch.zeros_like(x), x.minimum(torch.ones_like(x)))
