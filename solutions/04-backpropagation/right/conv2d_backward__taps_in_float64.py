"""Loop over the taps in float64, with matrix products in place of einsum."""

import torch
from torch.nn import functional as F


def conv2d_backward(
    grad_out: torch.Tensor,
    x: torch.Tensor,
    weight: torch.Tensor,
    stride: int | tuple[int, int] = 1,
    padding: int | tuple[int, int] = 0,
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    if isinstance(stride, int):
        stride = stride, stride
    if isinstance(padding, int):
        padding = padding, padding
    top, left = padding
    size = [
        (side + 2 * p - k) // s + 1
        for side, k, s, p in zip(x.shape[2:], weight.shape[2:], stride, padding, strict=True)
    ]
    if list(grad_out.shape) != [x.shape[0], weight.shape[0], *size] or x.shape[1] != weight.shape[1]:
        raise ValueError("grad_out cannot be of this convolution")
    errors = grad_out.double().transpose(0, 1).flatten(1)
    padded = F.pad(x.double(), (left, left, top, top)).transpose(0, 1)
    grad_padded, grad_weight = torch.zeros_like(padded), torch.zeros(weight.shape, dtype=torch.float64, device=x.device)
    for u in range(weight.shape[2]):
        for v in range(weight.shape[3]):
            cells = (..., slice(u, None, stride[0]), slice(v, None, stride[1]))
            met = padded[cells][..., : size[0], : size[1]]
            grad_weight[:, :, u, v] = errors @ met.flatten(1).T
            told = (weight[:, :, u, v].double().T @ errors).view_as(met)
            grad_padded[cells][..., : size[0], : size[1]] += told
    grad_x = grad_padded.transpose(0, 1)[:, :, top:, left:][:, :, : x.shape[2], : x.shape[3]]
    return tuple(part.to(x.dtype) for part in (grad_x, grad_weight, errors.sum(1)))
