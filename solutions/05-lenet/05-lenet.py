# %% [markdown]
# # LeNet-5
#
# You write LeNet-5 twice: as it is taught today, and as it was in 1998, with exactly 60,000 trainable numbers. Then you write
# the tools of every chapter to come: what shapes a network makes, where its parameters are, how good it is, and how it is trained.
#
# - You need: Chapter 05, and 02 for the sizes. A CPU is enough. Python with torch, numpy, matplotlib, and scikit-learn
#   for the digits.
# - It takes: Three to five hours. Your finished notebook runs in well under a minute.
# - Hidden checks try: other sizes, batches, float64, and networks that you have not seen
# - Order: Do them in any order. Only task 4 may use answers of yours, those of tasks 2 and 3.
#
# **Words.** Pictures are tensors `x` of shape (N, C, H, W). A *network* is any `torch.nn.Module`. A *module* is a part of it; a module
# without parts of its own is a *leaf*. The *mode* of a module is its attribute `training`.
#
# **Ready-made networks.** Everything of `torch` may be used. `convlab.networks`, `convlab.trace` and the package
# `d2l` hold what you are asked to write; they are not allowed.

# %% lenet5-statement [markdown]
# Write LeNet-5 in the form in which it is taught today, but for pictures of any shape (C, H, W) and any number of classes. The chapter
# builds it for gray pictures of 28 × 28 and ten classes, which are the defaults here; the right-hand column shows their sizes.
#
# | layer | settings | output by default |
# | --- | --- | --- |
# | convolution | 6 filters of 5 × 5 on all C channels, padding 2 | 6 × 28 × 28 |
# | sigmoid, average pooling | 2 × 2, stride 2 | 6 × 14 × 14 |
# | convolution | 16 filters of 5 × 5, no padding | 16 × 10 × 10 |
# | sigmoid, average pooling | 2 × 2, stride 2 | 16 × 5 × 5 |
# | dense, sigmoid | flattened, 400 → 120 | 120 |
# | dense, sigmoid | 120 → 84 | 84 |
# | dense | 84 → `num_classes`, nothing after it | 10 |
#
# **Take** `in_shape`, the shape (C, H, W) of one picture, and `num_classes`. Height and width may differ and may be odd; pooling drops a
# last row or column that fills no window. So the 400 of the table is one case of a number that you work out: `lenet5((3, 32, 40), 7)` has
# 16 · 6 · 8 = 768 in its place.
#
# **Return** a new `torch.nn.Module` at each call. It maps (N, C, H, W) to (N, `num_classes`).
#
# **Raise `ValueError`** when the picture is so small that no row or no column is left to flatten.
#
# **Layout.** The tests put weights of their own into your network. So `net.parameters()` must give ten tensors in the order of the
# layers, for each layer first its weight, then its bias, shaped as `torch.nn.Conv2d` and `torch.nn.Linear` shape them. If you make the
# layers in the order of the table, this comes by itself. Their names are free.
#
# **At the start** weights are Xavier-uniform: drawn evenly from ±√(6 / (fan in + fan out)), which is what
# `torch.nn.init.xavier_uniform_` does. Biases are 0. Each call draws its own weights, from torch's generator: after the same
# `torch.manual_seed` they are the same.

# %% lenet5 forbid="d2l* convlab.networks*"
def lenet5(in_shape: tuple[int, int, int] = (1, 28, 28), num_classes: int = 10) -> torch.nn.Module:
    """Return a new LeNet-5 that maps pictures (N, C, H, W) of ``in_shape`` (C, H, W) to logits (N, num_classes)."""
    ### BEGIN SOLUTION
    nn = torch.nn
    rows, columns = ((side // 2 - 4) // 2 for side in in_shape[1:])
    if min(rows, columns) < 1:
        raise ValueError("the picture is too small: nothing is left of it to flatten")
    net = nn.Sequential(
        *(nn.Conv2d(in_shape[0], 6, 5, padding=2), nn.Sigmoid(), nn.AvgPool2d(2, 2)),
        *(nn.Conv2d(6, 16, 5), nn.Sigmoid(), nn.AvgPool2d(2), nn.Flatten()),
        *(nn.Linear(16 * rows * columns, 120), nn.Sigmoid(), nn.Linear(120, 84), nn.Sigmoid()),
        nn.Linear(84, num_classes),
    )
    for parameter in net.parameters():
        if parameter.ndim == 1:
            nn.init.zeros_(parameter)
        else:
            nn.init.xavier_uniform_(parameter)
    return net
    ### END SOLUTION


# %% lenet5-public points=2
# By default: the size of the answer, and 61,706 parameters
net = rules.from_scratch(lenet5, (), forbid=forbidden, what="`lenet5` is your own")
checks.shape(net(torch.rand(2, 1, 28, 28)), (2, 10), "Two pictures", case="lenet5()(torch.rand(2, 1, 28, 28))")
checks.equal(
    sum(parameter.numel() for parameter in net.parameters()),
    61_706,
    "Parameters",
    case="sum(p.numel() for p in lenet5().parameters())",
    hint="the layers have 156, 2,416, 48,120, 10,164 and 850; print yours.",
)

# %% lenet5-helpers
import torch.nn.functional as F


def layout(channels, flat, classes):
    """Return the shapes of the ten parameters for pictures with ``channels`` of which ``flat`` numbers are left."""
    weights = [(6, channels, 5, 5), (16, 6, 5, 5), (120, flat), (84, 120), (classes, 84)]
    return [shape for weight in weights for shape in (weight, weight[:1])]


def lenet(x, w):
    for weight, bias, padding in ((w[0], w[1], 2), (w[2], w[3], 0)):
        x = F.avg_pool2d(torch.sigmoid(F.conv2d(x, weight, bias, padding=padding)), 2)
    x = x.flatten(1)
    for weight, bias in ((w[4], w[5]), (w[6], w[7])):
        x = torch.sigmoid(F.linear(x, weight, bias))
    return F.linear(x, w[8], w[9])


# %% lenet5-layout points=2
# Ten parameters in the order of the layers, whatever the picture's shape, and a new network at each call
cases = [((1, 28, 28), 10, 400), ((3, 32, 32), 10, 576), ((2, 45, 17), 4, 288), ((1, 12, 31), 2, 80)]
for in_shape, classes, flat in cases:
    net, other = lenet5(in_shape, classes), lenet5(in_shape, classes)
    net(torch.zeros(1, *in_shape))
    checks.equal(
        [tuple(parameter.shape) for parameter in net.parameters()],
        layout(in_shape[0], flat, classes),
        "The shapes of the parameters, in their order",
        hint="a layer is missing, is made in another order than it works in, has no bias, or fits another picture.",
    )
    checks.equal(
        any(a is b for a, b in zip(net.parameters(), other.parameters(), strict=True)),
        False,
        "Two networks share parameters",
        hint="the layers are made outside of the function, once for all calls.",
    )

# %% lenet5-values points=3
# With given weights, the answers of LeNet-5, also for pictures that are not square
g, device = torch.Generator().manual_seed(20451), checks.device()
for in_shape, classes, flat in [((1, 28, 28), 10, 400), ((3, 21, 34), 5, 16 * 3 * 6)]:
    net = lenet5(in_shape, num_classes=classes).to(device)
    net(torch.zeros(1, *in_shape, device=device))
    shapes = layout(in_shape[0], flat, classes)
    checks.equal([tuple(parameter.shape) for parameter in net.parameters()], shapes, "The shapes of the parameters")
    weights = [torch.randn(p.shape, generator=g).to(device) / p[0].numel() ** 0.5 for p in net.parameters()]
    with torch.no_grad():
        for parameter, value in zip(net.parameters(), weights, strict=True):
            parameter.copy_(value)
    for n in (1, 3):
        x = 2 * torch.randn(n, *in_shape, generator=g).to(device)
        expected = lenet(x, weights)
        checks.close(
            checks.unchanged(net, x, what="The pictures are left as they were"),
            expected,
            "LeNet-5 with given weights",
            hint="compare with the table line by line: sigmoid, average pooling, nothing after the last layer.",
        )

# %% lenet5-gradients points=2
# Gradients reach every parameter, also in float64
g, device = torch.Generator().manual_seed(7716), checks.device()
net = lenet5(in_shape=(2, 24, 30)).to(device)
net(torch.zeros(1, 2, 24, 30, device=device))
net.double()
shapes = layout(2, 16 * 4 * 5, 10)
checks.equal([tuple(parameter.shape) for parameter in net.parameters()], shapes, "The shapes of the parameters")
own = [parameter.detach().clone().requires_grad_() for parameter in net.parameters()]
x, y = torch.randn(4, 2, 24, 30, generator=g, dtype=torch.float64).to(device), torch.tensor([3, 0, 9, 3], device=device)
F.cross_entropy(lenet(x, own), y).backward()
F.cross_entropy(net(x), y, reduction="mean").backward()
for parameter, wanted in zip(net.parameters(), own, strict=True):
    checks.equal(parameter.grad is None, False, "A parameter without a gradient", hint="look for .detach() or .data.")
    checks.close(parameter.grad, wanted.grad, "The gradient of a parameter", hint="a layer is not what the table says.")

# %% lenet5-start points=2
# The weights at the start
for in_shape, classes, flat in [((1, 28, 28), 10, 400), ((3, 20, 40), 6, 16 * 3 * 8)]:
    net = lenet5(in_shape, classes)
    net(torch.zeros(1, *in_shape))
    shapes = layout(in_shape[0], flat, classes)
    checks.equal([tuple(parameter.shape) for parameter in net.parameters()], shapes, "The shapes of the parameters")
    checks.equal(
        bool(torch.equal(next(net.parameters()).detach(), next(lenet5(in_shape, classes).parameters()).detach())),
        False,
        "Two networks begin with the same weights",
        hint="draw new ones in each call, and leave the seed to the caller.",
    )
    again = []
    for _ in range(2):
        checks.place(torch.set_rng_state)(torch.Generator().manual_seed(61_706).get_state())
        again.append([parameter.detach().clone() for parameter in lenet5(in_shape, classes).parameters()])
    for one, same in zip(*again, strict=True):
        checks.close(same, one, "The weights after the same torch.manual_seed", hint="draw with torch, not with numpy.")
    parameters = list(net.parameters())
    for weight, bias in zip(parameters[::2], parameters[1::2], strict=True):
        checks.close(
            bias.detach(), torch.zeros(bias.shape), "Biases are 0 at the start", hint="torch draws them at random."
        )
        limit = (6 / ((weight.shape[0] + weight.shape[1]) * weight[0, 0].numel())) ** 0.5
        values = weight.detach().flatten() / limit
        checks.equal(
            bool(0.93 < values.abs().max() <= 1 + 1e-6),
            True,
            "The largest weight of a layer",
            hint="torch's own start is another one; use torch.nn.init.xavier_uniform_ on every weight.",
        )
        checks.equal(
            bool(0.45 < values.std() < 0.7) and bool(values.mean().abs() < 0.25),
            True,
            "The spread of the weights of a layer",
            hint="uniform, not normal, and around 0.",
        )

# %% lenet5-small points=1
# Pictures that are too small are refused, and the smallest that is not
for in_shape in ((1, 12, 28), (2, 13, 12)):
    out = lenet5(in_shape, 3)(torch.zeros(2, *in_shape))
    checks.shape(out, (2, 3), "A picture of which one row or column is left", hint="follow 12 through the table.")
kinds = {
    "a picture of which no row is left": [((1, side, 28),) for side in (11, 10, 9, 8, 5, 1)],
    "a picture of which no column is left": [((2, 40, 11),)],
    "a picture of which neither a row nor a column is left": [((1, 3, 3),)],
}
checks.refuses(lenet5, kinds, "Pictures that are too small", hint="work out the size before the dense layers.")

# %% C3-statement [markdown]
# In 1998 the second convolution did not look at everything. Each of its 16 maps read only some of the 6 maps below it, so that
# the maps had to become different, and to save time. This is Table I of LeCun, Bottou, Bengio and Haffner (1998):
#
# ```
# output map    0  1  2  3  4  5  6  7  8  9 10 11 12 13 14 15
#
# input map 0   X           X  X  X        X  X  X  X     X  X
#           1   X  X           X  X  X        X  X  X  X     X
#           2   X  X  X           X  X  X        X     X  X  X
#           3      X  X  X        X  X  X  X        X     X  X
#           4         X  X  X        X  X  X  X     X  X     X
#           5            X  X  X        X  X  X  X     X  X  X
# ```
#
# Output map 0 reads input maps 0, 1 and 2; map 4 reads 0, 4 and 5; map 15 reads all. There are 60 crosses, and each is a kernel
# of 5 × 5 of its own.
#
# **Write** the layer as a `torch.nn.Module`. It maps (N, 6, H, W) to (N, 16, H − 4, W − 4): each output map is its bias, plus the sum
# over its crosses of the input map slid over by the cross's kernel (stride 1, no padding). No activation function here.
#
# **Layout.** Exactly two parameters, 1,516 numbers in all:
#
# | name | shape | |
# | --- | --- | --- |
# | `weight` | (60, 5, 5) | one kernel a cross: by output map, and for one output map by input map, from low to high |
# | `bias` | (16,) | one for each output map |
#
# So `weight[0:3]` belongs to output map 0, and `weight[12]` is how map 4 reads input map 0.
#
# **At the start** each weight is drawn evenly from ±2.4 / F, where F is the number of inputs of *its* output unit: 25 for each cross of
# the map, so 75, 100 or 150. This is the rule of the paper. Biases are 0. Draw with torch: after the same `torch.manual_seed`, a layer has the same weights.
#
# `torch.nn.functional.conv2d` is allowed. The result has the dtype and device of `x`.


# %% C3 forbid="d2l* convlab.networks*"
class C3(torch.nn.Module):
    """The second convolution of the LeNet-5 of 1998: (N, 6, H, W) to (N, 16, H − 4, W − 4)."""

    def __init__(self) -> None:
        super().__init__()
        ### BEGIN SOLUTION
        runs = [[(first + step) % 6 for step in range(length)] for length in (3, 4) for first in range(6)]
        split = [[0, 1, 3, 4], [1, 2, 4, 5], [0, 2, 3, 5]]
        table = [*map(sorted, runs), *split, range(6)]
        self.outputs = [o for o, inputs in enumerate(table) for _ in inputs]
        self.inputs = [i for inputs in table for i in inputs]
        limits = torch.tensor([2.4 / (25 * len(table[o])) for o in self.outputs])
        self.weight = torch.nn.Parameter((2 * torch.rand(60, 5, 5) - 1) * limits[:, None, None])
        self.bias = torch.nn.Parameter(torch.zeros(16))
        ### END SOLUTION

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the 16 maps of ``x``."""
        ### BEGIN SOLUTION
        dense = self.weight.new_zeros(16, 6, 5, 5)
        dense[self.outputs, self.inputs] = self.weight
        return torch.nn.functional.conv2d(x, dense, self.bias)
        ### END SOLUTION


# %% C3-public points=3
# The size of the answer, 1,516 parameters, and one cross by hand
layer = rules.from_scratch(C3, (), forbid=forbidden, what="`C3` is your own")
checks.shape(layer(torch.rand(2, 6, 14, 14)), (2, 16, 10, 10), "Two pictures", case="C3()(torch.rand(2, 6, 14, 14))")
checks.equal(sum(p.numel() for p in layer.parameters()), 1516, "Parameters", case="all parameters of C3()")
checks.shape(layer.weight, (60, 5, 5), "The kernels", case="C3().weight")
with torch.no_grad():
    layer.weight.zero_()
    layer.bias.zero_()
    layer.weight[12, 0, 0] = 1  # map 4 reads the top left cell of each window of input map 0
x = torch.arange(6 * 36.0).reshape(1, 6, 6, 6)
expected = torch.zeros(1, 16, 2, 2)
expected[0, 4] = x[0, 0, :2, :2]
checks.close(layer(x), expected, "One cross", hint="the crosses of a map go by input map, from low to high.")

# %% C3-helpers
import re

import torch.nn.functional as F

# %% C3-connections points=3
# Which input map reaches which output map
layer = C3().to(checks.device())
with torch.no_grad():
    layer.weight.fill_(1)
    layer.bias.zero_()
x = torch.zeros(6, 6, 5, 5, device=checks.device())
for i in range(6):
    x[i, i, 2, 2] = 1
expected = torch.zeros(6, 16, device=checks.device())
columns = re.findall("[0-5]+", "012 123 234 345 045 015 0123 1234 2345 0345 0145 0125 0134 1245 0235 012345")
for o, inputs in enumerate(columns):
    for i in inputs:
        expected[int(i), o] = 1
checks.close(
    layer(x)[:, :, 0, 0],
    expected,
    "The table of connections",
    hint="compare your table with the statement's column by column.",
)

# %% C3-values points=4
# With given weights, on a batch that is not square
columns = re.findall("[0-5]+", "012 123 234 345 045 015 0123 1234 2345 0345 0145 0125 0134 1245 0235 012345")
g, device = torch.Generator().manual_seed(6093), checks.device()
layer = C3().to(device)
checks.equal([tuple(p.shape) for p in (layer.weight, layer.bias)], [(60, 5, 5), (16,)], "The shapes of the parameters")
weight, bias = torch.randn(60, 5, 5, generator=g).to(device), torch.randn(16, generator=g).to(device)
with torch.no_grad():
    layer.weight.copy_(weight)
    layer.bias.copy_(bias)
for shape in [(1, 6, 14, 14), (3, 6, 5, 9), (2, 6, 12, 7)]:
    x = torch.randn(shape, generator=g).to(device)
    kernels = iter(weight)
    maps = [sum(F.conv2d(x[:, [int(i)]], next(kernels)[None, None]) for i in inputs) for inputs in columns]
    checks.close(
        checks.unchanged(layer, x, what="The input is left as it was"),
        torch.cat(maps, 1) + bias[:, None, None],
        "C3 with given weights",
        hint="the kernels belong to other crosses, are flipped, or a bias is added where none belongs.",
    )

# %% C3-gradients points=2
# Gradients reach the input, the kernels and the biases
columns = re.findall("[0-5]+", "012 123 234 345 045 015 0123 1234 2345 0345 0145 0125 0134 1245 0235 012345")
g, device = torch.Generator().manual_seed(31877), checks.device()
layer = C3().to(device)
checks.equal([tuple(p.shape) for p in (layer.weight, layer.bias)], [(60, 5, 5), (16,)], "The shapes of the parameters")
x = torch.randn(2, 6, 8, 6, generator=g).to(device).requires_grad_()
up = torch.randn(2, 16, 4, 2, generator=g).to(device)
own = [parameter.detach().clone().requires_grad_() for parameter in (layer.weight, layer.bias)]
kernels = iter(own[0])
maps = [sum(F.conv2d(x[:, [int(i)]], next(kernels)[None, None]) for i in inputs) for inputs in columns]
wanted = torch.autograd.grad(torch.cat(maps, 1) + own[1][:, None, None], (x, *own), up)
x = x.detach().clone().requires_grad_()
out = layer(x)
checks.shape(out, (2, 16, 4, 2), "The result")
received = torch.autograd.grad(out, (x, layer.weight, layer.bias), up, allow_unused=True)
for name, got, expected in zip(("the input", "`weight`", "`bias`"), received, wanted, strict=True):
    checks.equal(
        got is None,
        False,
        f"No gradient reaches {name}",
        hint="the kernels are copied in __init__, or .data or .detach() cuts the graph; use the parameters in forward.",
    )
    checks.close(got, expected, f"The gradient of {name}", hint="a kernel is used for more than its own cross.")

# %% C3-dtype points=2
# float64 stays float64, with its precision
columns = re.findall("[0-5]+", "012 123 234 345 045 015 0123 1234 2345 0345 0145 0125 0134 1245 0235 012345")
g, device = torch.Generator().manual_seed(11520), checks.device()
layer = C3().to(device).double()
checks.equal([tuple(p.shape) for p in (layer.weight, layer.bias)], [(60, 5, 5), (16,)], "The shapes of the parameters")
weight = torch.randn(60, 5, 5, generator=g, dtype=torch.float64).to(device)
with torch.no_grad():
    layer.weight.copy_(weight)
    layer.bias.fill_(0.5)
x = torch.randn(2, 6, 7, 6, generator=g, dtype=torch.float64).to(device)
kernels = iter(weight)
maps = [sum(F.conv2d(x[:, [int(i)]], next(kernels)[None, None]) for i in inputs) for inputs in columns]
expected = torch.cat(maps, 1) + 0.5
checks.close(layer(x), expected, "dtype and precision", hint="a tensor is made without dtype=x.dtype.")

# %% C3-start points=2
# The weights at the start
layer = C3()
weight = layer.weight.detach()
checks.shape(weight, (60, 5, 5), "The kernels")
checks.close(layer.bias.detach(), torch.zeros(16), "Biases are 0 at the start")
checks.equal(
    bool(torch.equal(weight[0], weight[1])), False, "Two crosses begin with the same kernel", hint="draw all 60."
)
crosses = [3] * 6 + [4] * 9 + [6]
for own in weight.split(crosses):
    limit = 2.4 / (25 * len(own))
    checks.equal(
        bool(0.8 * limit < own.abs().max() <= limit * (1 + 1e-6)) and bool(own.mean().abs() < 0.3 * limit),
        True,
        "The largest weight of a map, and their mean",
        hint="F counts the inputs of this map only: 75, 100 or 150; the weights are uniform around 0.",
    )
scaled = torch.cat([own.flatten() * len(own) * 25 / 2.4 for own in weight.split(crosses)])
checks.equal(bool(0.53 < scaled.std() < 0.63), True, "The spread of the weights", hint="uniform, not normal.")
layers = []
for seed in (1516, 1516, *range(20)):
    checks.place(torch.set_rng_state)(torch.Generator().manual_seed(seed).get_state())
    layers.append(C3().weight.detach().clone())
hint = "draw with torch, not with numpy."
checks.close(layers[1], layers[0], "The weights after the same torch.manual_seed", hint=hint)
checks.equal(bool(torch.equal(weight, layers[0])), False, "Two layers begin with the same weights", hint="set no seed.")
for first, last, limit in ((0, 18, 2.4 / 75), (18, 54, 2.4 / 100), (54, 60, 2.4 / 150)):
    reached = max(own[first:last].abs().max().item() for own in layers) / limit
    checks.equal(reached > 0.994, True, "The largest weight of a kind of map, in several layers", hint="±2.4 / F.")

# %% C3-look-text [markdown]
# Look at your table: bright where an output map reads an input map, found with the gradient.

# %% C3-look
layer = C3()
x = torch.ones(1, 6, 5, 5, requires_grad=True)
y = layer(x)[0, :, 0, 0]
table = torch.stack([torch.autograd.grad(y[o], x, retain_graph=True)[0][0].abs().sum((1, 2)) > 0 for o in range(16)], 1)
figure, axis = plt.subplots(figsize=(6, 2.4))
axis.imshow(table.numpy(), cmap="gray")
axis.set_xlabel("output map")
_ = axis.set_ylabel("input map")

# %% Subsampling-statement [markdown]
# What is now a pooling layer without parameters was a layer that learned. It *adds* the four values of a window of 2 × 2,
# multiplies the sum by a coefficient of the channel, and adds a bias of the channel. By hand, with coefficient 0.5 and bias 1:
#
# ```
# 1 2 5 0
# 3 4 1 2        (1 + 2 + 3 + 4) · 0.5 + 1 = 6        (5 + 0 + 1 + 2) · 0.5 + 1 = 5
# ```
#
# **Write** it as a `torch.nn.Module`. `Subsampling(channels)` maps (N, channels, H, W) to (N, channels, ⌊H/2⌋, ⌊W/2⌋). Windows do not
# overlap; a last row or column that fills no window is dropped. No activation function here.
#
# **Layout.** Exactly two parameters: `weight`, the coefficients, and `bias`, both of shape (channels,).
#
# **At the start** coefficients are 0.25 and biases 0, so that the layer begins as the mean. (The start is ours, not the paper's.)
#
# The result has the dtype and device of `x`, and `x` stays as it is.


# %% Subsampling
class Subsampling(torch.nn.Module):
    """The trainable pooling of 1998: (N, channels, H, W) to (N, channels, ⌊H/2⌋, ⌊W/2⌋)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        ### BEGIN SOLUTION
        self.weight = torch.nn.Parameter(torch.full((channels,), 0.25))
        self.bias = torch.nn.Parameter(torch.zeros(channels))
        ### END SOLUTION

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the sums of windows of 2 × 2, scaled and shifted by channel."""
        ### BEGIN SOLUTION
        height, width = (size // 2 * 2 for size in x.shape[2:])
        x = x[:, :, :height, :width]
        sums = x[:, :, ::2, ::2] + x[:, :, 1::2, ::2] + x[:, :, ::2, 1::2] + x[:, :, 1::2, 1::2]
        return sums * self.weight[:, None, None] + self.bias[:, None, None]
        ### END SOLUTION


# %% Subsampling-public points=2
# The case above, and the number of parameters
layer = Subsampling(1)
with torch.no_grad():
    layer.weight.fill_(0.5)
    layer.bias.fill_(1)
x = torch.tensor([[[[1.0, 2.0, 5.0, 0.0], [3.0, 4.0, 1.0, 2.0]]]])
checks.close(layer(x), torch.tensor([[[[6.0, 5.0]]]]), "The case above", case="Subsampling(1)(x)")
checks.equal(sum(p.numel() for p in Subsampling(6).parameters()), 12, "Parameters", case="all those of Subsampling(6)")

# %% Subsampling-values points=4
# Several channels, a batch, sizes that are odd or not square
import torch.nn.functional as F

g, device = torch.Generator().manual_seed(50331), checks.device()
for shape in [(2, 6, 8, 8), (3, 4, 6, 10), (2, 5, 7, 4), (1, 3, 9, 11)]:
    layer = Subsampling(shape[1]).to(device)
    weight, bias = torch.randn(2, shape[1], generator=g).to(device)
    checks.shape(layer.weight, weight.shape, "The coefficients")
    checks.shape(layer.bias, bias.shape, "The biases")
    with torch.no_grad():
        layer.weight.copy_(weight)
        layer.bias.copy_(bias)
    x = torch.randn(shape, generator=g).to(device)
    expected = 4 * F.avg_pool2d(x, 2) * weight[:, None, None] + bias[:, None, None]
    checks.close(
        checks.unchanged(layer, x, what="The input is left as it was"),
        expected,
        "Subsampling with given coefficients",
        hint="each channel has its own two numbers; the bias comes after the product; an odd last row or column is dropped.",
    )

# %% Subsampling-gradients points=2
# Gradients reach the input and both parameters
import torch.nn.functional as F

g, device = torch.Generator().manual_seed(18120), checks.device()
layer = Subsampling(3).to(device)
x = torch.randn(2, 3, 6, 5, generator=g).to(device).requires_grad_()
up = torch.randn(2, 3, 3, 2, generator=g).to(device)
weight, bias = (parameter.detach().clone().requires_grad_() for parameter in (layer.weight, layer.bias))
same = 4 * F.avg_pool2d(x, 2) * weight[:, None, None] + bias[:, None, None]
wanted = torch.autograd.grad(same, (x, weight, bias), up)
x = x.detach().clone().requires_grad_()
out = layer(x)
checks.shape(out, (2, 3, 3, 2), "The result")
received = torch.autograd.grad(out, (x, layer.weight, layer.bias), up, allow_unused=True)
for name, got, expected in zip(("the input", "`weight`", "`bias`"), received, wanted, strict=True):
    checks.equal(got is None, False, f"No gradient reaches {name}", hint="look for .data, .detach() or .item().")
    checks.close(got, expected, f"The gradient of {name}")

# %% Subsampling-dtype points=2
# float64 stays float64, and the input is left as it was
import torch.nn.functional as F

g, device = torch.Generator().manual_seed(4409), checks.device()
layer = Subsampling(4).to(device).double()
x = torch.randn(2, 4, 6, 8, generator=g, dtype=torch.float64).to(device)
expected = F.avg_pool2d(x, 2)
received = checks.unchanged(layer, x, what="The input is left as it was")
checks.close(received, expected, "dtype and precision", hint="a tensor is made without dtype=x.dtype.")

# %% Subsampling-start points=2
# Two parameters, and their values at the start
layer = Subsampling(7)
checks.equal([tuple(p.shape) for p in layer.parameters()], [(7,), (7,)], "The shapes of the parameters")
checks.close(layer.weight.detach(), torch.full((7,), 0.25), "The coefficients at the start", hint="a sum times 1/4.")
checks.close(layer.bias.detach(), torch.zeros(7), "The biases at the start")

# %% LeNet5_1998-statement [markdown]
# Now the whole network of 1998, for pictures of 32 × 32, up to its last layer of 84 units. (What follows there, ten units that
# compare the 84 numbers with drawings of the characters, has no weights that are trained from the start. It is left out.)
#
# | layer | | output | parameters |
# | --- | --- | --- | --- |
# | C1 | convolution, 6 filters of 5 × 5 | 6 × 28 × 28 | 156 |
# | S2 | subsampling | 6 × 14 × 14 | 12 |
# | C3 | convolution by the table of task 2 | 16 × 10 × 10 | 1,516 |
# | S4 | subsampling | 16 × 5 × 5 | 32 |
# | C5 | convolution, 120 filters of 5 × 5 on all 16 maps | 120 × 1 × 1 | 48,120 |
# | F6 | dense, 120 → 84 | 84 | 10,164 |
#
# After **each** of the six layers comes the activation function $f(a) = 1.7159 \tanh(\tfrac{2}{3} a)$. There is no padding.
#
# **Write** it as a `torch.nn.Module` that maps (N, 1, 32, 32) to (N, 84). It has exactly 60,000 parameters.
#
# **Layout.** `net.parameters()` gives twelve tensors in the order of the layers, for each layer its weight, then its bias: (6, 1, 5, 5), (6,),
# (6,), (6,), (60, 5, 5), (16,), (16,), (16,), (120, 16, 5, 5), (120,), (84, 120), (84,). Names are free.
#
# **At the start** the weights of C1, C3, C5 and F6 are drawn evenly from ±2.4 / F, with F the number of inputs of their unit (for C3 as in
# task 2). Coefficients are 0.25, biases 0. Draw with torch: after the same `torch.manual_seed`, a network has the same weights.
#
# You may build with your `C3` and `Subsampling`; then what is wrong there costs points here too. The tests of this task do not need them.


# %% LeNet5_1998 forbid="d2l* convlab.networks*"
class LeNet5_1998(torch.nn.Module):
    """The LeNet-5 of 1998 without its last layer: (N, 1, 32, 32) to (N, 84), with 60,000 parameters."""

    def __init__(self) -> None:
        super().__init__()
        ### BEGIN SOLUTION
        runs = [sorted((i + k) % 6 for k in range(n)) for n in (3, 4) for i in range(6)]
        crosses = [*runs, (0, 1, 3, 4), (1, 2, 4, 5), (0, 2, 3, 5), range(6)]
        self.pairs = [(o, i) for o, inputs in enumerate(crosses) for i in inputs]

        def evenly(*shape: int, fan_in: torch.Tensor | float) -> torch.nn.Parameter:
            return torch.nn.Parameter((2 * torch.rand(shape) - 1) * 2.4 / fan_in)

        def numbers(n: int, value: float = 0.0) -> torch.nn.Parameter:
            return torch.nn.Parameter(torch.full((n,), value))

        self.c1, self.b1 = evenly(6, 1, 5, 5, fan_in=25), numbers(6)
        self.s2, self.b2 = numbers(6, 0.25), numbers(6)
        fan_in = torch.tensor([25.0 * len(crosses[o]) for o, _ in self.pairs])
        self.c3, self.b3 = evenly(60, 5, 5, fan_in=fan_in[:, None, None]), numbers(16)
        self.s4, self.b4 = numbers(16, 0.25), numbers(16)
        self.c5, self.b5 = evenly(120, 16, 5, 5, fan_in=400), numbers(120)
        self.f6, self.b6 = evenly(84, 120, fan_in=120), numbers(84)
        ### END SOLUTION

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the states of the 84 units of F6."""
        ### BEGIN SOLUTION
        functional = torch.nn.functional

        def squash(a: torch.Tensor) -> torch.Tensor:
            return 1.7159 * torch.tanh(2 / 3 * a)

        def subsample(x: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
            return 4 * functional.avg_pool2d(x, 2) * weight[:, None, None] + bias[:, None, None]

        table = self.c3.new_zeros(16, 6, 5, 5)
        table[[o for o, _ in self.pairs], [i for _, i in self.pairs]] = self.c3
        x = squash(functional.conv2d(x, self.c1, self.b1))
        x = squash(subsample(x, self.s2, self.b2))
        x = squash(functional.conv2d(x, table, self.b3))
        x = squash(subsample(x, self.s4, self.b4))
        x = squash(functional.conv2d(x, self.c5, self.b5)).flatten(1)
        return squash(functional.linear(x, self.f6, self.b6))
        ### END SOLUTION


# %% LeNet5_1998-public points=3
# The size of the answer, and 60,000 parameters
net = rules.from_scratch(LeNet5_1998, (), forbid=forbidden, what="`LeNet5_1998` is your own")
checks.shape(net(torch.rand(2, 1, 32, 32)), (2, 84), "Two pictures", case="LeNet5_1998()(torch.rand(2, 1, 32, 32))")
checks.equal(
    sum(parameter.numel() for parameter in net.parameters()),
    60_000,
    "Parameters",
    case="sum(p.numel() for p in LeNet5_1998().parameters())",
    hint="compare each layer's with the table.",
)

# %% LeNet5_1998-helpers
import re

import torch.nn.functional as F


def squash(a):
    return 1.7159 * torch.tanh(2 * a / 3)


# %% LeNet5_1998-layout points=3
# Twelve parameters in the order of the layers
wanted = [(6, 1, 5, 5), (6,), (6,), (6,), (60, 5, 5), (16,), (16,), (16,), (120, 16, 5, 5), (120,), (84, 120), (84,)]
checks.equal(
    [tuple(parameter.shape) for parameter in LeNet5_1998().parameters()],
    wanted,
    "The shapes of the parameters, in their order",
    hint="a layer is missing, has another shape, or is made in another order than it works in.",
)

# %% LeNet5_1998-values points=5
# With given weights, the answers of the network
columns = re.findall("[0-5]+", "012 123 234 345 045 015 0123 1234 2345 0345 0145 0125 0134 1245 0235 012345")


def network_of_1998(x, w):
    kernels = iter(w[4])
    x = squash(F.conv2d(x, w[0], w[1]))
    x = squash(4 * F.avg_pool2d(x, 2) * w[2][:, None, None] + w[3][:, None, None])
    maps = [sum(F.conv2d(x[:, [int(i)]], next(kernels)[None, None]) for i in inputs) for inputs in columns]
    x = squash(torch.cat(maps, 1) + w[5][:, None, None])
    x = squash(4 * F.avg_pool2d(x, 2) * w[6][:, None, None] + w[7][:, None, None])
    x = squash(F.conv2d(x, w[8], w[9])).flatten(1)
    return squash(F.linear(x, w[10], w[11]))


g, device = torch.Generator().manual_seed(70919), checks.device()
shapes = [(6, 1, 5, 5), (6,), (6,), (6,), (60, 5, 5), (16,), (16,), (16,), (120, 16, 5, 5), (120,), (84, 120), (84,)]
for dtype in (torch.float32, torch.float64):
    net = LeNet5_1998().to(device, dtype)
    checks.equal([tuple(p.shape) for p in net.parameters()], shapes, "The shapes of the parameters")
    weights = []
    for p in net.parameters():
        fan_in = 75 if p.ndim == 3 else p[0].numel()
        spread = 0.3 if p.ndim == 1 else fan_in**-0.5
        weights.append((spread * torch.randn(p.shape, generator=g, dtype=dtype)).to(device))
    weights[2].add_(0.5)
    weights[6].add_(0.5)
    with torch.no_grad():
        for parameter, value in zip(net.parameters(), weights, strict=True):
            parameter.copy_(value)
    for n in (1, 3):
        x = torch.randn(n, 1, 32, 32, generator=g, dtype=dtype).to(device)
        expected = network_of_1998(x, weights)
        checks.close(
            checks.unchanged(net, x, what="The pictures are left as they were"),
            expected,
            "The network of 1998 with given weights",
            hint="compare with the table: f comes after each of the six layers, C3 has its table, subsampling adds.",
        )

# %% LeNet5_1998-gradients points=2
# Gradients reach every parameter
columns = re.findall("[0-5]+", "012 123 234 345 045 015 0123 1234 2345 0345 0145 0125 0134 1245 0235 012345")


def network_of_1998(x, w):
    kernels = iter(w[4])
    x = squash(F.conv2d(x, w[0], w[1]))
    x = squash(4 * F.avg_pool2d(x, 2) * w[2][:, None, None] + w[3][:, None, None])
    maps = [sum(F.conv2d(x[:, [int(i)]], next(kernels)[None, None]) for i in inputs) for inputs in columns]
    x = squash(torch.cat(maps, 1) + w[5][:, None, None])
    x = squash(4 * F.avg_pool2d(x, 2) * w[6][:, None, None] + w[7][:, None, None])
    x = squash(F.conv2d(x, w[8], w[9])).flatten(1)
    return squash(F.linear(x, w[10], w[11]))


g, device = torch.Generator().manual_seed(88412), checks.device()
net = LeNet5_1998().to(device)
shapes = [(6, 1, 5, 5), (6,), (6,), (6,), (60, 5, 5), (16,), (16,), (16,), (120, 16, 5, 5), (120,), (84, 120), (84,)]
checks.equal([tuple(parameter.shape) for parameter in net.parameters()], shapes, "The shapes of the parameters")
own = [parameter.detach().clone().requires_grad_() for parameter in net.parameters()]
x, up = torch.randn(2, 1, 32, 32, generator=g).to(device), torch.randn(2, 84, generator=g).to(device)
wanted = torch.autograd.grad(network_of_1998(x, own), own, up)
received = torch.autograd.grad(net(x), list(net.parameters()), up, allow_unused=True)
for got, expected in zip(received, wanted, strict=True):
    checks.equal(
        got is None, False, "A parameter without a gradient", hint="a parameter is not used, or used as .data."
    )
    checks.close(got, expected, "The gradient of a parameter", rtol=1e-3)

# %% LeNet5_1998-start points=3
# The weights at the start
net = LeNet5_1998()
shapes = [(6, 1, 5, 5), (6,), (6,), (6,), (60, 5, 5), (16,), (16,), (16,), (120, 16, 5, 5), (120,), (84, 120), (84,)]
checks.equal([tuple(parameter.shape) for parameter in net.parameters()], shapes, "The shapes of the parameters")
start = [parameter.detach() for parameter in net.parameters()]
for number in (1, 3, 5, 7, 9, 11):
    checks.close(start[number], torch.zeros(start[number].shape), "Biases are 0 at the start")
for number in (2, 6):
    checks.close(start[number], torch.full(start[number].shape, 0.25), "Coefficients are 0.25 at the start")
maps = [(own, 25 * len(own)) for own in start[4].split([3] * 6 + [4] * 9 + [6])]
for weights, fan_in in [(start[0], 25), (start[8], 400), (start[10], 120), *maps]:
    limit = 2.4 / fan_in
    checks.equal(
        bool(0.8 * limit < weights.abs().max() <= limit * (1 + 1e-6)) and bool(weights.mean().abs() < 0.3 * limit),
        True,
        "The largest weight of a layer, and their mean",
        hint="uniform in ±2.4 / F; F is 25 for C1, 75, 100 or 150 for C3, 400 for C5, 120 for F6.",
    )
    checks.equal(
        bool(0.45 < weights.std() / limit < 0.7),
        True,
        "The spread of the weights of a layer",
        hint="uniform, not normal.",
    )
for number, fan_in in ((8, 400), (10, 120)):
    spread = start[number].std() * fan_in / 2.4
    checks.equal(
        bool(0.55 < spread < 0.6), True, "The spread of the weights of a large layer", hint="uniform, not normal."
    )
nets = []
for seed in (60_000, 60_000, *range(10)):
    checks.place(torch.set_rng_state)(torch.Generator().manual_seed(seed).get_state())
    nets.append([parameter.detach().clone() for parameter in LeNet5_1998().parameters()])
for one, same in zip(*nets[:2], strict=True):
    checks.close(same, one, "The weights after the same torch.manual_seed", hint="draw with torch, not with numpy.")
checks.equal(
    any(torch.equal(nets[0][number], start[number]) for number in (0, 4, 8, 10)),
    False,
    "Two networks begin with the same weights",
    hint="set no seed.",
)
for number, fan_in, least in ((0, 25, 0.98), (4, 25 * 3, 0.98), (8, 400, 0.9985), (10, 120, 0.995)):
    reached = max(weights[number].abs().max().item() for weights in nets) * fan_in / 2.4
    checks.equal(reached > least, True, "The largest weight of a layer, in several networks", hint="±2.4 / F.")

# %% layer_shapes-statement [markdown]
# What comes out of each layer? Do not compute it: run one picture through the network and write down what you see.
# `module.register_forward_hook(f)` makes torch call `f(module, args, output)` whenever the module has run.
#
# **Take** any network and the shape (C, H, W) of one picture. **Return** a list with one tuple (name, kind, shape) for each time a *leaf*
# has run, in the order in which they ran:
#
# - `name` as in `net.named_modules()`, for example `"0"` or `"features.3"`;
# - `kind`, the name of its class, for example `"Conv2d"`;
# - `shape`, a tuple of the output's sizes without the batch.
#
# For `Sequential(Conv2d(1, 6, 5), ReLU(), Flatten())` and (1, 7, 9) that is
#
# ```
# [("0", "Conv2d", (6, 3, 5)), ("1", "ReLU", (6, 3, 5)), ("2", "Flatten", (90,))]
# ```
#
# A leaf that runs twice is listed twice; one that never runs is not listed. The network need not be a `Sequential`.
#
# **Leave no trace.** Run the network once, on a batch of one picture, in evaluation mode and without gradients. Afterwards, also when the
# network raised an error, no hook of yours is left, the mode of every module is what it was, and no running statistic has changed. Hooks of others stay, a parameter wants a gradient afterwards if it did before, and torch records gradients if it did before.
# The picture has the dtype and device of the network's parameters (float32 on the CPU when it has none).
#
# *Not allowed:* `convlab.trace`.


# %% layer_shapes forbid="convlab.trace*" instead="use hooks of your own"
def layer_shapes(net: torch.nn.Module, in_shape: tuple[int, int, int]) -> list[tuple[str, str, tuple[int, ...]]]:
    """Return (name, kind, output shape) of each leaf of ``net`` as it runs on one picture of ``in_shape`` (C, H, W)."""
    ### BEGIN SOLUTION
    rows: list[tuple[str, str, tuple[int, ...]]] = []
    leaves = {module: name for name, module in net.named_modules() if not list(module.children())}

    def note(module: torch.nn.Module, args: object, output: torch.Tensor) -> None:
        rows.append((leaves[module], type(module).__name__, tuple(output.shape[1:])))

    modes = {module: module.training for module in net.modules()}
    hooks = [module.register_forward_hook(note) for module in leaves]
    like = next(net.parameters(), torch.empty(0))
    try:
        net.eval()
        with torch.no_grad():
            net(torch.zeros(1, *in_shape, dtype=like.dtype, device=like.device))
    finally:
        for hook in hooks:
            hook.remove()
        for part, mode in modes.items():
            part.training = mode
    return rows
    ### END SOLUTION


# %% layer_shapes-public points=2
# The network above
net = checks.place(torch.nn.Sequential(torch.nn.Conv2d(1, 6, 5), torch.nn.ReLU(), torch.nn.Flatten()))
received = rules.from_scratch(layer_shapes, (net, (1, 7, 9)), forbid=forbidden, what="`layer_shapes` is your own")
checks.equal(
    [(row[0], row[1], tuple(row[2])) for row in received],
    [("0", "Conv2d", (6, 3, 5)), ("1", "ReLU", (6, 3, 5)), ("2", "Flatten", (90,))],
    "Three layers",
    case="layer_shapes(net, (1, 7, 9))",
    hint="leave the batch out of the shape, and list leaves only.",
)


# %% layer_shapes-helpers
def plain(rows):
    """Return a list of tuples as plain as it is compared: a named tuple and a torch.Size are tuples, too."""
    checks.equal(type(rows) is list and all(isinstance(row, tuple) for row in rows), True, "A list of tuples")
    checks.equal(all(isinstance(row[2], tuple) for row in rows), True, "Shapes that are tuples", hint="tuple(...).")
    return [(row[0], row[1], tuple(row[2])) for row in rows]


# %% layer_shapes-order points=3
# Networks with parts, in the order in which these run
nn = torch.nn
relu = nn.ReLU()
net = nn.Sequential(nn.Sequential(nn.Conv2d(2, 3, (1, 2)), relu), nn.Sequential(nn.Conv2d(3, 5, 3), relu), nn.Flatten())
shapes = [(3, 4, 6), (3, 4, 6), (5, 2, 4), (5, 2, 4), (40,)]
checks.equal(
    plain(layer_shapes(checks.place(net), (2, 4, 7))),
    list(zip(["0.0", "0.1", "1.0", "0.1", "2"], ["Conv2d", "ReLU", "Conv2d", "ReLU", "Flatten"], shapes, strict=True)),
    "A network with parts, one of which runs twice",
    hint="what runs twice is listed twice, under its one name; containers are not listed.",
)
net = nn.Sequential(nn.Flatten(2), nn.TransformerEncoderLayer(6, 2, dim_feedforward=5))
inside = ["dropout1", "norm1", "linear1", "dropout", "linear2", "dropout2", "norm2"]
kinds = ["Dropout", "LayerNorm", "Linear", "Dropout", "Linear", "Dropout", "LayerNorm"]
widths = [6, 6, 5, 5, 6, 6, 6]
rows = [(f"1.{name}", kind, (3, width)) for name, kind, width in zip(inside, kinds, widths, strict=True)]
checks.equal(
    plain(layer_shapes(checks.place(net), (3, 2, 3))),
    [("0", "Flatten", (3, 6)), *rows],
    "A network that runs its parts in another order than it was given them, and one not at all",
    hint="the parts do not form a chain: let the network run itself, and only watch.",
)

# %% layer_shapes-trace points=3
# No trace is left: hooks, modes, statistics
nn = torch.nn
net = nn.Sequential(
    nn.Sequential(nn.Conv2d(2, 4, 3), nn.BatchNorm2d(4)),
    nn.Sequential(nn.Dropout(), nn.Flatten(), nn.Linear(60, 5), nn.BatchNorm1d(5)),
)
net[0].eval()
net[1][0].eval()
before = [module.training for module in net.modules()]
net = checks.place(net)
received = layer_shapes(net, (2, 5, 7))
checks.equal(
    [row[2] for row in plain(received)],
    [(4, 3, 5), (4, 3, 5), (4, 3, 5), (60,), (5,), (5,)],
    "The shapes of a network with batch normalisation",
)
after = [module.training for module in net.modules()]
checks.equal(
    after, before, "The modes afterwards", hint="some parts were in evaluation mode before; note each part's own mode."
)
left = sum(len(module._forward_hooks) + len(module._forward_pre_hooks) for module in net.modules())
checks.equal(left, 0, "The hooks that are left", hint="register_forward_hook returns a handle; call its remove().")
batches = int(net[0][1].num_batches_tracked) + int(net[1][3].num_batches_tracked)
checks.equal(batches, 0, "Batches seen by batch normalisation", hint="call net.eval() before the network runs.")
net, recorded = nn.Sequential(nn.Conv2d(1, 2, 2), nn.Conv2d(2, 1, 2)), []


def look(module, args, output):
    recorded.append((output.requires_grad, len(output)))


net[1].requires_grad_(False)
net = checks.place(net)
net[0].register_forward_hook(look)
before = checks.network_state(net)
checks.equal([row[2] for row in plain(layer_shapes(net, (1, 4, 5)))], [(2, 3, 4), (1, 2, 3)], "Two convolutions")
checks.equal(
    [wants for wants, _ in recorded],
    [False],
    "Outputs that want a gradient",
    hint="run the network under torch.no_grad().",
)
checks.equal([n for _, n in recorded], [1], "Pictures that went through the network", hint="run one, once.")
checks.network_kept(net, before)
checks.grad_mode_kept(layer_shapes, net, (1, 4, 5), what="Torch records gradients afterwards, if it did before")
checks.raises(
    RuntimeError,
    layer_shapes,
    net,
    (2, 4, 5),
    what="A picture that does not fit the network",
    hint="an error of the network must not be hidden.",
)
checks.network_kept(net, before, "after an error", hint="put everything back in a `finally`; watch where it begins.")

# %% layer_shapes-dtype points=2
# A network in float64, one without numbers, and one without parameters
nn = torch.nn
net = nn.Sequential(nn.Conv2d(3, 2, (1, 3), stride=2), nn.Tanh()).double().to(checks.device())
expected = [("0", "Conv2d", (2, 3, 3)), ("1", "Tanh", (2, 3, 3))]
hint = "make the picture with the dtype and device of a parameter of the network."
checks.equal(plain(layer_shapes(checks.place(net), (3, 6, 8))), expected, "A network in float64", hint=hint)
net = nn.Sequential(nn.Flatten(), nn.Linear(6, 4), nn.BatchNorm1d(4)).to("meta")
expected = [("0", "Flatten", (6,)), ("1", "Linear", (4,)), ("2", "BatchNorm1d", (4,))]
checks.equal(plain(layer_shapes(checks.place(net), (1, 2, 3))), expected, "A network on another device", hint=hint)
net = nn.Sequential(nn.MaxPool2d(3, 2), nn.Identity())
expected = [("0", "MaxPool2d", (1, 3, 2)), ("1", "Identity", (1, 3, 2))]
checks.equal(plain(layer_shapes(checks.place(net), (1, 8, 6))), expected, "A network without parameters")

# %% parameter_table-statement [markdown]
# Where are the parameters? **Return** a list of tuples (name, kind, parameters, trainable): one for each module that has parameters *of its
# own*, in the order of `net.named_modules()`, and a last one `("total", "", …, …)`.
#
# - A module's own parameters are those that it holds itself, not those of its parts.
# - `parameters` counts numbers, not tensors; `trainable` those of them whose `requires_grad` is True.
# - A parameter that several modules share counts once, for the first of them. A module whose parameters have all been counted before is not listed.
# - Running statistics are not parameters.
# - The network stays as it is.
#
# For `Sequential(Conv2d(1, 6, 5), ReLU(), Linear(4, 2))` with a frozen convolution, by hand:
#
# ```
# [("0", "Conv2d", 156, 0), ("2", "Linear", 10, 10), ("total", "", 166, 10)]
# ```
#
# *Not allowed:* `convlab.trace`.


# %% parameter_table forbid="convlab.trace*" instead="count yourself"
def parameter_table(net: torch.nn.Module) -> list[tuple[str, str, int, int]]:
    """Return (name, kind, parameters, trainable) of each module with parameters of its own, and the total."""
    ### BEGIN SOLUTION
    rows: list[tuple[str, str, int, int]] = []
    counted: set[int] = set()
    for name, module in net.named_modules():
        own = [p for p in module.parameters(recurse=False) if id(p) not in counted]
        counted.update(map(id, own))
        if own:
            trainable = sum(p.numel() for p in own if p.requires_grad)
            rows.append((name, type(module).__name__, sum(p.numel() for p in own), trainable))
    return [*rows, ("total", "", sum(row[2] for row in rows), sum(row[3] for row in rows))]
    ### END SOLUTION


# %% parameter_table-public points=2
# The network above
net = torch.nn.Sequential(torch.nn.Conv2d(1, 6, 5), torch.nn.ReLU(), torch.nn.Linear(4, 2))
net[0].requires_grad_(False)
received = rules.from_scratch(
    parameter_table, (checks.place(net),), forbid=forbidden, what="`parameter_table` is your own"
)
received = [(*row[:2], *(int(n) if isinstance(n, np.integer) else n for n in row[2:])) for row in map(tuple, received)]
checks.equal(
    received,
    [("0", "Conv2d", 156, 0), ("2", "Linear", 10, 10), ("total", "", 166, 10)],
    "A frozen convolution and a dense layer",
    case="parameter_table(net)",
    hint="a layer without parameters is not listed; frozen parameters count, but not as trainable.",
)


# %% parameter_table-helpers
def plain(rows):
    """Return a list of tuples as plain as it is compared: a named tuple is a tuple, a count of numpy a number."""
    checks.equal(type(rows) is list and all(isinstance(row, tuple) for row in rows), True, "A list of tuples")
    return [(row[0], row[1], *(int(n) if isinstance(n, np.integer) else n for n in tuple(row)[2:])) for row in rows]


# %% parameter_table-own points=2
# Parts of parts, modules that hold parameters beside their parts, running statistics
nn = torch.nn
cases = [
    (
        nn.Sequential(nn.Sequential(nn.Conv2d(2, 3, (1, 4), bias=False), nn.BatchNorm2d(3)), nn.BatchNorm2d(3)),
        [("0.0", "Conv2d", 24, 24), ("0.1", "BatchNorm2d", 6, 6), ("1", "BatchNorm2d", 6, 6), ("total", "", 36, 36)],
    ),
    (
        nn.Sequential(nn.PReLU(), nn.MultiheadAttention(4, 2)),
        [
            ("0", "PReLU", 1, 1),
            ("1", "MultiheadAttention", 60, 60),
            ("1.out_proj", "NonDynamicallyQuantizableLinear", 20, 20),
            ("total", "", 81, 81),
        ],
    ),
    (nn.Linear(3, 2), [("", "Linear", 8, 8), ("total", "", 8, 8)]),
    (nn.Sequential(nn.ReLU()), [("total", "", 0, 0)]),
]
for net, expected in cases:
    checks.equal(
        plain(parameter_table(checks.place(net))),
        expected,
        "A network's table",
        hint="module.parameters(recurse=False) gives a module's own; buffers are not among them.",
    )

# %% parameter_table-frozen points=2
# Layers that are frozen in part
nn = torch.nn
net = nn.Sequential(nn.Conv2d(3, 4, (3, 2)), nn.BatchNorm2d(4), nn.Linear(6, 5))
net[0].weight.requires_grad_(False)
net[1].requires_grad_(False)
expected = [("0", "Conv2d", 76, 4), ("1", "BatchNorm2d", 8, 0), ("2", "Linear", 35, 35), ("total", "", 119, 39)]
net = checks.place(net)
checks.equal(
    plain(parameter_table(net)),
    expected,
    "A table with frozen parameters",
    hint="ask each parameter, not each layer, for requires_grad.",
)
checks.equal(
    [parameter.requires_grad for parameter in net.parameters()],
    [False, True, False, False, True, True],
    "Whether a parameter wants a gradient, afterwards",
    hint="count, and change nothing.",
)

# %% parameter_table-shared points=2
# Shared parameters count once
nn = torch.nn
hint = "the same tensor is not counted again; remember what you have counted with id(parameter) or `is`."
tied = nn.Sequential(nn.Linear(4, 4), nn.ReLU(), nn.Linear(4, 4))
tied[2].weight = tied[0].weight
expected = [("0", "Linear", 20, 20), ("2", "Linear", 4, 4), ("total", "", 24, 24)]
checks.equal(plain(parameter_table(checks.place(tied))), expected, "Two layers with one weight", hint=hint)
tied = nn.Sequential(nn.Linear(3, 3, bias=False), nn.Linear(3, 3, bias=False), nn.Linear(3, 3, bias=False))
tied[1].weight = tied[0].weight
expected = [("0", "Linear", 9, 9), ("2", "Linear", 9, 9), ("total", "", 18, 18)]
checks.equal(plain(parameter_table(checks.place(tied))), expected, "A layer whose only weight is another's", hint=hint)

# %% evaluate_accuracy-statement [markdown]
# Which fraction of the pictures does a network classify correctly? Its answer is the class with the largest output.
#
# **Take** `net`, which is on `device` (a `torch.device` or its name); `batches`, anything that a `for` goes through once and that gives
# pairs (pictures, labels), a list, a loader or a generator; and `device`, to which each batch is moved. **Return** a float from 0 to 1: right answers
# divided by all pictures. Batches may differ in size, and `len(batches)` may not exist.
#
# **On the way** the network is in evaluation mode and no gradients are recorded. **Afterwards** every module has the mode that it had
# before, each its own, also when the network raised an error on the way. A parameter wants a gradient afterwards if it did before, torch
# records gradients again if it did before (and does not if it did not), and the batches are as they were.
#
# **Raise `ValueError`** when there is no picture.


# %% evaluate_accuracy forbid="d2l* convlab.networks*"
def evaluate_accuracy(net: torch.nn.Module, batches: object, device: torch.device | str) -> float:
    """Return the fraction of the pictures of ``batches`` that ``net`` classifies correctly."""
    ### BEGIN SOLUTION
    modes = [(module, module.training) for module in net.modules()]
    right = total = 0
    try:
        net.eval()
        with torch.no_grad():
            for x, y in batches:
                named = net(x.to(device)).argmax(1)
                right += (named == y.to(device)).sum().item()
                total += len(y)
    finally:
        for part, mode in modes:
            part.training = mode
    if not total:
        raise ValueError("there is no picture")
    return right / total
    ### END SOLUTION


# %% evaluate_accuracy-public points=2
# Two batches by hand
net = checks.place(torch.nn.Flatten())  # its outputs are the pixels, so the brightest pixel is the answer
first = (torch.tensor([[[[1.0, 0.0, 2.0]]], [[[3.0, 0.0, 2.0]]], [[[0.0, 5.0, 2.0]]]]), torch.tensor([2, 0, 2]))
second = (torch.tensor([[[[0.0, 1.0, 0.0]]]]), torch.tensor([1]))
received = rules.from_scratch(
    evaluate_accuracy, (net, [first, second], "cpu"), forbid=forbidden, what="`evaluate_accuracy` is your own"
)
checks.equal(
    received,
    0.75,
    "Two of three right, then one of one",
    case='evaluate_accuracy(net, [first, second], "cpu")',
    hint="count pictures; the mean over batches is something else.",
)

# %% evaluate_accuracy-batches points=3
# Batches of different sizes, gone through once
g, device = torch.Generator().manual_seed(9157), checks.device()
net = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(12, 4))
with torch.no_grad():
    net[1].weight.copy_(torch.randn(4, 12, generator=g))
net.to(device)
batches, right = [], 0
for size in (7, 1, 12, 4):
    x, y = torch.randn(size, 1, 3, 4, generator=g), torch.randint(4, (size,), generator=g)
    right += int((net(x.to(device)).argmax(1) == y.to(device)).sum())
    batches.append((x, y))
hint = "add up right answers and pictures over all batches, and divide once at the end."
kept = [(x.clone(), y.clone()) for x, y in batches]
received = evaluate_accuracy(checks.place(net), batches, device)
checks.equal(received, right / 24, "Batches of different sizes", hint=hint)
checks.equal(len(batches), 4, "The number of batches afterwards")
for batch, was in zip(batches, kept, strict=True):
    for part, old in zip(batch, was, strict=True):
        checks.close(part, old, "Pictures and labels afterwards", hint="an operation works in place.")
batches = [(x.clone(), y.clone()) for x, y in kept]
net, once = checks.place(net, iter(batches))
received = evaluate_accuracy(net, once, str(device))
checks.equal(received, right / 24, "Batches that can be gone through only once", hint=hint)
checks.refuses(evaluate_accuracy, [(net, [], device)], "No picture at all")
net, told = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(4, 3)).to("meta"), ""
try:
    evaluate_accuracy(checks.place(net), [(torch.ones(2, 1, 2, 2), torch.tensor([0, 1]))], "meta")
except Exception as error:  # a tensor on `meta` has no numbers, so that no answer can be had there
    told = str(error)
checks.equal(
    "expected device" in told or "same device" in told,
    False,
    "Something stays on the CPU when `device` is another",
    hint="move pictures and labels, x.to(device) and y.to(device).",
)

# %% evaluate_accuracy-eval points=2
# The network is in evaluation mode
nn, device = torch.nn, checks.device()
g = torch.Generator().manual_seed(66180)
net = nn.Sequential(nn.BatchNorm2d(3), nn.Dropout(0.9), nn.Flatten())
x, y = 3 + torch.randn(40, 3, 1, 1, generator=g), torch.randint(3, (40,), generator=g)
x[:, 0] += 2
expected = int((x.flatten(1).argmax(1) == y).sum()) / 40
net = checks.place(net.to(device))
received = evaluate_accuracy(net, [(x[:25], y[:25]), (x[25:], y[25:])], device)
checks.equal(int(net[0].num_batches_tracked), 0, "Batches seen by batch normalisation", hint="call net.eval() first.")
checks.equal(received, expected, "A network with dropout", hint="call net.eval() first.")

# %% evaluate_accuracy-modes points=3
# Every module gets its own mode back
nn, device = torch.nn, checks.device()
x, y = torch.ones(2, 2, 3, 3), torch.tensor([0, 1])
hint = "note module.training of every module of net.modules(), and put each back."
for frozen in ((), (0,), (1, 2), (0, 1, 2)):
    net = nn.Sequential(nn.Sequential(nn.BatchNorm2d(2), nn.Dropout()), nn.BatchNorm2d(2), nn.Flatten())
    for number in frozen:
        net[number].eval()
    before = [module.training for module in net.modules()]
    net = checks.place(net.to(device))
    evaluate_accuracy(net, [(x, y)], device)
    checks.equal([module.training for module in net.modules()], before, "The modes afterwards", hint=hint)
net = nn.Sequential(nn.BatchNorm2d(2), nn.Flatten())
net[0].eval()
net = checks.place(net.to(device))
checks.raises(
    ValueError,
    evaluate_accuracy,
    net,
    [(x, y), (torch.ones(2, 2), y)],
    device,
    what="Pictures that do not fit the network",
    hint="an error of the network must not be hidden.",
)
checks.equal(
    [module.training for module in net.modules()],
    [True, False, True],
    "The modes after an error",
    hint="put the modes back in a `finally`.",
)

# %% evaluate_accuracy-gradients points=2
# No gradients are recorded, and afterwards they are recorded as before
device, recorded = checks.device(), []


def look(module, args, output):
    recorded.append(output.requires_grad)


nn, batch = torch.nn, (torch.ones(2, 1, 2, 2), torch.tensor([0, 1]))
net = nn.Sequential(nn.Flatten(), nn.Linear(4, 3), nn.Linear(3, 3).requires_grad_(False)).to(device)
net = checks.place(net)
net.register_forward_hook(look)
evaluate_accuracy(net, [batch, batch], device)
checks.equal(recorded, [False, False], "Outputs that want a gradient", hint="put the loop under torch.no_grad().")
checks.equal(
    [parameter.requires_grad for parameter in net.parameters()],
    [True, True, False, False],
    "Whether a parameter wants a gradient, afterwards",
    hint="torch.no_grad() does without requires_grad_(False).",
)
checks.grad_mode_kept(
    evaluate_accuracy, net, [batch], device, what="Torch records gradients afterwards, if it did before"
)

# %% train-statement [markdown]
# The loop that makes a network learn. For each of `num_epochs` epochs:
#
# 1. Set the network to training mode. For each batch of `train_batches`: move it to `device`, compute the cross-entropy (its mean over the batch), go backward,
#    and take one step of plain gradient descent, `w ← w − lr · gradient`, without momentum or decay (`torch.optim.SGD` does it).
# 2. Set the network to evaluation mode, and find its accuracy on `test_batches`, without gradients.
#
# Move `net` to `device` first, and start from the weights that it has: do not draw new ones.
#
# **Return** a list with one tuple of three floats for each epoch:
#
# - the training loss: its mean over all *pictures* of the epoch;
# - the training accuracy: right answers by all pictures.
#   Both are of the outputs that the steps were made from, so that no picture goes through the network twice;
# - the test accuracy after the epoch.
#
# Batches may differ in size, and stay as they are. When `train` returns, the network is in evaluation mode, and torch records gradients as before.
#
# **Marks for learning** (2 of the points): from given weights, on scikit-learn's digits (1,433 to learn from, 364 for the test), a small network
# trained by you for 6 epochs must classify 85% of the test digits correctly. A loop as above reaches over 93%.
#
# **Marks for time** (2 of the points): at most 3 times the CPU time of a bare loop of forward, backward and step. A good answer takes 1.2 times.


# %% train forbid="d2l* convlab.networks*"
def train(
    net: torch.nn.Module,
    train_batches: object,
    test_batches: object,
    num_epochs: int,
    lr: float,
    device: torch.device | str,
) -> list[tuple[float, float, float]]:
    """Train ``net`` in place; return (training loss, training accuracy, test accuracy) of each epoch."""
    ### BEGIN SOLUTION
    net.to(device)
    optimizer = torch.optim.SGD(net.parameters(), lr=lr)
    history = []
    for _ in range(num_epochs):
        net.train()
        loss_sum = right = total = 0.0
        for x, y in train_batches:
            x, y = x.to(device), y.to(device)
            net.zero_grad()
            logits = net(x)
            loss = torch.nn.functional.cross_entropy(logits, y)
            loss.backward()
            optimizer.step()
            loss_sum += loss.item() * len(y)
            right += (logits.argmax(1) == y).sum().item()
            total += len(y)
        net.eval()
        test_right = test_total = 0.0
        with torch.no_grad():
            for x, y in test_batches:
                test_right += (net(x.to(device)).argmax(1) == y.to(device)).sum().item()
                test_total += len(y)
        history.append((loss_sum / total, right / total, test_right / test_total))
    return history
    ### END SOLUTION


# %% train-public points=2
# One step, by hand
net = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(2, 2, bias=False))
torch.nn.init.zeros_(net[1].weight)
x, y = torch.tensor([[[[1.0, 0.0]]], [[[0.0, 1.0]]], [[[1.0, 0.0]]]]), torch.tensor([0, 1, 0])
net = checks.place(net)
history = rules.from_scratch(
    train, (net, [(x, y)], [(x, y)], 1, 1.0, "cpu"), forbid=forbidden, what="`train` is your own"
)
checks.equal(
    [["float" if isinstance(value, float) else type(value).__name__ for value in row] for row in history],
    [["float"] * 3],
    "One tuple of three floats for one epoch",
    case="the types in train(…, 1, 1.0, 'cpu')",
)
checks.close(
    torch.tensor([history[0][0], history[0][2]], dtype=torch.float64),
    torch.tensor([np.log(2), 1.0], dtype=torch.float64),
    "Training loss and test accuracy",
    case="history[0][0], history[0][2]",
    hint="with zero weights both classes have probability 1/2, so the loss is log 2; after one step all three are classified correctly.",
    rtol=1e-5,
)
checks.close(
    net[1].weight.detach(),
    torch.tensor([[1 / 3, -1 / 6], [-1 / 3, 1 / 6]]),
    "The weights after one step",
    case="net[1].weight",
    hint="the gradient of a weight is the mean over pictures of (probability − 1 for the right class) · pixel.",
)

# %% train-steps points=3
# The weights after several batches and epochs
nn, device = torch.nn, checks.device()
g = torch.Generator().manual_seed(15083)
torch.manual_seed(15083)
nets = [nn.Sequential(nn.Conv2d(2, 3, (2, 3)), nn.ReLU(), nn.Flatten(), nn.Linear(18, 4)).double() for _ in range(2)]
nets[1].load_state_dict(nets[0].state_dict())
own, given = nets[0].to(device), nets[1]
batches = [(10 * torch.randn(n, 2, 4, 4, generator=g).double(), torch.randint(4, (n,), generator=g)) for n in (6, 6, 3)]
optimizer = torch.optim.SGD(own.parameters(), lr=0.01)
for _ in range(3):
    for x, y in batches:
        own.zero_grad()
        nn.functional.cross_entropy(own(x.to(device)), y.to(device)).backward()
        optimizer.step()
kept = [x.clone() for x, _ in batches]
given = checks.place(given)
train(given, batches, batches[:1], 3, 0.01, device)
for parameter, wanted in zip(given.parameters(), own.parameters(), strict=True):
    checks.close(
        parameter.detach(),
        wanted.detach(),
        "A weight after three epochs of three batches",
        hint="gradients of several batches add up, the loss is a sum, the step is not plain, or the start is another.",
        rtol=1e-6,
        atol=1e-7,
    )
for (x, _), old in zip(batches, kept, strict=True):
    checks.close(x, old, "The pictures afterwards", hint="an operation works in place.")
batch = (torch.ones(2, 1, 2, 2), torch.tensor([0, 1]))
for training, test in (([batch], [batch]), ([], [batch])):
    net, told = nn.Sequential(nn.Flatten(), nn.Linear(4, 3)), ""
    try:
        train(checks.place(net), training, test, 1, 0.1, "meta")
    except Exception as error:  # a tensor on `meta` has no numbers, so that no loss can be had there
        told = str(error) or "an error"
    checks.equal(told == "", False, "Nothing was moved to `device`", hint="move the network first, then each batch.")
    checks.equal(
        "expected device" in told or "same device" in told,
        False,
        "Something stays on the CPU when `device` is another",
        hint="move the network first, then pictures and labels of each batch, those of the test too.",
    )

# %% train-history points=3
# Loss and accuracies of each epoch, with batches of different sizes
nn, device = torch.nn, checks.device()
g = torch.Generator().manual_seed(37702)
torch.manual_seed(37702)
nets = [nn.Sequential(nn.Flatten(), nn.Linear(12, 5), nn.Tanh(), nn.Linear(5, 3)) for _ in range(2)]
nets[1].load_state_dict(nets[0].state_dict())
own, given = nets[0].to(device), nets[1]
batches = [(torch.randn(n, 1, 4, 3, generator=g), torch.randint(3, (n,), generator=g)) for n in (20, 9, 1, 16, 5)]
training, test = batches[:3], batches[3:]
optimizer = torch.optim.SGD(own.parameters(), lr=0.7)
expected = []
for _ in range(4):
    sums = [0.0, 0.0, 0.0]
    for x, y in training:
        x, y = x.to(device), y.to(device)
        own.zero_grad()
        out = own(x)
        loss = nn.functional.cross_entropy(out, y, reduction="sum")
        (loss / len(y)).backward()
        optimizer.step()
        sums[0] += loss.item()
        sums[1] += int((out.argmax(1) == y).sum())
    for x, y in test:
        sums[2] += int((own(x.to(device)).argmax(1) == y.to(device)).sum())
    expected.append([sums[0] / 30, sums[1] / 30, sums[2] / 21])
history = train(checks.place(given), training, test, 4, 0.7, str(device))
checks.equal([isinstance(row, tuple) for row in history], [True] * 4, "One tuple for each epoch")
floats = [[isinstance(value, float) for value in row] for row in history]
checks.equal(floats, [[True] * 3] * 4, "Three floats", hint="use .item().")
received = torch.tensor([[float(value) for value in row] for row in history], dtype=torch.float64)
for column, name in enumerate(("Training loss", "Training accuracy", "Test accuracy")):
    checks.close(
        received[:, column],
        torch.tensor(expected, dtype=torch.float64)[:, column],
        name,
        hint="add up over pictures and divide once; use the outputs that the step was made from.",
        rtol=1e-3,
    )

# %% train-modes points=2
# Training mode for training, evaluation mode for the test and at the end
import collections
import functools
import operator

nn, device = torch.nn, checks.device()
g = torch.Generator().manual_seed(5940)
net = nn.Sequential(nn.BatchNorm2d(2), nn.Dropout(0.99), nn.Flatten(), nn.Linear(4, 2), nn.Identity())
with torch.no_grad():
    net[3].weight.copy_(torch.tensor([[1.0, 1.0, -1.0, -1.0], [-1.0, -1.0, 1.0, 1.0]]))
    net[3].bias.zero_()
x = torch.randn(64, 2, 1, 2, generator=g)
y = (x[:, 0].sum((1, 2)) < x[:, 1].sum((1, 2))).long()
batches = [(x[:32], y[:32]), (x[32:], y[32:])]
last = collections.UserDict()  # the input of the last layer, in its last call
net[4].register_forward_pre_hook(functools.partial(operator.setitem, last))
net.eval()
net, last = checks.place(net, last)
history = train(net, batches, [(x, y)], 3, 1e-6, device)
checks.equal(
    last[net[4]][0].requires_grad,
    False,
    "Whether the outputs of the test want a gradient",
    hint="test under torch.no_grad().",
)
checks.equal(
    int(net[0].num_batches_tracked),
    6,
    "Batches that batch normalisation learned from",
    hint="call net.train() at the start of every epoch, and net.eval() before the test.",
)
checks.equal(
    all(row[2] > 0.85 for row in history),
    True,
    "The test accuracy of a network with dropout",
    hint="the test runs in training mode, where dropout drops nearly everything.",
)
checks.equal(any(module.training for module in net.modules()), False, "Training mode at the end")
# It cannot train with gradients switched off, so they are on before.
checks.grad_mode_kept(
    train, net, batches, [(x, y)], 1, 1e-6, device, what="Torch records gradients after the training", modes=(True,)
)
with torch.no_grad():
    named = net(x.to(device)).argmax(1)
checks.close(
    torch.tensor(float(history[-1][2]), dtype=torch.float64),
    (named == y.to(device)).double().mean().cpu(),
    "The last test accuracy, computed again from the network",
    hint="count what the network classifies correctly in evaluation mode.",
)

# %% train-digits points=2
# Digits are learned
from convlab import datasets

nn, data = torch.nn, datasets.load("digits")
torch.manual_seed(2718)
net = nn.Sequential(
    nn.Conv2d(1, 8, 3, 1, 1),
    nn.ReLU(),
    nn.MaxPool2d(2),
    nn.Conv2d(8, 16, 3),
    nn.ReLU(),
    nn.Flatten(),
    nn.Linear(64, 10),
)
images, labels = data.train.images, data.train.labels
order = torch.randperm(len(labels), generator=torch.Generator().manual_seed(2718)).split(32)
training = [(images[rows], labels[rows]) for rows in order]
pictures, answers, device = data.test.images.clone(), data.test.labels.clone(), checks.device()
net = checks.place(net)
history = train(net, training, [(data.test.images, data.test.labels)], 6, 0.3, device)
checks.equal(len(history), 6, "The number of epochs")
with torch.no_grad():
    reached = (net(pictures.to(device)).argmax(1) == answers.to(device)).double().mean().item()
checks.equal(
    abs(float(history[-1][2]) - reached) < 1e-6,
    True,
    "The last test accuracy, computed again from the network",
    hint="count what the network classifies correctly in evaluation mode.",
)
checks.equal(
    reached > 0.85,
    True,
    "Over 85% of the test digits are classified correctly",
    hint="watch the loss: if it stays near 2.3, nothing is learned; if it jumps, gradients add up.",
)

# %% train-time points=2
# At most 3 times the CPU time of a bare loop
nn, device = torch.nn, checks.device()
g = torch.Generator().manual_seed(99)
nets = [nn.Sequential(nn.Conv2d(1, 8, 3), nn.Tanh(), nn.Flatten(), nn.Linear(1152, 10)).to(device) for _ in range(2)]
x, y = torch.randn(640, 1, 14, 14, generator=g), torch.randint(10, (640,), generator=g)
batches = list(zip(x.to(device).split(64), y.to(device).split(64), strict=True))


@torch.enable_grad()
def bare_loop(net, train_batches, test_batches, num_epochs, lr, device):
    optimizer = torch.optim.SGD(net.parameters(), lr=lr)
    for _ in range(num_epochs):
        for x, y in train_batches:
            net.zero_grad()
            nn.functional.cross_entropy(net(x), y).backward()
            optimizer.step()


given = checks.place(nets[1])
timed = checks.place(torch.enable_grad())(train)  # the clock runs where gradients are switched off


def reference(net, *rest):
    return bare_loop(nets[0], *rest)


times = checks.cpu_ratio(
    timed,
    reference,
    (given, batches, batches[:1], 1, 0.1, device),
    at_most=3,
    what="CPU time of train",
    hint="pictures go through the network more often than once, or Python works on single pictures.",
)

# %% train-look-text [markdown]
# Watch your own loop teach your own two networks the digits, enlarged. The network of 1998 gets ten outputs on top of its 84 units.
# Its rival of today, with sigmoids, does not even begin: chapter 05 says why.

# %% train-look
from convlab import datasets

rivals = {
    "LeNet5_1998": (torch.nn.Sequential(LeNet5_1998(), torch.nn.Linear(84, 10)), 32, 0.2),
    "lenet5": (lenet5(), 28, 0.9),
}
figure, axis = plt.subplots(figsize=(6, 3))
for label, (net, size, lr) in rivals.items():
    data = datasets.load("digits", size=size)
    images, labels = (data.train.images - 0.3) / 0.35, data.train.labels
    test = [((data.test.images - 0.3) / 0.35, data.test.labels)]
    training = [(images[rows], labels[rows]) for rows in torch.randperm(len(labels)).split(32)]
    history = train(net, training, test, 5, lr, "cpu")
    axis.plot(range(1, 6), [row[2] for row in history], marker=".", label=label)
    print(f"{label}: {100 * evaluate_accuracy(net, test, 'cpu'):.1f}% of the test digits")
axis.set_xlabel("epoch")
axis.set_ylabel("test accuracy")
axis.set_ylim(0, 1)
_ = axis.legend()
