"""Known mistakes of `Conv2dFunction`."""

mistake(
    "always_computes_everything",
    "You computed every gradient, asked for or not; ctx.needs_input_grad says which ones are wanted.",
    old=[
        "if ctx.needs_input_grad[0]:",
        "if ctx.needs_input_grad[1]:",
        "if ctx.with_bias and ctx.needs_input_grad[2]:",
    ],
    new=[
        "if True:",
        "if True:",
        "if ctx.with_bias:",
    ],
)

mistake(
    "asks_autograd",
    "You ran the convolution again and asked autograd for its gradients; the backward pass is what you write here.",
    answer="""
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
""",
)

mistake(
    "backward_ignores_padding",
    "You left the padding out of the backward pass.",
    old="""
            grad_x = torch.nn.functional.conv_transpose2d(
                grad_out, weight, stride=ctx.stride, padding=ctx.padding, output_padding=rest
            )
        if ctx.needs_input_grad[1]:
            grad_weight = torch.nn.functional.conv2d(
                x.transpose(0, 1), grad_out.transpose(0, 1), padding=ctx.padding, dilation=ctx.stride
            )
""",
    new="""
            grad_x = torch.nn.functional.conv_transpose2d(grad_out, weight, stride=ctx.stride, output_padding=rest)
        if ctx.needs_input_grad[1]:
            grad_weight = torch.nn.functional.conv2d(x.transpose(0, 1), grad_out.transpose(0, 1), dilation=ctx.stride)
""",
)

mistake(
    "bias_gradient_without_bias",
    "You returned a gradient for the bias when there was none; a missing argument gets None.",
    old="if ctx.with_bias and ctx.needs_input_grad[2]:",
    new="if ctx.needs_input_grad[2] or not ctx.with_bias:",
)

mistake(
    "bias_per_position",
    "You averaged the bias gradient; one bias serves every position of every picture, and collects the "
    "sum of their errors.",
    old="grad_bias = grad_out.sum((0, 2, 3))",
    new="grad_bias = grad_out.mean((0, 2, 3))",
)

mistake(
    "calls_backward",
    "You ran the convolution again and called backward on it, which asks torch for the answer.",
    answer="""
import torch


class Conv2dFunction(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, weight, bias, stride, padding):
        ctx.save_for_backward(x, weight, bias)
        ctx.settings = stride, padding
        return torch.nn.functional.conv2d(x, weight, bias, stride, padding)

    @staticmethod
    def backward(ctx, grad_out):
        leaves = [
            None if tensor is None else tensor.detach().requires_grad_(needed)
            for tensor, needed in zip(ctx.saved_tensors, ctx.needs_input_grad[:3], strict=True)
        ]
        with torch.enable_grad():
            torch.nn.functional.conv2d(*leaves, *ctx.settings).backward(grad_out)
        return *(None if leaf is None else leaf.grad for leaf in leaves), None, None
""",
)

mistake(
    "forgets_bias",
    "You left the bias out of the forward pass.",
    old="conv2d(x, weight, bias, stride, padding)",
    new="conv2d(x, weight, None, stride, padding)",
)

mistake(
    "forgets_output_padding",
    "You left output_padding out; when the stride does not divide, the transposed convolution gives a "
    "smaller picture than the one that went in.",
    old="""
        rest = [
            (size + 2 * p - k) % s
            for size, k, s, p in zip(x.shape[2:], weight.shape[2:], ctx.stride, ctx.padding, strict=True)
        ]
        if ctx.needs_input_grad[0]:
            grad_x = torch.nn.functional.conv_transpose2d(
                grad_out, weight, stride=ctx.stride, padding=ctx.padding, output_padding=rest
            )
""",
    new="""
        if ctx.needs_input_grad[0]:
            grad_x = torch.nn.functional.conv_transpose2d(grad_out, weight, stride=ctx.stride, padding=ctx.padding)
""",
)

mistake(
    "forward_ignores_stride",
    "You left stride and padding out of the forward pass.",
    old="conv2d(x, weight, bias, stride, padding)",
    new="conv2d(x, weight, bias)",
)

mistake(
    "gradients_in_another_order",
    "You returned the gradient of the weight first; the order is that of forward's arguments.",
    old="return grad_x, grad_weight, grad_bias, None, None",
    new="return grad_weight, grad_x, grad_bias, None, None",
)

mistake(
    "ignores_grad_out",
    "You computed the gradient of the sum of all outputs; the error that comes from above, grad_out, "
    "multiplies everything.",
    old="        x, weight = ctx.saved_tensors",
    new="""
        x, weight = ctx.saved_tensors
        grad_out = torch.ones_like(grad_out)
""",
)

mistake(
    "keeps_the_rest_of_the_weight",
    "You did not cut the gradient of the weight to the kernel's size; a stride that does not divide leaves cells over.",
    old="grad_weight[:, :, : weight.shape[2], : weight.shape[3]].",
    new="grad_weight.",
)

mistake(
    "returns_three",
    "You returned three gradients; backward returns one value for each argument of forward, None for "
    "stride and padding.",
    old="return grad_x, grad_weight, grad_bias, None, None",
    new="return grad_x, grad_weight, grad_bias",
)

mistake(
    "uses_nn_grad",
    "You used torch.nn.grad, which holds ready-made gradients of a convolution.",
    answer="""
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
""",
)

mistake(
    "weight_without_dilation",
    "You used the stride as a stride where it becomes a dilation: the errors lie `stride` cells apart on the picture.",
    old=", dilation=ctx",
    new=", stride=ctx",
)

mistake(
    "works_in_float32",
    "You turned the error into float32 on the way, where float64 was asked for.",
    old=[
        "        x, weight = ctx.saved_tensors",
        "        return grad_x, grad_weight, grad_bias, None, None",
    ],
    new=[
        """
        x, weight = (tensor.float() for tensor in ctx.saved_tensors)
        kind, grad_out = grad_out.dtype, grad_out.float()
""",
        """
        given = (None if part is None else part.to(kind) for part in (grad_x, grad_weight, grad_bias))
        return *given, None, None
""",
    ],
)

mistake(
    "context_on_the_class",
    "You keep stride and padding on the class, so that a second convolution overwrites those of the first.",
    old=[
        "ctx.stride, ctx.padding, ctx.with_bias = stride, padding, bias is not None",
        "        x, weight = ctx.saved_tensors\n",
    ],
    new=[
        "ctx.with_bias = bias is not None\n        Conv2dFunction.stride, Conv2dFunction.padding = stride, padding",
        "        x, weight = ctx.saved_tensors\n"
        "        ctx.stride, ctx.padding = Conv2dFunction.stride, Conv2dFunction.padding\n",
    ],
)

mistake(
    "tensors_on_the_class",
    "You keep x and weight on the class, so that a second convolution overwrites those of the first.",
    old=["ctx.save_for_backward(x, weight)", "x, weight = ctx.saved_tensors"],
    new=["Conv2dFunction.kept = x, weight", "x, weight = Conv2dFunction.kept"],
)

mistake(
    "forgets_after_the_first",
    "You let go of what you kept in the first backward pass, but torch may ask for a second one.",
    old="        x, weight = ctx.saved_tensors\n",
    new="        x, weight = ctx.saved_tensors if not hasattr(ctx, 'done') else [0 * t for t in ctx.saved_tensors]\n"
    "        ctx.done = True\n",
)

mistake(
    "pasted_from_the_chapter",
    "You pasted the cell of the chapter: it is for kernels of 3 × 3 with a padding of 1, whatever is asked for, and has no bias.",
    answer="""
import torch
from torch.nn import functional as F


class Conv2dFunction(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, weight, bias, stride, padding):
        ctx.save_for_backward(x, weight)
        return F.conv2d(x, weight, padding=1)

    @staticmethod
    def backward(ctx, grad_out):
        x, weight = ctx.saved_tensors
        turned = weight.flip(2, 3).transpose(0, 1)
        grad_x = F.conv2d(grad_out, turned, padding=1)
        grad_weight = F.conv2d(x.transpose(0, 1), grad_out.transpose(0, 1), padding=1)
        return grad_x, grad_weight.transpose(0, 1), None, None, None
""",
)

equivalent(
    "rest = [(size + 2 * p - k) % s for size, k, s, p in "
    "zip(x.shape[2:], weight.shape[2:], ctx.stride, ctx.padding, strict=True)] -> "
    "rest = [(size + 2 * p - k) % s for size, k, s, p in zip(x.shape[2:], weight.shape[2:], ctx.stride, ctx.padding)]",
    "All four are pairs.",
)

equivalent(
    "rest = [(size + 2 * p - k) % s for size, k, s, p in "
    "zip(x.shape[2:], weight.shape[2:], ctx.stride, ctx.padding, strict=True)] -> "
    "rest = [(size + 2 * p - k) % s for size, k, s, p in "
    "zip(x.shape[2:], weight.shape[2:], ctx.stride, ctx.padding, strict=False)]",
    "All four are pairs.",
)

equivalent(
    "grad_weight = torch.nn.functional.conv2d(x.transpose(0, 1), grad_out.transpose(0, 1), "
    "padding=ctx.padding, dilation=ctx.stride) -> "
    "grad_weight = torch.nn.functional.conv2d(x.transpose(1, 0), grad_out.transpose(0, 1), "
    "padding=ctx.padding, dilation=ctx.stride)",
    "The order of the two axes that are swapped means nothing.",
)

equivalent(
    "grad_weight = torch.nn.functional.conv2d(x.transpose(0, 1), grad_out.transpose(0, 1), "
    "padding=ctx.padding, dilation=ctx.stride) -> "
    "grad_weight = torch.nn.functional.conv2d(x.transpose(0, 1), grad_out.transpose(1, 0), "
    "padding=ctx.padding, dilation=ctx.stride)",
    "The order of the two axes that are swapped means nothing.",
)

equivalent(
    "grad_weight = grad_weight[:, :, :weight.shape[2], :weight.shape[3]].transpose(0, 1) -> "
    "grad_weight = grad_weight[:, :, :weight.shape[2], :weight.shape[3]].transpose(1, 0)",
    "The order of the two axes that are swapped means nothing.",
)

equivalent(
    "if ctx.with_bias and ctx.needs_input_grad[2]: -> if ctx.needs_input_grad[2]:",
    "torch needs no gradient of an argument that is None.",
)
