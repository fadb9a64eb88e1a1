"""Computes the branch step by step, and the shortcut as an attribute that may be absent."""

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
