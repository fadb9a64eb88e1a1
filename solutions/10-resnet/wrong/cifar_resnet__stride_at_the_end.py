"""You shrank in the last block of a layer; the first does it."""

import torch


def cifar_resnet(n: int, num_classes: int = 10) -> torch.nn.Module:
    """Return a new ResNet of 6n + 2 layers that maps pictures (N, 3, H, W) to logits (N, num_classes)."""
    nn = torch.nn

    class Unit(nn.Module):
        def __init__(self, c_in, c, stride):
            super().__init__()
            self.stride = stride
            self.conv1 = nn.Conv2d(c_in, c, 3, stride, 1, bias=False)
            self.bn1, self.bn2 = nn.BatchNorm2d(c), nn.BatchNorm2d(c)
            self.conv2 = nn.Conv2d(c, c, 3, 1, 1, bias=False)

        def forward(self, x):
            h = self.bn2(self.conv2(self.bn1(self.conv1(x)).relu()))
            x = x[:, :, :: self.stride, :: self.stride]
            zeros = x.new_zeros(len(x), (h.shape[1] - x.shape[1]) // 2, *h.shape[2:])
            return (h + torch.cat((zeros, x, zeros), 1)).relu()

    parts = {"conv1": nn.Conv2d(3, 16, 3, 1, 1, bias=False), "bn1": nn.BatchNorm2d(16), "relu": nn.ReLU()}
    for stage, c in enumerate((16, 32, 64), 1):
        blocks = []
        for i in range(n):
            blocks.append(Unit(c // 2 if stage > 1 and i == 0 else c, c, 2 if stage > 1 and i == n - 1 else 1))
        parts[f"layer{stage}"] = nn.Sequential(*blocks)
    parts |= {"pool": nn.AdaptiveAvgPool2d(1), "flat": nn.Flatten(), "linear": nn.Linear(64, num_classes)}
    net = nn.Sequential()
    for name, part in parts.items():
        net.add_module(name, part)
    return net
