"""Known mistakes of `nin_block`."""

mistake(
    "pasted_from_the_chapter",
    "You pasted the block of the chapter, whose three layers all have the same number of channels.",
    answer="""
from torch import nn


def nin_block(c_in, widths, kernel_size, stride=1, padding=0):
    c_out = widths[0]
    return nn.Sequential(
        nn.Conv2d(c_in, c_out, kernel_size, stride, padding), nn.ReLU(),
        nn.Conv2d(c_out, c_out, kernel_size=1), nn.ReLU(),
        nn.Conv2d(c_out, c_out, kernel_size=1), nn.ReLU())
""",
)

mistake(
    "detaches",
    "You cut the graph behind the first convolution, so it gets no gradient.",
    answer="""
import torch


class Block(torch.nn.Module):
    def __init__(self, c_in, widths, kernel_size, stride, padding):
        super().__init__()
        if not widths or min(widths) < 1:
            raise ValueError("widths")
        self.first = torch.nn.Conv2d(c_in, widths[0], kernel_size, stride, padding)
        self.rest = torch.nn.ModuleList(torch.nn.Conv2d(a, b, 1) for a, b in zip(widths, widths[1:], strict=False))

    def forward(self, x):
        x = torch.relu(self.first(x)).detach()
        for layer in self.rest:
            x = torch.relu(layer(x))
        return x


def nin_block(c_in, widths, kernel_size, stride=1, padding=0):
    return Block(c_in, widths, kernel_size, stride, padding)
""",
)

mistake(
    "ignores_padding",
    "You ignored the padding.",
    old="looks = nn.Conv2d(c_in, widths[0], kernel_size, stride, padding)",
    new="looks = nn.Conv2d(c_in, widths[0], kernel_size, stride)",
)

mistake(
    "made_once",
    "You made the layers once, outside of the function, and all blocks share them.",
    answer="""
import torch

MADE = {}


def nin_block(c_in, widths, kernel_size, stride=1, padding=0):
    if not widths or min(widths) < 1:
        raise ValueError("widths")
    key = (c_in, tuple(widths), kernel_size, stride, padding)
    if key not in MADE:
        nn = torch.nn
        layers = [nn.Conv2d(c_in, widths[0], kernel_size, stride, padding), nn.ReLU()]
        for a, b in zip(widths, widths[1:], strict=False):
            layers += [nn.Conv2d(a, b, 1), nn.ReLU()]
        MADE[key] = nn.Sequential(*layers)
    return MADE[key]
""",
)

mistake(
    "no_bias",
    "You switched the biases of the 1 × 1 off.",
    old="widths[k], 1), nn",
    new="widths[k], 1, bias=False), nn",
)

mistake(
    "no_relu_after_first",
    "You left out the ReLU after the first convolution.",
    old="return nn.Sequential(looks, nn.ReLU(), *mixes)",
    new="return nn.Sequential(looks, *mixes)",
)

mistake(
    "no_relu_at_last",
    "You left out the last ReLU.",
    old="return nn.Sequential(looks, nn.ReLU(), *mixes)",
    new="return nn.Sequential(*[looks, nn.ReLU(), *mixes][:-1])",
)

mistake(
    "no_relu_between",
    "You left out the ReLUs between the 1 × 1, so they are one.",
    old="return nn.Sequential(looks, nn.ReLU(), *mixes)",
    new="return nn.Sequential(looks, nn.ReLU(), *mixes[::2], nn.ReLU())",
)

mistake(
    "two_mixing_layers",
    "You put two 1 × 1 behind the convolution, whatever the widths say.",
    old="steps = range(1, len(widths))",
    new="steps = [min(k, len(widths) - 1) for k in (1, 2)]",
)

mistake(
    "all_read_the_first",
    "You let every 1 × 1 read the channels of the first layer.",
    old="nn.Conv2d(widths[k - 1], widths[k], 1)",
    new="nn.Conv2d(widths[0], widths[k], 1)",
)

mistake(
    "last_width_only",
    "You gave all layers the last width.",
    old="    looks = nn.Conv2d",
    new="    widths = [widths[-1]] * len(widths)\n    looks = nn.Conv2d",
)

mistake(
    "never_refuses",
    "You accept widths that make no sense.",
    old="""
    if not widths or min(widths) < 1:
        raise ValueError("a block has one layer or more, and each layer one channel or more")
""",
    new="",
)

mistake(
    "refuses_the_first_alone",
    "You looked at the first width only.",
    old="if not widths or min(widths) < 1:",
    new="if not widths or widths[0] < 1:",
)

mistake(
    "padding_everywhere",
    "You gave the padding to the 1 × 1 as well.",
    old="widths[k], 1), nn",
    new="widths[k], 1, padding=padding), nn",
)

mistake(
    "ready_made",
    "You took a ready-made block of torchvision; this task is to write it.",
    old="""
    looks = nn.Conv2d(c_in, widths[0], kernel_size, stride, padding)
    steps = range(1, len(widths))
    mixes = [part for k in steps for part in (nn.Conv2d(widths[k - 1], widths[k], 1), nn.ReLU())]
    return nn.Sequential(looks, nn.ReLU(), *mixes)
""",
    new="""
    from torchvision.ops import Conv2dNormActivation

    first = Conv2dNormActivation(c_in, widths[0], kernel_size, stride, padding, norm_layer=None, inplace=False)
    rest = [
        Conv2dNormActivation(widths[k - 1], widths[k], 1, norm_layer=None, inplace=False) for k in range(1, len(widths))
    ]
    return nn.Sequential(first, *rest)
""",
)

mistake(
    "same_kernel",
    "You gave all layers the same kernel.",
    old="widths[k], 1)",
    new='widths[k], kernel_size, padding="same")',
)

mistake(
    "sigmoid",
    "You squashed with a sigmoid where ReLU belongs.",
    old="""
    mixes = [part for k in steps for part in (nn.Conv2d(widths[k - 1], widths[k], 1), nn.ReLU())]
    return nn.Sequential(looks, nn.ReLU(), *mixes)
""",
    new="""
    mixes = [part for k in steps for part in (nn.Conv2d(widths[k - 1], widths[k], 1), nn.Sigmoid())]
    return nn.Sequential(looks, nn.Sigmoid(), *mixes)
""",
)

mistake(
    "square_kernel",
    "You used the kernel's height for both sides.",
    old="    looks = nn.Conv2d",
    new="    kernel_size = kernel_size if isinstance(kernel_size, int) else kernel_size[0]\n    looks = nn.Conv2d",
)

mistake(
    "stride_everywhere",
    "You gave the stride to the 1 × 1 as well.",
    old="widths[k], 1), nn",
    new="widths[k], 1, stride), nn",
)

mistake(
    "cached",
    "You cached the block, so a second call returns the first one.",
    old="    return nn.Sequential(looks, nn.ReLU(), *mixes)",
    new="""
    key = (c_in, str(widths), str(kernel_size), str(stride), str(padding))
    store = nin_block.__dict__.setdefault("blocks", {})
    return store.setdefault(key, nn.Sequential(looks, nn.ReLU(), *mixes))
""",
)

mistake(
    "frozen",
    "You froze the mixing layers.",
    old="    return nn.Sequential(looks, nn.ReLU(), *mixes)",
    new="    return nn.Sequential(looks, nn.ReLU(), *mixes.__class__(m.requires_grad_(False) for m in mixes))",
)

# Mutants that do the same

equivalent(
    "if not widths or min(widths) < 1: -> if min(widths) < 1:",
    "The smallest of no numbers raises ValueError as well.",
)
