"""Draw standard normal numbers, scale them, and copy them over."""

import torch


def kaiming_normal_(w):
    if len(w.shape) < 2:
        raise ValueError("w has outputs and inputs, at least")
    fan_in = w.numel() // w.shape[0]
    numbers = torch.randn(w.shape, dtype=w.dtype, device=w.device) * (2.0 / fan_in) ** 0.5
    w.data.copy_(numbers)
    return w
