"""Known mistakes of `resnet`."""

mistake(
    "any_depth",
    "You fall back to 18 layers where the depth is unknown; that hides a mistake of the caller.",
    old="""
    if depth not in plans:
        raise ValueError(f"there is no ResNet-{depth}")
""",
    new="    depth = depth if depth in plans else 18",
)

mistake(
    "basic_blocks_for_all",
    "You used basic blocks for 50 layers and more, too.",
    old="nn, deep = torch.nn, depth >= 50",
    new="nn, deep = torch.nn, False",
)

mistake(
    "classifier_named_linear",
    "You called the last layer linear; in this network it is fc.",
    old='net.add_module("fc", nn.Linear(c, num_classes))',
    new='net.add_module("linear", nn.Linear(c, num_classes))',
)

mistake(
    "first_bias",
    "You gave the first convolution a bias.",
    old="3, bias=False)",
    new="3)",
)

mistake(
    "ignores_num_classes",
    "You wrote 1000 into the last layer and left num_classes aside.",
    old='net.add_module("fc", nn.Linear(c, num_classes))',
    new='net.add_module("fc", nn.Linear(c, 1000))',
)

mistake(
    "max_at_the_end",
    "You took the maximum of each map at the end; it is the mean.",
    old='net.add_module("avgpool", nn.AdaptiveAvgPool2d(1))',
    new='net.add_module("avgpool", nn.AdaptiveMaxPool2d(1))',
)

mistake(
    "mean_pooling",
    "You took the mean where the first pooling takes the maximum.",
    old='net.add_module("maxpool", nn.MaxPool2d(3, 2, 1))',
    new='net.add_module("maxpool", nn.AvgPool2d(3, 2, 1))',
)

mistake(
    "no_first_relu",
    "You forgot the ReLU after the first norm.",
    old="""
    net.add_module("relu", nn.ReLU())

""",
    new="",
)

mistake(
    "no_pooling",
    "You left out the max pooling after the first convolution.",
    old="""
    net.add_module("maxpool", nn.MaxPool2d(3, 2, 1))

""",
    new="",
)

mistake(
    "plain_shortcut_in_layer1",
    "You decided about the projection by the stage, so layer1 of the bottleneck networks has none "
    "although its channels change.",
    answer='''
import torch


def resnet(depth: int, num_classes: int = 1000) -> torch.nn.Module:
    """Return a new ResNet of ``depth`` layers that maps pictures (N, 3, H, W) to logits (N, num_classes)."""
    plans = {18: "2222", 34: "3463", 50: "3463", 101: ("3", "4", "23", "3"), 152: ("3", "8", "36", "3")}
    if depth not in plans:
        raise ValueError(f"there is no ResNet-{depth}")
    nn, deep = torch.nn, depth >= 50

    class Unit(nn.Module):
        def __init__(self, c_in: int, width: int, stride: int) -> None:
            super().__init__()
            end = 4 * width if deep else width
            sizes = [(1, width, 1), (3, width, stride), (1, end, 1)] if deep else [(3, width, stride), (3, end, 1)]
            self.count, c = len(sizes), c_in
            for number, (k, c_next, step) in enumerate(sizes, 1):
                setattr(self, f"conv{number}", nn.Conv2d(c, c_next, k, step, k // 2, bias=False))
                setattr(self, f"bn{number}", nn.BatchNorm2d(c_next))
                c = c_next
            self.downsample = nn.Sequential()
            if stride != 1:
                self.downsample.append(nn.Conv2d(c_in, end, 1, stride, bias=False)).append(nn.BatchNorm2d(end))

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            h = x
            for number in range(1, self.count + 1):
                h = getattr(self, f"bn{number}")(getattr(self, f"conv{number}")(h))
                h = (
                    h
                    + torch.nn.functional.pad(
                        self.downsample(x), (0, 0, 0, 0, 0, h.shape[1] - self.downsample(x).shape[1])
                    )
                    if number == self.count
                    else h
                )
                h = h.relu()
            return h

    net, c = nn.Sequential(), 64
    net.add_module("conv1", nn.Conv2d(3, 64, 7, 2, 3, bias=False))
    net.add_module("bn1", nn.BatchNorm2d(64))
    net.add_module("relu", nn.ReLU())
    net.add_module("maxpool", nn.MaxPool2d(3, 2, 1))
    for stage, repeats in enumerate(map(int, plans[depth])):
        layer = nn.Sequential()
        for i in range(repeats):
            layer.append(Unit(c, 64 << stage, 2 if stage and i == 0 else 1))
            c = (64 << stage) * (4 if deep else 1)
        net.add_module(f"layer{stage + 1}", layer)
    net.add_module("avgpool", nn.AdaptiveAvgPool2d(1))
    net.add_module("flat", nn.Flatten())
    net.add_module("fc", nn.Linear(c, num_classes))
    return net
''',
)

mistake(
    "pooling_of_two",
    "You pooled 2 × 2; the windows are 3 × 3 with padding 1 and overlap.",
    old='net.add_module("maxpool", nn.MaxPool2d(3, 2, 1))',
    new='net.add_module("maxpool", nn.MaxPool2d(2, 2))',
)

mistake(
    "ready_made",
    "You took the network of torchvision; this task is to write it.",
    answer="""
from torchvision import models


def resnet(depth, num_classes=1000):
    if depth not in (18, 34, 50, 101, 152):
        raise ValueError("no such depth")
    return getattr(models, f"resnet{depth}")(num_classes=num_classes)
""",
)

mistake(
    "relu_before_sum",
    "You applied the last ReLU of each block before the sum.",
    old="""
                h = h + self.downsample(x) if number == self.count else h
                h = h.relu()
            return h
""",
    new="""
                h = h.relu()
            return h + self.downsample(x)
""",
)

mistake(
    "stride_in_every_block",
    "You gave every block of a stage the stride; only the first has it.",
    old="""
        for i in range(repeats):
            layer.append(Unit(c, 64 << stage, 2 if stage and i == 0 else 1))
""",
    new="""
        for _ in range(repeats):
            layer.append(Unit(c, 64 << stage, 2 if stage else 1))
""",
)

mistake(
    "stride_in_layer1",
    "You gave the first block of layer1 a stride of 2; the pooling has halved the picture already.",
    old="2 if stage and i ==",
    new="2 if i ==",
)

mistake(
    "stride_on_the_first",
    "You put the stride of a bottleneck on its first 1 × 1; torchvision has it on the 3 × 3.",
    old="1), (3, width, stride",
    new="stride), (3, width, 1",
)

mistake(
    "wrong_depths",
    "You mixed up 101 and 152: the third stage has 23 and 36 blocks, the second 4 and 8.",
    old='4", "23", "3"), 152: ("3", "8',
    new='8", "23", "3"), 152: ("3", "4',
)

mistake(
    "cached",
    "You return the same network again; each call makes a new one.",
    old="def resnet(",
    new="""
import functools


@functools.cache
def resnet(
""",
)

mistake(
    "momentum",
    "You gave the norms a momentum of their own; they have torch's own settings.",
    old='setattr(self, f"bn{number}", nn.BatchNorm2d(c_next))',
    new='setattr(self, f"bn{number}", nn.BatchNorm2d(c_next, momentum=0.01))',
)

mistake(
    "momentum_of_the_stem",
    "You gave the first norm a momentum of its own; the norms have torch's own settings.",
    old='"bn1", nn.BatchNorm2d(64))',
    new='"bn1", nn.BatchNorm2d(64, momentum=0.01))',
)

mistake(
    "eps",
    "You gave the norms an eps of their own; they have torch's own settings.",
    old='setattr(self, f"bn{number}", nn.BatchNorm2d(c_next))',
    new='setattr(self, f"bn{number}", nn.BatchNorm2d(c_next, eps=1e-3))',
)

mistake(
    "shortcut_detached",
    "You detached x on the shortcuts, so no gradient goes around the blocks.",
    old="h = h + self.downsample(x) if",
    new="h = h + self.downsample(x.detach()) if",
)

mistake(
    "branch_detached",
    "You detached what the convolutions of a block read, so no gradient goes through the blocks.",
    old="h = x\n",
    new="h = x.detach()\n",
)

mistake(
    "pasted_from_the_chapter",
    "You pasted the chapter's ResNet-18: one depth of the five, and a chain whose layers have no names.",
    chapter="Residual resnet18",
    answer="""
def resnet(depth, num_classes=1000):
    return resnet18(num_classes)
""",
)

equivalent(
    "nn, deep = (torch.nn, depth >= 50) -> nn, deep = (torch.nn, depth >= 49)",
    "There is no ResNet-49.",
)

equivalent(
    "setattr(self, f'conv{number}', nn.Conv2d(c, c_next, k, step, k // 2, bias=False)) -> setattr(self, f'conv{number}', nn.Conv2d(c, c_next, k, step, k // 3, bias=False))",
    "For kernels of 1 and 3 both give 0 and 1.",
)

equivalent(
    "if stride != 1 or c_in != end: -> if c_in != end:",
    "A block with a stride has more channels, too.",
)

equivalent(
    "h = h.relu() -> h = h.relu_()",
    "h is new, a norm's result or a sum, and read by nothing else.",
)
