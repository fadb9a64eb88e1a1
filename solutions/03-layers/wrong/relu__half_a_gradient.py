"""You use torch.maximum, which gives each of two equal numbers half of the gradient, so that 0 gets a half."""

import torch


def relu(x):
    return torch.maximum(x, torch.zeros_like(x))
