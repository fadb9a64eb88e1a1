"""The last convolution as a sum of three, one for each branch."""

import torch


class InceptionResNetA(torch.nn.Module):
    def __init__(self, c_in, width=32, scale=0.17):
        super().__init__()
        self.scale = scale
        self.add_module("branch1", torch.nn.Conv2d(c_in, width, (1, 1)))
        for branch, length in ((2, 2), (3, 3)):
            convs = torch.nn.ModuleDict()
            for i in range(length):
                k = 3 if i else 1
                convs[str(i)] = torch.nn.Conv2d(width if i else c_in, width, k, 1, k // 2)
            self.add_module(f"branch{branch}", convs)
        self.up = torch.nn.Conv2d(3 * width, c_in, 1)

    def forward(self, x):
        chains = [[self.branch1], list(self.branch2.values()), list(self.branch3.values())]
        change = self.up.bias[:, None, None]
        for chain, weight in zip(chains, self.up.weight.chunk(3, 1), strict=True):
            h = x
            for conv in chain:
                h = conv(h).clamp(min=0)
            change = change + torch.nn.functional.conv2d(h, weight)
        return (x + change * self.scale).clamp(min=0)
