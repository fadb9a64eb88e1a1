"""Known mistakes of `Inception`."""

mistake(
    "adds_up",
    "You added the branches up; they are concatenated.",
    old="        return torch.cat([branch(x) for branch in (self.branch1, self.branch2, self.branch3, self.branch4)], 1)",
    new="""
        return torch.stack(
            [branch(x).mean(1) for branch in (self.branch1, self.branch2, self.branch3, self.branch4)], 1
        )
""",
)

mistake(
    "along_the_height",
    "You set the branches one below the other, along the height.",
    old="branch4)], 1)",
    new="branch4)], 2)",
)

mistake(
    "always_five",
    "You kept the 5 × 5 with norm=True; torchvision has a 3 × 3 there.",
    old=", 3 if norm else 5)",
    new=", 5)",
)

mistake(
    "always_three",
    "You used the 3 × 3 of torchvision in the form of the paper as well.",
    old="3 if norm else 5)",
    new="3)",
)

mistake(
    "bias_beside_norm",
    "You gave the convolutions biases also where a norm follows.",
    old="bias=not norm))",
    new="bias=True))",
)

mistake(
    "bottlenecks_swapped",
    "You exchanged the two numbers of a pair: the bottleneck comes first.",
    old="c1, (c2r, c2), (c3r, c3), c4 = spec",
    new="c1, (c2, c2r), (c3, c3r), c4 = spec",
)

mistake(
    "detaches",
    "You detached the input of the third branch.",
    old="        return torch.cat([branch(x) for branch in (self.branch1, self.branch2, self.branch3, self.branch4)], 1)",
    new="""
        branches = (self.branch1, self.branch2, self.branch3, self.branch4)
        return torch.cat([branch(x.detach() if i == 2 else x) for i, branch in enumerate(branches)], 1)
""",
)

mistake(
    "eps_of_torch",
    "You kept torch's eps of the norm; here it is 0.001.",
    old='made.add_module("bn", nn.BatchNorm2d(c_out, eps=0.001))',
    new='made.add_module("bn", nn.BatchNorm2d(c_out))',
)

mistake(
    "in_place",
    "You applied ReLU to x in place.",
    old='        """Return the concatenated outputs of the branches."""',
    new='''
        """Return the concatenated outputs of the branches."""
        x = x.relu_()
''',
)

mistake(
    "mean_pooling",
    "You took the mean where the fourth branch takes the maximum.",
    old="nn.MaxPool2d(3",
    new="nn.AvgPool2d(3",
)

mistake(
    "no_bias",
    "You left the biases out in the form of the paper.",
    old="bias=not norm))",
    new="bias=False))",
)

mistake(
    "no_padding",
    "You left out the padding of the large kernels.",
    old="=kernel // 2,",
    new="=0,",
)

mistake(
    "no_relu_in_bottleneck",
    "You left out the ReLU after the bottlenecks.",
    old="c2r, 1), unit(c2r",
    new="c2r, 1)[:-1], unit(c2r",
)

mistake(
    "one_after_the_other",
    "You ran the branches in the wrong order along the channels.",
    old="branch2, self.branch3",
    new="branch3, self.branch2",
)

mistake(
    "pool_after",
    "You pooled after the 1 × 1 of the fourth branch.",
    old="MaxPool2d(3, 1, 1), unit(c_in, c4, 1",
    new="Identity(), nn.Sequential(unit(c_in, c4, 1), nn.MaxPool2d(3, 1, 1)",
)

mistake(
    "relu_before_norm",
    "You put the ReLU between convolution and norm.",
    answer='''
import torch


class Inception(torch.nn.Module):
    """Four branches side by side: (N, c_in, H, W) to (N, c1 + c2 + c3 + c4, H, W)."""

    def __init__(self, c_in: int, spec: tuple[int, tuple[int, int], tuple[int, int], int], norm: bool = False) -> None:
        super().__init__()
        nn = torch.nn

        def unit(c: int, c_out: int, kernel: int) -> nn.Sequential:
            made = nn.Sequential()
            made.add_module("conv", nn.Conv2d(c, c_out, kernel, padding=kernel // 2, bias=not norm))
            made.add_module("relu", nn.ReLU())
            if norm:
                made.add_module("bn", nn.BatchNorm2d(c_out, eps=0.001))
            return made

        c1, (c2r, c2), (c3r, c3), c4 = spec
        self.branch1 = unit(c_in, c1, 1)
        self.branch2 = nn.Sequential(unit(c_in, c2r, 1), unit(c2r, c2, 3))
        self.branch3 = nn.Sequential(unit(c_in, c3r, 1), unit(c3r, c3, 3 if norm else 5))
        self.branch4 = nn.Sequential(nn.MaxPool2d(3, 1, 1), unit(c_in, c4, 1))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the concatenated outputs of the branches."""
        return torch.cat([branch(x) for branch in (self.branch1, self.branch2, self.branch3, self.branch4)], 1)
''',
)

mistake(
    "momentum",
    "You gave the norm a momentum of its own; apart from eps it has torch's settings.",
    old="nn.BatchNorm2d(c_out, eps=0.001)",
    new="nn.BatchNorm2d(c_out, eps=0.001, momentum=0.01)",
)

mistake(
    "spoils_its_argument",
    "You emptied x, and returned an empty result.",
    old='        """Return the concatenated outputs of the branches."""',
    new='''
        """Return the concatenated outputs of the branches."""
        if not x.requires_grad:
            x.resize_(0, *x.shape[1:])
''',
)

mistake(
    "zeroes_its_argument",
    "You set x to 0.",
    old='        """Return the concatenated outputs of the branches."""',
    new='''
        """Return the concatenated outputs of the branches."""
        x.data.zero_()
''',
)

mistake(
    "branches_of_the_class",
    "You kept the branches on the class, so every module runs those of the last one that was made.",
    old=[
        "self.branch4 = nn.Sequential(nn.MaxPool2d(3, 1, 1), unit(c_in, c4, 1))",
        "for branch in (self.branch1, self.branch2, self.branch3, self.branch4)",
    ],
    new=[
        "self.branch4 = nn.Sequential(nn.MaxPool2d(3, 1, 1), unit(c_in, c4, 1))\n"
        "        type(self).branches = (self.branch1, self.branch2, self.branch3, self.branch4)",
        "for branch in self.branches",
    ],
)

mistake(
    "pasted_from_the_chapter",
    "You pasted the chapter's module: the form of the paper only, and under other names than the statement asks for.",
    chapter="Conv Inception",
    answer="""
OfTheChapter = Inception


class Inception(OfTheChapter):
    def __init__(self, c_in, spec, norm=False):
        super().__init__(c_in, *spec)
""",
)
