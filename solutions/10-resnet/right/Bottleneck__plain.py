"""Written out line by line, the shortcut first."""

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
