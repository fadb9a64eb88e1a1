"""One long row of all pixels, and index_add into it."""

import torch


def unpool(y, switches, size):
    n, c = y.shape[:2]
    pixels = size[0] * size[1]
    start = pixels * torch.arange(n * c, device=y.device).view(n, c, 1, 1)
    row = torch.zeros(n * c * pixels, dtype=y.dtype, device=y.device)
    return row.index_add(0, (switches + start).flatten(), y.flatten()).view(n, c, *size)
