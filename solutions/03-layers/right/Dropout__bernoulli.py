"""Draw the mask with bernoulli_, and select with where."""

import torch


class Dropout(torch.nn.Module):
    def __init__(self, p=0.5):
        super().__init__()
        if not 0.0 <= p <= 1.0:
            raise ValueError(f"{p} is no probability")
        self.p = p

    def forward(self, x):
        if not self.training or self.p == 0:
            return x
        dropped = torch.empty(x.shape, dtype=torch.bool, device=x.device).bernoulli_(self.p)
        scale = 0.0 if self.p == 1 else 1 / (1 - self.p)
        return (x * scale).masked_fill(dropped, 0)
