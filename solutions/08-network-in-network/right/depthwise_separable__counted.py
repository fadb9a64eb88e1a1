"""The share is counted in layers that are made on the device meta."""

from torch import nn


def depthwise_separable(c_in, c_out, k):
    if c_in <= 0 or c_out <= 0 or k <= 0 or (k + 1) % 2:
        raise ValueError(f"no depthwise separable layer from {c_in} to {c_out} channels with a kernel of {k}")
    full = nn.Conv2d(c_in, c_out, k, bias=False, device="meta")
    net = nn.Sequential()
    net.append(nn.Conv2d(c_in, c_in, (k, k), padding="same", groups=c_in, bias=False))
    net.append(nn.Conv2d(c_in, c_out, (1, 1), bias=False))
    return net, sum(p.numel() for p in net.parameters()) / full.weight.numel()
