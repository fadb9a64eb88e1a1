"""You accept even sizes, which have no middle."""

import torch


def local_response_norm(
    x: torch.Tensor, size: int = 5, alpha: float = 1e-4, beta: float = 0.75, k: float = 2.0
) -> torch.Tensor:
    """Return ``x`` (N, C, H, W), each value divided by a power of the squares of ``size`` channels around it."""
    if size < 1:
        raise ValueError(f"size must be odd and positive, not {size}")
    around = torch.nn.functional.pad(x.square(), (0, 0, 0, 0, size // 2, size // 2)).unfold(1, size, 1)
    return x * (k + alpha * around.sum(-1)) ** -beta
