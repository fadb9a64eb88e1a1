"""You left out the max pooling after the first convolution."""

import torch


def resnet(depth: int, num_classes: int = 1000) -> torch.nn.Module:
    """Return a new ResNet of ``depth`` layers that maps pictures (N, 3, H, W) to logits (N, num_classes)."""
    plans = {18: "2222", 34: "3463", 50: "3463", 101: ("3", "4", "23", "3"), 152: ("3", "8", "36", "3")}
    if depth not in plans:
        raise ValueError(f"there is no ResNet-{depth}")
    nn, deep = torch.nn, depth >= 50

    class Unit(nn.Module):
        def __init__(self, c_in: int, width: int, stride: int) -> None:
            super().__init__()
            end = 4 * width if deep else width
            sizes = [(1, width, 1), (3, width, stride), (1, end, 1)] if deep else [(3, width, stride), (3, end, 1)]
            self.count, c = len(sizes), c_in
            for number, (k, c_next, step) in enumerate(sizes, 1):
                setattr(self, f"conv{number}", nn.Conv2d(c, c_next, k, step, k // 2, bias=False))
                setattr(self, f"bn{number}", nn.BatchNorm2d(c_next))
                c = c_next
            self.downsample = nn.Sequential()
            if stride != 1 or c_in != end:
                self.downsample.append(nn.Conv2d(c_in, end, 1, stride, bias=False)).append(nn.BatchNorm2d(end))

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            h = x
            for number in range(1, self.count + 1):
                h = getattr(self, f"bn{number}")(getattr(self, f"conv{number}")(h))
                h = h + self.downsample(x) if number == self.count else h
                h = h.relu()
            return h

    net, c = nn.Sequential(), 64
    net.add_module("conv1", nn.Conv2d(3, 64, 7, 2, 3, bias=False))
    net.add_module("bn1", nn.BatchNorm2d(64))
    net.add_module("relu", nn.ReLU())
    for stage, repeats in enumerate(map(int, plans[depth])):
        layer = nn.Sequential()
        for i in range(repeats):
            layer.append(Unit(c, 64 << stage, 2 if stage and i == 0 else 1))
            c = (64 << stage) * (4 if deep else 1)
        net.add_module(f"layer{stage + 1}", layer)
    net.add_module("avgpool", nn.AdaptiveAvgPool2d(1))
    net.add_module("flat", nn.Flatten())
    net.add_module("fc", nn.Linear(c, num_classes))
    return net
