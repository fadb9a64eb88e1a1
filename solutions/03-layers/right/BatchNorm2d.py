"""Right answers, written differently, for `BatchNorm2d`."""

right(
    "moments",
    "Take the mean of the squared distances, and move the buffers by add_.",
    answer="""
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
""",
)

right(
    "one_linear_map",
    "Fold everything into one factor and one offset for each channel.",
    answer="""
import torch


class BatchNorm2d(torch.nn.Module):
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__()
        self.eps = eps
        self.momentum = momentum
        for name, first in (("weight", 1.0), ("bias", 0.0)):
            self.register_parameter(name, torch.nn.Parameter(torch.full((num_features,), first)))
        for name, first in (("running_mean", 0.0), ("running_var", 1.0)):
            self.register_buffer(name, torch.full((num_features,), first))
        self.register_buffer("num_batches_tracked", torch.tensor(0, dtype=torch.long))

    def statistics(self, x):
        if not self.training:
            return self.running_var, self.running_mean
        n = x[:, 0].numel()
        if n == 1:
            raise ValueError("one number has no variance")
        var, mean = torch.var_mean(x, dim=[0, 2, 3], correction=0)
        self.running_mean.data.mul_(1 - self.momentum).add_(mean.data, alpha=self.momentum)
        self.running_var.data.mul_(1 - self.momentum).add_(var.data, alpha=self.momentum * n / (n - 1))
        self.num_batches_tracked.add_(1)
        return var, mean

    def forward(self, x):
        if x.ndim != 4:
            raise ValueError("four axes, please")
        if x.shape[1] != self.bias.shape[0]:
            raise ValueError("another number of channels")
        var, mean = self.statistics(x)
        factor = self.weight / (var + self.eps) ** 0.5
        offset = self.bias - mean * factor
        return torch.einsum("nchw,c->nchw", x, factor) + offset.reshape(1, -1, 1, 1)
""",
)
