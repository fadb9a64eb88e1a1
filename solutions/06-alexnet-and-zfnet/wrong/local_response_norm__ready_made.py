"""You called torch's own; this task is to write it."""

import torch


def local_response_norm(x, size=5, alpha=1e-4, beta=0.75, k=2.0):
    if size < 1 or size % 2 == 0:
        raise ValueError("size must be odd")
    return torch.nn.functional.local_response_norm(x, size, alpha * size, beta, k)
