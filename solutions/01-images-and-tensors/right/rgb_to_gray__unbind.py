"""Take the channels apart and add them with their weights."""

import torch


def rgb_to_gray(x: torch.Tensor) -> torch.Tensor:
    """Return the luma of ITU-R BT.601 of ``x`` (…, 3, H, W), shape (…, 1, H, W)."""
    if x.ndim < 3 or x.shape[-3] != 3:
        raise ValueError("expected three channels on the third axis from the end")
    red, green, blue = x.unbind(-3)
    return torch.add(0.299 * red + 0.587 * green, blue, alpha=0.114).unsqueeze(-3)
