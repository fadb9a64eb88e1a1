"""The two sets of weights are multiplied to full filters, and one convolution is done."""

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
