"""Two matrix products on unfolded windows; fold adds the columns up again."""

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
