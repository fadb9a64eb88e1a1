"""Take the mean of the squared distances, and move the buffers by add_."""

import torch
from torch import nn


class BatchNorm2d(nn.Module):
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__()
        self.eps, self.momentum = eps, momentum
        self.weight = nn.Parameter(torch.ones(num_features))
        self.bias = nn.Parameter(torch.zeros(num_features))
        self.register_buffer("running_mean", torch.zeros(num_features))
        self.register_buffer("running_var", torch.ones(num_features))
        self.register_buffer("num_batches_tracked", torch.zeros((), dtype=torch.int64))

    def forward(self, x):
        if x.dim() != 4 or x.size(1) != self.weight.numel():
            raise ValueError(f"{tuple(x.shape)} does not fit")
        channels_last = x.movedim(1, -1)
        if self.training:
            rows = channels_last.flatten(0, 2)
            n = rows.shape[0]
            if n < 2:
                raise ValueError("too few numbers")
            mean = rows.sum(0) / n
            squares = (rows - mean).square().sum(0)
            var = squares / n
            self.running_mean = self.running_mean + self.momentum * (mean.detach() - self.running_mean)
            self.running_var = self.running_var + self.momentum * (squares.detach() / (n - 1) - self.running_var)
            self.num_batches_tracked = self.num_batches_tracked + 1
        else:
            mean, var = self.running_mean, self.running_var
        out = (channels_last - mean) * torch.rsqrt(var + self.eps) * self.weight + self.bias
        return out.movedim(-1, 1)
