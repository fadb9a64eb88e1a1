"""You cut the graph behind the first convolution, so it gets no gradient."""

import torch


class Block(torch.nn.Module):
    def __init__(self, c_in, c_out, kernel_size, stride, padding):
        super().__init__()
        self.first = torch.nn.Conv2d(c_in, c_out, kernel_size, stride, padding)
        self.second, self.third = torch.nn.Conv2d(c_out, c_out, 1), torch.nn.Conv2d(c_out, c_out, 1)

    def forward(self, x):
        x = torch.relu(self.first(x)).detach()
        return torch.relu(self.third(torch.relu(self.second(x))))


def nin_block(c_in, c_out, kernel_size, stride=1, padding=0):
    return Block(c_in, c_out, kernel_size, stride, padding)
