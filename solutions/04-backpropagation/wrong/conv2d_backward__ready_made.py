"""You used torch's transposed convolution; in this task the sums are yours to write."""

import torch
from torch.nn import functional as F


def conv2d_backward(
    grad_out: torch.Tensor,
    x: torch.Tensor,
    weight: torch.Tensor,
    stride: int | tuple[int, int] = 1,
    padding: int | tuple[int, int] = 0,
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    stride, padding = ((value, value) if isinstance(value, int) else value for value in (stride, padding))
    room = [size + 2 * p - k for size, k, p in zip(x.shape[2:], weight.shape[2:], padding, strict=True)]
    sizes = [size // s + 1 for size, s in zip(room, stride, strict=True)]
    if x.shape[1] != weight.shape[1] or tuple(grad_out.shape) != (len(x), len(weight), *sizes):
        raise ValueError("grad_out, x and weight do not belong together")
    rest = [size % s for size, s in zip(room, stride, strict=True)]
    grad_x = F.conv_transpose2d(grad_out, weight, None, stride, padding, rest)
    grad_weight = F.conv2d(x.transpose(0, 1), grad_out.transpose(0, 1), None, 1, padding, stride)
    grad_weight = grad_weight[:, :, : weight.shape[2], : weight.shape[3]].transpose(0, 1)
    return grad_x, grad_weight, grad_out.sum((0, 2, 3))
