"""Right answers, written differently, for `depthwise_separable`."""

right(
    "counted",
    "The share is counted in layers that are made on the device meta.",
    answer="""
from torch import nn


def depthwise_separable(c_in, c_out, k):
    if c_in <= 0 or c_out <= 0 or k <= 0 or (k + 1) % 2:
        raise ValueError(f"no depthwise separable layer from {c_in} to {c_out} channels with a kernel of {k}")
    full = nn.Conv2d(c_in, c_out, k, bias=False, device="meta")
    net = nn.Sequential()
    net.append(nn.Conv2d(c_in, c_in, (k, k), padding="same", groups=c_in, bias=False))
    net.append(nn.Conv2d(c_in, c_out, (1, 1), bias=False))
    return net, sum(p.numel() for p in net.parameters()) / full.weight.numel()
""",
)

right(
    "one_full_filter",
    "The two sets of weights are multiplied to full filters, and one convolution is done.",
    answer="""
import torch


class Halves(torch.nn.Module):
    def __init__(self, c_in, c_out, k):
        super().__init__()
        self.looks = torch.nn.Parameter(torch.randn(c_in, 1, k, k) / k)
        self.mixes = torch.nn.Parameter(torch.randn(c_out, c_in, 1, 1) / c_in**0.5)

    def forward(self, x):
        return torch.nn.functional.conv2d(x, self.mixes * self.looks.squeeze(1), padding=self.looks.shape[-1] // 2)


def depthwise_separable(c_in, c_out, k):
    if c_in < 1 or c_out < 1 or k not in range(1, k + 1, 2):
        raise ValueError("no such layer")
    return Halves(c_in, c_out, k), 1 / c_out + 1 / k**2
""",
)
