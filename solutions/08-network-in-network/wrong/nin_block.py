"""Known mistakes of `nin_block`."""

mistake(
    "detaches",
    "You cut the graph behind the first convolution, so it gets no gradient.",
    answer="""
import torch


class Block(torch.nn.Module):
    def __init__(self, c_in, c_out, kernel_size, stride, padding):
        super().__init__()
        self.first = torch.nn.Conv2d(c_in, c_out, kernel_size, stride, padding)
        self.second, self.third = torch.nn.Conv2d(c_out, c_out, 1), torch.nn.Conv2d(c_out, c_out, 1)

    def forward(self, x):
        x = torch.relu(self.first(x)).detach()
        return torch.relu(self.third(torch.relu(self.second(x))))


def nin_block(c_in, c_out, kernel_size, stride=1, padding=0):
    return Block(c_in, c_out, kernel_size, stride, padding)
""",
)

mistake(
    "ignores_padding",
    "You ignored the padding.",
    old="looks = nn.Conv2d(c_in, c_out, kernel_size, stride, padding)",
    new="looks = nn.Conv2d(c_in, c_out, kernel_size, stride)",
)

mistake(
    "made_once",
    "You made the layers once, outside of the function, and all blocks share them.",
    answer="""
import torch

MADE = {}


def nin_block(c_in, c_out, kernel_size, stride=1, padding=0):
    key = (c_in, c_out, kernel_size, stride, padding)
    if key not in MADE:
        nn = torch.nn
        first = nn.Conv2d(c_in, c_out, kernel_size, stride, padding)
        second, third = nn.Conv2d(c_out, c_out, 1), nn.Conv2d(c_out, c_out, 1)
        MADE[key] = nn.Sequential(first, nn.ReLU(), second, nn.ReLU(), third, nn.ReLU())
    return MADE[key]
""",
)

mistake(
    "no_bias",
    "You switched the biases of the 1 × 1 off.",
    old="c_out, 1), nn",
    new="c_out, 1, bias=False), nn",
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
    new="return nn.Sequential(looks, nn.ReLU(), *mixes[:-1])",
)

mistake(
    "no_relu_between",
    "You left out the ReLU between the two 1 × 1, so they are one.",
    old="return nn.Sequential(looks, nn.ReLU(), *mixes)",
    new="return nn.Sequential(looks, nn.ReLU(), mixes[0], *mixes[2:])",
)

mistake(
    "one_mixing_layer",
    "You put one 1 × 1 behind the convolution; the block has two.",
    old="part for _ in range(2) for part in (nn",
    new="part for _ in range(1) for part in (nn",
)

mistake(
    "padding_everywhere",
    "You gave the padding to the 1 × 1 as well.",
    old="c_out, 1), nn",
    new="c_out, 1, padding=padding), nn",
)

mistake(
    "ready_made",
    "You took a ready-made block of torchvision; this task is to write it.",
    old="""
    nn = torch.nn
    looks = nn.Conv2d(c_in, c_out, kernel_size, stride, padding)
    mixes = [part for _ in range(2) for part in (nn.Conv2d(c_out, c_out, 1), nn.ReLU())]
    return nn.Sequential(looks, nn.ReLU(), *mixes)
""",
    new="""
    from torchvision.ops import Conv2dNormActivation

    first = Conv2dNormActivation(c_in, c_out, kernel_size, stride, padding, norm_layer=None, inplace=False)
    rest = [Conv2dNormActivation(c_out, c_out, 1, norm_layer=None, inplace=False) for _ in range(2)]
    return torch.nn.Sequential(first, *rest)
""",
)

mistake(
    "same_kernel",
    "You gave all three the same kernel.",
    old=", c_out, 1), nn.",
    new=', c_out, kernel_size, padding="same"), nn.',
)

mistake(
    "shared_mixing",
    "You used the same 1 × 1 twice.",
    old="[part for _ in range(2) for part in (nn.Conv2d(c_out, c_out, 1), nn.ReLU()",
    new="2 * [nn.Conv2d(c_out, c_out, 1), nn.ReLU(",
)

mistake(
    "sigmoid",
    "You squashed with a sigmoid where ReLU belongs.",
    old="""
    mixes = [part for _ in range(2) for part in (nn.Conv2d(c_out, c_out, 1), nn.ReLU())]
    return nn.Sequential(looks, nn.ReLU(), *mixes)
""",
    new="""
    mixes = [part for _ in range(2) for part in (nn.Conv2d(c_out, c_out, 1), nn.Sigmoid())]
    return nn.Sequential(looks, nn.Sigmoid(), *mixes)
""",
)

mistake(
    "square_kernel",
    "You used the kernel's height for both sides.",
    old="looks = nn.Conv2d(c_in, c_out, kernel_size, stride, padding)",
    new="looks = nn.Conv2d(c_in, c_out, kernel_size if isinstance(kernel_size, int) else kernel_size[0], stride, padding)",
)

mistake(
    "stride_everywhere",
    "You gave the stride to the 1 × 1 as well.",
    old="c_out, 1), nn",
    new="c_out, 1, stride), nn",
)

mistake(
    "cached",
    "You cached the block, so a second call returns the first one.",
    old="    return nn.Sequential(looks, nn.ReLU(), *mixes)",
    new="""
    key = (c_in, c_out, str(kernel_size), str(stride), str(padding))
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
