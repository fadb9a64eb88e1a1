"""Gray is a convolution with one filter of 1 × 1."""

import torch


def rgb_to_gray(x: torch.Tensor) -> torch.Tensor:
    """Return the luma of ITU-R BT.601 of ``x`` (…, 3, H, W), shape (…, 1, H, W)."""
    if x.ndim < 3 or x.shape[-3] != 3:
        raise ValueError("expected three channels on the third axis from the end")
    weights = torch.tensor([0.299, 0.587, 0.114], dtype=x.dtype, device=x.device).reshape(1, 3, 1, 1)
    pictures = x.reshape(-1, 3, *x.shape[-2:]) if x.numel() else x.new_empty(0, 3, *x.shape[-2:])
    gray = torch.nn.functional.conv2d(pictures, weights)
    return gray.reshape(*x.shape[:-3], 1, *x.shape[-2:])
