"""You cut the graph between the convolutions, so the first ones get no gradient."""

import torch


class Block(torch.nn.Module):
    def __init__(self, num_convs, c_in, c_out):
        super().__init__()
        reads = [c_in] + [c_out] * (num_convs - 1)
        self.convs = torch.nn.ModuleList(torch.nn.Conv2d(c, c_out, 3, padding=1) for c in reads)

    def forward(self, x):
        for conv in self.convs:
            x = torch.relu(conv(x.detach()))
        return torch.nn.functional.max_pool2d(x, 2)


def vgg_block(num_convs, c_in, c_out):
    if min(num_convs, c_in, c_out) < 1:
        raise ValueError("a block has at least one convolution and one channel")
    return Block(num_convs, c_in, c_out)
