"""Small modules for each kind of layer, chained in a Sequential."""

import torch

COLUMNS = [
    "012",
    "123",
    "234",
    "345",
    "045",
    "015",
    "0123",
    "1234",
    "2345",
    "0345",
    "0145",
    "0125",
    "0134",
    "1245",
    "0235",
    "012345",
]


def evenly(weight, fan_in):
    return torch.nn.init.uniform_(weight, -2.4 / fan_in, 2.4 / fan_in)


class Scaled(torch.nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.full((channels,), 0.25))
        self.bias = torch.nn.Parameter(torch.zeros(channels))

    def forward(self, x):
        kernels = self.weight.view(-1, 1, 1, 1).expand(-1, 1, 2, 2)
        return torch.nn.functional.conv2d(x, kernels, self.bias, stride=2, groups=x.shape[1])


class ByTable(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.cat([evenly(torch.empty(len(c), 5, 5), 25 * len(c)) for c in COLUMNS]))
        self.bias = torch.nn.Parameter(torch.zeros(16))

    def forward(self, x):
        rows = self.weight.split([len(c) for c in COLUMNS])
        read = [x[:, [int(i) for i in c]] for c in COLUMNS]
        maps = [torch.nn.functional.conv2d(r, k[None]) for r, k in zip(read, rows, strict=True)]
        return torch.cat(maps, 1) + self.bias[:, None, None]


class Squash(torch.nn.Module):
    def forward(self, a):
        return torch.tanh(a / 1.5) * 1.7159


class LeNet5_1998(torch.nn.Module):
    def __init__(self):
        super().__init__()
        nn = torch.nn
        c1, c5, f6 = nn.Conv2d(1, 6, 5), nn.Conv2d(16, 120, 5), nn.Linear(120, 84)
        for layer in (c1, c5, f6):
            evenly(layer.weight, layer.weight[0].numel())
            nn.init.zeros_(layer.bias)
        self.parts = nn.Sequential()
        for layer in (c1, Scaled(6), ByTable(), Scaled(16), c5, nn.Flatten(), f6):
            self.parts.append(layer)
            if not isinstance(layer, nn.Flatten):
                self.parts.append(Squash())

    def forward(self, x):
        return self.parts(x)
