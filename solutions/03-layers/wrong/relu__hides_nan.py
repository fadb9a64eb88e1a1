"""You keep what is above 0 and set all else to 0, and that hides a nan, which is neither."""

import torch


def relu(x):
    return torch.where(x > 0, x, torch.zeros_like(x))
