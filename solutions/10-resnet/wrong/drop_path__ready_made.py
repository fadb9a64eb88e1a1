"""You used a ready-made dropout over whole channels."""

import torch


def drop_path(x: torch.Tensor, p: float, training: bool) -> torch.Tensor:
    if not 0 <= p <= 1:
        raise ValueError("p is a probability")
    ones = torch.ones(1, len(x), 1, dtype=x.dtype, device=x.device)
    mask = torch.nn.functional.dropout1d(ones, p, training)
    return x * mask.reshape(-1, *[1] * (x.ndim - 1))
