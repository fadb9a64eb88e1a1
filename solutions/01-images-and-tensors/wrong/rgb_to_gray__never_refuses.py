"""You never look at the number of channels, so a picture with four of them, or with the channels last, gives a
wrong answer without a word."""

import torch


def rgb_to_gray(x: torch.Tensor) -> torch.Tensor:
    """Return the luma of ITU-R BT.601 of ``x`` (…, 3, H, W), shape (…, 1, H, W)."""
    red, green, blue = x[..., 0:1, :, :], x[..., 1:2, :, :], x[..., 2:3, :, :]
    return 0.299 * red + 0.587 * green + 0.114 * blue
