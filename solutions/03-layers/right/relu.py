"""Right answers, written differently, for `relu`."""

right(
    "clamp",
    "Cut off below 0.",
    old="return torch.where(x <= 0, torch.zeros_like(x), x)",
    new="return x.clamp(min=0)",
)

right(
    "copies_by_index",
    "Start with zeros, and copy what passes to its places.",
    answer="""
import torch


def relu(x):
    flat = x.reshape(-1)
    places = (~(flat <= 0)).nonzero()[:, 0]
    out = torch.zeros_like(flat)
    return out.index_copy(0, places, flat[places]).reshape(x.shape)
""",
)

right(
    "masked_fill",
    "Fill what is not above 0 with 0, in a new tensor.",
    old="return torch.where(x <= 0, torch.zeros_like(x), x)",
    new="return x.masked_fill(x <= 0, 0.0)",
)

right(
    "own_function",
    "Write the backward pass, too.",
    answer="""
import torch


class Rectifier(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        out = x.clone()
        out[x <= 0] = 0
        ctx.save_for_backward(out)
        return out

    @staticmethod
    def backward(ctx, grad):
        (out,) = ctx.saved_tensors
        return grad * (out > 0)


def relu(x):
    return Rectifier.apply(x)
""",
)
