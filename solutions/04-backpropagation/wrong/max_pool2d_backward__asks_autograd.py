"""You asked autograd for the gradient, which is the very thing to write here."""

import torch
from torch.nn import functional as F


def max_pool2d_backward(
    grad_out: torch.Tensor,
    x: torch.Tensor,
    kernel_size: int | tuple[int, int],
    stride: int | tuple[int, int] | None = None,
    padding: int | tuple[int, int] = 0,
) -> torch.Tensor:
    (k_h, k_w), (s_h, s_w), (p_h, p_w) = (
        (value, value) if isinstance(value, int) else value
        for value in (kernel_size, kernel_size if stride is None else stride, padding)
    )
    x = x.detach().requires_grad_()
    padded = F.pad(x, (p_w, p_w, p_h, p_h), value=-torch.inf)
    windows = padded.unfold(2, k_h, s_h).unfold(3, k_w, s_w)
    if windows.shape[:4] != grad_out.shape:
        raise ValueError("grad_out is not of this pooling")
    y = windows.flatten(4).max(-1).values
    return torch.autograd.grad(y, x, grad_out)[0]
