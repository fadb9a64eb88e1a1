"""Right answers, written differently, for `conv1x1_as_linear`."""

right(
    "einsum",
    "Einstein's sum over channels.",
    answer="""
import torch


def conv1x1_as_linear(x, weight, bias=None):
    out, read, *window = weight.shape
    if window != [1, 1] or read != x.shape[1]:
        raise ValueError(f"{out} filters of {window} over {read} channels")
    y = torch.einsum("oiuv,nihw->nohw", weight, x)
    return y if bias is None else y + bias.reshape(1, out, 1, 1)
""",
)

right(
    "linear_last",
    "Channels go to the end, through a dense layer, and back.",
    answer="""
import torch


def conv1x1_as_linear(x, weight, bias=None):
    if tuple(weight.shape[2:]) != (1, 1) or weight.size(1) != x.size(1):
        raise ValueError("expected weights of 1 × 1 for the channels of x")
    return torch.nn.functional.linear(x.permute(0, 2, 3, 1), weight.squeeze(-1).squeeze(-1), bias).permute(0, 3, 1, 2)
""",
)
