"""Each branch is a Sequential with a ReLU between, written out."""

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
