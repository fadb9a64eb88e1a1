"""You masked an ordinary convolution: the values are right, but 2,416 parameters are kept and trained in place of 1,516."""

import torch

COLUMNS = [
    "012",
    "123",
    "234",
    "345",
    "450",
    "501",
    "0123",
    "1234",
    "2345",
    "3450",
    "4501",
    "5012",
    "0134",
    "1245",
    "0235",
    "012345",
]


class C3(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.empty(16, 6, 5, 5))
        self.bias = torch.nn.Parameter(torch.zeros(16))
        mask = torch.tensor([[float(str(i) in column) for i in range(6)] for column in COLUMNS])
        self.register_buffer("mask", mask[:, :, None, None])
        for own, column in zip(self.weight, COLUMNS, strict=True):
            torch.nn.init.uniform_(own, -2.4 / 25 / len(column), 2.4 / 25 / len(column))

    def forward(self, x):
        return torch.nn.functional.conv2d(x, self.weight * self.mask, self.bias)
