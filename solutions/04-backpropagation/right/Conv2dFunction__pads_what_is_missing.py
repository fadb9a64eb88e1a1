"""Transpose without output_padding, and add the rows that no window read as zeros."""

import torch
from torch.nn import functional as F


class Conv2dFunction(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, weight, bias, stride, padding):
        ctx.x, ctx.weight, ctx.bias = x, weight, bias
        ctx.stride = stride if isinstance(stride, tuple) else (stride, stride)
        ctx.padding = padding if isinstance(padding, tuple) else (padding, padding)
        return F.conv2d(x, weight, bias, stride, padding)

    @staticmethod
    def backward(ctx, grad_out):
        results = [None] * 5
        (_, _, height, width), (_, _, k_h, k_w) = ctx.x.shape, ctx.weight.shape
        p_h, p_w = ctx.padding
        if ctx.needs_input_grad[0]:
            told = F.conv_transpose2d(grad_out, ctx.weight, stride=ctx.stride)
            told = F.pad(told, (0, width + 2 * p_w - told.shape[3], 0, height + 2 * p_h - told.shape[2]))
            results[0] = told[:, :, p_h : p_h + height, p_w : p_w + width]
        if ctx.needs_input_grad[1]:
            padded = F.pad(ctx.x, (p_w, p_w, p_h, p_h))
            met = padded.unfold(2, k_h, ctx.stride[0]).unfold(3, k_w, ctx.stride[1])
            results[1] = torch.einsum("nohw,nchwuv->ocuv", grad_out, met)
        if ctx.needs_input_grad[2] and ctx.bias is not None:
            results[2] = grad_out.sum(dim=(0, 2, 3))
        return tuple(results)
