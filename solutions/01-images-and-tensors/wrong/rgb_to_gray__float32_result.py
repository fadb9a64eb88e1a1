"""You converted to float32 on the way, so a float64 picture comes back as float32."""

import torch


def rgb_to_gray(x: torch.Tensor) -> torch.Tensor:
    """Return the luma of ITU-R BT.601 of ``x`` (…, 3, H, W), shape (…, 1, H, W)."""
    if x.ndim < 3 or x.shape[-3] != 3:
        raise ValueError("expected three channels on the third axis from the end")
    weights = torch.tensor([0.299, 0.587, 0.114], device=x.device)
    return (x.float() * weights[:, None, None]).sum(-3, keepdim=True)
