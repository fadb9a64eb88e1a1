"""Right answers, written differently, for `kaiming_normal`."""

right(
    "box_muller",
    "Make normal numbers of uniform ones, as Box and Muller did.",
    answer="""
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
""",
)

right(
    "copy",
    "Draw standard normal numbers, scale them, and copy them over.",
    answer="""
import torch


def kaiming_normal_(w):
    if len(w.shape) < 2:
        raise ValueError("w has outputs and inputs, at least")
    fan_in = w.numel() // w.shape[0]
    numbers = torch.randn(w.shape, dtype=w.dtype, device=w.device) * (2.0 / fan_in) ** 0.5
    w.data.copy_(numbers)
    return w
""",
)
