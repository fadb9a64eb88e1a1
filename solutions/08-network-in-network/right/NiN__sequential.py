"""One long list of layers, with an adaptive average at the end."""

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
