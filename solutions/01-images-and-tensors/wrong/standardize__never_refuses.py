"""You never look at the numbers, so a spread of 0 or below, or one mean for three channels, gives a result without
a word."""

import torch


def standardize(
    x: torch.Tensor,
    mean: float | list[float] | tuple[float, ...] | torch.Tensor,
    std: float | list[float] | tuple[float, ...] | torch.Tensor,
) -> torch.Tensor:
    """Return ``x`` (N, C, H, W) less ``mean``, divided by ``std``, channel by channel."""
    m = torch.as_tensor(mean, dtype=x.dtype, device=x.device)
    s = torch.as_tensor(std, dtype=x.dtype, device=x.device)
    m, s = m.reshape(-1, 1, 1), s.reshape(-1, 1, 1)
    return (x - m) / s
