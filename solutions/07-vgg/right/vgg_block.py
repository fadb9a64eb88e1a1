"""Right answers, written differently, for `vgg_block`."""

right(
    "functional",
    "A module of its own with a list of convolutions, and functions for the rest.",
    answer="""
import torch
import torch.nn.functional as F


class Block(torch.nn.Module):
    def __init__(self, num_convs, c_in, c_out, last_kernel):
        super().__init__()
        if num_convs < 1 or c_in < 1 or c_out < 1 or last_kernel < 1 or last_kernel % 2 != 1:
            raise ValueError(f"no block of {num_convs} convolutions from {c_in} to {c_out} channels")
        self.convs = torch.nn.ModuleList()
        for number in range(num_convs - 1):
            self.convs.append(torch.nn.Conv2d(c_out if number else c_in, c_out, kernel_size=(3, 3), padding=(1, 1)))
        reads = c_in if num_convs == 1 else c_out
        self.convs.append(torch.nn.Conv2d(reads, c_out, last_kernel, padding="same"))

    def forward(self, x):
        for conv in self.convs:
            x = F.relu(conv(x), inplace=True)
        return F.max_pool2d(x, 2)


def vgg_block(num_convs, c_in, c_out, last_kernel=3):
    return Block(num_convs, c_in, c_out, last_kernel)
""",
)

right(
    "pool_before_relu",
    "The pooling comes before the last ReLU: the maximum of what is clipped is the clipped maximum.",
    answer="""
from torch import nn


def vgg_block(num_convs, c_in, c_out, last_kernel=3):
    for number in (num_convs, c_in, c_out, last_kernel):
        if number <= 0:
            raise ValueError("all four numbers are at least 1")
    if last_kernel not in range(1, last_kernel + 1, 2):
        raise ValueError("the last kernel is odd")
    net = nn.Sequential()
    for i in range(num_convs):
        if i:
            net.append(nn.ReLU())
        size = 3 if i + 1 < num_convs else last_kernel
        net.append(nn.ZeroPad2d((size - 1) // 2))
        net.append(nn.Conv2d(c_in, c_out, size))
        c_in = c_out
    net.append(nn.MaxPool2d(kernel_size=2))
    net.append(nn.ReLU())
    return net
""",
)
