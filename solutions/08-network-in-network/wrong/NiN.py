"""Known mistakes of `NiN`."""

mistake(
    "pasted_from_the_chapter",
    "You pasted the network of the chapter; this task is the one that the authors used on CIFAR-10.",
    answer="""
from torch import nn


def nin_block(c_in, c_out, kernel_size, stride=1, padding=0):
    return nn.Sequential(
        nn.Conv2d(c_in, c_out, kernel_size, stride, padding), nn.ReLU(),
        nn.Conv2d(c_out, c_out, kernel_size=1), nn.ReLU(),
        nn.Conv2d(c_out, c_out, kernel_size=1), nn.ReLU())


class NiN(nn.Module):
    def __init__(self, num_classes=10, in_channels=3):
        super().__init__()
        pool = nn.MaxPool2d(kernel_size=3, stride=2)
        self.net = nn.Sequential(
            nin_block(in_channels, 96, kernel_size=11, stride=4), pool,
            nin_block(96, 256, kernel_size=5, padding=2), pool,
            nin_block(256, 384, kernel_size=3, padding=1), pool,
            nn.Dropout(0.5),
            nin_block(384, num_classes, kernel_size=3, padding=1),
            nn.AdaptiveAvgPool2d(1), nn.Flatten())

    def forward(self, x):
        return self.net(x)
""",
)

mistake(
    "equal_widths",
    "You gave all layers of a block the same width, as in the chapter.",
    old="(192, 160, 96, 5)",
    new="(96, 96, 96, 5)",
)

mistake(
    "average_twice",
    "You averaged after the first block, where the network takes the maximum.",
    old="pool = nn.AvgPool2d if reads == 192 else nn.MaxPool2d",
    new="pool = nn.AvgPool2d",
)

mistake(
    "maximum_twice",
    "You took the maximum after the second block, where the network takes the average.",
    old="pool = nn.AvgPool2d if reads == 192 else nn.MaxPool2d",
    new="pool = nn.MaxPool2d",
)

mistake(
    "rounds_down",
    "You let the pooling round its size down; here it is rounded up.",
    old="stride=2, ceil_mode=True",
    new="stride=2",
)

mistake(
    "dense_at_the_end",
    "You put a dense layer after the average, but there is none.",
    old=[
        "        self.parts = nn.Sequential(*parts)",
        "return self.parts(x).mean((2, 3))",
    ],
    new=[
        """
        self.parts = nn.Sequential(*parts)
        self.dense = nn.Linear(num_classes, num_classes)
""",
        "return self.dense(self.parts(x).mean((2, 3)))",
    ],
)

mistake(
    "detaches",
    "You cut the graph before the average, so nothing gets a gradient.",
    old="return self.parts(x).mean((2, 3))",
    new="return self.parts(x).detach().requires_grad_().mean((2, 3))",
)

mistake(
    "dropout_once",
    "You put one dropout before the last block, as in the chapter; here there are two.",
    old="nn.Dropout(0.5)]",
    new="nn.Dropout(0.5 if reads == 192 else 0)]",
)

mistake(
    "dropout_first_only",
    "You left out the second dropout.",
    old="nn.Dropout(0.5)]",
    new="nn.Dropout(0 if reads == 192 else 0.5)]",
)

mistake(
    "dropout_weaker",
    "You gave dropout another probability than 0.5.",
    old="nn.Dropout(0.5)",
    new="nn.Dropout(0.1)",
)

mistake(
    "fixed_average",
    "You averaged windows of 8 × 8, which is the whole map only for pictures of 32 × 32.",
    old="        return self.parts(x).mean((2, 3))",
    new="""
        return torch.nn.functional.avg_pool2d(self.parts(x), min(8, *self.parts(x).shape[2:])).flatten(1)[
            :, : self.parts[-2].out_channels
        ]
""",
)

mistake(
    "colour_only",
    "You wrote 3 where in_channels belongs.",
    old="reads = in_channels",
    new="reads = 3",
)

mistake(
    "max_at_the_end",
    "You took the maximum of the last maps where they are averaged.",
    old="return self.parts(x).mean((2, 3))",
    new="return self.parts(x).amax((2, 3))",
)

mistake(
    "mean_over_the_batch",
    "You averaged over the pictures of a batch as well.",
    old="return self.parts(x).mean((2, 3))",
    new="return self.parts(x).mean((0, 2, 3)).expand(len(x), -1)",
)

mistake(
    "no_dropout",
    "You left the dropout out.",
    old="nn.Dropout(0.5)",
    new="nn.Identity()",
)

mistake(
    "no_padding",
    "You forgot the padding.",
    old="k, padding=k // 2)",
    new="k)",
)

mistake(
    "no_relu_at_last",
    "You left out the ReLU at the very end of the last block.",
    old="self.parts = nn.Sequential(*parts)",
    new="self.parts = nn.Sequential(*parts[:-1])",
)

mistake(
    "no_relu_after_the_first",
    "You left out the ReLU between the first convolution of a block and its 1 × 1.",
    old="k // 2), nn.ReLU()]",
    new="k // 2), *([] if k > 1 else [nn.ReLU()])]",
)

mistake(
    "pool_padded",
    "You padded the pooling.",
    old="pool(3, stride=2, ceil_mode=True)",
    new="pool(3, stride=2, padding=1)",
)

mistake(
    "pool_without_overlap",
    "You pooled windows of 2 × 2; here they are 3 × 3 and overlap.",
    old="pool(3, stride=2, ceil_mode=True)",
    new="pool(2, stride=2, ceil_mode=True)",
)

mistake(
    "ready_made",
    "You built it of torchvision's ready-made blocks; this task is to write them.",
    answer="""
import torch


def mlpconv(reads, widths, kernel, padding):
    from torchvision.ops import Conv2dNormActivation as Part

    layers = [Part(reads, widths[0], kernel, 1, padding, norm_layer=None)]
    return layers + [Part(a, b, 1, norm_layer=None) for a, b in zip(widths, widths[1:], strict=False)]


class NiN(torch.nn.Module):
    def __init__(self, num_classes=10, in_channels=3):
        super().__init__()
        nn = torch.nn
        self.net = nn.Sequential(
            *(*mlpconv(in_channels, (192, 160, 96), 5, 2), nn.MaxPool2d(3, 2, ceil_mode=True), nn.Dropout()),
            *(*mlpconv(96, (192, 192, 192), 5, 2), nn.AvgPool2d(3, 2, ceil_mode=True), nn.Dropout()),
            *(*mlpconv(192, (192, 192, num_classes), 3, 1), nn.AdaptiveAvgPool2d(1), nn.Flatten()),
        )

    def forward(self, x):
        return self.net(x)
""",
)

mistake(
    "softmax_at_the_end",
    "You put a softmax at the end, but the averages are the answer.",
    old="return self.parts(x).mean((2, 3))",
    new="return self.parts(x).mean((2, 3)).softmax(1)",
)

mistake(
    "sum_at_the_end",
    "You added the last maps up where they are averaged.",
    old="return self.parts(x).mean((2, 3))",
    new="return self.parts(x).sum((2, 3))",
)

mistake(
    "ten_classes",
    "You wrote 10 where num_classes belongs.",
    old="(192, 192, num_classes, 3)",
    new="(192, 192, 10, 3)",
)

mistake(
    "dropout_after_the_last_block",
    "You put the second dropout behind the last block; it stands before it.",
    old=["nn.Dropout(0.5)]", "nn.Sequential(*parts)"],
    new=["nn.Dropout(0 if reads == 192 else 0.5)]", "nn.Sequential(*parts, nn.Dropout(0.5))"],
)

mistake(
    "dropout_before_pooling",
    "You put the dropout before the pooling; it stands after it.",
    old="parts += [pool(3, stride=2, ceil_mode=True), nn.Dropout(0.5)]",
    new="parts += [nn.Dropout(0.5), pool(3, stride=2, ceil_mode=True)]",
)

mistake(
    "dropout_inside_the_blocks",
    "You put the dropout behind the first convolution of a block; it stands before the block.",
    old=["ceil_mode=True), nn.Dropout(0.5)]", "k // 2), nn.ReLU()]"],
    new=["ceil_mode=True)]", "k // 2), nn.ReLU(), *([nn.Dropout(0.5)] if k > 1 and len(parts) > 6 else [])]"],
)

mistake(
    "drops_whole_maps",
    "You used Dropout2d, which drops whole maps; Dropout drops single numbers.",
    old="nn.Dropout(0.5)",
    new="nn.Dropout2d(0.5)",
)

mistake(
    "drops_whole_maps_at_first",
    "You used Dropout2d before the second block; Dropout drops single numbers.",
    old="nn.Dropout(0.5)]",
    new="(nn.Dropout if reads == 192 else nn.Dropout2d)(0.5)]",
)

mistake(
    "float32",
    "You converted the pictures to float32, so that a network in float64 does not work.",
    old="self.parts(x)",
    new="self.parts(x.float())",
)

mistake(
    "half_of_the_gradient",
    "You detached a part of the maps, so the gradients are half as large as they should be.",
    old="return self.parts(x).mean((2, 3))",
    new="maps = self.parts(x)\n        return ((maps + maps.detach()) / 2).mean((2, 3))",
)

mistake(
    "frozen",
    "You froze the parameters of the first block.",
    old="self.parts = nn.Sequential(*parts)",
    new="self.parts = nn.Sequential(*parts)\n        self.parts[0].requires_grad_(False)",
)

# Mutants that do the same

equivalent(
    "parts += [pool(3, stride=2, ceil_mode=True), nn.Dropout(0.5)] -> "
    "parts += [pool(3, stride=2, ceil_mode=True), nn.Dropout()]",
    "Torch's own default is a half.",
)

equivalent(
    "in_place",
    "Nobody else holds the list.",
)
