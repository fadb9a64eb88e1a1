"""Loop over the taps of the kernel; each adds one shifted picture."""

import torch


def cross_correlate(x: torch.Tensor, k: torch.Tensor) -> torch.Tensor:
    (kh, kw), (h, w) = k.shape, x.shape
    if kh > h or kw > w:
        raise ValueError("the kernel does not fit into the picture")
    out = x.new_zeros(h - kh + 1, w - kw + 1)
    for u in range(kh):
        for v in range(kw):
            out = out + k[u, v] * x[u : u + out.shape[0], v : v + out.shape[1]]
    return out
