"""Cut the windows out as a view with Tensor.unfold, and let einsum sum."""

import torch


def cross_correlate(x: torch.Tensor, k: torch.Tensor) -> torch.Tensor:
    if any(inner > outer for inner, outer in zip(k.shape, x.shape, strict=True)):
        raise ValueError("the kernel does not fit")
    windows = x.unfold(0, k.shape[0], 1).unfold(1, k.shape[1], 1)
    return torch.einsum("ijuv,uv->ij", windows, k)
