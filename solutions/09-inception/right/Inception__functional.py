"""One class for a unit, max pooling as a function."""

import torch
from torch import nn
from torch.nn import functional as F


class Unit(nn.Module):
    def __init__(self, c_in, c_out, k, norm):
        super().__init__()
        self.conv = nn.Conv2d(c_in, c_out, (k, k), padding="same", bias=not norm)
        self.bn = nn.BatchNorm2d(c_out, eps=1e-3) if norm else nn.Identity()

    def forward(self, x):
        return F.relu(self.bn(self.conv(x)), inplace=True)


class Inception(nn.Module):
    def __init__(self, c_in, spec, norm=False):
        super().__init__()
        c1, c2, c3, c4 = spec
        self.branch1 = Unit(c_in, c1, 1, norm)
        self.branch2 = nn.ModuleList([Unit(c_in, c2[0], 1, norm), Unit(c2[0], c2[1], 3, norm)])
        self.branch3 = nn.ModuleList([Unit(c_in, c3[0], 1, norm), Unit(c3[0], c3[1], 3 if norm else 5, norm)])
        self.branch4 = nn.ModuleDict({"1": Unit(c_in, c4, 1, norm)})

    def forward(self, x):
        out = [self.branch1(x)]
        for first, second in (self.branch2, self.branch3):
            out.append(second(first(x)))
        out.append(self.branch4["1"](F.max_pool2d(x, 3, stride=1, padding=1)))
        return torch.hstack(out)
