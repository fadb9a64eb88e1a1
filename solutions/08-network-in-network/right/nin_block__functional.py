"""A module with three convolutions and functions between."""

import torch
import torch.nn.functional as F


class Block(torch.nn.Module):
    def __init__(self, c_in, c_out, kernel_size, stride, padding):
        super().__init__()
        self.look = torch.nn.Conv2d(c_in, c_out, kernel_size, stride=stride, padding=padding)
        self.mix1 = torch.nn.Conv2d(c_out, c_out, kernel_size=1)
        self.mix2 = torch.nn.Conv2d(c_out, c_out, kernel_size=1)

    def forward(self, x):
        for layer in (self.look, self.mix1, self.mix2):
            x = F.relu(layer(x))
        return x


def nin_block(c_in, c_out, kernel_size, stride=1, padding=0):
    return Block(c_in, c_out, kernel_size, stride, padding)
