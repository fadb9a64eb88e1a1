"""Differences of cumulative sums, in float64 inside."""

import torch


def local_response_norm(x, size=5, alpha=1e-4, beta=0.75, k=2.0):
    if size % 2 == 0 or size < 1:
        raise ValueError("odd sizes only")
    channels, r = x.shape[1], (size - 1) // 2
    total = torch.cat([torch.zeros_like(x[:, :1], dtype=torch.float64), x.double().square().cumsum(1)], 1)
    number = torch.arange(channels, device=x.device)
    window = total[:, (number + r + 1).clamp(max=channels)] - total[:, (number - r).clamp(min=0)]
    return (x.double() / (k + alpha * window) ** beta).to(x.dtype)
