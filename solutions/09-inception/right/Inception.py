"""Right answers, written differently, for `Inception`."""

right(
    "functional",
    "One class for a unit, max pooling as a function.",
    answer="""
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
""",
)

right(
    "fused_one_by_ones",
    "Runs the three 1 × 1 convolutions of the input as one, and writes into one result.",
    answer="""
import torch


def unit(c_in, c_out, k, norm):
    parts = {"conv": torch.nn.Conv2d(c_in, c_out, k, 1, k // 2, bias=not norm)}
    if norm:
        parts["bn"] = torch.nn.BatchNorm2d(c_out, 0.001)
    return torch.nn.ModuleDict(parts)


def after(x, u):
    return (u["bn"](x) if "bn" in u else x).relu()


class Inception(torch.nn.Module):
    def __init__(self, c_in, spec, norm=False):
        super().__init__()
        nn = torch.nn
        self.spec = c1, (c2r, c2), (c3r, c3), c4 = spec
        self.branch1 = unit(c_in, c1, 1, norm)
        self.branch2 = nn.ModuleDict({"0": unit(c_in, c2r, 1, norm), "1": unit(c2r, c2, 3, norm)})
        self.branch3 = nn.ModuleDict({"0": unit(c_in, c3r, 1, norm), "1": unit(c3r, c3, 3 if norm else 5, norm)})
        self.branch4 = nn.ModuleDict({"1": unit(c_in, c4, 1, norm)})

    def forward(self, x):
        first = [self.branch1, self.branch2["0"], self.branch3["0"]]
        weight = torch.cat([u["conv"].weight for u in first])
        bias = None if first[0]["conv"].bias is None else torch.cat([u["conv"].bias for u in first])
        parts = torch.nn.functional.conv2d(x, weight, bias).split([u["conv"].out_channels for u in first], 1)
        one, two, three = (after(part, u) for part, u in zip(parts, first, strict=True))
        two = after(self.branch2["1"]["conv"](two), self.branch2["1"])
        three = after(self.branch3["1"]["conv"](three), self.branch3["1"])
        pooled = torch.nn.functional.max_pool2d(x, 3, 1, 1)
        four = after(self.branch4["1"]["conv"](pooled), self.branch4["1"])
        return torch.cat([one, two, three, four], dim=1)
""",
)
