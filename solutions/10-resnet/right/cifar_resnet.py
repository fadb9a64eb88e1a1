"""Right answers, written differently, for `cifar_resnet`."""

right(
    "fixed_projection",
    "Shortcut A as a convolution with a fixed kernel that is no parameter.",
    answer="""
import torch
from torch import nn


class Block(nn.Module):
    def __init__(self, c_in, c_out):
        super().__init__()
        stride = 1 if c_in == c_out else 2
        self.conv1, self.bn1 = nn.Conv2d(c_in, c_out, 3, stride, 1, bias=False), nn.BatchNorm2d(c_out)
        self.conv2, self.bn2 = nn.Conv2d(c_out, c_out, 3, 1, 1, bias=False), nn.BatchNorm2d(c_out)
        kernel = torch.zeros(c_out, c_in, 1, 1)
        for c in range(c_in):
            kernel[c + (c_out - c_in) // 2, c] = 1
        self.register_buffer("carry", kernel if stride == 2 else None, persistent=False)

    def forward(self, x):
        out = self.bn2(self.conv2(self.bn1(self.conv1(x)).relu()))
        old = x if self.carry is None else nn.functional.conv2d(x, self.carry, stride=2)
        return (out + old).relu()


class Mean(nn.Module):
    def forward(self, x):
        return x.mean(dim=(-1, -2))


def cifar_resnet(n, num_classes=10):
    from collections import OrderedDict

    def stage(c_in, c_out):
        return nn.Sequential(Block(c_in, c_out), *[Block(c_out, c_out) for _ in range(n - 1)])

    return nn.Sequential(
        OrderedDict(
            conv1=nn.Conv2d(3, 16, 3, 1, 1, bias=False),
            bn1=nn.BatchNorm2d(16),
            relu=nn.ReLU(),
            layer1=stage(16, 16),
            layer2=stage(16, 32),
            layer3=stage(32, 64),
            mean=Mean(),
            linear=nn.Linear(64, num_classes),
        )
    )
""",
)

right(
    "one_module",
    "All convolutions and norms in plain lists, renamed on the way into the state dict.",
    answer="""
from torch import nn
from torch.nn import functional as F


class Layer(nn.Module):
    def __init__(self, c_in, c_out):
        super().__init__()
        self.conv1 = nn.Conv2d(c_in, c_out, 3, stride=c_out // c_in, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(c_out)
        self.conv2 = nn.Conv2d(c_out, c_out, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(c_out)

    def forward(self, x):
        inner = F.relu(self.bn1(self.conv1(x)))
        inner = self.bn2(self.conv2(inner))
        step = self.conv1.stride[0]
        quarter = (inner.shape[1] - x.shape[1]) // 2
        return F.relu(F.pad(x[:, :, ::step, ::step], (0, 0, 0, 0, quarter, quarter)) + inner)


class CifarResNet(nn.Module):
    def __init__(self, n, num_classes):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 16, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(16)
        widths = [16] * n + [32] * n + [64] * n
        blocks = [Layer(widths[i - 1] if i else 16, width) for i, width in enumerate(widths)]
        self.layer1 = nn.Sequential(*blocks[:n])
        self.layer2 = nn.Sequential(*blocks[n : 2 * n])
        self.layer3 = nn.Sequential(*blocks[2 * n :])
        self.linear = nn.Linear(64, num_classes)

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        x = self.layer3(self.layer2(self.layer1(x)))
        return self.linear(F.adaptive_avg_pool2d(x, 1).flatten(1))


def cifar_resnet(n, num_classes=10):
    return CifarResNet(n, num_classes)
""",
)
