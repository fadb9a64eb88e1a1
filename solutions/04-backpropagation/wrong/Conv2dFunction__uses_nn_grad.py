"""You used torch.nn.grad, which holds ready-made gradients of a convolution."""

import torch


class Conv2dFunction(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, weight, bias, stride, padding):
        ctx.save_for_backward(x, weight)
        ctx.settings, ctx.bias = (stride, padding), bias is not None
        return torch.nn.functional.conv2d(x, weight, bias, stride, padding)

    @staticmethod
    def backward(ctx, grad_out):
        x, weight = ctx.saved_tensors
        for_x, for_weight, for_bias = ctx.needs_input_grad[:3]
        return (
            torch.nn.grad.conv2d_input(x.shape, weight, grad_out, *ctx.settings) if for_x else None,
            torch.nn.grad.conv2d_weight(x, weight.shape, grad_out, *ctx.settings) if for_weight else None,
            grad_out.sum((0, 2, 3)) if for_bias and ctx.bias else None,
            None,
            None,
        )
