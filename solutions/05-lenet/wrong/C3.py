"""Known mistakes of `C3`."""

mistake(
    "bias_drawn",
    "You drew the biases at random; they begin at 0.",
    old="self.bias = torch.nn.Parameter(torch.zeros(16))",
    new="self.bias = torch.nn.Parameter(0.1 * torch.randn(16))",
)

mistake(
    "bias_for_each_cross",
    "You gave each of the 60 crosses a bias of its own; an output map has one.",
    answer="""
import torch

COLUMNS = [
    "012",
    "123",
    "234",
    "345",
    "045",
    "015",
    "0123",
    "1234",
    "2345",
    "0345",
    "0145",
    "0125",
    "0134",
    "1245",
    "0235",
    "012345",
]


class C3(torch.nn.Module):
    def __init__(self):
        super().__init__()
        weight = torch.cat([torch.empty(len(c), 5, 5).uniform_(-2.4 / 25 / len(c), 2.4 / 25 / len(c)) for c in COLUMNS])
        self.weight = torch.nn.Parameter(weight)
        self.bias = torch.nn.Parameter(torch.zeros(60))

    def forward(self, x):
        numbers, maps = iter(range(60)), []
        for column in COLUMNS:
            own = [(int(i), next(numbers)) for i in column]
            maps.append(
                sum(
                    torch.nn.functional.conv2d(x[:, i : i + 1], self.weight[k][None, None], self.bias[k : k + 1])
                    for i, k in own
                )
            )
        return torch.cat(maps, 1)
""",
)

mistake(
    "by_input_map",
    "You ordered the kernels by input map first, then by output map.",
    old="""
        self.outputs = [o for o, inputs in enumerate(table) for _ in inputs]
        self.inputs = [i for inputs in table for i in inputs]
""",
    new="""
        self.outputs = [o for i in range(6) for o, inputs in enumerate(table) if i in inputs]
        self.inputs = [i for i in range(6) for inputs in table if i in inputs]
""",
)

mistake(
    "cyclic_order",
    "You kept the kernels of maps 4, 5, 9, 10 and 11 in the order of the cycle (4, 5, 0); within a map "
    "they go from low to high.",
    old="*map(sorted, runs)",
    new="*runs",
)

mistake(
    "data_in_forward",
    "You used weight.data in forward, so the kernels get no gradient.",
    old="dense[self.outputs, self.inputs] = self.weight",
    new="dense[self.outputs, self.inputs] = self.weight.data",
)

mistake(
    "fan_in_of_all",
    "You drew all weights for 150 inputs, also those of maps that have 75 or 100.",
    old="25 * len(table[o])",
    new="150",
)

mistake(
    "flips_kernel",
    "You flipped the kernels, as mathematics does; a layer of a network does not.",
    old="return torch.nn.functional.conv2d(x, dense, self.bias)",
    new="return torch.nn.functional.conv2d(x, dense.flip(2, 3), self.bias)",
)

mistake(
    "float32_table",
    "You made the dense weight without the dtype of the parameters, so float64 does not work.",
    old="dense = self.weight.new_zeros(16, 6, 5, 5)",
    new="dense = torch.zeros(16, 6, 5, 5)",
)

mistake(
    "full_convolution",
    "You used an ordinary convolution, in which every map reads all six.",
    answer="""
import torch


class C3(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = torch.nn.Conv2d(6, 16, 5)
        torch.nn.init.uniform_(self.conv.weight, -2.4 / 150, 2.4 / 150)
        torch.nn.init.zeros_(self.conv.bias)
        self.weight, self.bias = self.conv.weight, self.conv.bias

    def forward(self, x):
        return self.conv(x)
""",
)

mistake(
    "masked_full_convolution",
    "You masked an ordinary convolution: the values are right, but 2,416 parameters are kept and trained "
    "in place of 1,516.",
    answer="""
import torch

COLUMNS = [
    "012",
    "123",
    "234",
    "345",
    "450",
    "501",
    "0123",
    "1234",
    "2345",
    "3450",
    "4501",
    "5012",
    "0134",
    "1245",
    "0235",
    "012345",
]


class C3(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.empty(16, 6, 5, 5))
        self.bias = torch.nn.Parameter(torch.zeros(16))
        mask = torch.tensor([[float(str(i) in column) for i in range(6)] for column in COLUMNS])
        self.register_buffer("mask", mask[:, :, None, None])
        for own, column in zip(self.weight, COLUMNS, strict=True):
            torch.nn.init.uniform_(own, -2.4 / 25 / len(column), 2.4 / 25 / len(column))

    def forward(self, x):
        return torch.nn.functional.conv2d(x, self.weight * self.mask, self.bias)
""",
)

mistake(
    "normal_start",
    "You drew from a normal distribution; the rule is uniform.",
    old="(2 * torch.rand(60, 5, 5) - 1",
    new="torch.randn(60, 5, 5",
)

mistake(
    "split_cycle_goes_on",
    "You took the next pair of the cycle for maps 12 to 14, but map 14 reads 0, 2, 3 and 5.",
    old="[1, 2, 4, 5], [0, 2, 3, 5]]",
    new="[1, 2, 4, 5], [1, 2, 3, 5]]",
)

mistake(
    "squashes",
    "You squashed the sums; this layer does not.",
    old="return torch.nn.functional.conv2d(x, dense, self.bias)",
    new="return 1.7159 * torch.tanh(2 / 3 * torch.nn.functional.conv2d(x, dense, self.bias))",
)

mistake(
    "table_made_once",
    "You built the dense weight once in __init__, so it does not follow the parameters and gives them no gradient.",
    answer="""
import torch

COLUMNS = [
    "012",
    "123",
    "234",
    "345",
    "045",
    "015",
    "0123",
    "1234",
    "2345",
    "0345",
    "0145",
    "0125",
    "0134",
    "1245",
    "0235",
    "012345",
]


class C3(torch.nn.Module):
    def __init__(self):
        super().__init__()
        weight = torch.cat([torch.empty(len(c), 5, 5).uniform_(-2.4 / 25 / len(c), 2.4 / 25 / len(c)) for c in COLUMNS])
        self.weight = torch.nn.Parameter(weight)
        self.bias = torch.nn.Parameter(torch.zeros(16))
        dense = torch.zeros(16, 6, 5, 5)
        dense[[o for o, c in enumerate(COLUMNS) for _ in c], [int(i) for c in COLUMNS for i in c]] = weight
        self.register_buffer("dense", dense)

    def forward(self, x):
        return torch.nn.functional.conv2d(x, self.dense, self.bias)
""",
)

mistake(
    "cut_normal_start",
    "You drew from a normal distribution that is cut off at the limit; the rule is uniform.",
    old="(2 * torch.rand(60, 5, 5) - 1)",
    new="torch.nn.init.trunc_normal_(torch.empty(60, 5, 5), std=0.4, a=-1, b=1)",
)

mistake(
    "spoils_its_argument",
    "You set the maps to 0 in place.",
    old="        dense = self.weight.new",
    new="        x.data.zero_()\n        dense = self.weight.new",
)

mistake(
    "same_kernels",
    "You drew one kernel and gave it to all crosses.",
    old="(2 * torch.rand(60, 5, 5) - 1)",
    new="(2 * torch.rand(1, 5, 5).expand(60, 5, 5) - 1)",
)

mistake(
    "draws_with_numpy",
    "You drew with numpy, whose generator torch.manual_seed does not set.",
    old="(2 * torch.rand(60, 5, 5) - 1)",
    new="torch.as_tensor(np.random.uniform(-1, 1, (60, 5, 5)), dtype=torch.float32)",
)

mistake(
    "counts_the_bias",
    "You counted the bias among the inputs of a unit.",
    old="2.4 / (25 * len(table[o]))",
    new="2.4 / (25 * len(table[o]) + 1)",
)

mistake(
    "sets_a_seed",
    "You set the seed, so that all layers begin alike.",
    old="        self.weight = torch.nn.Parameter(",
    new="        torch.manual_seed(0)\n        self.weight = torch.nn.Parameter(",
)

mistake(
    "pasted_from_the_chapter",
    "You pasted the chapter's small example: a dense convolution whose missing kernels are multiplied by 0 has 2,400 weights, not 60 kernels.",
    answer="""
import torch
from torch.nn import functional as F

columns = "012 123 234 345 045 015 0123 1234 2345 0345 0145 0125 0134 1245 0235 012345".split()


class C3(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.reads = torch.tensor([[str(i) in column for i in range(6)] for column in columns])
        self.weight = torch.nn.Parameter(torch.randn(16, 6, 5, 5))
        self.bias = torch.nn.Parameter(torch.zeros(16))

    def forward(self, x):
        return F.conv2d(x, self.weight * self.reads[:, :, None, None], self.bias)
""",
)

# Mutants that do the same

equivalent(
    "self.outputs = [o for o, inputs in enumerate(table) for _ in inputs] -> type(self).outputs = [o for "
    "o, inputs in enumerate(table) for _ in inputs]",
    "All objects have the same table.",
)

equivalent(
    "self.inputs = [i for inputs in table for i in inputs] -> type(self).inputs = [i for inputs in table "
    "for i in inputs]",
    "All objects have the same table.",
)
