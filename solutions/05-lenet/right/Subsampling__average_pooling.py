"""Four times the average pooling of torch."""

import torch


class Subsampling(torch.nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.pool = torch.nn.AvgPool2d(2)
        self.weight = torch.nn.Parameter(torch.ones(channels) / 4)
        self.bias = torch.nn.Parameter(torch.zeros(channels))

    def forward(self, x):
        return torch.addcmul(self.bias.view(-1, 1, 1), 4 * self.pool(x), self.weight.view(-1, 1, 1))
