"""You return the nearest pair also where it is not equal to the kernel."""

import torch


def factorize(k: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Return a column (kH, 1) and a row (1, kW) whose product is the kernel ``k`` (kH, kW)."""
    if k.ndim != 2:
        raise ValueError("a kernel has two axes")
    u, s, vh = torch.linalg.svd(k, full_matrices=False)
    column, row = u[:, :1] * s[0], vh[:1]
    return column, row
