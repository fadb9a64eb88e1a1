"""Right answers, written differently, for `AuxHead`."""

right(
    "convolves_first",
    "Convolves, then averages: without ReLU in between the order does not matter.",
    answer="""
import torch


class Conv(torch.nn.Module):
    def __init__(self, c_in, norm):
        super().__init__()
        self.conv = torch.nn.Conv2d(c_in, 128, 1, bias=not norm)
        if norm:
            self.bn = torch.nn.BatchNorm2d(128, eps=0.001)

    def forward(self, x):
        small = torch.nn.functional.adaptive_avg_pool2d(
            torch.einsum("oc,nchw->nohw", self.conv.weight[:, :, 0, 0], x), 4
        )
        if self.conv.bias is not None:
            return torch.clamp(small + self.conv.bias[:, None, None], min=0)
        return torch.clamp(self.bn(small), min=0)


class AuxHead(torch.nn.Module):
    def __init__(self, c_in, num_classes, norm=False):
        super().__init__()
        self.conv = Conv(c_in, norm)
        self.fc1 = torch.nn.Linear(2048, 1024)
        self.fc2 = torch.nn.Linear(1024, num_classes)
        self.off = torch.nn.Dropout(0.7)

    def forward(self, x):
        hidden = self.fc1(self.conv(x).view(-1, 2048)).clamp(min=0)
        return self.fc2(self.off(hidden))
""",
)

right(
    "sequential",
    "Named sequences, with the pooling as a module.",
    answer="""
from torch import nn


class AuxHead(nn.Module):
    def __init__(self, c_in, num_classes, norm=False):
        super().__init__()
        self.shrink = nn.AdaptiveAvgPool2d((4, 4))
        self.conv = nn.Sequential()
        self.conv.add_module("conv", nn.Conv2d(c_in, 128, kernel_size=1, bias=not norm))
        if norm:
            self.conv.add_module("bn", nn.BatchNorm2d(128, eps=1e-3))
        self.conv.add_module("relu", nn.ReLU(inplace=True))
        self.fc1 = nn.Linear(128 * 4 * 4, 1024)
        self.drop = nn.Dropout(p=0.7)
        self.fc2 = nn.Linear(1024, num_classes)

    def forward(self, x):
        x = self.conv(self.shrink(x)).reshape(x.shape[0], -1)
        x = nn.functional.relu(self.fc1(x))
        return self.fc2(self.drop(x))
""",
)
