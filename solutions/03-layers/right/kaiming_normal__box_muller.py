"""Make normal numbers of uniform ones, as Box and Muller did."""

import math

import torch


@torch.no_grad()
def kaiming_normal_(w):
    if w.ndim <= 1:
        raise ValueError("no fan-in")
    radius = (-2 * torch.log1p(-torch.rand(w.shape, dtype=torch.float64, device=w.device))).sqrt()
    angle = 2 * math.pi * torch.rand(w.shape, dtype=torch.float64, device=w.device)
    w[...] = (radius * angle.cos() * math.sqrt(2 / w[0].numel())).to(w.dtype)
    return w
