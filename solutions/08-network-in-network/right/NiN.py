"""Right answers, written differently, for `NiN`."""

right(
    "functional",
    "Nine convolutions in a list, everything else as functions.",
    answer="""
import torch
import torch.nn.functional as F


class NiN(torch.nn.Module):
    def __init__(self, num_classes=10, in_channels=3):
        super().__init__()
        self.convs = torch.nn.ModuleList()
        c = in_channels
        sizes = [(192, 5), (160, 1), (96, 1), (192, 5), (192, 1), (192, 1), (192, 3), (192, 1), (num_classes, 1)]
        for width, kernel in sizes:
            self.convs.append(torch.nn.Conv2d(c, width, kernel, padding="same"))
            c = width

    def forward(self, x):
        for number, conv in enumerate(self.convs):
            if number == 3:
                x = F.dropout(F.max_pool2d(x, 3, 2, ceil_mode=True), 0.5, self.training)
            if number == 6:
                x = F.dropout(F.avg_pool2d(x, 3, 2, ceil_mode=True), 0.5, self.training)
            x = F.relu(conv(x))
        return x.flatten(2).mean(-1)
""",
)

right(
    "sequential",
    "One long list of layers, with an adaptive average at the end.",
    answer="""
from torch import nn


class NiN(nn.Module):
    def __init__(self, num_classes=10, in_channels=3):
        super().__init__()

        def block(a, b, c, d, k, p):
            return nn.Sequential(
                *(nn.Conv2d(a, b, k, 1, p), nn.ReLU(), nn.Conv2d(b, c, 1), nn.ReLU(), nn.Conv2d(c, d, 1), nn.ReLU())
            )

        self.net = nn.Sequential(
            *(block(in_channels, 192, 160, 96, 5, 2), nn.MaxPool2d(3, 2, ceil_mode=True), nn.Dropout()),
            *(block(96, 192, 192, 192, 5, 2), nn.AvgPool2d(3, 2, ceil_mode=True), nn.Dropout()),
            *(block(192, 192, 192, num_classes, 3, 1), nn.AdaptiveAvgPool2d((1, 1)), nn.Flatten()),
        )

    def forward(self, x):
        return self.net(x)
""",
)
