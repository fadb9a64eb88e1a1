"""Take every tap of the kernel in turn, with plain tensor operations in both passes."""

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
