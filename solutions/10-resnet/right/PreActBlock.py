"""Right answers, written differently, for `PreActBlock`."""

right(
    "branch_first",
    "Computes the branch step by step, and the shortcut as an attribute that may be absent.",
    answer="""
from torch import nn
from torch.nn import functional as F


class PreActBlock(nn.Module):
    def __init__(self, c_in, c_out, stride=1):
        super().__init__()
        self.bn1, self.bn2 = nn.BatchNorm2d(c_in), nn.BatchNorm2d(c_out)
        self.conv1 = nn.Conv2d(c_in, c_out, (3, 3), (stride, stride), (1, 1), bias=False)
        self.conv2 = nn.Conv2d(c_out, c_out, (3, 3), padding="same", bias=False)
        if not (stride == 1 and c_in == c_out):
            self.shortcut = nn.Conv2d(c_in, c_out, 1, stride=stride, bias=False)

    def forward(self, x):
        h = F.relu(self.bn1(x))
        y = self.conv1(h)
        y = F.relu(self.bn2(y), inplace=True)
        y = self.conv2(y)
        y += self.shortcut(h) if hasattr(self, "shortcut") else x
        return y
""",
)

right(
    "functional_norm",
    "Calls the norm by its formula, and torch.nn.Identity as the plain shortcut.",
    answer="""
import torch


class PreActBlock(torch.nn.Module):
    def __init__(self, c_in, c_out, stride=1):
        super().__init__()
        nn = torch.nn
        self.same = stride == 1 and c_in == c_out
        self.shortcut = nn.Identity() if self.same else nn.Conv2d(c_in, c_out, 1, stride, bias=False)
        self.bn1 = nn.BatchNorm2d(c_in)
        self.conv1 = nn.Conv2d(c_in, c_out, 3, stride, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(c_out)
        self.conv2 = nn.Conv2d(c_out, c_out, 3, 1, 1, bias=False)

    @staticmethod
    def ready(x, norm):
        if norm.training:
            axes = (0, 2, 3)
            mean, var = x.mean(axes), x.var(axes, unbiased=False)
            with torch.no_grad():
                count = x.numel() / x.shape[1]
                norm.running_mean.lerp_(mean, norm.momentum)
                norm.running_var.lerp_(var * count / (count - 1), norm.momentum)
                norm.num_batches_tracked += 1
        else:
            mean, var = norm.running_mean, norm.running_var
        scale = norm.weight / (var + norm.eps).sqrt()
        return ((x - mean[:, None, None]) * scale[:, None, None] + norm.bias[:, None, None]).clamp_min(0)

    def forward(self, x):
        h = self.ready(x, self.bn1)
        change = self.conv2(self.ready(self.conv1(h), self.bn2))
        return change + self.shortcut(x if self.same else h)
""",
)
