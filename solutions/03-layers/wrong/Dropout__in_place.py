"""You set numbers to 0 in x itself, so the caller’s numbers are lost."""

import torch


class Dropout(torch.nn.Module):
    def __init__(self, p=0.5):
        super().__init__()
        if p < 0 or p > 1:
            raise ValueError("p is a probability")
        self.p = p

    def forward(self, x):
        if not self.training:
            return x
        if self.p == 1:
            return x * 0
        mask = torch.rand_like(x) <= self.p
        x[mask] = 0
        return x / (1 - self.p)
