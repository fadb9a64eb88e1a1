# %% [markdown]
# # Inception
#
# You count what a module costs with and without its bottlenecks, then write the module, the heads that help it learn, and GoogLeNet itself, in the form of the
# paper and in that of torchvision, whose weights it takes. At the end come two later ideas: a module with a residual sum, and kernels cut into a column and a row.
#
# - You need: Chapter 09, and 08 for 1 × 1 convolutions. A CPU is enough. Python with torch, torchvision, numpy,
#   matplotlib.
# - It takes: Three to four hours. Your finished notebook runs in well under a minute.
# - Hidden checks try: other sizes, batches, float64, and networks that you have not seen
# - Order: Do them in any order. Only task 4 may use answers of yours, those of tasks 2 and 3.
#
# **Words.** Pictures and maps are tensors `x` of shape (N, C, H, W). A MAC is one multiplication with its addition; biases and pooling cost none.
# The four branches of a module are described by a *spec* `(c1, (c2r, c2), (c3r, c3), c4)`: c1 filters of 1 × 1; c2r of 1 × 1 and then c2 of 3 × 3; c3r of
# 1 × 1 and then c3 of 5 × 5; 3 × 3 max pooling and then c4 of 1 × 1.
#
# **Conv units.** Tasks 2 to 4 build from one unit, a convolution and a ReLU, in two forms. With `norm=False`, as in the paper of 2014, the convolution has a bias. With `norm=True`, as in torchvision,
# it has none, and a `torch.nn.BatchNorm2d` with `eps=0.001`, and torch's settings for the rest, stands between it and the ReLU. The unit's convolution is called `conv` and its norm `bn`, so a unit
# `branch1` has the parameters `branch1.conv.weight` and `branch1.conv.bias`, or `branch1.conv.weight`, `branch1.bn.weight` and `branch1.bn.bias`.
#
# **Ready-made networks.** Everything of `torch` may be used, but no ready-made network: `torchvision`, `torch.hub`, the package `d2l` and
# `convlab.networks` are not allowed.

# %% inception_cost-statement [markdown]
# What does a module cost, with its 1 × 1 bottlenecks and without? By hand, 32 filters of 5 × 5 over 192 channels of 28 × 28 cost
#
# $$ 28 \cdot 28 \cdot 32 \cdot 25 \cdot 192 = 120{,}422{,}400 $$
#
# MACs. With a bottleneck of 16 channels before them it is $28 \cdot 28 \cdot 16 \cdot 192 + 28 \cdot 28 \cdot 32 \cdot 25 \cdot 16 = 12{,}443{,}648$.
#
# **Take** the channels of the input, its size `hw = (H, W)`, which all branches keep, and a spec. **Return** a dict with two entries, each a tuple (list of the MACs of the
# four branches, channels of the output):
#
# - `"reduced"`: the module of the spec;
# - `"naive"`: the module without the convolutions c2r, c3r and c4. The 3 × 3 and 5 × 5 read the input itself, and the pooling passes on all its channels.
#
# All numbers are ints. **Raise `ValueError`** when any number is below 1.

# %% inception_cost forbid="networks convlab.trace*"
def inception_cost(
    c_in: int, hw: tuple[int, int], spec: tuple[int, tuple[int, int], tuple[int, int], int]
) -> dict[str, tuple[list[int], int]]:
    """Return the MACs of each branch and the output's channels, without and with bottlenecks."""
    ### BEGIN SOLUTION
    c1, (c2r, c2), (c3r, c3), c4 = spec
    if min(c_in, *hw, c1, c2r, c2, c3r, c3, c4) < 1:
        raise ValueError("channels and sizes are at least 1")
    pixels = hw[0] * hw[1]
    naive = [c_in * c1, 9 * c_in * c2, 25 * c_in * c3, 0]
    reduced = [c_in * c1, c_in * c2r + 9 * c2r * c2, c_in * c3r + 25 * c3r * c3, c_in * c4]
    return {
        "naive": ([pixels * macs for macs in naive], c1 + c2 + c3 + c_in),
        "reduced": ([pixels * macs for macs in reduced], c1 + c2 + c3 + c4),
    }
    ### END SOLUTION


# %% inception_cost-public points=4
# The first module of GoogLeNet
case = "inception_cost(192, (28, 28), (64, (96, 128), (16, 32), 32))"
received = rules.from_scratch(
    inception_cost,
    (192, (28, 28), (64, (96, 128), (16, 32), 32)),
    forbid=forbidden,
    what="`inception_cost` is your own",
)
checks.equal(sorted(received), ["naive", "reduced"], "The entries", case=f"sorted({case})")
checks.equal(received["naive"][0][2], 120_422_400, "The 5×5 without a bottleneck", case=f'{case}["naive"][0][2]')
checks.equal(received["reduced"][0][2], 12_443_648, "The 5×5 with its bottleneck", case=f'{case}["reduced"][0][2]')
checks.equal(
    [received["naive"][1], received["reduced"][1]],
    [416, 256],
    "The channels of the output",
    case=f'[{case}["naive"][1], …["reduced"][1]]',
    hint="the naive pooling passes on all 192.",
)


# %% inception_cost-helpers
def cost(c_in, hw, spec):
    one, (few, three), (fewer, five), last = spec
    units = {"naive": [[(c_in, one, 1)], [(c_in, three, 3)], [(c_in, five, 5)], []]}
    units["reduced"] = [
        [(c_in, one, 1)],
        [(c_in, few, 1), (few, three, 3)],
        [(c_in, fewer, 1), (fewer, five, 5)],
        [(c_in, last, 1)],
    ]
    found = {}
    for name, branches in units.items():
        macs = [sum(hw[0] * hw[1] * a * b * k * k for a, b, k in branch) for branch in branches]
        found[name] = (macs, one + three + five + (branches[3][0][1] if branches[3] else c_in))
    return found


# %% inception_cost-reduced points=4
# With bottlenecks, on maps that are not square
cases = [
    (480, (14, 14), (192, (96, 208), (16, 48), 64)),
    (7, (5, 9), (2, (3, 4), (1, 6), 5)),
    (1, (1, 8), (1, (2, 3), (4, 5), 6)),
]
for case in cases:
    received = inception_cost(*case)["reduced"]
    checks.equal(isinstance(received, tuple), True, "The entry is a tuple", hint="(list of MACs, channels).")
    checks.equal(
        received[0], cost(*case)["reduced"][0], "MACs of the branches", hint="the bottleneck itself costs, too."
    )
    checks.equal(received[1], cost(*case)["reduced"][1], "Channels of the output")

# %% inception_cost-naive points=4
# Without bottlenecks, on maps that are not square
cases = [
    (480, (14, 14), (192, (96, 208), (16, 48), 64)),
    (7, (5, 9), (2, (3, 4), (1, 6), 5)),
    (1, (1, 8), (1, (2, 3), (4, 5), 6)),
]
for case in cases:
    received = inception_cost(*case)["naive"]
    checks.equal(isinstance(received, tuple), True, "The entry is a tuple", hint="(list of MACs, channels).")
    checks.equal(
        received[0], cost(*case)["naive"][0], "MACs of the branches", hint="without c2r, c3r and c4; pooling is free."
    )
    checks.equal(received[1], cost(*case)["naive"][1], "Channels of the output")

# %% inception_cost-refuses points=2
# Numbers that make no sense
ones = (1, (1, 1), (1, 1), 1)
kinds = {
    "a number of input channels below 1": [(0, (4, 4), ones), (-2, (4, 4), ones)],
    "a height below 1": [(3, (0, 4), ones), (3, (-1, 4), ones)],
    "a width below 1": [(3, (4, -1), ones), (3, (4, 0), ones)],
    "a first branch of fewer than 1 channel": [(3, (4, 4), (n, (1, 1), (1, 1), 1)) for n in (0, -1)],
    "a second branch that is reduced to fewer than 1 channel": [(3, (4, 4), (1, (n, 1), (1, 1), 1)) for n in (0, -3)],
    "a second branch of fewer than 1 channel": [(3, (4, 4), (1, (1, n), (1, 1), 1)) for n in (0, -1)],
    "a third branch that is reduced to fewer than 1 channel": [(3, (4, 4), (1, (1, 1), (n, 1), 1)) for n in (0, -2)],
    "a third branch of fewer than 1 channel": [(3, (4, 4), (1, (1, 1), (1, n), 1)) for n in (0, -1)],
    "a fourth branch of fewer than 1 channel": [(3, (4, 4), (1, (1, 1), (1, 1), n)) for n in (0, -1)],
}
checks.refuses(inception_cost, kinds, "A number below 1")

# %% Inception-statement [markdown]
# The module. Four branches read the same input, keep its height and width, and are concatenated along the channel axis, in this order:
#
# | branch | units (each a convolution and a ReLU, see the top) |
# | --- | --- |
# | `branch1` | c1 of 1 × 1 |
# | `branch2` | `0`: c2r of 1 × 1; `1`: c2 of 3 × 3 |
# | `branch3` | `0`: c3r of 1 × 1; `1`: c3 of 5 × 5, and with `norm=True` of 3 × 3 |
# | `branch4` | `0`: 3 × 3 max pooling, stride 1; `1`: c4 of 1 × 1 |
#
# Why 3 × 3 with `norm=True`? It was a mistake in the first port of the network. Trained weights stand on it, so torchvision keeps it.
#
# `Inception(c_in, spec, norm=False)` maps (N, c_in, H, W) to (N, c1 + c2 + c3 + c4, H, W).
#
# **Names**: `branch1.conv`, `branch2.0.conv`, `branch2.1.conv`, `branch3.0.conv`, `branch3.1.conv`, `branch4.1.conv`, with `.weight` and `.bias`, and for `norm=True` `.bn` beside each `.conv`.
#
# `x` is left as it was.


# %% Inception forbid="networks convlab.trace*"
class Inception(torch.nn.Module):
    """Four branches side by side: (N, c_in, H, W) to (N, c1 + c2 + c3 + c4, H, W)."""

    def __init__(self, c_in: int, spec: tuple[int, tuple[int, int], tuple[int, int], int], norm: bool = False) -> None:
        super().__init__()
        ### BEGIN SOLUTION
        nn = torch.nn

        def unit(c: int, c_out: int, kernel: int) -> nn.Sequential:
            made = nn.Sequential()
            made.add_module("conv", nn.Conv2d(c, c_out, kernel, padding=kernel // 2, bias=not norm))
            if norm:
                made.add_module("bn", nn.BatchNorm2d(c_out, eps=0.001))
            made.add_module("relu", nn.ReLU())
            return made

        c1, (c2r, c2), (c3r, c3), c4 = spec
        self.branch1 = unit(c_in, c1, 1)
        self.branch2 = nn.Sequential(unit(c_in, c2r, 1), unit(c2r, c2, 3))
        self.branch3 = nn.Sequential(unit(c_in, c3r, 1), unit(c3r, c3, 3 if norm else 5))
        self.branch4 = nn.Sequential(nn.MaxPool2d(3, 1, 1), unit(c_in, c4, 1))
        ### END SOLUTION

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the concatenated outputs of the branches."""
        ### BEGIN SOLUTION
        return torch.cat([branch(x) for branch in (self.branch1, self.branch2, self.branch3, self.branch4)], 1)
        ### END SOLUTION


# %% Inception-public points=3
# The size of the answer, and the parameters of the first module of GoogLeNet
spec = (64, (96, 128), (16, 32), 32)
module = rules.from_scratch(Inception, (192, spec), forbid=forbidden, what="`Inception` is your own")
checks.shape(
    module(torch.rand(2, 192, 7, 5)),
    (2, 256, 7, 5),
    "Two inputs",
    case="Inception(192, spec)(torch.rand(2, 192, 7, 5))",
)
checks.equal(
    sum(p.numel() for p in module.parameters()),
    163_696,
    "Parameters",
    case="all parameters of Inception(192, (64, (96, 128), (16, 32), 32))",
    hint="the branches have 12,352, 129,248, 15,920 and 6,176.",
)
checks.equal(
    sum(p.numel() for p in Inception(192, spec, norm=True).parameters()),
    155_872,
    "Parameters with norm=True",
    hint="no biases; two numbers a channel for each norm; the third branch has a 3×3.",
)

# %% Inception-helpers
import torch.nn.functional as F


def module(x, w, at, training=None, moved_statistics=None):
    """The module by name from a state dict: with norms where there are any; their statistics go into ``moved_statistics``."""

    def unit(x, name):
        weight = w[f"{at}{name}.conv.weight"]
        x = F.conv2d(x, weight, w.get(f"{at}{name}.conv.bias"), padding=weight.shape[-1] // 2)
        if f"{at}{name}.bn.weight" in w:
            norm = [w[f"{at}{name}.bn.{part}"] for part in ("running_mean", "running_var", "weight", "bias")]
            mean, var = norm[0].clone(), norm[1].clone()
            x = F.batch_norm(x, mean, var, norm[2], norm[3], bool(training), eps=0.001)
            if moved_statistics is not None:
                moved_statistics.update({f"{at}{name}.bn.running_mean": mean, f"{at}{name}.bn.running_var": var})
        return x.relu()

    two, three = unit(unit(x, "branch2.0"), "branch2.1"), unit(unit(x, "branch3.0"), "branch3.1")
    return torch.cat([unit(x, "branch1"), two, three, unit(F.max_pool2d(x, 3, 1, 1), "branch4.1")], 1)


def shapes_of(c_in, spec, norm):
    c1, (c2r, c2), (c3r, c3), c4 = spec
    sizes = {
        "branch1": (c1, c_in, 1),
        "branch2.0": (c2r, c_in, 1),
        "branch2.1": (c2, c2r, 3),
        "branch3.0": (c3r, c_in, 1),
    }
    sizes |= {"branch3.1": (c3, c3r, 3 if norm else 5), "branch4.1": (c4, c_in, 1)}
    shapes = {f"{name}.conv.weight": (a, b, k, k) for name, (a, b, k) in sizes.items()}
    parts = ("bn.weight", "bn.bias") if norm else ("conv.bias",)
    return shapes | {f"{name}.{part}": (a,) for name, (a, _, _) in sizes.items() for part in parts}


def drawn(shapes, g, dtype=torch.float32):
    w = {}
    for name, shape in shapes.items():
        w[name] = torch.randn(shape, generator=g, dtype=dtype)
        if len(shape) > 1:
            w[name] = w[name] * (2 / w[name][0].numel()) ** 0.5
        if name.endswith("bn.weight"):
            stem = name.removesuffix("weight")
            w[f"{stem}running_mean"] = torch.randn(shape, generator=g, dtype=dtype)
            w[f"{stem}running_var"] = torch.rand(shape, generator=g, dtype=dtype) / 50 + 0.001
    return w


# %% Inception-layout points=3
# Names and shapes of the parameters
for norm in (False, True):
    for c_in, spec in [(3, (2, (4, 5), (6, 7), 8)), (5, (1, (1, 2), (3, 1), 2))]:
        checks.equal(
            {name: tuple(p.shape) for name, p in Inception(c_in, spec, norm).named_parameters()},
            shapes_of(c_in, spec, norm),
            f"Names and shapes of the parameters, norm={norm}",
            hint="compare with the statement; with norm=True no convolution has a bias, and the 5×5 is a 3×3.",
        )

# %% Inception-values points=6
# With given weights, in the form of the paper

g, device = torch.Generator().manual_seed(61002), checks.device()
cases = [
    (3, 3, (2, (4, 5), (6, 7), 8), (6, 9)),
    (1, 5, (1, (1, 2), (3, 1), 2), (7, 4)),
    (2, 4, (3, (2, 2), (2, 4), 1), (3, 1)),
]
for dtype in (torch.float32, torch.float64):
    for batch, c_in, spec, size in cases:
        given = Inception(c_in, spec).to(dtype)
        other = Inception(c_in, spec, norm=True)  # what is made later belongs to another module
        shapes = shapes_of(c_in, spec, False)
        checks.equal(sorted(n for n, _ in given.named_parameters()), sorted(shapes), "The names of the parameters")
        w = drawn(shapes, g, dtype)
        given.load_state_dict(w)
        given, w = given.to(device), {name: value.to(device) for name, value in w.items()}
        x = torch.randn(batch, c_in, *size, generator=g, dtype=dtype).to(device)
        wanted = module(x, w, "")
        checks.close(
            checks.unchanged(given, x, what="The input is left as it was"),
            wanted,
            "A module with given weights",
            hint="each convolution has a ReLU; the pooling keeps the size; branches go 1 to 4 along the channels.",
        )

# %% Inception-norm points=4
# With given weights, in the form of torchvision, in both modes

g, device = torch.Generator().manual_seed(7188), checks.device()
for c_in, spec, size in [(3, (2, (4, 5), (6, 7), 8), (6, 9)), (5, (1, (1, 2), (3, 1), 2), (7, 4))]:
    given = Inception(c_in, spec, norm=True)
    shapes = shapes_of(c_in, spec, True)
    checks.equal(sorted(n for n, _ in given.named_parameters()), sorted(shapes), "The names of the parameters")
    w = drawn(shapes, g)
    given.load_state_dict(w, strict=False)
    given, w = given.to(device), {name: value.to(device) for name, value in w.items()}
    x = torch.randn(3, c_in, *size, generator=g).to(device)
    for mode in (False, True):
        given.train(mode)
        moved_statistics = {}
        wanted = module(x, w, "", mode, moved_statistics)
        checks.close(
            checks.unchanged(given, x, what="The input is left as it was"),
            wanted,
            f"A module in {'training' if mode else 'evaluation'} mode",
            hint="convolution, norm with eps=0.001, ReLU, in this order; the third branch has a 3×3 with padding 1.",
            rtol=1e-3,
        )
    own_statistics = dict(given.named_buffers())
    for name, wanted in moved_statistics.items():
        checks.close(
            own_statistics[name],
            wanted,
            "A running statistic after one batch",
            hint="each norm sees each batch once, with torch's own momentum.",
            rtol=1e-3,
        )

# %% Inception-gradients points=4
# Gradients reach the input and every branch
g, device = torch.Generator().manual_seed(51), checks.device()
given = Inception(4, (3, (2, 4), (2, 3), 2)).to(device)
yours = dict(given.named_parameters())
checks.equal(sorted(yours), sorted(shapes_of(4, (3, (2, 4), (2, 3), 2), False)), "The names of the parameters")
own = {name: p.detach().clone().requires_grad_() for name, p in yours.items()}
x = torch.randn(2, 4, 5, 8, generator=g).to(device).requires_grad_()
up = torch.randn(2, 12, 5, 8, generator=g).to(device)
wanted = torch.autograd.grad(module(x, own, ""), [x, *own.values()], up)
checks.shape(given(x), (2, 12, 5, 8), "The result")
received = torch.autograd.grad(given(x), [x, *yours.values()], up, allow_unused=True)
for got, expected, name in zip(received, wanted, ["the input", *own], strict=True):
    checks.equal(got is None, False, f"{name} gets no gradient", hint="look for .detach(), .data or no_grad().")
    checks.close(got, expected, f"The gradient of {name}", rtol=1e-3, atol=1e-4)

# %% AuxHead-statement [markdown]
# In 2014 it was feared that too little gradient would reach the first of 22 layers. So two small classifiers read the maps half way, and in training their losses are added with a weight of 0.3 each.
#
# | name | what | output |
# | --- | --- | --- |
# | | mean over windows, to 4 × 4 (`torch.nn.AdaptiveAvgPool2d`; on the 14 × 14 of the paper about its 5 × 5 windows of stride 3) | c_in × 4 × 4 |
# | `conv` | unit of 128 filters of 1 × 1 (see the top) | 128 × 4 × 4 |
# | | flatten | 2,048 |
# | `fc1` | dense with bias, ReLU | 1,024 |
# | | `torch.nn.Dropout` with p = 0.7 | |
# | `fc2` | dense with bias, nothing after it | num_classes |
#
# `AuxHead(c_in, num_classes, norm=False)` maps (N, c_in, H, W) with any H and W to (N, num_classes).
#
# Dropout has the same p in both forms. **Names**: `conv.conv.weight`, `conv.conv.bias` (with `norm=True` `conv.bn.…` in its place), `fc1`, `fc2`. Let dropout be a `torch.nn.Dropout`, since the tests switch it off by its `p`. `x` is left as it was.


# %% AuxHead forbid="networks convlab.trace*"
class AuxHead(torch.nn.Module):
    """A small classifier on maps half way: (N, c_in, H, W) to (N, num_classes)."""

    def __init__(self, c_in: int, num_classes: int, norm: bool = False) -> None:
        super().__init__()
        ### BEGIN SOLUTION
        parts = {"conv": torch.nn.Conv2d(c_in, 128, 1, bias=not norm)}
        if norm:
            parts["bn"] = torch.nn.BatchNorm2d(128, eps=0.001)
        self.conv = torch.nn.ModuleDict(parts)
        self.fc1, self.fc2 = torch.nn.Linear(2048, 1024), torch.nn.Linear(1024, num_classes)
        self.dropout = torch.nn.Dropout(0.7)
        ### END SOLUTION

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the logits of the head."""
        ### BEGIN SOLUTION
        x = torch.nn.functional.adaptive_avg_pool2d(x, 4)
        for part in self.conv.values():
            x = part(x)
        x = torch.relu(self.fc1(torch.relu(x).flatten(1)))
        return self.fc2(self.dropout(x))
        ### END SOLUTION


# %% AuxHead-public points=3
# The size of the answer, and 3,188,840 parameters
head = rules.from_scratch(AuxHead, (512, 1000), forbid=forbidden, what="`AuxHead` is your own")
checks.shape(
    head(torch.rand(2, 512, 14, 14)), (2, 1000), "Two inputs", case="AuxHead(512, 1000)(torch.rand(2, 512, 14, 14))"
)
checks.equal(
    sum(p.numel() for p in head.parameters()),
    3_188_840,
    "Parameters",
    case="all parameters of AuxHead(512, 1000)",
    hint="conv 65,664, fc1 2,098,176, fc2 1,025,000.",
)

# %% AuxHead-helpers
import torch.nn.functional as F


def head(x, w, mode=False, moved_statistics=None):
    x = F.conv2d(F.adaptive_avg_pool2d(x, 4), w["conv.conv.weight"], w.get("conv.conv.bias"))
    if "conv.bn.weight" in w:
        norm = [w[f"conv.bn.{part}"].clone() for part in ("running_mean", "running_var", "weight", "bias")]
        x = F.batch_norm(x, *norm, mode, eps=0.001)
        if moved_statistics is not None:
            moved_statistics.update({"running_mean": norm[0], "running_var": norm[1]})
    x = F.linear(x.relu().flatten(1), w["fc1.weight"], w["fc1.bias"]).relu()
    return F.linear(x, w["fc2.weight"], w["fc2.bias"])


def shapes_of(c_in, classes, norm):
    shapes = {"conv.conv.weight": (128, c_in, 1, 1), "fc1.weight": (1024, 2048), "fc1.bias": (1024,)}
    shapes |= {"fc2.weight": (classes, 1024), "fc2.bias": (classes,)}
    return shapes | {f"conv.{part}": (128,) for part in (("bn.weight", "bn.bias") if norm else ("conv.bias",))}


# %% AuxHead-layout points=2
# Names and shapes of the parameters
for norm in (False, True):
    checks.equal(
        {name: tuple(p.shape) for name, p in AuxHead(6, 3, norm).named_parameters()},
        shapes_of(6, 3, norm),
        f"Names and shapes of the parameters, norm={norm}",
        hint="compare with the table; the unit is called conv, and so is the convolution in it.",
    )


# %% AuxHead-values points=4
# With given weights, on maps of several sizes
def drawn(shapes, g, dtype=torch.float32):
    w = {}
    for name, shape in shapes.items():
        w[name] = torch.randn(shape, generator=g, dtype=dtype)
        if len(shape) > 1:
            w[name] = w[name] * (2 / w[name][0].numel()) ** 0.5
        if name.endswith("bn.weight"):
            stem = name.removesuffix("weight")
            w[f"{stem}running_mean"] = torch.randn(shape, generator=g, dtype=dtype)
            w[f"{stem}running_var"] = torch.rand(shape, generator=g, dtype=dtype) / 50 + 0.001
    return w


g, device = torch.Generator().manual_seed(4710), checks.device()
for norm, batch, size, dtype in [
    (False, 3, (14, 14), torch.float32),
    (False, 1, (9, 5), torch.float64),
    (False, 2, (2, 3), torch.float32),
    (True, 3, (4, 7), torch.float32),
]:
    given = AuxHead(6, 5, norm).to(dtype).eval()
    other = AuxHead(6, 5, not norm)  # what is made later belongs to another head
    shapes = shapes_of(6, 5, norm)
    checks.equal(sorted(n for n, _ in given.named_parameters()), sorted(shapes), "The names of the parameters")
    w = drawn(shapes, g, dtype)
    given.load_state_dict(w, strict=False)
    given, w = given.to(device), {name: value.to(device) for name, value in w.items()}
    x = torch.randn(batch, 6, *size, generator=g, dtype=dtype).to(device)
    wanted = head(x, w)
    checks.close(
        checks.unchanged(given, x, what="The input is left as it was"),
        wanted,
        "A head in evaluation mode",
        hint="mean to 4 × 4 first; a ReLU after the convolution and after fc1, none after fc2; no dropout now.",
        rtol=1e-3 if dtype == torch.float32 else None,
    )
    if norm:
        moved_statistics = {}
        head(x, w, True, moved_statistics)
        given.train()(x)
        for name, wanted in moved_statistics.items():
            checks.close(
                given.get_buffer(f"conv.bn.{name}"),
                wanted,
                "A running statistic of the norm after one batch",
                hint="eps=0.001, and torch's own momentum.",
                rtol=1e-3,
            )

# %% AuxHead-training points=3
# Dropout in training, and the same answer without it
g, device = torch.Generator().manual_seed(808), checks.device()
given = AuxHead(4, 3).to(device).train()
w = {name: p.detach().clone() for name, p in given.named_parameters()}
checks.equal(sorted(w), sorted(shapes_of(4, 3, False)), "The names of the parameters")
x = torch.randn(2, 4, 8, 8, generator=g).to(device)
wanted = head(x, w)
checks.equal(bool(torch.equal(given(x), given(x))), False, "Two calls give the same", hint="where is dropout?")
dropouts = [module for module in given.modules() if isinstance(module, torch.nn.Dropout)]
checks.equal([module.p for module in dropouts], [0.7], "The dropouts", hint="one torch.nn.Dropout(0.7), before fc2.")
dropouts[0].p = 0.0
checks.close(given(x), wanted, "The answer in training mode with p = 0", rtol=1e-3)
# Three of the 1,024 numbers before fc2 become the logits: each is dropped, or kept and enlarged.
hidden = head(x, w | {"fc2.weight": torch.eye(1024, device=device), "fc2.bias": torch.zeros(1024, device=device)})
best = hidden.amin(0).topk(3).indices
with torch.no_grad():
    given.fc2.weight.copy_(torch.eye(1024, device=device)[best])
    given.fc2.bias.zero_()
dropouts[0].p = 0.5
for _ in range(8):
    logits = given(x).detach()
    kept = logits.abs() > 1e-6
    checks.close(
        logits,
        kept * hidden[:, best] / 0.5,
        "fc2 with three ones",
        hint="dropout stands between fc1 and fc2.",
        rtol=1e-3,
    )
second = AuxHead(4, 3, norm=True).to(device).train()
rates = [m.p for m in second.modules() if isinstance(m, torch.nn.Dropout)]
checks.equal(rates, [0.7], "The dropouts with norm=True", hint="p is 0.7 in both forms.")
hint = "where is dropout?"
checks.equal(bool(torch.equal(second(x), second(x))), False, "Two calls with norm=True give the same", hint=hint)
with torch.no_grad():
    given.fc2.weight.zero_()
    given.fc2.bias.fill_(2.0)
dropouts[0].p = 0.7
checks.close(
    given(x), torch.full((2, 3), 2.0, device=device), "fc2 = 2", hint="dropout comes before fc2, not after it."
)

# %% AuxHead-gradients points=2
# Gradients reach the input and every parameter
g, device = torch.Generator().manual_seed(33), checks.device()
given = AuxHead(4, 3).to(device).eval()
yours = dict(given.named_parameters())
checks.equal(sorted(yours), sorted(shapes_of(4, 3, False)), "The names of the parameters")
own = {name: p.detach().clone().requires_grad_() for name, p in yours.items()}
x, up = torch.randn(2, 4, 6, 9, generator=g).to(device), torch.randn(2, 3, generator=g).to(device)
x.requires_grad_()
wanted = torch.autograd.grad(head(x, own), [x, *own.values()], up)
received = torch.autograd.grad(given(x), [x, *yours.values()], up, allow_unused=True)
for got, expected, name in zip(received, wanted, ["the input", *own], strict=True):
    checks.equal(got is None, False, f"{name} gets no gradient", hint="look for .detach(), .data or no_grad().")
    checks.close(got, expected, f"The gradient of {name}", rtol=1e-3, atol=1e-4)
del given, yours  # what a test holds is compared at each later request

# %% GoogLeNet-statement [markdown]
# The whole network, for pictures of 224 × 224 (others work too). *Unit* is a convolution and a ReLU, see the top. Every max pooling has stride 2 and `ceil_mode=True`, and no padding.
#
# | name | what | output |
# | --- | --- | --- |
# | `conv1` | unit, 64 filters of 7 × 7, stride 2, padding 3 | 64 × 112 × 112 |
# | | max pooling 3 × 3 | 64 × 56 × 56 |
# | `conv2`, `conv3` | units, 64 of 1 × 1, then 192 of 3 × 3, padding 1 | 192 × 56 × 56 |
# | | max pooling 3 × 3 | 192 × 28 × 28 |
# | `inception3a`, `3b` | 64, (96, 128), (16, 32), 32; then 128, (128, 192), (32, 96), 64 | 480 × 28 × 28 |
# | | max pooling 3 × 3 | 480 × 14 × 14 |
# | `inception4a` | 192, (96, 208), (16, 48), 64 | 512 × 14 × 14 |
# | `inception4b` | 160, (112, 224), (24, 64), 64 | 512 × 14 × 14 |
# | `inception4c` | 128, (128, 256), (24, 64), 64 | 512 × 14 × 14 |
# | `inception4d` | 112, (144, 288), (32, 64), 64 | 528 × 14 × 14 |
# | `inception4e` | 256, (160, 320), (32, 128), 128 | 832 × 14 × 14 |
# | | max pooling 3 × 3, and with `norm=True` 2 × 2 | 832 × 7 × 7 |
# | `inception5a`, `5b` | 256, (160, 320), (32, 128), 128; then 384, (192, 384), (48, 128), 128 | 1024 × 7 × 7 |
# | | mean of each map; `torch.nn.Dropout` with p = 0.4 (`norm=True`: 0.2) | 1024 |
# | `fc` | dense with bias | num_classes |
#
# With `aux=True` there are two heads (task 3): `aux1` reads the output of `inception4a`, `aux2` that of `inception4d`, and their gradients go on into the network. (The paper also normalises responses twice. That has no weights,
# torchvision and d2l leave it out, and so do we.)
#
# `GoogLeNet(num_classes=1000, aux=True, norm=False)` maps (N, 3, H, W) to (N, num_classes). In training mode with `aux=True` it returns a tuple of **three** logits: (the
# network's, those of `aux1`, those of `aux2`). In evaluation mode, or without heads, it returns the network's alone.
#
# | parameters | `aux=False` | `aux=True` |
# | --- | --- | --- |
# | `norm=False` | 6,998,552 | 13,378,280 |
# | `norm=True` | 6,624,904 | 13,004,888 |
#
# **Names**: those of the table and of tasks 2 and 3. With `norm=True` the network takes a state dict of torchvision, and then gives its answers.
#
# You may build with your `Inception` and `AuxHead`; then what is wrong there costs points here too. The tests of this task do not need them.


# %% GoogLeNet forbid="networks convlab.trace*"
class GoogLeNet(torch.nn.Module):
    """The network of 2014: (N, 3, H, W) to (N, num_classes), in training with heads to three such logits."""

    def __init__(self, num_classes: int = 1000, aux: bool = True, norm: bool = False) -> None:
        super().__init__()
        ### BEGIN SOLUTION
        nn = torch.nn

        def unit(c: int, c_out: int, k: int, stride: int = 1) -> nn.Sequential:
            parts = {"conv": nn.Conv2d(c, c_out, k, stride, k // 2, bias=not norm)}
            parts |= {"bn": nn.BatchNorm2d(c_out, 0.001)} if norm else {}
            made = nn.Sequential()
            for name, part in [*parts.items(), ("relu", nn.ReLU())]:
                made.add_module(name, part)
            return made

        class Module(nn.Module):
            def __init__(self, c: int, a: int, b: tuple[int, int], d: tuple[int, int], e: int) -> None:
                super().__init__()
                self.branch1, self.c_out = unit(c, a, 1), a + b[1] + d[1] + e
                self.branch2 = nn.Sequential(unit(c, b[0], 1), unit(*b, 3))
                self.branch3 = nn.Sequential(unit(c, d[0], 1), unit(*d, 3 if norm else 5))
                self.branch4 = nn.Sequential(nn.MaxPool2d(3, 1, 1), unit(c, e, 1))

            def forward(self, x: torch.Tensor) -> torch.Tensor:
                return torch.cat([part(x) for part in self.children()], dim=1)

        class Head(nn.Module):
            def __init__(self, c: int) -> None:
                super().__init__()
                self.pool, self.conv = nn.AdaptiveAvgPool2d(4), unit(c, 128, 1)
                self.fc1, self.fc2, self.drop = nn.Linear(2048, 1024), nn.Linear(1024, num_classes), nn.Dropout(0.7)

            def forward(self, x: torch.Tensor) -> torch.Tensor:
                return self.fc2(self.drop(self.fc1(self.conv(self.pool(x)).flatten(1)).relu()))

        self.conv1, self.conv2, self.conv3 = unit(3, 64, 7, 2), unit(64, 64, 1), unit(64, 192, 3)
        specs = {
            "3a": (64, (96, 128), (16, 32), 32),
            "3b": (128, (128, 192), (32, 96), 64),
            "4a": (192, (96, 208), (16, 48), 64),
            "4b": (160, (112, 224), (24, 64), 64),
            "4c": (128, (128, 256), (24, 64), 64),
            "4d": (112, (144, 288), (32, 64), 64),
            "4e": (256, (160, 320), (32, 128), 128),
            "5a": (256, (160, 320), (32, 128), 128),
            "5b": (384, (192, 384), (48, 128), 128),
        }
        self.order, c, self.heads = list(specs), 192, {}
        for name, spec in specs.items():
            made = Module(c, *spec)
            self.add_module(f"inception{name}", made)
            c = made.c_out
            if aux and name in ("4a", "4d"):
                self.add_module("aux1" if name == "4a" else "aux2", Head(c))
                self.heads[name] = "aux1" if name == "4a" else "aux2"
        self.last = 2 if norm else 3
        self.dropout, self.fc = nn.Dropout(0.2 if norm else 0.4), nn.Linear(c, num_classes)
        ### END SOLUTION

    def forward(self, x: torch.Tensor) -> torch.Tensor | tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Return the logits; in training with heads a tuple (network, aux1, aux2)."""

        ### BEGIN SOLUTION
        def halved(x: torch.Tensor, kernel: int = 3) -> torch.Tensor:
            return torch.nn.functional.max_pool2d(x, kernel, 2, ceil_mode=True)

        x = halved(self.conv3(self.conv2(halved(self.conv1(x)))))
        side = []
        for name in self.order:
            if name == "4a":
                x = halved(x)
            if name == "5a":
                x = halved(x, self.last)
            x = self.get_submodule(f"inception{name}")(x)
            if self.training and name in self.heads:
                side.append(self.get_submodule(self.heads[name])(x))
        x = self.fc(self.dropout(x.mean((2, 3))))
        return (x, *side) if side else x
        ### END SOLUTION


# %% GoogLeNet-public points=4
# The sizes of the answers, and the parameters
net = rules.from_scratch(GoogLeNet, (10, False), forbid=forbidden, what="`GoogLeNet` is your own")
checks.shape(
    net(torch.rand(2, 3, 64, 96)), (2, 10), "Two pictures", case="GoogLeNet(10, aux=False)(torch.rand(2, 3, 64, 96))"
)
checks.equal(
    sum(p.numel() for p in net.parameters()),
    5_983_802,
    "Parameters",
    case="all parameters of GoogLeNet(10, aux=False)",
    hint="print them by module: conv1 9,472, inception3a 163,696, inception5b 1,444,080, fc 10,250.",
)
with torch.no_grad():
    outputs = GoogLeNet(10)(torch.rand(2, 3, 64, 64))
checks.equal(
    isinstance(outputs, tuple), True, "The answer in training mode", case="isinstance(GoogLeNet(10)(x), tuple)"
)
checks.equal([tuple(out.shape) for out in outputs], [(2, 10)] * 3, "Three logits in training mode")

# %% GoogLeNet-helpers
import torch.nn.functional as F
from torchvision import models


def scatter(shapes, g):
    """Return random values by name, cut from one long list of them."""
    numbers = torch.randn(2_500_000, generator=g)
    w = {}
    for at, (name, shape) in enumerate(shapes.items()):
        size = torch.Size(shape).numel()
        cut = numbers[997 * at : 997 * at + size].reshape(shape)
        if len(shape) > 1:
            cut = cut * (2 / (size / shape[0])) ** 0.5
        elif name.endswith(("running_var", "bn.weight")):
            cut = 0.5 + cut.abs()
        w[name] = cut.clone()
    return w


def shapes_of(classes, aux):
    shadow = torch.device("meta")
    with shadow:
        like = models.GoogLeNet(num_classes=classes, aux_logits=aux, init_weights=False)
    shapes = {}
    for name, value in like.named_parameters():
        stem, _, part = name.rpartition(".bn.")
        if part == "weight":
            shapes[f"{stem}.conv.bias"] = tuple(value.shape)
        elif not stem:
            wide = name.endswith("branch3.1.conv.weight")
            shapes[name] = (*value.shape[:2], 5, 5) if wide else tuple(value.shape)
    return shapes


def module(x, w, at, training=None):
    """The module by name from a state dict: with norms where there are any."""

    def unit(x, name):
        weight = w[f"{at}{name}.conv.weight"]
        x = F.conv2d(x, weight, w.get(f"{at}{name}.conv.bias"), padding=weight.shape[-1] // 2)
        if f"{at}{name}.bn.weight" in w:
            norm = [w[f"{at}{name}.bn.{part}"] for part in ("running_mean", "running_var", "weight", "bias")]
            x = F.batch_norm(x, norm[0].clone(), norm[1].clone(), norm[2], norm[3], bool(training), eps=0.001)
        return x.relu()

    two, three = unit(unit(x, "branch2.0"), "branch2.1"), unit(unit(x, "branch3.0"), "branch3.1")
    return torch.cat([unit(x, "branch1"), two, three, unit(F.max_pool2d(x, 3, 1, 1), "branch4.1")], 1)


def network(x, w, heads=False):
    def unit(x, name, stride=1):
        weight = w[f"{name}.conv.weight"]
        return F.conv2d(x, weight, w[f"{name}.conv.bias"], stride, weight.shape[-1] // 2).relu()

    def head(x, name):
        x = unit(F.adaptive_avg_pool2d(x, 4), f"{name}.conv").flatten(1)
        x = F.linear(x, w[f"{name}.fc1.weight"], w[f"{name}.fc1.bias"]).relu()
        return F.linear(x, w[f"{name}.fc2.weight"], w[f"{name}.fc2.bias"])

    x, said = F.max_pool2d(unit(x, "conv1", 2), 3, 2, ceil_mode=True), []
    x = F.max_pool2d(unit(unit(x, "conv2"), "conv3"), 3, 2, ceil_mode=True)
    for stage in ("3a 3b", "4a 4b 4c 4d 4e", "5a 5b"):
        for name in stage.split():
            x = module(x, w, f"inception{name}.")
            if heads and name in ("4a", "4d"):
                said.append(head(x, "aux1" if name == "4a" else "aux2"))
        x = F.max_pool2d(x, 3, 2, ceil_mode=True) if stage != "5a 5b" else x.mean((2, 3))
    return F.linear(x, w["fc.weight"], w["fc.bias"]), *said


# %% GoogLeNet-counts points=5
# The parameters in all four forms
forms = [(False, False, 6_998_552), (True, False, 13_378_280), (False, True, 6_624_904), (True, True, 13_004_888)]
for aux, norm, count in forms:
    net = GoogLeNet(aux=aux, norm=norm)
    checks.equal(
        checks.parameter_count(net),
        count,
        f"Parameters with aux={aux}, norm={norm}",
        hint="compare each module with the table; with norm=True the 5×5 are 3×3 and no convolution has a bias.",
    )

# %% GoogLeNet-torchvision points=5
# With weights of torchvision, its answers
g, device = torch.Generator().manual_seed(90133), checks.device()
shadow = torch.device("meta")
with shadow:
    own = models.GoogLeNet(num_classes=7, aux_logits=True, init_weights=False)
given = GoogLeNet(7, aux=True, norm=True)
checks.equal(
    sorted(checks.parameter_names(given)),
    sorted(name for name, _ in own.named_parameters()),
    "The names of the parameters",
    hint="compare with the statement, the names of the units included.",
)
state = scatter({name: tuple(value.shape) for name, value in own.state_dict().items() if value.ndim}, g)
own = own.to_empty(device="cpu")
own.load_state_dict(state, strict=False)
given.load_state_dict(state, strict=False)
own, given = own.to(device).eval(), given.to(device).eval()
checks.equal(
    sorted(module.p for module in given.modules() if isinstance(module, torch.nn.Dropout)),
    [0.2, 0.7, 0.7],
    "The dropouts with norm=True",
    hint="0.2 before fc, and 0.7 in the heads in both forms.",
)
checks.equal(
    [(norm.eps, norm.momentum) for norm in given.modules() if isinstance(norm, torch.nn.BatchNorm2d)],
    [(0.001, 0.1)] * 59,
    "The settings of the norms",
    hint="eps=0.001, and torch's own momentum.",
)
x = torch.randn(2, 3, 80, 57, generator=g).to(device)
hint = "the pooling rounds up; the last one is 2×2 with norm=True; eps is 0.001; the third branch has a 3×3."
with torch.no_grad():
    wanted = own(x)
    received = checks.unchanged(given, x, what="The pictures are left as they were")
    checks.close(received, wanted, "In evaluation mode", hint=hint, rtol=1e-3, atol=1e-3)
    for net in (own, given):
        for module in net.train().modules():
            if isinstance(module, torch.nn.Dropout):
                module.p = 0.0
    said = own(x)
    received = given(x)
    checks.equal(len(received), 3, "Answers in training mode", hint="with norm=True there are three, too.")
    for logits, wanted in zip(received, (said.logits, said.aux_logits1, said.aux_logits2), strict=True):
        checks.close(
            logits,
            wanted,
            "Logits in training mode, with p = 0",
            hint="the order is network, aux1, aux2, in both forms.",
            rtol=1e-3,
            atol=1e-2,
        )

# %% GoogLeNet-values points=6
# With given weights, in the form of the paper

g, device = torch.Generator().manual_seed(2014), checks.device()
shapes, given = shapes_of(6, False), GoogLeNet(6, aux=False).eval()
other = GoogLeNet(6, aux=True, norm=True)  # what is made later belongs to another network
names = checks.parameter_names(given)
checks.equal(sorted(names), sorted(shapes), "The names of the parameters", hint="compare with the statement.")
w = scatter(shapes, g)
given.load_state_dict(w)
given, w = given.to(device), {name: value.to(device) for name, value in w.items()}
x = torch.randn(2, 3, 70, 101, generator=g).to(device)
with torch.no_grad():
    wanted = network(x, w)[0]
    checks.close(
        checks.unchanged(given, x, what="The pictures are left as they were"),
        wanted,
        "GoogLeNet with given weights",
        hint="the third branch has a true 5×5; four poolings of 3×3 that round up; a ReLU after each convolution.",
        rtol=1e-3,
        atol=1e-3,
    )

# %% GoogLeNet-heads points=4
# The heads: where they read, when they answer, and dropout

g, device = torch.Generator().manual_seed(46), checks.device()
shapes, given = shapes_of(4, True), GoogLeNet(4)
names = checks.parameter_names(given)
checks.equal(sorted(names), sorted(shapes), "The names of the parameters", hint="compare with the statement.")
w = scatter(shapes, g)
given.load_state_dict(w)
given, w = given.to(device), {name: value.to(device) for name, value in w.items()}
dropouts = [module for module in given.modules() if isinstance(module, torch.nn.Dropout)]
checks.equal(sorted(module.p for module in dropouts), [0.4, 0.7, 0.7], "The dropouts", hint="use torch.nn.Dropout.")
x = torch.randn(2, 3, 65, 96, generator=g).to(device)
wanted = network(x, w, heads=True)
with torch.no_grad():
    checks.close(given.eval()(x), wanted[0], "The answer in evaluation mode", rtol=1e-3, atol=1e-3)
    given.train()
    checks.equal(bool(torch.equal(given(x)[0], given(x)[0])), False, "Two calls in training mode give the same")
    for each in dropouts:
        each.p = 0.0
    received = given(x)
    checks.equal(len(received), 3, "Answers in training mode")
    for number, name in enumerate(("The network's", "The first head's", "The second head's")):
        checks.close(
            received[number],
            wanted[number],
            f"{name} logits in training mode, with p = 0",
            hint="the order is network, aux1, aux2; aux1 reads what comes out of 4a, aux2 what comes out of 4d.",
            rtol=1e-3,
            atol=1e-3,
        )
    checks.shape(GoogLeNet(4, aux=False).to(device).train()(x), (2, 4), "The answer in training mode without heads")
    # Four of the 1,024 numbers before each last layer become its logits: each is dropped, or kept and enlarged.
    last = [("fc", given.fc), ("aux1.fc2", given.aux1.fc2), ("aux2.fc2", given.aux2.fc2)]
    ones, zeros = torch.eye(1024, device=device), torch.zeros(1024, device=device)
    all_of_them = {f"{name}.weight": ones for name, _ in last} | {f"{name}.bias": zeros for name, _ in last}
    features = network(x, w | all_of_them, heads=True)
    wanted = []
    for (_, layer), values in zip(last, features, strict=True):
        best = values.amin(0).topk(4).indices
        layer.weight.copy_(ones[best])
        layer.bias.fill_(3.0)
        wanted.append(values[:, best])
    for each in dropouts:
        each.p = 0.5
    for _ in range(4):
        for logits, values in zip(given(x), wanted, strict=True):
            kept = (logits - 3).abs() > 1e-3
            checks.close(
                logits,
                kept * values / 0.5 + 3,
                "A last layer with four ones, in training mode",
                hint="dropout stands right before the last layer: after the mean, and after fc1 in the heads.",
                rtol=1e-3,
                atol=1e-3,
            )

# %% GoogLeNet-gradients points=2
# The heads help the network to learn
g, device = torch.Generator().manual_seed(47), checks.device()
shapes, given = shapes_of(4, True), GoogLeNet(4)
names = checks.parameter_names(given)
checks.equal(sorted(names), sorted(shapes), "The names of the parameters", hint="compare with the statement.")
w = scatter(shapes, g)
given.load_state_dict(w)
given, w = given.to(device).train(), {name: value.to(device) for name, value in w.items()}
for part in given.modules():
    if isinstance(part, torch.nn.Dropout):
        part.p = 0.0
x = torch.randn(2, 3, 64, 65, generator=g).to(device)
name = "conv2.conv.bias"
w[name].requires_grad_()
ups = [torch.randn(2, 4, generator=g).to(device) for _ in range(3)]
for number, (speaker, logits) in enumerate(
    zip(("network", "first head", "second head"), network(x, w, heads=True), strict=True)
):
    wanted = torch.autograd.grad(logits, w[name], ups[number], retain_graph=True)[0]
    outputs = given(x)
    received = torch.autograd.grad(outputs[number], given.conv2.conv.bias, ups[number], allow_unused=True)[0]
    checks.equal(received is None, False, f"The {speaker} gives no gradient", hint="look for .detach() or no_grad().")
    largest = float(wanted.abs().max())
    checks.close(
        received, wanted, f"The gradient of conv2's bias through the {speaker}", rtol=1e-2, atol=1e-3 * largest
    )

# %% InceptionResNetA-statement [markdown]
# Two years later the module met the residual sum. The branches compute a *change*, a last 1 × 1 convolution brings it back to the channels of the input, and it is
# added to the input, after scaling:
#
# $$ y = \mathrm{ReLU}\big(x + \text{scale} \cdot \text{up}(\text{branches})\big) $$
#
# | name | what |
# | --- | --- |
# | `branch1` | 1 × 1 |
# | `branch2.0`, `branch2.1` | 1 × 1, then 3 × 3 |
# | `branch3.0`, `branch3.1`, `branch3.2` | 1 × 1, then 3 × 3, then 3 × 3 |
# | `up` | 1 × 1 on the three concatenated branches: back to c_in channels, **no** ReLU after it |
#
# Each convolution but `up` gives `width` channels and is followed by a ReLU. All have biases, none a norm, and all keep height and width. The authors found that without scaling by 0.1 to 0.3 wide networks "died" early in training.
#
# `InceptionResNetA(c_in, width=32, scale=0.17)` maps (N, c_in, H, W) to the same shape.
#
# **Names**: each entry of the table *is* a convolution, so its parameters are `branch1.weight`, `branch1.bias`, `branch2.0.weight` and so on. `x` is left as it was.


# %% InceptionResNetA forbid="networks convlab.trace*"
class InceptionResNetA(torch.nn.Module):
    """Three branches that compute a change, and a scaled sum: (N, c_in, H, W) to (N, c_in, H, W)."""

    def __init__(self, c_in: int, width: int = 32, scale: float = 0.17) -> None:
        super().__init__()
        ### BEGIN SOLUTION
        conv = torch.nn.Conv2d
        self.scale = scale
        self.branch1 = conv(c_in, width, 1)
        self.branch2 = torch.nn.ModuleList([conv(c_in, width, 1), conv(width, width, 3, padding=1)])
        more = [conv(width, width, 3, padding=1) for _ in range(2)]
        self.branch3 = torch.nn.ModuleList([conv(c_in, width, 1), *more])
        self.up = conv(3 * width, c_in, 1)
        ### END SOLUTION

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return ReLU(x + scale · change)."""
        ### BEGIN SOLUTION
        ends = []
        for branch in ([self.branch1], self.branch2, self.branch3):
            h = x
            for conv in branch:
                h = torch.relu(conv(h))
            ends.append(h)
        return torch.relu(x + self.scale * self.up(torch.cat(ends, 1)))
        ### END SOLUTION


# %% InceptionResNetA-public points=3
# The size of the answer, the parameters, and a change of 0
block = rules.from_scratch(InceptionResNetA, (6, 4), forbid=forbidden, what="`InceptionResNetA` is your own")
checks.shape(
    block(torch.rand(2, 6, 5, 8)), (2, 6, 5, 8), "Two inputs", case="InceptionResNetA(6, 4)(torch.rand(2, 6, 5, 8))"
)
checks.equal(
    sum(p.numel() for p in block.parameters()),
    606,
    "Parameters",
    case="all parameters of InceptionResNetA(6, width=4)",
    hint="three 1×1 of 28, three 3×3 of 148, and up with 78.",
)
with torch.no_grad():
    block.up.weight.zero_()
    block.up.bias.fill_(2.0)
x = torch.rand(2, 6, 3, 4)
checks.close(block(x.clone()), x + 0.34, "The change is 2 everywhere", hint="x + 0.17 · 2.")

# %% InceptionResNetA-helpers
import torch.nn.functional as F


def residual(x, w, scale):
    def chain(*names):
        h = x
        for name in names:
            weight = w[f"{name}.weight"]
            h = F.conv2d(h, weight, w[f"{name}.bias"], padding=weight.shape[-1] // 2).relu()
        return h

    ends = [chain("branch1"), chain("branch2.0", "branch2.1"), chain("branch3.0", "branch3.1", "branch3.2")]
    return (x + scale * F.conv2d(torch.cat(ends, 1), w["up.weight"], w["up.bias"])).relu()


def shapes_of(c_in, width):
    names = ["branch1", "branch2.0", "branch2.1", "branch3.0", "branch3.1", "branch3.2"]
    kernels = [(width, c_in, 1, 1), (width, c_in, 1, 1), (width, width, 3, 3)]
    kernels += [(width, c_in, 1, 1), (width, width, 3, 3), (width, width, 3, 3)]
    shapes = {f"{name}.weight": kernel for name, kernel in zip(names, kernels, strict=True)}
    shapes |= {f"{name}.bias": (width,) for name in names}
    return shapes | {"up.weight": (c_in, 3 * width, 1, 1), "up.bias": (c_in,)}


# %% InceptionResNetA-layout points=2
# Names and shapes of the parameters
for c_in, width in ((5, 3), (2, 4)):
    checks.equal(
        {name: tuple(p.shape) for name, p in InceptionResNetA(c_in, width).named_parameters()},
        shapes_of(c_in, width),
        "Names and shapes of the parameters",
        hint="compare with the table; no norms, and a bias in each convolution.",
    )
checks.equal(sum(p.numel() for p in InceptionResNetA(256).parameters()), 77_248, "Parameters with the default width")


# %% InceptionResNetA-values points=5
# With given weights and several scales
def drawn(shapes, g, dtype=torch.float32):
    w = {}
    for name, shape in shapes.items():
        w[name] = torch.randn(shape, generator=g, dtype=dtype)
        if len(shape) > 1:
            w[name] = w[name] * (2 / w[name][0].numel()) ** 0.5
        if name.endswith("bn.weight"):
            stem = name.removesuffix("weight")
            w[f"{stem}running_mean"] = torch.randn(shape, generator=g, dtype=dtype)
            w[f"{stem}running_var"] = torch.rand(shape, generator=g, dtype=dtype) / 50 + 0.001
    return w


g, device = torch.Generator().manual_seed(20160), checks.device()
cases = [(3, 5, 3, 0.17, (6, 9)), (1, 4, 2, 1.0, (7, 3)), (3, 3, 6, 0.1, (4, 5))]
cases += [(2, 6, 3, 0.0, (1, 8)), (3, 3, 2, -0.5, (5, 6))]
for dtype in (torch.float32, torch.float64):
    for batch, c_in, width, scale, size in cases:
        scale = scale if dtype == torch.float32 else round(8 * scale) / 8  # a scale kept in float32 is exact, too
        given = InceptionResNetA(c_in, width, scale).to(dtype)
        other = InceptionResNetA(c_in, width, scale + 1)  # what is made later belongs to another block
        shapes = shapes_of(c_in, width)
        checks.equal(sorted(n for n, _ in given.named_parameters()), sorted(shapes), "The names of the parameters")
        w = drawn(shapes, g, dtype)
        given.load_state_dict(w, strict=False)
        given, w = given.to(device), {name: value.to(device) for name, value in w.items()}
        x = torch.randn(batch, c_in, *size, generator=g, dtype=dtype).to(device)
        wanted = residual(x, w, scale)
        checks.close(
            checks.unchanged(given, x, what="The input is left as it was"),
            wanted,
            "A block with given weights",
            hint="ReLU after each convolution but up; the change is scaled, not x; one ReLU after the sum.",
        )

# %% InceptionResNetA-gradients points=4
# Gradients go through the branches and around them
g, device = torch.Generator().manual_seed(616), checks.device()
given = InceptionResNetA(4, 3, 0.3).to(device)
yours = dict(given.named_parameters())
checks.equal(sorted(yours), sorted(shapes_of(4, 3)), "The names of the parameters")
own = {name: p.detach().clone().requires_grad_() for name, p in yours.items()}
x = torch.randn(2, 4, 5, 7, generator=g).to(device).requires_grad_()
up = torch.randn(2, 4, 5, 7, generator=g).to(device)
wanted = torch.autograd.grad(residual(x, own, 0.3), [x, *own.values()], up)
received = torch.autograd.grad(given(x), [x, *yours.values()], up, allow_unused=True)
for got, expected, name in zip(received, wanted, ["the input", *own], strict=True):
    checks.equal(got is None, False, f"{name} gets no gradient", hint="look for .detach(), .data or no_grad().")
    checks.close(got, expected, f"The gradient of {name}", rtol=1e-3, atol=1e-4)

# %% factorize-statement [markdown]
# Later Inceptions replace a 7 × 7 by a 7 × 1 and a 1 × 7: 14 products for 49. *Learned* pairs are a restriction. But when does a given kernel *equal* such a pair? When it is a column times a row:
#
# $$ \begin{bmatrix} 1&0&-1\\ 2&0&-2\\ 1&0&-1 \end{bmatrix} = \begin{bmatrix} 1\\2\\1 \end{bmatrix} \begin{bmatrix} 1&0&-1 \end{bmatrix} $$
#
# **Take** a kernel `k` of shape (kH, kW). **Return** `(column, row)` of shapes (kH, 1) and (1, kW), with `column @ row` equal to `k` in every element to 10⁻⁵ of k's largest magnitude. How the factor is shared
# between them is free. Both have the dtype and device of `k`, and `k` stays as it is. A kernel of zeros gives zeros.
#
# **Raise `ValueError`** when `k` has not two axes, and when there is no such pair: when every pair misses some element of `k` by more than 10⁻⁴ of k's largest magnitude. Between the two limits, where the nearest pair misses by
# 10⁻⁵ to 10⁻⁴, a pair and a `ValueError` are both right, and nothing is tried there. So one limit of 10⁻⁴ on the nearest pair will do.
#
# The nearest pair, in the sum of squares, comes from the singular value decomposition (`torch.linalg.svd`): its largest singular value with its two vectors.


# %% factorize forbid="networks convlab.trace*"
def factorize(k: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Return a column (kH, 1) and a row (1, kW) whose product is the kernel ``k`` (kH, kW)."""
    ### BEGIN SOLUTION
    if k.ndim != 2:
        raise ValueError("a kernel has two axes")
    u, s, vh = torch.linalg.svd(k, full_matrices=False)
    column, row = u[:, :1] * s[0], vh[:1]
    if (column @ row - k).abs().max() > 1e-4 * k.abs().max():
        raise ValueError("the kernel is no column times a row")
    return column, row
    ### END SOLUTION


# %% factorize-public points=3
# The kernel above
k = torch.tensor([[1.0, 0.0, -1.0], [2.0, 0.0, -2.0], [1.0, 0.0, -1.0]])
column, row = rules.from_scratch(factorize, (k.clone(),), forbid=forbidden, what="`factorize` is your own")
checks.shape(column, (3, 1), "The column", case="factorize(k)[0]")
checks.shape(row, (1, 3), "The row", case="factorize(k)[1]")
checks.close(column @ row, k, "Their product", case="column @ row")
checks.raises(
    ValueError, factorize, torch.eye(3), what="A kernel that is no such product", case="factorize(torch.eye(3))"
)

# %% factorize-values points=4
# Kernels that are not square, with zeros, large and small, in float64
g, device = torch.Generator().manual_seed(77041), checks.device()
for shape in [(3, 5), (7, 2), (1, 4), (6, 1), (1, 1)]:
    for scale, dtype in ((1.0, torch.float32), (1e-4, torch.float64), (1e5, torch.float32)):
        column = torch.randn(shape[0], 1, generator=g, dtype=dtype) * scale
        row = torch.randn(1, shape[1], generator=g, dtype=dtype)
        column[0], row[0, 0] = column[0] * (shape[0] == 1), row[0, 0] * (shape[1] == 1)  # often zero
        k = (column @ row).to(device)
        wanted, largest = k.clone(), float(k.abs().max())
        found = checks.unchanged(factorize, k, what="The kernel is left as it was")
        checks.shape(found[0], (shape[0], 1), "The column")
        checks.shape(found[1], (1, shape[1]), "The row")
        for part in found:
            checks.equal(part.dtype == dtype, True, "The dtype", hint="float64 stays float64.")
        hint = "the first row or column of a kernel may be all zeros; the largest singular value has the answer."
        checks.close(found[0] @ found[1], wanted, "column @ row", hint=hint, rtol=0.0, atol=1e-5 * largest)
        checks.equal(len(found), 2, "How many are returned")

# %% factorize-slides points=2
# Sliding the column, then the row, is sliding the kernel
import torch.nn.functional as F

g, device = torch.Generator().manual_seed(508), checks.device()
k = (torch.randn(5, 1, generator=g) @ torch.randn(1, 3, generator=g)).to(device)
column, row = factorize(k.clone())
checks.shape(column, (5, 1), "The column")
checks.shape(row, (1, 3), "The row")
x = torch.randn(2, 1, 9, 8, generator=g).to(device)
checks.close(
    F.conv2d(F.conv2d(x, column[None, None]), row[None, None]),
    F.conv2d(x, k[None, None]),
    "Two convolutions",
    rtol=1e-3,
    atol=1e-4,
)
zeros = torch.zeros(3, 4, device=device)
column, row = factorize(zeros.clone())
checks.close(column @ row, zeros, "A kernel of zeros", hint="zeros are no error: return zeros.")

# %% factorize-refuses points=3
# Kernels that are no product, and tensors that are no kernel
g, device = torch.Generator().manual_seed(99), checks.device()
outer = torch.randn(5, 1, generator=g) @ torch.randn(1, 4, generator=g)
spoiled = outer.clone()
spoiled[2, 3] += 0.05 * outer.abs().max()
slightly = [outer.double(), outer.double()]  # every pair misses an element by more than 10⁻⁴
slightly[0][2, 3] += 7e-4 * outer.abs().max()
slightly[1][1, 0] -= 7e-4 * outer.abs().max()
slightly += [slightly[0].float(), 1e3 * slightly[1], 1e-3 * slightly[0].float()]
many = torch.ones(30, 40, dtype=torch.float64)  # one of many elements: little beside the size of the whole kernel
many[7, 11] = 1.0007
slightly += [many]
laplacian = torch.tensor([[0.0, 1.0, 0.0], [1.0, -4.0, 1.0], [0.0, 1.0, 0.0]])
kernels = {
    "a kernel that is far from any product": [torch.randn(3, 3, generator=g), laplacian, torch.eye(2)],
    "a kernel that misses a product in one element": [spoiled],
    "a small kernel that misses a product in one element": [1e-5 * spoiled],
    "a kernel that misses every product by little": slightly,
}
checks.refuses(
    factorize,
    {kind: [(k.to(device),) for k in those] for kind, those in kernels.items()},
    "A kernel that is no column times a row",
    hint="compare the product with k, element by element: 10⁻⁴ of k's largest magnitude is the limit.",
)
kinds = {
    "a tensor of one axis": [(torch.ones(3, device=device),)],
    "a tensor of four axes": [(torch.ones(1, 1, 3, 3, device=device),)],
}
checks.refuses(factorize, kinds, "Not two axes")
small = outer.clone()
small[:, 1] *= 1e-6  # rounding is large beside these elements, and small beside the largest
for exact in (outer, small):
    near = exact + 1e-6 * exact.abs().max() * torch.randn(5, 4, generator=g)
    column, row = factorize(near.clone().to(device))
    checks.close(
        column @ row,
        near.to(device),
        "A kernel that is a product but for rounding",
        hint="floats are rarely equal: allow 10⁻⁴ of the largest magnitude.",
        rtol=0.0,
        atol=1e-5 * float(exact.abs().max()),
    )

# %% factorize-look-text [markdown]
# Look at what five of the modules of GoogLeNet cost, with and without bottlenecks.

# %% factorize-look
specs = [
    (192, 28, (64, (96, 128), (16, 32), 32)),
    (256, 28, (128, (128, 192), (32, 96), 64)),
    (480, 14, (192, (96, 208), (16, 48), 64)),
    (512, 14, (160, (112, 224), (24, 64), 64)),
    (832, 7, (384, (192, 384), (48, 128), 128)),
]
costs = [inception_cost(c, (size, size), spec) for c, size, spec in specs]
figure, axis = plt.subplots(figsize=(6, 3))
places = np.arange(len(specs))
for shift, kind in ((-0.2, "naive"), (0.2, "reduced")):
    axis.bar(places + shift, [sum(cost[kind][0]) / 1e6 for cost in costs], width=0.4, label=kind)
axis.set_xticks(places, ["3a", "3b", "4a", "4b", "5b"])
axis.set_ylabel("million MACs")
_ = axis.legend()
