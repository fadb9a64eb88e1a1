"""Named sequences, with the pooling as a module."""

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
