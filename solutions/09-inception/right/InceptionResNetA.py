"""Right answers, written differently, for `InceptionResNetA`."""

right(
    "sequential",
    "Each branch is a Sequential with a ReLU between, written out.",
    answer="""
import torch
from torch import nn
from torch.nn import functional as F


class InceptionResNetA(nn.Module):
    def __init__(self, c_in, width=32, scale=0.17):
        super().__init__()
        self.branch1 = nn.Conv2d(c_in, width, 1)
        self.branch2 = nn.Sequential(nn.Conv2d(c_in, width, 1), nn.Conv2d(width, width, 3, padding="same"))
        self.branch3 = nn.Sequential(
            nn.Conv2d(c_in, width, 1), nn.Conv2d(width, width, 3, padding=1), nn.Conv2d(width, width, 3, padding=1)
        )
        self.up = nn.Conv2d(3 * width, c_in, 1)
        self.factor = float(scale)

    def forward(self, x):
        one = F.relu(self.branch1(x))
        two = F.relu(self.branch2[1](F.relu(self.branch2[0](x))))
        three = F.relu(self.branch3[2](F.relu(self.branch3[1](F.relu(self.branch3[0](x))))))
        return F.relu(torch.add(x, self.up(torch.cat((one, two, three), dim=1)), alpha=self.factor))
""",
)

right(
    "up_in_parts",
    "The last convolution as a sum of three, one for each branch.",
    answer="""
import torch


class InceptionResNetA(torch.nn.Module):
    def __init__(self, c_in, width=32, scale=0.17):
        super().__init__()
        self.scale = scale
        self.add_module("branch1", torch.nn.Conv2d(c_in, width, (1, 1)))
        for branch, length in ((2, 2), (3, 3)):
            convs = torch.nn.ModuleDict()
            for i in range(length):
                k = 3 if i else 1
                convs[str(i)] = torch.nn.Conv2d(width if i else c_in, width, k, 1, k // 2)
            self.add_module(f"branch{branch}", convs)
        self.up = torch.nn.Conv2d(3 * width, c_in, 1)

    def forward(self, x):
        chains = [[self.branch1], list(self.branch2.values()), list(self.branch3.values())]
        change = self.up.bias[:, None, None]
        for chain, weight in zip(chains, self.up.weight.chunk(3, 1), strict=True):
            h = x
            for conv in chain:
                h = conv(h).clamp(min=0)
            change = change + torch.nn.functional.conv2d(h, weight)
        return (x + change * self.scale).clamp(min=0)
""",
)

right(
    "scale_as_buffer",
    "Keeps the scale as a buffer, which goes to the device with the network.",
    old="self.scale = scale",
    new='self.register_buffer("scale", torch.tensor(float(scale)))',
)
