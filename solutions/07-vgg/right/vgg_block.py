"""Right answers, written differently, for `vgg_block`."""

right(
    "functional",
    "A module of its own with a list of convolutions, and functions for the rest.",
    answer="""
import torch
import torch.nn.functional as F


class Block(torch.nn.Module):
    def __init__(self, num_convs, c_in, c_out):
        super().__init__()
        if num_convs < 1 or c_in < 1 or c_out < 1:
            raise ValueError(f"no block of {num_convs} convolutions from {c_in} to {c_out} channels")
        self.convs = torch.nn.ModuleList()
        for number in range(num_convs):
            self.convs.append(torch.nn.Conv2d(c_out if number else c_in, c_out, kernel_size=(3, 3), padding=(1, 1)))

    def forward(self, x):
        for conv in self.convs:
            x = F.relu(conv(x), inplace=True)
        return F.max_pool2d(x, 2)


def vgg_block(num_convs, c_in, c_out):
    return Block(num_convs, c_in, c_out)
""",
)

right(
    "pool_before_relu",
    "The pooling comes before the last ReLU: the maximum of what is clipped is the clipped maximum.",
    answer="""
from torch import nn


def vgg_block(num_convs, c_in, c_out):
    for number in (num_convs, c_in, c_out):
        if number <= 0:
            raise ValueError("all three numbers are at least 1")
    net = nn.Sequential()
    for i in range(num_convs):
        if i:
            net.append(nn.ReLU())
        net.append(nn.ZeroPad2d(1))
        net.append(nn.Conv2d(c_in, c_out, 3))
        c_in = c_out
    net.append(nn.MaxPool2d(kernel_size=2))
    net.append(nn.ReLU())
    return net
""",
)
