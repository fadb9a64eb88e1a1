"""You asked for exact equality, which floats rarely have."""

import torch


def factorize(k: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Return a column (kH, 1) and a row (1, kW) whose product is the kernel ``k`` (kH, kW)."""
    if k.ndim != 2:
        raise ValueError("a kernel has two axes")
    u, s, vh = torch.linalg.svd(k, full_matrices=False)
    column, row = u[:, :1] * s[0], vh[:1]
    if not torch.equal(column @ row, k):
        raise ValueError("the kernel is no column times a row")
    return column, row
