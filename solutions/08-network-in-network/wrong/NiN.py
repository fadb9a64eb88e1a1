"""Known mistakes of `NiN`."""

mistake(
    "average_pool",
    "You averaged where the network takes the maximum.",
    old="parts.append(nn.MaxPool2d(3, stride=2))",
    new="parts.append(nn.AvgPool2d(3, stride=2))",
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
    "dropout_everywhere",
    "You put dropout before every block but the first.",
    old="if reads == 384:",
    new="if parts:",
)

mistake(
    "dropout_weaker",
    "You gave dropout another probability than 0.5.",
    old="parts.append(nn.Dropout(0.5))",
    new="parts.append(nn.Dropout(0.1))",
)

mistake(
    "fixed_average",
    "You averaged windows of 5 × 5, which is the whole map only for pictures of 224 × 224.",
    old="        return self.parts(x).mean((2, 3))",
    new="""
        return torch.nn.functional.avg_pool2d(self.parts(x), min(5, self.parts(x).shape[2])).flatten(1)[
            :, : self.parts[-2].out_channels
        ]
""",
)

mistake(
    "gray_only",
    "You wrote 1 where in_channels belongs.",
    old="(in_channels,",
    new="(1,",
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
    old="parts.append(nn.Dropout(0.5))",
    new="parts.append(nn.Identity())",
)

mistake(
    "no_padding",
    "You forgot the padding of 2 in the second block.",
    old=", 1, 2), (256",
    new=", 1, 0), (256",
)

mistake(
    "no_relu_at_last",
    "You left out the ReLU at the very end of the last block.",
    old="self.parts = nn.Sequential(*parts)",
    new="self.parts = nn.Sequential(*parts[:-1])",
)

mistake(
    "one_mixing_layer",
    "You put one 1 × 1 into each block; there are two.",
    old='for _ in "ab":',
    new='for _ in "a":',
)

mistake(
    "padded_first",
    "You padded the first convolution.",
    old=", 4, 0), (96",
    new=", 4, 2), (96",
)

mistake(
    "pool_padded",
    "You padded the pooling.",
    old="parts.append(nn.MaxPool2d(3, stride=2))",
    new="parts.append(nn.MaxPool2d(3, stride=2, padding=1))",
)

mistake(
    "pool_without_overlap",
    "You pooled windows of 2 × 2; here they are 3 × 3 and overlap.",
    old="parts.append(nn.MaxPool2d(3, stride=2))",
    new="parts.append(nn.MaxPool2d(2, stride=2))",
)

mistake(
    "ready_made",
    "You built it of torchvision's ready-made blocks; this task is to write them.",
    answer="""
import torch


def mlpconv(reads, writes, *look):
    from torchvision.ops import Conv2dNormActivation as Part

    kernel, stride, padding = look
    first = Part(reads, writes, kernel, stride, padding, norm_layer=None)
    return [first] + [Part(writes, writes, 1, norm_layer=None) for _ in range(2)]


class NiN(torch.nn.Module):
    def __init__(self, num_classes=10, in_channels=1):
        super().__init__()
        nn = torch.nn
        self.net = nn.Sequential(
            *(*mlpconv(in_channels, 96, 11, 4, 0), nn.MaxPool2d(3, 2), *mlpconv(96, 256, 5, 1, 2), nn.MaxPool2d(3, 2)),
            *(*mlpconv(256, 384, 3, 1, 1), nn.MaxPool2d(3, 2), nn.Dropout(), *mlpconv(384, num_classes, 3, 1, 1)),
            *(nn.AdaptiveAvgPool2d(1), nn.Flatten()),
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
    old="384, num_classes, 3",
    new="384, 10, 3",
)

mistake(
    "dropout_after_the_last_block",
    "You put the dropout behind the last block; it stands before it.",
    old=["            if reads == 384:\n                parts.append(nn.Dropout(0.5))\n", "nn.Sequential(*parts)"],
    new=["", "nn.Sequential(*parts, nn.Dropout(0.5))"],
)

mistake(
    "dropout_inside_the_last_block",
    "You put the dropout behind the first convolution of the last block; it stands before the block.",
    old="""
            if reads == 384:
                parts.append(nn.Dropout(0.5))
            parts += [nn.Conv2d(reads, writes, *look), nn.ReLU()]
""",
    new="""
            parts += [nn.Conv2d(reads, writes, *look), nn.ReLU()]
            if reads == 384:
                parts.append(nn.Dropout(0.5))
""",
)

mistake(
    "drops_whole_maps",
    "You used Dropout2d, which drops whole maps; Dropout drops single numbers.",
    old="nn.Dropout(0.5)",
    new="nn.Dropout2d(0.5)",
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
    "parts.append(nn.Dropout(0.5)) -> parts.append(nn.Dropout())",
    "Torch's own default is a half.",
)

equivalent(
    "in_place",
    "Nobody else holds the list.",
)
