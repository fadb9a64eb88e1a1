"""You left num_classes aside."""

import torch


def cifar_resnet(n: int, num_classes: int = 10) -> torch.nn.Module:
    """Return a new ResNet of 6n + 2 layers that maps pictures (N, 3, H, W) to logits (N, num_classes)."""
    nn = torch.nn

    class Unit(nn.Module):
        def __init__(self, c: int, grows: bool) -> None:
            super().__init__()
            self.grows = grows
            self.conv1 = nn.Conv2d(c // 2 if grows else c, c, 3, 2 if grows else 1, 1, bias=False)
            self.bn1, self.bn2 = nn.BatchNorm2d(c), nn.BatchNorm2d(c)
            self.conv2 = nn.Conv2d(c, c, 3, 1, 1, bias=False)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            h = self.bn2(self.conv2(self.bn1(self.conv1(x)).relu()))
            if self.grows:
                zeros = x.new_zeros(len(x), x.shape[1] // 2, *h.shape[2:])
                x = torch.cat((zeros, x[:, :, ::2, ::2], zeros), 1)
            return (h + x).relu()

    parts = {"conv1": nn.Conv2d(3, 16, 3, 1, 1, bias=False), "bn1": nn.BatchNorm2d(16), "relu": nn.ReLU()}
    for stage, c in enumerate((16, 32, 64), 1):
        parts[f"layer{stage}"] = nn.Sequential(*(Unit(c, stage > 1 and i == 0) for i in range(n)))
    parts |= {"pool": nn.AdaptiveAvgPool2d(1), "flat": nn.Flatten(), "linear": nn.Linear(64, 10)}
    net = nn.Sequential()
    for name, part in parts.items():
        net.add_module(name, part)
    return net
