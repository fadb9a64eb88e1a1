"""A matrix of ones along the diagonal adds up the channels."""

import torch


def local_response_norm(x, size=5, alpha=1e-4, beta=0.75, k=2.0):
    if size < 1 or size % 2 != 1:
        raise ValueError(size)
    number = torch.arange(x.shape[1], device=x.device)
    band = ((number[:, None] - number).abs() <= size // 2).to(x.dtype)
    total = torch.einsum("ij,njhw->nihw", band, x * x)
    return x * torch.exp(-beta * torch.log(k + alpha * total))
