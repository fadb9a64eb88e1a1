"""Take the channels one after the other, and stack them again."""

import torch


def standardize(
    x: torch.Tensor,
    mean: float | list[float] | tuple[float, ...] | torch.Tensor,
    std: float | list[float] | tuple[float, ...] | torch.Tensor,
) -> torch.Tensor:
    """Return ``x`` (N, C, H, W) less ``mean``, divided by ``std``, channel by channel."""
    m = torch.as_tensor(mean, dtype=x.dtype, device=x.device)
    s = torch.as_tensor(std, dtype=x.dtype, device=x.device)
    for values in (m, s):
        if values.ndim and values.shape != (x.shape[1],):
            raise ValueError("one value for each channel")
    if (s <= 0).any():
        raise ValueError("std is above 0")
    m, s = m.expand(x.shape[1]), s.expand(x.shape[1])
    return torch.stack([(x[:, c] - m[c]) / s[c] for c in range(x.shape[1])], dim=1)
