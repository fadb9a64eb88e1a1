"""A depthwise convolution of stride 2 whose four weights are the coefficient."""

import torch


class Subsampling(torch.nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.full([channels], 0.25))
        self.bias = torch.nn.Parameter(torch.zeros([channels]))

    def forward(self, x):
        kernels = self.weight[:, None, None, None].expand(-1, 1, 2, 2)
        return torch.nn.functional.conv2d(x, kernels, self.bias, stride=2, groups=len(self.weight))
