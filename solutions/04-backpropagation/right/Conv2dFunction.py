"""Right answers, written differently, for `Conv2dFunction`."""

right(
    "loop_over_taps",
    "Take every tap of the kernel in turn, with plain tensor operations in both passes.",
    answer="""
import torch


class Conv2dFunction(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, weight, bias, stride, padding):
        (s_h, s_w), (p_h, p_w) = [(v, v) if isinstance(v, int) else v for v in (stride, padding)]
        padded = torch.nn.functional.pad(x, (p_w, p_w, p_h, p_h))
        rows = (padded.shape[2] - weight.shape[2]) // s_h + 1
        columns = (padded.shape[3] - weight.shape[3]) // s_w + 1
        ctx.save_for_backward(x, weight)
        ctx.corner, ctx.bias = (p_h, p_w), bias
        ctx.taps = [
            (u, v, slice(u, u + s_h * (rows - 1) + 1, s_h), slice(v, v + s_w * (columns - 1) + 1, s_w))
            for u in range(weight.shape[2])
            for v in range(weight.shape[3])
        ]
        y = sum(torch.einsum("nchw,oc->nohw", padded[:, :, a, b], weight[:, :, u, v]) for u, v, a, b in ctx.taps)
        return y if bias is None else y + bias[:, None, None]

    @staticmethod
    def backward(ctx, grad_out):
        x, weight = ctx.saved_tensors
        p_h, p_w = ctx.corner
        padded = torch.nn.functional.pad(x, (p_w, p_w, p_h, p_h))
        grad_padded, grad_weight = torch.zeros_like(padded), torch.zeros_like(weight)
        for u, v, a, b in ctx.taps:
            grad_weight[:, :, u, v] = torch.einsum("nohw,nchw->oc", grad_out, padded[:, :, a, b])
            grad_padded[:, :, a, b] += torch.einsum("nohw,oc->nchw", grad_out, weight[:, :, u, v])
        found = [
            grad_padded[:, :, p_h : p_h + x.shape[2], p_w : p_w + x.shape[3]],
            grad_weight,
            None if ctx.bias is None else grad_out.sum((0, 2, 3)),
        ]
        return (
            *(part if needed else None for part, needed in zip(found, ctx.needs_input_grad, strict=False)),
            None,
            None,
        )
""",
)

right(
    "pads_what_is_missing",
    "Transpose without output_padding, and add the rows that no window read as zeros.",
    answer="""
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
""",
)

right(
    "unfold_and_fold",
    "Two matrix products on unfolded windows; fold adds the columns up again.",
    answer="""
import torch


class Conv2dFunction(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, weight, bias, stride, padding):
        ctx.save_for_backward(x, weight)
        ctx.has_bias, ctx.windows = bias is not None, {"stride": stride, "padding": padding}
        return torch.nn.functional.conv2d(x, weight, bias, stride, padding)

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx, grad_out):
        x, weight = ctx.saved_tensors
        kernel = weight.shape[2:]
        errors = grad_out.flatten(2)
        grad_x = grad_weight = grad_bias = None
        if ctx.needs_input_grad[0]:
            columns = weight.flatten(1).T @ errors
            grad_x = torch.nn.functional.fold(columns, x.shape[2:], kernel, **ctx.windows)
        if ctx.needs_input_grad[1]:
            columns = torch.nn.functional.unfold(x, kernel, **ctx.windows)
            grad_weight = torch.einsum("nol,nkl->ok", errors, columns).view_as(weight)
        if ctx.needs_input_grad[2] and ctx.has_bias:
            grad_bias = errors.sum((0, 2))
        return grad_x, grad_weight, grad_bias, None, None
""",
)
