"""Your window goes around: the first channel takes the last one for its neighbour."""

import torch


def local_response_norm(
    x: torch.Tensor, size: int = 5, alpha: float = 1e-4, beta: float = 0.75, k: float = 2.0
) -> torch.Tensor:
    """Return ``x`` (N, C, H, W), each value divided by a power of the squares of ``size`` channels around it."""
    if size < 1 or size % 2 == 0:
        raise ValueError(f"size must be odd and positive, not {size}")
    around = torch.stack([x.square().roll(step, 1) for step in range(-(size // 2), size // 2 + 1)], -1)
    return x * (k + alpha * around.sum(-1)) ** -beta
