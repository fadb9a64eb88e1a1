"""Right answers, written differently, for `NiN`."""

right(
    "functional",
    "Twelve convolutions in a list, everything else as functions.",
    answer="""
import torch
import torch.nn.functional as F


class NiN(torch.nn.Module):
    def __init__(self, num_classes=10, in_channels=1):
        super().__init__()
        self.convs = torch.nn.ModuleList()
        c = in_channels
        for width, kernel, stride, padding in ((96, 11, 4, 0), (256, 5, 1, 2), (384, 3, 1, 1), (num_classes, 3, 1, 1)):
            self.convs.append(torch.nn.Conv2d(c, width, kernel, stride, padding))
            self.convs.extend([torch.nn.Conv2d(width, width, 1), torch.nn.Conv2d(width, width, 1)])
            c = width

    def forward(self, x):
        for number, conv in enumerate(self.convs):
            if number in (3, 6, 9):
                x = F.max_pool2d(x, kernel_size=3, stride=2)
            if number == 9:
                x = F.dropout(x, 0.5, self.training)
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
    def __init__(self, num_classes=10, in_channels=1):
        super().__init__()

        def block(a, b, k, s, p):
            return nn.Sequential(
                *(nn.Conv2d(a, b, k, s, p), nn.ReLU(), nn.Conv2d(b, b, 1), nn.ReLU(), nn.Conv2d(b, b, 1), nn.ReLU())
            )

        pool = nn.MaxPool2d(3, 2)
        self.net = nn.Sequential(
            *(block(in_channels, 96, 11, 4, 0), pool, block(96, 256, 5, 1, 2), pool, block(256, 384, 3, 1, 1), pool),
            *(nn.Dropout(), block(384, num_classes, 3, 1, 1), nn.AdaptiveAvgPool2d((1, 1)), nn.Flatten()),
        )

    def forward(self, x):
        return self.net(x)
""",
)
