"""A class for each block and one for the network, as most people write it."""

import torch
from torch import nn


def conv_norm(c_in, c_out, k, stride=1):
    return nn.Conv2d(c_in, c_out, k, stride, k // 2, bias=False), nn.BatchNorm2d(c_out)


class Basic(nn.Module):
    growth = 1

    def __init__(self, c_in, c, stride):
        super().__init__()
        self.conv1, self.bn1 = conv_norm(c_in, c, 3, stride)
        self.conv2, self.bn2 = conv_norm(c, c, 3)
        self.downsample = nn.Sequential(*conv_norm(c_in, c, 1, stride)) if stride > 1 or c_in != c else None

    def forward(self, x):
        old = x if self.downsample is None else self.downsample(x)
        return torch.relu(self.bn2(self.conv2(torch.relu(self.bn1(self.conv1(x))))) + old)


class Neck(nn.Module):
    growth = 4

    def __init__(self, c_in, c, stride):
        super().__init__()
        self.conv1, self.bn1 = conv_norm(c_in, c, 1)
        self.conv2, self.bn2 = conv_norm(c, c, 3, stride)
        self.conv3, self.bn3 = conv_norm(c, 4 * c, 1)
        self.downsample = nn.Sequential(*conv_norm(c_in, 4 * c, 1, stride)) if stride > 1 or c_in != 4 * c else None

    def forward(self, x):
        old = x if self.downsample is None else self.downsample(x)
        h = torch.relu(self.bn1(self.conv1(x)))
        h = torch.relu(self.bn2(self.conv2(h)))
        return torch.relu(self.bn3(self.conv3(h)) + old)


class Net(nn.Module):
    def __init__(self, block, repeats, num_classes):
        super().__init__()
        self.conv1, self.bn1 = conv_norm(3, 64, 7, 2)
        self.maxpool = nn.MaxPool2d(3, stride=2, padding=1)
        c_in = 64
        for number, (c, count) in enumerate(zip((64, 128, 256, 512), repeats, strict=True), 1):
            blocks = []
            for i in range(count):
                blocks.append(block(c_in, c, 2 if number > 1 and i == 0 else 1))
                c_in = c * block.growth
            setattr(self, f"layer{number}", nn.Sequential(*blocks))
        self.fc = nn.Linear(c_in, num_classes)

    def forward(self, x):
        x = self.maxpool(torch.relu(self.bn1(self.conv1(x))))
        for layer in (self.layer1, self.layer2, self.layer3, self.layer4):
            x = layer(x)
        return self.fc(x.mean((2, 3)))


def resnet(depth, num_classes=1000):
    kinds = {
        18: (Basic, (2, 2, 2, 2)),
        34: (Basic, (3, 4, 6, 3)),
        50: (Neck, (3, 4, 6, 3)),
        101: (Neck, (3, 4, 23, 3)),
        152: (Neck, (3, 8, 36, 3)),
    }
    try:
        block, repeats = kinds[depth]
    except KeyError:
        raise ValueError(f"depth {depth}") from None
    return Net(block, repeats, num_classes)
