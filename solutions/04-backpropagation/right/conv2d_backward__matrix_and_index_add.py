"""Write the convolution as one matrix product, and add its columns back by their indices."""

import torch
from torch.nn import functional as F


def conv2d_backward(
    grad_out: torch.Tensor,
    x: torch.Tensor,
    weight: torch.Tensor,
    stride: int | tuple[int, int] = 1,
    padding: int | tuple[int, int] = 0,
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    (s_h, s_w), (p_h, p_w) = [(v, v) if type(v) is int else v for v in (stride, padding)]
    n, c, height, width = x.shape
    filters, channels, k_h, k_w = weight.shape
    padded = F.pad(x, (p_w, p_w, p_h, p_h))
    tall, wide = padded.shape[2:]
    place = torch.arange(c * tall * wide, device=x.device).reshape(c, tall, wide)
    place = place.unfold(1, k_h, s_h).unfold(2, k_w, s_w).permute(0, 3, 4, 1, 2)
    if channels != c or grad_out.shape != (n, filters, *place.shape[3:]):
        raise ValueError("the shapes do not belong together")
    place = place.reshape(c * k_h * k_w, -1)
    errors = grad_out.reshape(n, filters, -1)
    columns = padded.reshape(n, -1)[:, place]
    grad_weight = (errors @ columns.transpose(1, 2)).sum(0).reshape(weight.shape)
    told = weight.reshape(filters, -1).T @ errors
    grad_padded = torch.zeros_like(padded).reshape(n, -1).index_add(1, place.flatten(), told.flatten(1))
    grad_x = grad_padded.reshape(n, c, tall, wide)[:, :, p_h : p_h + height, p_w : p_w + width]
    return grad_x.contiguous(), grad_weight, errors.sum((0, 2))
