"""You built the dense weight once in __init__, so it does not follow the parameters and gives them no gradient."""

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


class C3(torch.nn.Module):
    def __init__(self):
        super().__init__()
        weight = torch.cat([torch.empty(len(c), 5, 5).uniform_(-2.4 / 25 / len(c), 2.4 / 25 / len(c)) for c in COLUMNS])
        self.weight = torch.nn.Parameter(weight)
        self.bias = torch.nn.Parameter(torch.zeros(16))
        dense = torch.zeros(16, 6, 5, 5)
        dense[[o for o, c in enumerate(COLUMNS) for _ in c], [int(i) for c in COLUMNS for i in c]] = weight
        self.register_buffer("dense", dense)

    def forward(self, x):
        return torch.nn.functional.conv2d(x, self.dense, self.bias)
