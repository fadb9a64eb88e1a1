"""Set zeros between the errors, pad them fully, and correlate them with the flipped kernel."""

import torch
from torch.nn import functional as F


def conv2d_backward(
    grad_out: torch.Tensor,
    x: torch.Tensor,
    weight: torch.Tensor,
    stride: int | tuple[int, int] = 1,
    padding: int | tuple[int, int] = 0,
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    s_h, s_w = stride if isinstance(stride, tuple) else (stride, stride)
    p_h, p_w = padding if isinstance(padding, tuple) else (padding, padding)
    (n, c_in, height, width), (c_out, c, k_h, k_w) = x.shape, weight.shape
    tall, wide = height + 2 * p_h, width + 2 * p_w
    if grad_out.shape != (n, c_out, (tall - k_h) // s_h + 1, (wide - k_w) // s_w + 1) or c != c_in:
        raise ValueError("the shapes do not belong together")
    apart = grad_out.new_zeros(n, c_out, tall - k_h + 1, wide - k_w + 1)
    apart[:, :, ::s_h, ::s_w] = grad_out
    windows = F.pad(apart, (k_w - 1, k_w - 1, k_h - 1, k_h - 1)).unfold(2, k_h, 1).unfold(3, k_w, 1)
    grad_x = torch.einsum("nohwuv,ocuv->nchw", windows, weight.flip(2, 3))
    grad_x = grad_x[:, :, p_h : tall - p_h, p_w : wide - p_w]
    padded = F.pad(x, (p_w, p_w, p_h, p_h)).unfold(2, tall - k_h + 1, 1).unfold(3, wide - k_w + 1, 1)
    grad_weight = torch.einsum("ncuvhw,nohw->ocuv", padded, apart)
    return grad_x, grad_weight, torch.einsum("nohw->o", grad_out)
