"""Known mistakes of `vgg_block`."""

mistake(
    "average",
    "You averaged over 2 × 2 where the block takes the maximum.",
    old="return torch.nn.Sequential(*parts, torch.nn.MaxPool2d(2, 2))",
    new="return torch.nn.Sequential(*parts, torch.nn.AvgPool2d(2, 2))",
)

mistake(
    "copies_padding",
    "You repeated the edge where the padding is zeros.",
    old="padding=kernel // 2)",
    new='padding=kernel // 2, padding_mode="replicate")',
)

mistake(
    "detaches",
    "You cut the graph between the convolutions, so the first ones get no gradient.",
    answer="""
import torch


class Block(torch.nn.Module):
    def __init__(self, num_convs, c_in, c_out, last_kernel):
        super().__init__()
        self.convs = torch.nn.ModuleList()
        for reads, size in zip([c_in] + [c_out] * (num_convs - 1), [3] * (num_convs - 1) + [last_kernel], strict=True):
            self.convs.append(torch.nn.Conv2d(reads, c_out, size, padding=size // 2))

    def forward(self, x):
        for conv in self.convs:
            x = torch.relu(conv(x.detach()))
        return torch.nn.functional.max_pool2d(x, 2)


def vgg_block(num_convs, c_in, c_out, last_kernel=3):
    if min(num_convs, c_in, c_out, last_kernel) < 1 or last_kernel % 2 == 0:
        raise ValueError("a block has at least one convolution and one channel, and an odd kernel")
    return Block(num_convs, c_in, c_out, last_kernel)
""",
)

mistake(
    "first_channels_always",
    "You let every convolution read c_in channels, but from the second on they read c_out.",
    old="c_out if i else c_in",
    new="c_in",
)

mistake(
    "made_once",
    "You made the layers once, outside of the function, and all blocks share them.",
    answer="""
import torch

MADE = {}


def vgg_block(num_convs: int, c_in: int, c_out: int, last_kernel: int = 3) -> torch.nn.Module:
    if min(num_convs, c_in, c_out, last_kernel) < 1 or last_kernel % 2 == 0:
        raise ValueError("a block has at least one convolution and one channel, and an odd kernel")
    key = num_convs, c_in, c_out, last_kernel
    if key not in MADE:
        parts = []
        for reads, size in zip([c_in] + [c_out] * (num_convs - 1), [3] * (num_convs - 1) + [last_kernel], strict=True):
            parts += [torch.nn.Conv2d(reads, c_out, size, padding=size // 2), torch.nn.ReLU()]
        MADE[key] = torch.nn.Sequential(*parts, torch.nn.MaxPool2d(2, 2))
    return MADE[key]
""",
)

mistake(
    "never_refuses",
    "You accept a block without convolutions or channels.",
    old="""
    if min(num_convs, c_in, c_out, last_kernel) < 1:
        raise ValueError("a block has at least one convolution, one channel and one weight in a filter")
    if last_kernel % 2 == 0:
        raise ValueError("equal padding cannot keep the size with an even kernel")

""",
    new="",
)

mistake(
    "no_bias",
    "You switched the biases off.",
    old="padding=kernel // 2)",
    new="padding=kernel // 2, bias=False)",
)

mistake(
    "no_padding",
    "You left out the padding, so every convolution takes two rows and two columns.",
    old=", padding=kernel // 2)",
    new=")",
)

mistake(
    "no_relu_at_last",
    "You left out the ReLU between the last convolution and the pooling.",
    old="return torch.nn.Sequential(*parts, torch.nn.MaxPool2d(2, 2))",
    new="return torch.nn.Sequential(*parts[:-1], torch.nn.MaxPool2d(2, 2))",
)

mistake(
    "one_relu",
    "You put one ReLU at the end of the block; each convolution is followed by its own.",
    old="""
        parts += [conv, torch.nn.ReLU()]
    return torch.nn.Sequential(*parts, torch.nn.MaxPool2d(2, 2))
""",
    new="""
        parts += [conv]
    return torch.nn.Sequential(*parts, torch.nn.ReLU(), torch.nn.MaxPool2d(2, 2))
""",
)

mistake(
    "one_too_many",
    "You counted from the second convolution, so the block has one too many.",
    old="    for i in range(num_convs):\n",
    new="    num_convs += 1\n    for i in range(num_convs):\n",
)

mistake(
    "overlapping_pool",
    "You pooled windows of 3 × 3 that overlap; VGG's are 2 × 2 and do not.",
    old="return torch.nn.Sequential(*parts, torch.nn.MaxPool2d(2, 2))",
    new="return torch.nn.Sequential(*parts, torch.nn.MaxPool2d(3, 2, padding=1))",
)

mistake(
    "pool_ceil",
    "You rounded the pooled size up, but a last row or column that fills no window is dropped.",
    old="return torch.nn.Sequential(*parts, torch.nn.MaxPool2d(2, 2))",
    new="return torch.nn.Sequential(*parts, torch.nn.MaxPool2d(2, 2, ceil_mode=True))",
)

mistake(
    "ready_made",
    "You took torchvision's layers; this task is to write them.",
    answer="""
import torch


def vgg_block(num_convs: int, c_in: int, c_out: int, last_kernel: int = 3) -> torch.nn.Module:
    from torchvision.models import vgg

    if min(num_convs, c_in, c_out, last_kernel) < 1 or last_kernel % 2 == 0:
        raise ValueError("a block has at least one convolution and one channel, and an odd kernel")
    net = vgg.make_layers([c_out] * num_convs + ["M"])
    net[0] = torch.nn.Conv2d(c_in, c_out, 3, padding=1)
    net[-3] = torch.nn.Conv2d(net[-3].in_channels, c_out, last_kernel, padding=last_kernel // 2)
    return net
""",
)

mistake(
    "spoils_its_argument",
    "You rectified the pictures in place before the first convolution.",
    old="    parts: list[torch.nn.Module] = []\n",
    new="    parts: list[torch.nn.Module] = [torch.nn.Threshold(torch.inf, 0.0, inplace=True)]\n",
)

mistake(
    "frozen",
    "You froze the first convolution.",
    old="    return torch.nn.Sequential(*parts",
    new="    parts[0].requires_grad_(False)\n    return torch.nn.Sequential(*parts",
)

mistake(
    "all_kernels",
    "You gave every convolution last_kernel; only the last one has it, the others are 3 × 3.",
    old="last_kernel if i == num_convs - 1 else 3",
    new="last_kernel",
)

mistake(
    "first_kernel",
    "You gave last_kernel to the first convolution.",
    old="last_kernel if i == num_convs - 1 else 3",
    new="last_kernel if i == 0 else 3",
)

mistake(
    "padding_of_three",
    "You padded every convolution by 1, which keeps the size for 3 × 3 only.",
    old="padding=kernel // 2",
    new="padding=1",
)

mistake(
    "accepts_even",
    "You accept an even last kernel, with which equal padding cannot keep the size.",
    old="""
    if last_kernel % 2 == 0:
        raise ValueError("equal padding cannot keep the size with an even kernel")

""",
    new="",
)

mistake(
    "pasted_from_the_chapter",
    "You pasted the block of the chapter: it has no last_kernel, and refuses nothing.",
    answer="""
from torch import nn


def vgg_block(num_convs, c_in, c_out, last_kernel=3):
    layers = []
    for _ in range(num_convs):
        layers += [nn.Conv2d(c_in, c_out, 3, padding=1),
                   nn.ReLU()]
        c_in = c_out  # only the first reads the block's input
    return nn.Sequential(*layers, nn.MaxPool2d(kernel_size=2, stride=2))
""",
)

# Mutants that do the same

equivalent(
    "in_place",
    "Nobody else holds the list.",
)

equivalent(
    "return torch.nn.Sequential(*parts, torch.nn.MaxPool2d(2, 2)) -> return torch.nn.Sequential(*parts, "
    "torch.nn.MaxPool2d(2))",
    "Without a stride the windows follow one another, which is a stride of 2.",
)
