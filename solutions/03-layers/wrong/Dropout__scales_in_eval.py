"""You drop in training and multiply by 1 − p afterwards, but what stays is to be scaled in training."""

import torch


class Dropout(torch.nn.Module):
    def __init__(self, p=0.5):
        super().__init__()
        if p < 0 or p > 1:
            raise ValueError("p is a probability")
        self.p = p

    def forward(self, x):
        if not self.training:
            return x * (1 - self.p)
        if self.p == 1:
            return x * 0
        mask = (torch.rand_like(x) > self.p).to(x.dtype)
        return x * mask
