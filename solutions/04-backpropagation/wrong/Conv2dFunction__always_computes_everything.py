"""You computed every gradient, asked for or not; ctx.needs_input_grad says which ones are wanted."""

import torch


class Conv2dFunction(torch.autograd.Function):
    """A convolution with a backward pass of its own: ``Conv2dFunction.apply(x, weight, bias, stride, padding)``."""

    @staticmethod
    def forward(
        ctx: torch.autograd.function.FunctionCtx,
        x: torch.Tensor,
        weight: torch.Tensor,
        bias: torch.Tensor | None,
        stride: int | tuple[int, int],
        padding: int | tuple[int, int],
    ) -> torch.Tensor:
        """Return the convolution of ``x`` (N, C_in, H, W) with ``weight`` (C_out, C_in, kH, kW)."""
        stride, padding = ((value, value) if isinstance(value, int) else value for value in (stride, padding))
        ctx.save_for_backward(x, weight)
        ctx.stride, ctx.padding, ctx.with_bias = stride, padding, bias is not None
        return torch.nn.functional.conv2d(x, weight, bias, stride, padding)

    @staticmethod
    def backward(ctx: torch.autograd.function.FunctionCtx, grad_out: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        """Return the gradients of ``x``, ``weight`` and ``bias``, and None twice."""
        x, weight = ctx.saved_tensors
        grad_x = grad_weight = grad_bias = None
        rest = [
            (size + 2 * p - k) % s
            for size, k, s, p in zip(x.shape[2:], weight.shape[2:], ctx.stride, ctx.padding, strict=True)
        ]
        if True:
            grad_x = torch.nn.functional.conv_transpose2d(
                grad_out, weight, stride=ctx.stride, padding=ctx.padding, output_padding=rest
            )
        if True:
            grad_weight = torch.nn.functional.conv2d(
                x.transpose(0, 1), grad_out.transpose(0, 1), padding=ctx.padding, dilation=ctx.stride
            )
            grad_weight = grad_weight[:, :, : weight.shape[2], : weight.shape[3]].transpose(0, 1)
        if ctx.with_bias:
            grad_bias = grad_out.sum((0, 2, 3))
        return grad_x, grad_weight, grad_bias, None, None
