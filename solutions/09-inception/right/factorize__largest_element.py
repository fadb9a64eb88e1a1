"""Takes the row and the column that cross at the largest element."""

import torch


def factorize(k):
    if k.dim() != 2:
        raise ValueError("not a kernel")
    at = int(k.abs().argmax())
    i, j = divmod(at, k.shape[1])
    top = k[i, j]
    column = k[:, j : j + 1].clone()
    row = k[i : i + 1] / (top if top != 0 else 1)
    if torch.abs(column * row - k).max() > 1e-4 * torch.abs(top):
        raise ValueError("not a product")
    return column, row
