"""Known mistakes of `LeNet5_1998`."""

mistake(
    "biases_drawn",
    "You drew the biases at random; they begin at 0.",
    old="return torch.nn.Parameter(torch.full((n,), value))",
    new="return torch.nn.Parameter(torch.full((n,), value) + 0.01 * torch.randn(n))",
)

mistake(
    "cyclic_table",
    "You kept the inputs of C3’s maps in the order of the cycle (4, 5, 0); within a map they go from low to high.",
    old="sorted((i + k) % 6 for k in range(n)",
    new="(i + k) % 6 for k in range(n",
)

mistake(
    "data_in_forward",
    "You used .data of the table’s kernels in forward, so C3 gets no gradient.",
    old="]] = self.c3",
    new="]] = self.c3.data",
)

mistake(
    "last_layer_not_squashed",
    "You left F6 without its squashing function.",
    old="return squash(functional.linear(x, self.f6, self.b6))",
    new="return functional.linear(x, self.f6, self.b6)",
)

mistake(
    "made_in_another_order",
    "You made the subsampling layers after the convolutions, so the parameters come in another order than "
    "the layers work.",
    old=[
        """
        self.s2, self.b2 = numbers(6, 0.25), numbers(6)

""",
        "        self.s4, self.b4 = numbers(16, 0.25), numbers(16)",
    ],
    new=[
        "",
        """
        self.s4, self.b4 = numbers(16, 0.25), numbers(16)
        self.s2, self.b2 = numbers(6, 0.25), numbers(6)
""",
    ],
)

mistake(
    "mean_for_sum",
    "You took the mean in subsampling, where 1998 adds.",
    old="return 4 * functional.",
    new="return functional.",
)

mistake(
    "plain_tanh",
    "You used tanh itself; the function of 1998 is stretched to 1.7159 and slowed to 2/3.",
    old="return 1.7159 * torch.tanh(2 / 3 * a)",
    new="return torch.tanh(a)",
)

mistake(
    "slope_outside",
    "You multiplied by 2/3 outside of the tanh; it belongs to its argument.",
    old="return 1.7159 * torch.tanh(2 / 3 * a)",
    new="return 1.7159 * 2 / 3 * torch.tanh(a)",
)

mistake(
    "start_of_all",
    "You drew C3's weights for 150 inputs, also those of maps that have 75 or 100.",
    old="""
        fan_in = torch.tensor([25.0 * len(crosses[o]) for o, _ in self.pairs])
        self.c3, self.b3 = evenly(60, 5, 5, fan_in=fan_in[:, None, None]), numbers(16)
""",
    new="        self.c3, self.b3 = evenly(60, 5, 5, fan_in=150), numbers(16)",
)

mistake(
    "subsampling_not_squashed",
    "You squashed after the convolutions only; subsampling is squashed too.",
    old="""
        x = squash(subsample(x, self.s2, self.b2))
        x = squash(functional.conv2d(x, table, self.b3))
        x = squash(subsample(x, self.s4, self.b4))
""",
    new="""
        x = subsample(x, self.s2, self.b2)
        x = squash(functional.conv2d(x, table, self.b3))
        x = subsample(x, self.s4, self.b4)
""",
)

mistake(
    "ten_outputs",
    "You added a layer of ten outputs on top of F6, which this task leaves out.",
    old=[
        "        self.f6, self.b6 = evenly(84, 120, fan_in=120), numbers(84)",
        "return squash(functional.linear(x, self.f6, self.b6))",
    ],
    new=[
        """
        self.f6, self.b6 = evenly(84, 120, fan_in=120), numbers(84)
        self.out = torch.nn.Linear(84, 10)
""",
        "return self.out(squash(functional.linear(x, self.f6, self.b6)))",
    ],
)

mistake(
    "todays_layers",
    "You used the layers of today, a full convolution and pooling without parameters, so 60,000 became 60,856.",
    answer="""
import torch


class LeNet5_1998(torch.nn.Module):
    def __init__(self):
        super().__init__()
        nn = torch.nn
        self.c1, self.c3, self.c5 = nn.Conv2d(1, 6, 5), nn.Conv2d(6, 16, 5), nn.Conv2d(16, 120, 5)
        self.f6 = nn.Linear(120, 84)
        self.pool = nn.AvgPool2d(2)

    def forward(self, x):
        def squash(a):
            return 1.7159 * torch.tanh(2 / 3 * a)

        x = self.pool(squash(self.c1(x)))
        x = self.pool(squash(self.c3(x)))
        return squash(self.f6(squash(self.c5(x)).flatten(1)))
""",
)

mistake(
    "wrong_fan_in",
    "You took F6's number of outputs, 84, where its 120 inputs are meant.",
    old="self.f6, self.b6 = evenly(84, 120, fan_in=120), numbers(84)",
    new="self.f6, self.b6 = evenly(84, 120, fan_in=84), numbers(84)",
)

mistake(
    "cut_normal_start",
    "You drew from a normal distribution that is cut off at the limit; the rule is uniform.",
    old="(2 * torch.rand(shape) - 1)",
    new="torch.nn.init.trunc_normal_(torch.empty(shape), std=0.4, a=-1, b=1)",
)

mistake(
    "spoils_its_argument",
    "You set the pictures to 0 in place.",
    old="        table = self.c3",
    new="        x.data.zero_()\n        table = self.c3",
)

mistake(
    "draws_with_numpy",
    "You drew with numpy, whose generator torch.manual_seed does not set.",
    old="(2 * torch.rand(shape) - 1)",
    new="torch.as_tensor(np.random.uniform(-1, 1, shape), dtype=torch.float32)",
)

mistake(
    "counts_the_bias",
    "You counted the bias among the inputs of a unit.",
    old=") * 2.4 / fan_in)",
    new=") * 2.4 / (fan_in + 1))",
)

mistake(
    "sets_a_seed",
    "You set the seed, so that all networks begin alike.",
    old="        self.c1, self.b1 =",
    new="        torch.manual_seed(0)\n        self.c1, self.b1 =",
)

mistake(
    "pasted_from_the_chapter",
    "You pasted the network as it is taught today, with the chapter's stretched tanh and without its last layer.",
    answer="""
import torch
from torch import nn


class Squash(nn.Module):
    def forward(self, a):
        return 1.7159 * torch.tanh(2 / 3 * a)


def lenet(activation):
    return nn.Sequential(
        nn.Conv2d(1, 6, kernel_size=5),
        activation(),
        nn.AvgPool2d(kernel_size=2, stride=2),
        nn.Conv2d(6, 16, kernel_size=5),
        activation(),
        nn.AvgPool2d(kernel_size=2, stride=2),
        nn.Flatten(),
        nn.Linear(16 * 5 * 5, 120),
        activation(),
        nn.Linear(120, 84),
        activation(),
    )


def xavier(layer, gain=1):
    if isinstance(layer, nn.Conv2d | nn.Linear):
        nn.init.xavier_uniform_(layer.weight, gain=gain)
        nn.init.zeros_(layer.bias)


def LeNet5_1998():
    return lenet(Squash).apply(xavier)
""",
)

# Mutants that do the same

equivalent(
    "self.pairs = [(o, i) for o, inputs in enumerate(crosses) for i in inputs] -> type(self).pairs = "
    "[(o, i) for o, inputs in enumerate(crosses) for i in inputs]",
    "All objects have the same table.",
)
