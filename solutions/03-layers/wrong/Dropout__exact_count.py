"""You drop exactly the first share of each tensor’s numbers and not a random choice."""

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
        mask = torch.arange(x.numel(), device=x.device).reshape(x.shape) >= self.p * x.numel()
        return x * mask / (1 - self.p)
