"""You let mean and std keep their own dtype, so a float32 batch becomes float64 where they are float64; bring them
to the dtype of x."""

import torch


def standardize(
    x: torch.Tensor,
    mean: float | list[float] | tuple[float, ...] | torch.Tensor,
    std: float | list[float] | tuple[float, ...] | torch.Tensor,
) -> torch.Tensor:
    """Return ``x`` (N, C, H, W) less ``mean``, divided by ``std``, channel by channel."""
    m, s = (
        value.to(x.device) if isinstance(value, torch.Tensor) else torch.tensor(value, dtype=x.dtype, device=x.device)
        for value in (mean, std)
    )
    for values in (m, s):
        if values.ndim and values.shape != (x.shape[1],):
            raise ValueError("one value for each channel")
    if (s <= 0).any():
        raise ValueError("std is above 0")
    m, s = m.reshape(-1, 1, 1), s.reshape(-1, 1, 1)
    return (x - m) / s
