"""Compute the row and column of every cell of every window, and index once."""

import torch


def im2col(x: torch.Tensor, kernel_size, stride=1, padding=0) -> torch.Tensor:
    k, s, p = (v if isinstance(v, tuple) else (v, v) for v in (kernel_size, stride, padding))
    if min(k) < 1 or min(s) < 1 or min(p) < 0:
        raise ValueError("a setting is out of range")
    x = torch.nn.functional.pad(x, (p[1], p[1], p[0], p[0]))
    size = [(x.shape[2 + a] - k[a]) // s[a] + 1 for a in (0, 1)]
    if min(size) < 1:
        raise ValueError("no window fits")
    row = torch.arange(k[0])[:, None, None, None] + s[0] * torch.arange(size[0])[:, None]
    column = torch.arange(k[1])[:, None, None] + s[1] * torch.arange(size[1])
    return x[:, :, row.to(x.device), column.to(x.device)].flatten(1, 3).flatten(2)
