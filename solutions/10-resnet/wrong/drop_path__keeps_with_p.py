"""You kept pictures with probability p; p is the probability to drop."""

import torch


def drop_path(x: torch.Tensor, p: float, training: bool) -> torch.Tensor:
    """Return ``x`` with whole pictures set to 0 with probability ``p``, the others divided by 1 − p."""
    if not 0 <= p <= 1:
        raise ValueError("p is a probability")
    if not training or p == 0:
        return x
    if p == 1:
        return torch.zeros_like(x) * x
    kept = torch.rand(len(x), device=x.device) < p
    return x * kept.to(x.dtype).reshape(-1, *[1] * (x.ndim - 1)) / (1 - p)
