"""You keep torch’s own dropout layer inside of yours; this task is to write it."""

import torch


class Dropout(torch.nn.Module):
    def __init__(self, p=0.5):
        super().__init__()
        if p < 0 or p > 1:
            raise ValueError("p is a probability")
        self.p = p
        self.inner = torch.nn.Dropout(p)

    def forward(self, x):
        return self.inner(x)
