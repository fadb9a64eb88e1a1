"""You draw the mask once, when the layer is first used, but it must be drawn anew in every call."""

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
        if getattr(self, "mask", None) is None or self.mask.shape != x.shape:
            self.mask = torch.rand_like(x) > self.p
        mask = self.mask.to(x.dtype)
        return x * mask / (1 - self.p)
