"""Known mistakes of `cifar_resnet`."""

mistake(
    "called_fc",
    "You called the last layer fc; here it is linear.",
    old='), "linear": nn',
    new='), "fc": nn',
)

mistake(
    "detached_shortcut",
    "You detached the shortcut, and with it the gradient of everything before.",
    old="return (h + x).relu()",
    new="return (h + x.detach()).relu()",
)

mistake(
    "flattens_maps",
    "You flattened an average over 8 × 8 windows, which fits pictures of 32 × 32 only.",
    old="AdaptiveAvgPool2d(1",
    new="AvgPool2d(8",
)

mistake(
    "no_shortcuts",
    "You left out the additions: this is a plain network.",
    old="return (h + x).relu()",
    new="return (h + 0 * x).relu()",
)

mistake(
    "pooling_at_the_start",
    "You began with a max pooling, as the networks of ImageNet do; these pictures are small already.",
    old='    parts = {"conv1": nn.Conv2d(3, 16, 3, 1, 1, bias=False), "bn1": nn.BatchNorm2d(16), "relu": nn.ReLU()}',
    new="""
    parts = {
        "conv1": nn.Conv2d(3, 16, 3, 1, 1, bias=False),
        "bn1": nn.BatchNorm2d(16),
        "relu": nn.ReLU(),
        "maxpool": nn.MaxPool2d(3, 2, 1),
    }
""",
)

mistake(
    "projections",
    "You used shortcuts with a 1 × 1 convolution; this family has kind A.",
    old=[
        "            self.grows = grows",
        """
                zeros = x.new_zeros(len(x), x.shape[1] // 2, *h.shape[2:])
                x = torch.cat((zeros, x[:, :, ::2, ::2], zeros), 1)
""",
    ],
    new=[
        """
            self.grows = grows
            self.project = nn.Conv2d(c // 2, c, 1, 2, bias=False) if grows else nn.Identity()
""",
        "                x = self.project(x)",
    ],
)

mistake(
    "relu_before_sum",
    "You applied the last ReLU of each block before the sum.",
    old="return (h + x).relu()",
    new="return h.relu() + x",
)

mistake(
    "six_n_plus_two_blocks",
    "You made n the number of all blocks; each of the three layers has n.",
    old="in range(n)))",
    new="in range(max(1, n // 3))))",
)

mistake(
    "stride_at_the_end",
    "You shrank in the last block of a layer; the first does it.",
    answer='''
import torch


def cifar_resnet(n: int, num_classes: int = 10) -> torch.nn.Module:
    """Return a new ResNet of 6n + 2 layers that maps pictures (N, 3, H, W) to logits (N, num_classes)."""
    nn = torch.nn

    class Unit(nn.Module):
        def __init__(self, c_in, c, stride):
            super().__init__()
            self.stride = stride
            self.conv1 = nn.Conv2d(c_in, c, 3, stride, 1, bias=False)
            self.bn1, self.bn2 = nn.BatchNorm2d(c), nn.BatchNorm2d(c)
            self.conv2 = nn.Conv2d(c, c, 3, 1, 1, bias=False)

        def forward(self, x):
            h = self.bn2(self.conv2(self.bn1(self.conv1(x)).relu()))
            x = x[:, :, :: self.stride, :: self.stride]
            zeros = x.new_zeros(len(x), (h.shape[1] - x.shape[1]) // 2, *h.shape[2:])
            return (h + torch.cat((zeros, x, zeros), 1)).relu()

    parts = {"conv1": nn.Conv2d(3, 16, 3, 1, 1, bias=False), "bn1": nn.BatchNorm2d(16), "relu": nn.ReLU()}
    for stage, c in enumerate((16, 32, 64), 1):
        blocks = []
        for i in range(n):
            blocks.append(Unit(c // 2 if stage > 1 and i == 0 else c, c, 2 if stage > 1 and i == n - 1 else 1))
        parts[f"layer{stage}"] = nn.Sequential(*blocks)
    parts |= {"pool": nn.AdaptiveAvgPool2d(1), "flat": nn.Flatten(), "linear": nn.Linear(64, num_classes)}
    net = nn.Sequential()
    for name, part in parts.items():
        net.add_module(name, part)
    return net
''',
)

mistake(
    "strides_in_all_layers",
    "You shrank at the start of layer1 too.",
    old=[
        """
        def __init__(self, c: int, grows: bool) -> None:
            super().__init__()
            self.grows = grows
            self.conv1 = nn.Conv2d(c // 2 if grows else c, c, 3, 2 if grows else 1, 1, bias=False)
""",
        "            h = self.bn2(self.conv2(self.bn1(self.conv1(x)).relu()))",
        "1 and i == 0) for i in range(",
    ],
    new=[
        """
        def __init__(self, c: int, grows: bool, step: int) -> None:
            super().__init__()
            self.grows, self.step = grows, step
            self.conv1 = nn.Conv2d(c // 2 if grows else c, c, 3, step, 1, bias=False)
""",
        """
            h = self.bn2(self.conv2(self.bn1(self.conv1(x)).relu()))
            if self.step == 2 and not self.grows:
                x = x[:, :, ::2, ::2]
""",
        "1 and i == 0, 2 if i == 0 else 1) for i in range(",
    ],
)

mistake(
    "ten_classes_always",
    "You left num_classes aside.",
    old=", num_classes)}",
    new=", 10)}",
)

mistake(
    "two_n_blocks",
    "You made 2n blocks a layer; it is 2n convolutions, so n blocks.",
    old="in range(n)))",
    new="in range(2 * n)))",
)

mistake(
    "zeros_behind",
    "You put all zero channels behind; half of them go in front.",
    old="x = torch.cat((zeros, x[:, :, ::2, ::2], zeros), 1)",
    new="x = torch.cat((x[:, :, ::2, ::2], zeros, zeros), 1)",
)

mistake(
    "cached",
    "You return the same network again; each call makes a new one.",
    old="def cifar_resnet(",
    new="""
import functools


@functools.cache
def cifar_resnet(
""",
)

mistake(
    "momentum",
    "You gave the norms a momentum of their own; they have torch's own settings.",
    old="self.bn1, self.bn2 = nn.BatchNorm2d(c), nn.BatchNorm2d(c)",
    new="self.bn1, self.bn2 = nn.BatchNorm2d(c), nn.BatchNorm2d(c, momentum=0.01)",
)

mistake(
    "momentum_of_the_stem",
    "You gave the first norm a momentum of its own; the norms have torch's own settings.",
    old='"bn1": nn.BatchNorm2d(16)',
    new='"bn1": nn.BatchNorm2d(16, momentum=0.01)',
)

mistake(
    "dropout",
    "You put a dropout before the dense layer; the network of the table has none.",
    old='"flat": nn.Flatten(),',
    new='"flat": nn.Flatten(), "drop": nn.Dropout(0.1),',
)

mistake(
    "pasted_from_the_chapter",
    "You pasted the chapter's block and network: their shortcuts have parameters, and their layers no names.",
    chapter="Residual",
    answer="""
def cifar_resnet(n, num_classes=10):
    def stage(c_in, c_out, stride):
        return nn.Sequential(Residual(c_in, c_out, stride), *(Residual(c_out, c_out) for _ in range(n - 1)))

    return nn.Sequential(
        nn.Conv2d(3, 16, 3, padding=1, bias=False),
        nn.BatchNorm2d(16),
        nn.ReLU(),
        stage(16, 16, 1),
        stage(16, 32, 2),
        stage(32, 64, 2),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Linear(64, num_classes),
    )
""",
)

equivalent(
    "self.conv1 = nn.Conv2d(c // 2 if grows else c, c, 3, 2 if grows else 1, 1, bias=False) -> "
    "self.conv1 = nn.Conv2d(-(-c // 2) if grows else c, c, 3, 2 if grows else 1, 1, bias=False)",
    "c is 32 or 64 where the block grows.",
)

equivalent(
    "self.bn1, self.bn2 = (nn.BatchNorm2d(c), nn.BatchNorm2d(c)) -> "
    "self.bn2, self.bn1 = (nn.BatchNorm2d(c), nn.BatchNorm2d(c))",
    "Both norms are made alike; their order in the block is free.",
)

equivalent(
    "h = self.bn2(self.conv2(self.bn1(self.conv1(x)).relu())) -> "
    "h = self.bn2(self.conv2(self.bn1(self.conv1(x)).relu_()))",
    "What the norm returns is new and read by nothing else, so it may be changed in place.",
)

equivalent(
    "zeros = x.new_zeros(len(x), x.shape[1] // 2, *h.shape[2:]) -> "
    "zeros = torch.zeros(len(x), x.shape[1] // 2, *h.shape[2:])",
    "On the CPU torch.cat gives the wider type; with the checks' device on a GPU the values fail.",
)

equivalent(
    "zeros = x.new_zeros(len(x), x.shape[1] // 2, *h.shape[2:]) -> "
    "zeros = x.new_zeros(len(x), -(-x.shape[1] // 2), *h.shape[2:])",
    "x has 16 or 32 channels where the block grows.",
)

equivalent(
    "return (h + x).relu() -> return (h + x).relu_()",
    "The sum is new and read by nothing else, so it may be changed in place.",
)

equivalent(
    "parts |= {'pool': nn.AdaptiveAvgPool2d(1), 'flat': nn.Flatten(), 'linear': nn.Linear(64, num_classes)} -> parts = parts | {'pool': nn.AdaptiveAvgPool2d(1), 'flat': nn.Flatten(), 'linear': nn.Linear(64, num_classes)}",
    "The dict is local and has no other name.",
)
