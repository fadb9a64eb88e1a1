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
    old=", padding=1), torch.",
    new=', padding=1, padding_mode="replicate"), torch.',
)

mistake(
    "detaches",
    "You cut the graph between the convolutions, so the first ones get no gradient.",
    answer="""
import torch


class Block(torch.nn.Module):
    def __init__(self, num_convs, c_in, c_out):
        super().__init__()
        reads = [c_in] + [c_out] * (num_convs - 1)
        self.convs = torch.nn.ModuleList(torch.nn.Conv2d(c, c_out, 3, padding=1) for c in reads)

    def forward(self, x):
        for conv in self.convs:
            x = torch.relu(conv(x.detach()))
        return torch.nn.functional.max_pool2d(x, 2)


def vgg_block(num_convs, c_in, c_out):
    if min(num_convs, c_in, c_out) < 1:
        raise ValueError("a block has at least one convolution and one channel")
    return Block(num_convs, c_in, c_out)
""",
)

mistake(
    "first_channels_always",
    "You let every convolution read c_in channels, but from the second on they read c_out.",
    old="for reads in [c_in] + [c_out] * (num_convs - 1):",
    new="for reads in [c_in] * num_convs:",
)

mistake(
    "made_once",
    "You made the layers once, outside of the function, and all blocks share them.",
    answer="""
import torch

MADE = {}


def vgg_block(num_convs: int, c_in: int, c_out: int) -> torch.nn.Module:
    if min(num_convs, c_in, c_out) < 1:
        raise ValueError("a block has at least one convolution and one channel")
    if (num_convs, c_in, c_out) not in MADE:
        parts = []
        for reads in [c_in] + [c_out] * (num_convs - 1):
            parts += [torch.nn.Conv2d(reads, c_out, 3, padding=1), torch.nn.ReLU()]
        MADE[num_convs, c_in, c_out] = torch.nn.Sequential(*parts, torch.nn.MaxPool2d(2, 2))
    return MADE[num_convs, c_in, c_out]
""",
)

mistake(
    "never_refuses",
    "You accept a block without convolutions or channels.",
    old="""
    if min(num_convs, c_in, c_out) < 1:
        raise ValueError("a block has at least one convolution and one channel")

""",
    new="",
)

mistake(
    "no_bias",
    "You switched the biases off.",
    old=", padding=1), torch.",
    new=", padding=1, bias=False), torch.",
)

mistake(
    "no_padding",
    "You left out the padding, so every convolution takes two rows and two columns.",
    old="3, padding=1)",
    new="3)",
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
        parts += [torch.nn.Conv2d(reads, c_out, 3, padding=1), torch.nn.ReLU()]
    return torch.nn.Sequential(*parts, torch.nn.MaxPool2d(2, 2))
""",
    new="""
        parts += [torch.nn.Conv2d(reads, c_out, 3, padding=1)]
    return torch.nn.Sequential(*parts, torch.nn.ReLU(), torch.nn.MaxPool2d(2, 2))
""",
)

mistake(
    "one_too_many",
    "You counted from the second convolution, so the block has one too many.",
    old="for reads in [c_in] + [c_out] * (num_convs - 1):",
    new="for reads in [c_in] + [c_out] * num_convs:",
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


def vgg_block(num_convs: int, c_in: int, c_out: int) -> torch.nn.Module:
    from torchvision.models import vgg

    if min(num_convs, c_in, c_out) < 1:
        raise ValueError("a block has at least one convolution and one channel")
    net = vgg.make_layers([c_out] * num_convs + ["M"])
    net[0] = torch.nn.Conv2d(c_in, c_out, 3, padding=1)
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
