"""You gave the weight of red to blue and the other way round, as in OpenCV's order blue, green, red."""

import torch


def rgb_to_gray(x: torch.Tensor) -> torch.Tensor:
    """Return the luma of ITU-R BT.601 of ``x`` (…, 3, H, W), shape (…, 1, H, W)."""
    if x.ndim < 3 or x.shape[-3] != 3:
        raise ValueError("expected three channels on the third axis from the end")
    blue, green, red = x.unbind(-3)
    return (0.299 * red + 0.587 * green + 0.114 * blue).unsqueeze(-3)
