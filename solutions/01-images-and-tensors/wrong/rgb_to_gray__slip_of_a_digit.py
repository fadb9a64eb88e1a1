"""Your weights do not sum to 1 (blue has 0.114), so white does not stay white."""

import torch


def rgb_to_gray(x: torch.Tensor) -> torch.Tensor:
    """Return the luma of ITU-R BT.601 of ``x`` (…, 3, H, W), shape (…, 1, H, W)."""
    if x.ndim < 3 or x.shape[-3] != 3:
        raise ValueError("expected three channels on the third axis from the end")
    red, green, blue = x.unbind(-3)
    return (0.299 * red + 0.587 * green + 0.144 * blue).unsqueeze(-3)
