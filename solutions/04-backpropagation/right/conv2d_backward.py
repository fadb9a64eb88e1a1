"""Right answers, written differently, for `conv2d_backward`."""

right(
    "dilated_full_correlation",
    "Set zeros between the errors, pad them fully, and correlate them with the flipped kernel.",
    answer="""
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
""",
)

right(
    "matrix_and_index_add",
    "Write the convolution as one matrix product, and add its columns back by their indices.",
    answer="""
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
""",
)

right(
    "taps_in_float64",
    "Loop over the taps in float64, with matrix products in place of einsum.",
    answer="""
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
""",
)

right(
    "named_results",
    "Return a named tuple, of gradients that were made with tensordot.",
    answer="""
from collections import namedtuple

import torch
from torch.nn import functional as F

Gradients = namedtuple("Gradients", "x weight bias")


@torch.no_grad()
def conv2d_backward(grad_out, x, weight, stride=1, padding=0):
    s_h, s_w = (stride, stride) if isinstance(stride, int) else stride
    p_h, p_w = (padding, padding) if isinstance(padding, int) else padding
    if x.size(1) != weight.size(1):
        raise ValueError("other channels")
    k_h, k_w = weight.shape[-2:]
    padded = F.pad(x, [p_w, p_w, p_h, p_h])
    windows = padded.unfold(2, k_h, s_h).unfold(3, k_w, s_w)
    if grad_out.shape != torch.Size([len(x), len(weight), *windows.shape[2:4]]):
        raise ValueError("another shape")
    grad_weight = torch.tensordot(grad_out, windows, dims=([0, 2, 3], [0, 2, 3]))
    told = torch.tensordot(grad_out, weight, dims=([1], [0])).permute(0, 3, 1, 2, 4, 5)
    grad = torch.zeros_like(padded)
    for u in range(k_h):
        for v in range(k_w):
            grad[:, :, u :: s_h, v :: s_w][:, :, : told.shape[2], : told.shape[3]] += told[..., u, v]
    return Gradients(grad[:, :, p_h : p_h + x.size(2), p_w : p_w + x.size(3)], grad_weight, grad_out.sum((0, 2, 3)))
""",
)
