"""You split the second, fourth and fifth convolutions into two groups, as on the two GPUs of 2012; this form has one."""

import torch


def alexnet(num_classes: int = 1000) -> torch.nn.Module:
    """Return a new AlexNet that maps pictures (N, 3, H, W) to scores (N, num_classes)."""
    nn, parts = torch.nn, []
    for c_in, c_out, size, stride, padding, pool in (
        (3, 64, 11, 4, 2, True),
        (64, 192, 5, 1, 2, True),
        (192, 384, 3, 1, 1, False),
        (384, 256, 3, 1, 1, False),
        (256, 256, 3, 1, 1, True),
    ):
        parts += [
            nn.Conv2d(c_in, c_out, size, stride, padding, groups=1 + (c_in in (64, 384) or c_in == c_out)),
            nn.ReLU(),
        ]
        parts += [nn.MaxPool2d(3, 2)] if pool else []
    dense = [nn.Dropout(), nn.Linear(256 * 6 * 6, 4096), nn.ReLU(), nn.Dropout(), nn.Linear(4096, 4096), nn.ReLU()]
    net = nn.Sequential()
    net.add_module("features", nn.Sequential(*parts))
    net.add_module("avgpool", nn.AdaptiveAvgPool2d(6))
    net.add_module("flatten", nn.Flatten())
    net.add_module("classifier", nn.Sequential(*dense, nn.Linear(4096, num_classes)))
    return net
