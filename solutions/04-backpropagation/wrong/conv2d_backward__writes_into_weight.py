"""You wrote the gradient into weight itself; grad_weight = weight is no copy."""

import torch


def conv2d_backward(
    grad_out: torch.Tensor,
    x: torch.Tensor,
    weight: torch.Tensor,
    stride: int | tuple[int, int] = 1,
    padding: int | tuple[int, int] = 0,
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Return the gradients of a convolution with respect to ``x``, ``weight`` and the bias."""
    (s_h, s_w), (p_h, p_w) = ((value, value) if isinstance(value, int) else value for value in (stride, padding))
    n, c_in, height, width = x.shape
    c_out, c_weight, k_h, k_w = weight.shape
    rows, columns = (height + 2 * p_h - k_h) // s_h + 1, (width + 2 * p_w - k_w) // s_w + 1
    if c_weight != c_in or tuple(grad_out.shape) != (n, c_out, rows, columns):
        raise ValueError(f"grad_out {tuple(grad_out.shape)}, x and weight do not belong together")
    padded = torch.nn.functional.pad(x, (p_w, p_w, p_h, p_h))
    grad_padded, grad_weight = torch.zeros_like(padded), weight
    for u in range(k_h):
        for v in range(k_w):
            down = slice(u, u + s_h * (rows - 1) + 1, s_h)
            across = slice(v, v + s_w * (columns - 1) + 1, s_w)
            grad_padded[:, :, down, across] += torch.einsum("nohw,oc->nchw", grad_out, weight[:, :, u, v])
            grad_weight[:, :, u, v] = torch.einsum("nohw,nchw->oc", grad_out, padded[:, :, down, across])
    grad_x = grad_padded[:, :, p_h : p_h + height, p_w : p_w + width]
    return grad_x, grad_weight, grad_out.sum((0, 2, 3))
