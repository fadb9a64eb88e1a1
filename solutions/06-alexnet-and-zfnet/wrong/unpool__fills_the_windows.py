"""You filled whole windows with the value; only the place of the switch gets it."""

import torch


def unpool(y, switches, size):
    return torch.nn.functional.interpolate(y, size=tuple(size), mode="nearest")
