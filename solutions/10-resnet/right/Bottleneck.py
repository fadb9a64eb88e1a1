"""Right answers, written differently, for `Bottleneck`."""

right(
    "one_by_ones_as_products",
    "The 1 × 1 convolutions are matrix products over the channels.",
    answer="""
import torch


def mix(x, weight, stride=1):
    return torch.einsum("oc,nchw->nohw", weight[:, :, 0, 0], x[:, :, ::stride, ::stride])


class Bottleneck(torch.nn.Module):
    def __init__(self, c_in, c_mid, stride=1, shortcut="B"):
        super().__init__()
        conv, norm = torch.nn.Conv2d, torch.nn.BatchNorm2d
        self.conv1, self.bn1 = conv(c_in, c_mid, 1, bias=False), norm(c_mid)
        self.conv2, self.bn2 = conv(c_mid, c_mid, 3, stride, 1, bias=False), norm(c_mid)
        self.conv3, self.bn3 = conv(c_mid, 4 * c_mid, 1, bias=False), norm(4 * c_mid)
        self.stride, self.extra = stride, 4 * c_mid - c_in
        fits = stride == 1 and self.extra == 0
        if shortcut == "B":
            self.downsample = (
                None if fits else torch.nn.Sequential(conv(c_in, 4 * c_mid, 1, bias=False), norm(4 * c_mid))
            )
        elif shortcut == "A" and self.extra >= 0:
            self.downsample = None
        else:
            raise ValueError("bad shortcut")

    def forward(self, x):
        h = self.bn1(mix(x, self.conv1.weight)).relu()
        h = self.bn2(self.conv2(h)).relu()
        h = self.bn3(mix(h, self.conv3.weight))
        if self.downsample is None:
            s = torch.zeros_like(h)
            begin = self.extra // 2
            s[:, begin : begin + x.shape[1]] = x[:, :, :: self.stride, :: self.stride]
        else:
            s = self.downsample[1](mix(x, self.downsample[0].weight, self.stride))
        return (h + s).relu()
""",
)

right(
    "plain",
    "Written out line by line, the shortcut first.",
    answer="""
import torch
import torch.nn.functional as F
from torch import nn


class Bottleneck(nn.Module):
    expansion = 4

    def __init__(self, c_in, c_mid, stride=1, shortcut="B"):
        super().__init__()
        c_out = c_mid * self.expansion
        if shortcut not in {"A", "B"}:
            raise ValueError(shortcut)
        if shortcut == "A" and c_in > c_out:
            raise ValueError("too many channels")
        self.conv1 = nn.Conv2d(c_in, c_mid, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(c_mid)
        self.conv2 = nn.Conv2d(c_mid, c_mid, 3, stride=stride, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(c_mid)
        self.conv3 = nn.Conv2d(c_mid, c_out, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(c_out)
        self.shape = (stride, c_out)
        self.shortcut = shortcut
        if shortcut == "B" and not (stride == 1 and c_in == c_out):
            self.downsample = nn.Sequential(nn.Conv2d(c_in, c_out, 1, stride, bias=False), nn.BatchNorm2d(c_out))

    def forward(self, x):
        stride, c_out = self.shape
        if hasattr(self, "downsample"):
            y = self.downsample(x)
        else:
            y = F.avg_pool2d(x, 1, stride)
            lacking = c_out - y.shape[1]
            y = torch.movedim(F.pad(torch.movedim(y, 1, 3), (lacking // 2, lacking - lacking // 2)), 3, 1)
        h = F.relu(self.bn1(self.conv1(x)))
        h = F.relu(self.bn2(self.conv2(h)))
        return F.relu(self.bn3(self.conv3(h)) + y)
""",
)
