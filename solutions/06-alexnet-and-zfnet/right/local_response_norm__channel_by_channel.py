"""A loop over channels, each with a slice of its neighbours."""

import torch


def local_response_norm(x, size=5, alpha=1e-4, beta=0.75, k=2.0):
    if size <= 0 or not size % 2:
        raise ValueError("the window needs a middle")
    r, maps = size // 2, []
    for i in range(x.shape[1]):
        neighbours = x[:, max(0, i - r) : i + r + 1]
        maps.append(x[:, i] / (k + alpha * (neighbours**2).sum(1)).pow(beta))
    return torch.stack(maps, 1)
