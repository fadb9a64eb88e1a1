"""You worked on x.detach(), so no gradient finds its way back."""

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
        mask = (torch.rand_like(x) > self.p).to(x.dtype)
        return x.detach() * mask / (1 - self.p)
