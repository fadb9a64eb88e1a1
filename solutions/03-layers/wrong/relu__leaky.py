"""You let a small part of the negative numbers through; that is the leaky rectifier."""

import torch


def relu(x):
    return torch.where(x > 0, x, 0.01 * x)
