# %% [markdown]
# # AlexNet and ZFNet
#
# You write AlexNet by its table of layers, and the parts that made it and made it visible: local response normalisation, pooling
# that remembers where its maxima were, the way back to the pixels, occlusion, and Grad-CAM.
#
# - You need: Chapter 06, and 04 for gradients. A CPU is enough. Python with torch, numpy and matplotlib.
# - It takes: Four to six hours, much of it for `DeconvNet`.
# - Hidden checks try: other sizes, batches, float64, and networks that you have not seen
#
# **Words.** Pictures are tensors `x` of shape (N, C, H, W): pictures, channels, rows, columns. A *network* is any `torch.nn.Module`. A
# size that may be *an int or a pair* is either one number for both directions, or a tuple (height, width). *Scores* are what a network
# gives before the softmax.
#
# **Ready-made answers.** `torch` may be used, but for what a task names. `torchvision`, `d2l`, `convlab.networks` and packages that draw
# such maps hold what you are asked to write; they are not allowed.

# %% alexnet-statement [markdown]
# Write AlexNet in the form that most people load today (after Krizhevsky, 2014). For a picture of 3 × 224 × 224:
#
# | part | layer | settings | output |
# | --- | --- | --- | --- |
# | `features` | convolution, ReLU | 64 filters of 11 × 11, stride 4, padding 2 | 64 × 55 × 55 |
# | | max pooling | 3 × 3, stride 2 | 64 × 27 × 27 |
# | | convolution, ReLU | 192 of 5 × 5, padding 2 | 192 × 27 × 27 |
# | | max pooling | 3 × 3, stride 2 | 192 × 13 × 13 |
# | | convolution, ReLU | 384 of 3 × 3, padding 1 | 384 × 13 × 13 |
# | | convolution, ReLU | 256 of 3 × 3, padding 1 | 256 × 13 × 13 |
# | | convolution, ReLU | 256 of 3 × 3, padding 1 | 256 × 13 × 13 |
# | | max pooling | 3 × 3, stride 2 | 256 × 6 × 6 |
# | | mean pooling | to 6 × 6, whatever comes in | 256 × 6 × 6 |
# | `classifier` | dropout, dense, ReLU | drops half; 9,216 → 4,096 | 4096 |
# | | dropout, dense, ReLU | drops half; 4,096 → 4,096 | 4096 |
# | | dense | 4,096 → `num_classes`, nothing after it | `num_classes` |
#
# **Return** a new `torch.nn.Module` at each call. Larger and smaller pictures work too, from 63 × 63 on: the mean pooling
# (`torch.nn.AdaptiveAvgPool2d`) makes 6 × 6 of all of them.
#
# **Layout.** Weights that others have trained must fit into yours. So the parameters have torchvision's names: `features.0.weight` and
# `.bias`, then `features.3`, `features.6`, `features.8`, `features.10`, `classifier.1`, `classifier.4`, `classifier.6`. If
# `features` and `classifier` are `torch.nn.Sequential` and hold every layer in the order of the table, ReLUs, poolings and dropouts
# included, the numbers come by themselves. Before the first dense layer, flatten by channel, then row, then column.
#
# Weights and biases start as torch starts those of its layers, and every one of them wants a gradient.

# %% alexnet forbid="networks"
def alexnet(num_classes: int = 1000) -> torch.nn.Module:
    """Return a new AlexNet that maps pictures (N, 3, H, W) to scores (N, num_classes)."""
    ### BEGIN SOLUTION
    nn, parts = torch.nn, []
    for c_in, c_out, size, stride, padding, pool in (
        (3, 64, 11, 4, 2, True),
        (64, 192, 5, 1, 2, True),
        (192, 384, 3, 1, 1, False),
        (384, 256, 3, 1, 1, False),
        (256, 256, 3, 1, 1, True),
    ):
        parts += [nn.Conv2d(c_in, c_out, size, stride, padding), nn.ReLU()]
        parts += [nn.MaxPool2d(3, 2)] if pool else []
    dense = [nn.Dropout(), nn.Linear(256 * 6 * 6, 4096), nn.ReLU(), nn.Dropout(), nn.Linear(4096, 4096), nn.ReLU()]
    net = nn.Sequential()
    net.add_module("features", nn.Sequential(*parts))
    net.add_module("avgpool", nn.AdaptiveAvgPool2d(6))
    net.add_module("flatten", nn.Flatten())
    net.add_module("classifier", nn.Sequential(*dense, nn.Linear(4096, num_classes)))
    return net
    ### END SOLUTION


# %% alexnet-public points=4
# 61,100,840 parameters, and a score for each class
net = rules.from_scratch(alexnet, (), forbid=forbidden, what="`alexnet` is your own")
checks.equal(
    sum(parameter.numel() for parameter in net.parameters()),
    61_100_840,
    "Parameters",
    case="sum(p.numel() for p in alexnet().parameters())",
    hint="the convolutions have 23,296, 307,392, 663,936, 884,992 and 590,080, the dense layers 37,752,832, 16,781,312 "
    "and 4,097,000; print yours.",
)
checks.shape(net(torch.rand(1, 3, 224, 224)), (1, 1000), "One picture", case="alexnet()(torch.rand(1, 3, 224, 224))")

# %% alexnet-values points=7
# The start of torch; then, with torchvision's weights by name, torchvision's answers
import functools
import operator

import torch.nn.functional as F

CONVOLUTIONS = {0: (64, 3, 11, 11), 3: (192, 64, 5, 5), 6: (384, 192, 3, 3), 8: (256, 384, 3, 3), 10: (256, 256, 3, 3)}
DENSE = {1: (4096, 9216), 4: (4096, 4096), 6: (7, 4096)}
g, device = torch.Generator().manual_seed(70117), checks.device()
weights = {}
for part, table in (("features", CONVOLUTIONS), ("classifier", DENSE)):
    for number, shape in table.items():
        fan_in = torch.Size(shape[1:]).numel()
        few = torch.randn(99_991, generator=g) * (2 / fan_in) ** 0.5  # the same again and again: fast to make
        count = fan_in * shape[0]
        weights[f"{part}.{number}.weight"] = few.repeat(count // 99_991 + 1)[:count].reshape(shape).to(device)
        weights[f"{part}.{number}.bias"] = (0.3 * torch.randn(shape[0], generator=g)).to(device)


def answers(x):
    for number, stride, padding in ((0, 4, 2), (3, 1, 2), (6, 1, 1), (8, 1, 1), (10, 1, 1)):
        name = f"features.{number}"
        x = F.relu(F.conv2d(x, weights[name + ".weight"], weights[name + ".bias"], stride, padding))
        if number in (0, 3, 10):
            x = F.max_pool2d(x, 3, 2)
    x = F.adaptive_avg_pool2d(x, 6).flatten(1)
    for number in (1, 4, 6):
        name = f"classifier.{number}"
        x = F.linear(x, weights[name + ".weight"], weights[name + ".bias"])
        x = F.relu(x) if number < 6 else x
    return x


net = alexnet(7)
names, hint = checks.parameter_names(net), "make torch's layers, and leave their numbers as they are."
checks.equal(sorted(names), sorted(weights), "The names of the parameters")
for name, shape in CONVOLUTIONS.items():
    layer = net.get_submodule(f"features.{name}")
    for values in (layer.weight.detach().flatten(), layer.bias.detach()):
        scaled = values * torch.Size(shape[1:]).numel() ** 0.5
        spread = bool(0.45 < scaled.std() < 0.7) and bool(0.8 < scaled.abs().max() <= 1 + 1e-5)
        checks.equal(spread, True, "The start of a convolution", hint=hint)
scaled = 64 * net.get_submodule("classifier.6").weight.detach().flatten()
spread = bool(0.55 < scaled.std() < 0.6) and bool(0.9 < scaled.abs().max() <= 1 + 1e-5)
checks.equal(spread, True, "The start of a dense layer", hint=hint)
listed, wants = functools.partial(list), functools.partial(map, operator.attrgetter("requires_grad"))
wanted = checks.place(listed)(checks.place(wants)(net.parameters()))
checks.equal(list(wanted), [True] * 16, "Whether each parameter wants a gradient", hint="nothing is frozen.")
net = net.to(device).eval()
report = net.load_state_dict(weights, strict=False)
checks.equal(
    (sorted(report[0]), sorted(report[1])),
    ([], []),
    "Names of parameters that are missing, and that are too many",
    hint="features and classifier are Sequentials that hold every layer of the table, those without parameters too.",
)
for shape in ((2, 3, 224, 224), (1, 3, 70, 290)):
    x = torch.randn(shape, generator=g).to(device)
    with torch.no_grad():
        expected = answers(x)
        received = checks.unchanged(net, x, what="The pictures are left as they were")
    checks.close(
        received,
        expected,
        "The scores with given weights",
        hint="compare stride, padding and pooling with the table, line by line; nothing comes after the last layer.",
        rtol=1e-3,
        atol=1e-3,
    )
first = net.get_submodule("features.0").weight
(slope,) = torch.autograd.grad(net(x).sum(), first, allow_unused=True)
checks.equal(slope is not None and bool(slope.any()), True, "A gradient at the first layer", hint="look for .detach().")

# %% alexnet-dropout points=7
# Dropout before the first two dense layers, in training mode only, and a new network at each call
device = checks.device()
net, other, seen = alexnet(3).to(device), alexnet(3), {}
with torch.no_grad():
    other.get_submodule("classifier.6").bias.fill_(7)
checks.equal(
    bool((net.get_submodule("classifier.6").bias.abs() < 1).all()),
    True,
    "A second network with parameters of its own",
    hint="each call makes a new network; keep none from the call before.",
)
net.eval()
with torch.no_grad():
    first = net(torch.ones(1, 3, 224, 224, device=device))
    again = net(torch.ones(1, 3, 224, 224, device=device))
checks.shape(first, (1, 3), "The scores for three classes")
checks.close(
    first, again, "The same picture twice, in evaluation mode", hint="dropout must know the mode: F.dropout does not."
)


def watch(name):
    def hook(module, args):
        seen.setdefault(name, []).append(args[0].detach().clone())

    return hook


for name in ("classifier.1", "classifier.4", "classifier.6"):
    net.get_submodule(name).register_forward_pre_hook(watch(name))
x = torch.rand(1, 3, 224, 224, generator=torch.Generator().manual_seed(5)).to(device)
with torch.no_grad():
    net(x)
    net.train()
    net(x)
hint = "before each of the first two dense layers, torch.nn.Dropout(0.5); before the last one, none."
checks.equal(sorted(seen), ["classifier.1", "classifier.4", "classifier.6"], "The dense layers that run", hint=hint)
quiet, noisy = seen["classifier.1"]
live = quiet != 0
checks.equal(bool(live.sum() > 1000), True, "Features that are not zero", hint="a layer before the dense ones is dead.")
kept = (noisy != 0) & live
checks.equal(bool(0.44 < kept.sum() / live.sum() < 0.56), True, "The share of features that dropout leaves", hint=hint)
checks.close(noisy[kept], 2 * quiet[kept], "The features that dropout leaves, in training mode", hint=hint)
maps = (live & ~kept).reshape(256, 36).any(1) & kept.reshape(256, 36).any(1)
checks.equal(
    bool(maps.sum() > 0.8 * (live.reshape(256, 36).sum(1) > 5).sum()),
    True,
    "Maps of which dropout leaves a part",
    hint="Dropout drops single numbers; Dropout2d drops whole maps.",
)
checks.equal(
    [bool((seen[name][1] != 0).float().mean() < 0.38) for name in ("classifier.4", "classifier.6")],
    [True, False],
    "Less than 38% of the inputs are left at the second and at the last dense layer",
    hint=hint,
)

# %% local_response_norm-statement [markdown]
# AlexNet let neighbouring *channels* quieten each other. At each place, the value $a_i$ of channel $i$ is divided by a power of what its
# neighbours have there (Krizhevsky, Sutskever and Hinton, 2012, section 3.3):
#
# $$
# b_i = a_i \Big/ \Big(k + \alpha \sum_{j=i-r}^{i+r} a_j^2\Big)^{\beta}, \qquad r = (n-1)/2
# $$
#
# Here $n$ is `size`, an odd number. Channels below 0 and above the last do not exist: the sum has fewer terms there. By hand, with three
# channels 1, 2, 3 at one place, $n = 3$, $\alpha = \beta = 1$, $k = 0$:
#
# ```
# 1 / (1 + 4) = 0.2        2 / (1 + 4 + 9) = 0.142857…        3 / (4 + 9) = 0.230769…
# ```
#
# **Mind:** this is the formula of the paper. `torch.nn.functional.local_response_norm` divides α by n. Write the paper's.
#
# **Raise** `ValueError` if `size` is even or less than 1.
#
# **From scratch**: without torch's local response normalisation (`torch.nn.functional.local_response_norm`, `torch.nn.LocalResponseNorm`).
# The result has the dtype and device of `x`, gradients flow through it, and `x` stays as it is.


# %% local_response_norm forbid="local_response_norm"
def local_response_norm(
    x: torch.Tensor, size: int = 5, alpha: float = 1e-4, beta: float = 0.75, k: float = 2.0
) -> torch.Tensor:
    """Return ``x`` (N, C, H, W), each value divided by a power of the squares of ``size`` channels around it."""
    ### BEGIN SOLUTION
    if size < 1 or size % 2 == 0:
        raise ValueError(f"size must be odd and positive, not {size}")
    around = torch.nn.functional.pad(x.square(), (0, 0, 0, 0, size // 2, size // 2)).unfold(1, size, 1)
    return x * (k + alpha * around.sum(-1)) ** -beta
    ### END SOLUTION


# %% local_response_norm-public points=3
# The case above
x = torch.tensor([1.0, 2.0, 3.0]).reshape(1, 3, 1, 1)
result = rules.from_scratch(local_response_norm, (x, 3, 1.0, 1.0, 0.0), forbid=forbidden)
checks.close(
    result,
    torch.tensor([1 / 5, 2 / 14, 3 / 13]).reshape(1, 3, 1, 1),
    "Three channels",
    case="local_response_norm(x, 3, 1.0, 1.0, 0.0)",
    hint="the neighbours are channels; at the ends there are fewer of them.",
)

# %% local_response_norm-values points=5
# Batches, windows wider than the channels, the paper's constants
import torch.nn.functional as F

g, device = torch.Generator().manual_seed(1912), checks.device()
for shape, size, alpha, beta, k in [
    ((2, 8, 5, 3), 5, 0.7, 0.75, 2.0),
    ((3, 6, 2, 4), 3, 1.3, 0.5, 1.0),
    ((1, 4, 3, 2), 7, 0.4, 1.0, 0.5),
    ((2, 5, 4, 4), 1, 2.0, 0.75, 1.0),
    ((1, 1, 2, 3), 5, 0.9, 2.0, 1.5),
]:
    x = 2 * torch.randn(shape, generator=g).to(device)
    expected = F.local_response_norm(x, size, alpha * size, beta, k)
    checks.close(
        local_response_norm(x, size, alpha, beta, k),
        expected,
        "Local response normalisation",
        hint="squares of the channels i − r to i + r, added and not averaged; then times alpha, plus k, to the power of beta.",
    )
x = 40 * torch.randn((2, 9, 3, 4), generator=g).to(device)
expected = F.local_response_norm(x, 5, 5e-4, 0.75, 2.0)
checks.close(
    local_response_norm(x),
    expected,
    "The constants of the paper, where none are given",
    hint="n = 5, alpha = 0.0001, beta = 0.75, k = 2, and alpha is not divided by n.",
)

# %% local_response_norm-gradients points=2
# Gradients
import torch.nn.functional as F

x = torch.randn((2, 6, 3, 2), generator=torch.Generator().manual_seed(88)).to(checks.device())
checks.gradients_close(
    lambda x: local_response_norm(x, 3, 0.6, 0.75, 1.0),
    lambda x: F.local_response_norm(x, 3, 1.8, 0.75, 1.0),
    {"x": x},
    "Local response normalisation",
    hint="the denominator depends on x too: do not detach it.",
)

# %% local_response_norm-dtype points=2
# float64 stays float64, and the input is left as it was
import torch.nn.functional as F

x = torch.randn((2, 7, 3, 5), generator=torch.Generator().manual_seed(64), dtype=torch.float64).to(checks.device())
expected = F.local_response_norm(x, 5, 1.5, 0.75, 2.0)
received = checks.unchanged(local_response_norm, x, 5, 0.3, 0.75, 2.0, what="The input is left as it was")
checks.close(received, expected, "dtype and precision")

# %% local_response_norm-refuses points=2
# Even sizes and sizes below 1 are refused
x = torch.ones(1, 4, 2, 2)
kinds = {
    "an even size above 0": [(x, 2), (x, 4)],
    "a size of 0": [(x, 0)],
    "a negative size": [(x, -1), (x, -3)],
}
checks.refuses(local_response_norm, kinds, "A size that makes no sense")
checks.close(
    local_response_norm(x, 1, 1.0, 1.0, 1.0),
    torch.full((1, 4, 2, 2), 0.5),
    "A channel on its own",
    hint="a size of 1 is odd, and makes sense.",
)

# %% max_pool_with_switches-statement [markdown]
# To go back through a max pooling, one must know where each maximum came from. ZFNet's authors call these places *switches*.
#
# **Return** two tensors of shape (N, C, H′, W′):
#
# - the maxima of the windows, without padding; windows that do not fit are left out, so H′ = ⌊(H − kernel height) / stride⌋ + 1;
# - the switches, int64: the place of each maximum in its own channel of `x`, counted row by row from the top left, so *row · W + column*. If
#   a window has its largest value more than once, the switch is the first one of them in that count.
#
# `kernel_size` and `stride` are an int or a pair; a `stride` of None is the kernel size. By hand, kernel 2, stride 2:
#
# ```
# x   1 5 2 0        maxima   5 4        switches   1 7
#     3 4 2 4
# ```
#
# The window on the left has its 5 at row 0, column 1: switch 1. The other one has its 4 at row 1, column 3: 1 · 4 + 3 = 7.
#
# **From scratch**: without torch's max pooling. The maxima have the dtype and device of `x`, gradients flow through them, and `x`
# stays as it is.


# %% max_pool_with_switches forbid="max_pooling"
def max_pool_with_switches(
    x: torch.Tensor, kernel_size: int | tuple[int, int], stride: int | tuple[int, int] | None = None
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the maxima of the windows of ``x`` (N, C, H, W) and where in their channel they were."""
    ### BEGIN SOLUTION
    stride = kernel_size if stride is None else stride
    high, wide = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    down, right = (stride, stride) if isinstance(stride, int) else stride
    cut = x.unfold(2, high, down).unfold(3, wide, right).flatten(4)
    first = cut.argmax(-1, keepdim=True)
    top = down * torch.arange(cut.shape[2], device=x.device)[:, None]
    left = right * torch.arange(cut.shape[3], device=x.device)
    inside = first[..., 0]
    switches = (top + inside // wide) * x.shape[3] + left + inside % wide
    return cut.gather(-1, first)[..., 0], switches
    ### END SOLUTION


# %% max_pool_with_switches-public points=3
# The case above
x = torch.tensor([[[[1.0, 5.0, 2.0, 0.0], [3.0, 4.0, 2.0, 4.0]]]])
result = rules.from_scratch(max_pool_with_switches, (x, 2), forbid=forbidden)
checks.equal(len(result), 2, "Maxima and switches", case="len(max_pool_with_switches(x, 2))")
checks.close(result[0], torch.tensor([[[[5.0, 4.0]]]]), "The maxima", case="max_pool_with_switches(x, 2)[0]")
checks.close(
    result[1],
    torch.tensor([[[[1, 7]]]]),
    "The switches",
    case="max_pool_with_switches(x, 2)[1]",
    hint="a switch counts from the top left of the whole channel, not of the window.",
)

# %% max_pool_with_switches-helpers
import torch.nn.functional as F

# %% max_pool_with_switches-windows points=5
# Windows that are not square, overlap, or leave a rest; batches and channels
g, device = torch.Generator().manual_seed(31), checks.device()
for shape, kernel_size, stride in [
    ((2, 3, 6, 8), 2, 2),
    ((2, 2, 7, 10), (2, 3), None),
    ((1, 4, 9, 8), 3, 2),
    ((3, 2, 8, 11), (3, 2), (2, 3)),
    ((2, 1, 5, 9), (1, 4), (2, 1)),
    ((1, 2, 10, 7), 2, 3),
]:
    x = (torch.randn(shape, generator=g) - 1).to(device)
    maxima, switches = F.max_pool2d(x, kernel_size, stride, return_indices=True)
    received = rules.from_scratch(max_pool_with_switches, (x, kernel_size, stride), forbid=forbidden)
    checks.close(
        received[0],
        maxima,
        "The maxima",
        hint="height comes first in a pair; windows start every stride; nothing is added at the border.",
    )
    checks.close(
        received[1],
        switches,
        "The switches",
        hint="row · W + column, where W is the width of x, and each picture and channel counts from 0.",
    )

# %% max_pool_with_switches-ties points=2
# Of several equal maxima, the first
g = torch.Generator().manual_seed(7)
for shape, kernel_size, stride in [((2, 2, 6, 9), (2, 3), None), ((1, 3, 7, 7), 3, 2)]:
    x = torch.randint(-2, 1, shape, generator=g).float().to(checks.device())
    expected = F.max_pool2d(x, kernel_size, stride, return_indices=True)[1]
    received = max_pool_with_switches(x, kernel_size, stride)
    checks.close(
        received[1],
        expected,
        "The switches where values are equal",
        hint="the first one, row by row; > keeps it and >= does not; torch.max does not promise which one it names.",
    )

# %% max_pool_with_switches-gradients points=2
# Gradients flow through the maxima
x = torch.randn((2, 2, 7, 5), generator=torch.Generator().manual_seed(4)).to(checks.device())
checks.gradients_close(
    lambda x: max_pool_with_switches(x, 3, 2)[0],
    lambda x: F.max_pool2d(x, 3, 2),
    {"x": x},
    "The maxima",
    hint="take the maxima out of x itself.",
)

# %% max_pool_with_switches-dtype points=2
# float64 and int64, and the input is left as it was
import collections
import functools

x = torch.randn((1, 3, 6, 5), generator=torch.Generator().manual_seed(90), dtype=torch.float64).to(checks.device())
maxima, switches = F.max_pool2d(x, 2, return_indices=True)
received = checks.unchanged(max_pool_with_switches, x, 2, what="The input is left as it was")
checks.close(received[0], maxima, "The maxima in float64")
checks.close(received[1], switches, "The switches, int64")
# The tensor stays where the student's code runs: only its owner, which is no plain list, is known here.
shadows = checks.place(collections.UserList([torch.empty(1, 2, 5, 4, device="meta")]))
calls = checks.place(functools.partial(map))(max_pool_with_switches, shadows, [(2, 3)], [1])
told = ""
try:
    list(calls)
except Exception as error:  # a tensor on `meta` has no numbers to look at; only a tensor left elsewhere is a mistake
    told = str(error)
checks.equal(
    "expected device" in told or "same device" in told,
    False,
    "Something stays on the CPU when x is on another device",
    hint="give device=x.device wherever you make a tensor.",
)

# %% unpool-statement [markdown]
# The way back: put each value of `y` at its switch, in a picture that is zero elsewhere.
#
# `y` and `switches` have shape (N, C, H′, W′), `size` is (H, W). **Return** (N, C, H, W). A switch counts *row · W + column* within its own picture and
# channel. If several values have the same switch, as happens when windows overlap, they **add up**. By hand, to the size (2, 4):
#
# ```
# y   5 4        switches   1 7        result   0 5 0 0
#                                               0 0 0 4
# ```
#
# **From scratch**: without torch's unpooling, which keeps only one of several values. The result has the dtype and device of
# `y`, gradients flow through it, and `y` and `switches` stay as they are.


# %% unpool forbid="max_pooling" instead="make zeros, and put each value in its place"
def unpool(y: torch.Tensor, switches: torch.Tensor, size: tuple[int, int]) -> torch.Tensor:
    """Return pictures (N, C, *size) with the values of ``y`` (N, C, H′, W′) at their ``switches``."""
    ### BEGIN SOLUTION
    flat = y.new_zeros(*y.shape[:2], size[0] * size[1])
    return flat.scatter_add(2, switches.flatten(2), y.flatten(2)).unflatten(2, tuple(size))
    ### END SOLUTION


# %% unpool-public points=2
# The case above
y, switches = torch.tensor([[[[5.0, 4.0]]]]), torch.tensor([[[[1, 7]]]])
checks.close(
    rules.from_scratch(unpool, (y, switches, (2, 4)), forbid=forbidden),
    torch.tensor([[[[0.0, 5.0, 0.0, 0.0], [0.0, 0.0, 0.0, 4.0]]]]),
    "Two values back in their places",
    case="unpool(y, switches, (2, 4))",
    hint="switch 7 in rows of 4 is row 1, column 3.",
)

# %% unpool-places points=3
# Batches, channels, sizes that are not square, values below zero
import torch.nn.functional as F

g, device = torch.Generator().manual_seed(616), checks.device()
for shape, kernel_size in [((2, 3, 6, 8), 2), ((3, 2, 7, 10), (2, 3)), ((1, 4, 9, 5), (4, 2))]:
    _, switches = F.max_pool2d(torch.randn(shape, generator=g), kernel_size, return_indices=True)
    y = torch.randn(switches.shape, generator=g)
    expected = torch.zeros(shape)
    for n in range(shape[0]):
        for c in range(shape[1]):
            expected[n, c].view(-1)[switches[n, c].flatten()] = y[n, c].flatten()
    checks.close(
        unpool(y.to(device), switches.to(device), shape[2:]),
        expected.to(device),
        "Values at their places",
        hint="each picture and channel has places of its own, from 0; a row has as many places as the result is wide.",
    )

# %% unpool-overlap points=2
# Values with the same switch add up
import torch.nn.functional as F

g, device = torch.Generator().manual_seed(29), checks.device()
x = torch.randn((2, 3, 9, 11), generator=g, dtype=torch.float64).to(device)
maxima, switches = F.max_pool2d(x.requires_grad_(), 3, 2, return_indices=True)
y = torch.randn(switches.shape, generator=g, dtype=torch.float64).to(device)
(expected,) = torch.autograd.grad(maxima, x, y)
checks.close(
    unpool(y, switches, (9, 11)),
    expected,
    "Windows that overlap",
    hint="an assignment such as flat[switches] = y keeps the last value only.",
)

# %% unpool-gradients points=1
# Gradients come back from the places
import torch.nn.functional as F

g, device = torch.Generator().manual_seed(14), checks.device()
_, switches = F.max_pool2d(torch.randn((2, 2, 7, 7), generator=g), 3, 2, return_indices=True)
switches, y = switches.to(device), torch.randn((2, 2, 3, 3), generator=g).to(device)
places = F.one_hot(switches.flatten(2), 49).float()
checks.gradients_close(
    lambda y: unpool(y, switches, (7, 7)),
    lambda y: torch.einsum("ncp,ncpq->ncq", y.flatten(2), places).reshape(2, 2, 7, 7),
    {"y": y},
    "Unpooling",
)

# %% unpool-dtype points=2
# float64 stays float64, and both arguments are left as they were
g, device = torch.Generator().manual_seed(3), checks.device()
y = torch.randn((1, 2, 1, 2), generator=g, dtype=torch.float64).to(device)
switches = torch.tensor([[[[0, 5]], [[1, 4]]]], device=device)
expected = torch.zeros((1, 2, 2, 3), dtype=torch.float64, device=device)
expected[0, 0, 0, 0], expected[0, 0, 1, 2] = y[0, 0, 0]
expected[0, 1, 0, 1], expected[0, 1, 1, 1] = y[0, 1, 0]
received = checks.unchanged(unpool, y, switches, (2, 3), what="The arguments are left as they were")
checks.close(received, expected, "dtype and precision")

# %% DeconvNet-statement [markdown]
# What in the picture made a unit so strong? Zeiler and Fergus (2014) send the unit's value back to the pixels, layer by layer.
#
# `net` is a `torch.nn.Sequential` of three kinds of layers, in any order: `torch.nn.Conv2d` (with stride and padding, dilation and groups of 1),
# `torch.nn.ReLU` (perhaps in place) and `torch.nn.MaxPool2d` (without padding, dilation and `ceil_mode`: a window that does not fit is left out). Write a class. `DeconvNet(net)` keeps the network, and
# `project(layer, channel, x)` does this:
#
# 1. **Forward.** Run `x` (N, C, H, W) through `net[0]` to `net[layer]`, that one included. Note the switches of each max pooling.
# 2. **Choose.** For each picture on its own, find the largest value of `channel` in the output of `net[layer]` (the first, row by row, if there are several).
#    Keep this value, and set *everything* else of that output to 0.
# 3. **Back**, from `net[layer]` to `net[0]`. Through a max pooling: put each value at its switch, and add up where several meet. Through a ReLU: set
#    negative values to 0. Through a convolution: apply the transposed convolution with the *same* weights, without bias. Each step gives the size that the
#    layer's input had on the way forward, also where a stride left a rest.
#
# **Return** what arrives at the pixels: a tensor like `x`, without a graph. By hand: `net` is one 1 × 1 convolution from 1 to 2 channels with weights 2 and −3
# and bias 1, then a ReLU. The picture is the row 1, 4. Forward: channel 0 is 3, 9. Back from layer 1, channel 0: the 9 stays, its weight is 2, and 0, 18 arrives.
#
# `x` stays as it is, and so does the network: its weights and the gradients that they hold, which of them want a gradient, the modes, hooks and settings of
# its layers. Torch records gradients afterwards if it did before.
#
# **From scratch**: without automatic differentiation (`torch.autograd`, `.backward()`). Convolutions, transposed convolutions and torch's poolings are allowed.


# %% DeconvNet forbid="backward torchvision* captum* convlab.networks*"
class DeconvNet:
    """Project single units of a Sequential of Conv2d, ReLU and MaxPool2d back to the pixels."""

    def __init__(self, net: torch.nn.Sequential) -> None:
        ### BEGIN SOLUTION
        self.net = net
        ### END SOLUTION

    def project(self, layer: int, channel: int, x: torch.Tensor) -> torch.Tensor:
        """Return what the strongest unit of ``channel`` in the output of ``net[layer]`` sends back to ``x``."""
        ### BEGIN SOLUTION
        functional = torch.nn.functional
        with torch.no_grad():
            way, forward = [], x
            for step in list(self.net)[: layer + 1]:
                size, places = forward.shape[2:], None
                if isinstance(step, torch.nn.MaxPool2d):
                    forward, places = functional.max_pool2d(
                        forward, step.kernel_size, step.stride, ceil_mode=step.ceil_mode, return_indices=True
                    )
                elif isinstance(step, torch.nn.ReLU):
                    forward = forward.clamp(min=0)
                else:
                    forward = step(forward)
                way.append((step, size, places))
            strongest = forward[:, channel].flatten(1).argmax(1)
            chosen = functional.one_hot(strongest, forward[0, 0].numel()).view(-1, *forward.shape[2:])
            signal = torch.zeros_like(forward)
            signal[:, channel] = forward[:, channel] * chosen
            for step, size, places in reversed(way):
                if isinstance(step, torch.nn.MaxPool2d):
                    flat = signal.new_zeros(*signal.shape[:2], size[0] * size[1])
                    signal = flat.scatter_add(2, places.flatten(2), signal.flatten(2)).view(*signal.shape[:2], *size)
                elif isinstance(step, torch.nn.ReLU):
                    signal = signal.clamp(min=0)
                else:
                    signal = torch.nn.grad.conv2d_input(
                        (len(x), step.in_channels, *size), step.weight, signal, step.stride, step.padding
                    )
            return signal
        ### END SOLUTION


# %% DeconvNet-public points=3
# The case above
net = torch.nn.Sequential(torch.nn.Conv2d(1, 2, 1), torch.nn.ReLU())
with torch.no_grad():
    net[0].weight.copy_(torch.tensor([2.0, -3.0]).reshape(2, 1, 1, 1))
    net[0].bias.fill_(1)
net = checks.place(net)
x = torch.tensor([[[[1.0, 4.0]]]])
deconvnet = rules.from_scratch(DeconvNet, (net,), forbid=forbidden, what="`DeconvNet` is your own")
checks.close(
    rules.from_scratch(deconvnet.project, (1, 0, x), forbid=forbidden, what="`project` is your own"),
    torch.tensor([[[[0.0, 18.0]]]]),
    "The unit with value 9, back at the pixels",
    case="DeconvNet(net).project(1, 0, x)",
    hint="the value of the unit goes back, 9, not 1; the bias does not.",
)
checks.close(
    deconvnet.project(1, 1, x),
    torch.zeros(1, 1, 1, 2),
    "A unit that is silent",
    case="DeconvNet(net).project(1, 1, x)",
    hint="after the ReLU both values of channel 1 are 0, and so is all that they send back.",
)

# %% DeconvNet-helpers
nn = torch.nn


def projected(net, layer, channel, x):
    inputs = [x]
    for step in net[: layer + 1]:
        inputs.append(step(inputs[-1]).detach())
    top = inputs[-1][:, channel]
    signal = torch.zeros_like(inputs[-1])
    for n, maps in enumerate(top):
        place = int(maps.argmax())
        signal[n, channel].view(-1)[place] = maps.flatten()[place]
    for step, given in zip(reversed(net[: layer + 1]), inputs[-2::-1], strict=True):
        if isinstance(step, nn.ReLU):
            signal = signal * (signal > 0)
        else:
            given.requires_grad_()
            (signal,) = torch.autograd.grad(step(given), given, signal)
    return signal


# %% DeconvNet-values points=5
# Two convolutions, two poolings, every layer; each picture on its own
nn, device = torch.nn, checks.device()

torch.manual_seed(1305)
net = nn.Sequential(
    nn.Conv2d(2, 4, (3, 2), padding=(1, 0)),
    nn.ReLU(),
    nn.MaxPool2d(2),
    nn.Conv2d(4, 3, 3, padding=1),
    nn.ReLU(),
    nn.MaxPool2d((2, 1)),
).to(device)
for bias in (net[0].bias, net[3].bias):
    nn.init.normal_(bias)
x = torch.randn(3, 2, 8, 9).to(device)
units = [(5, 2), (4, 0), (3, 1), (2, 3), (1, 2), (0, 0)]
wanted = [projected(net, layer, channel, x.clone()) for layer, channel in units]
deconvnet = DeconvNet(checks.place(net))
for (layer, channel), expected in zip(units, wanted, strict=True):
    checks.close(
        checks.unchanged(deconvnet.project, layer, channel, x, what="The pictures are left as they were"),
        expected,
        "What arrives at the pixels",
        hint="one unit for each picture; same weights, transposed; negative values become 0 at each ReLU on the way back, "
        "whatever was there on the way forward.",
    )

# %% DeconvNet-strides points=3
# Strides that leave a rest, paddings in pairs, float64
nn, device = torch.nn, checks.device()

for seed, (height, width) in enumerate([(11, 14), (12, 13), (10, 15)]):
    torch.manual_seed(40 + seed)
    net = nn.Sequential(
        nn.Conv2d(3, 4, 3, stride=(2, 3), padding=(1, 2), bias=seed > 0),
        nn.ReLU(),
        nn.Conv2d(4, 2, 2, stride=2),
        nn.ReLU(),
    )
    net = net.double().to(device)
    x = torch.randn(2, 3, height, width, dtype=torch.float64).to(device)
    expected = projected(net, 3, 1, x.clone())
    project = DeconvNet(checks.place(net)).project
    checks.close(
        checks.unchanged(project, 3, 1, x, what="The pictures are left as they were"),
        expected,
        "What arrives at the pixels",
        hint="two sizes of input can give the same size of output; output_padding says which of them was meant.",
    )

# %% DeconvNet-overlap points=3
# Poolings whose windows overlap or leave a rest
nn, device = torch.nn, checks.device()

torch.manual_seed(77)
units = [(4, 1), (3, 0), (2, 2)]
for dtype in (torch.float32, torch.float64):
    net = nn.Sequential(
        nn.Conv2d(1, 3, 3), nn.ReLU(), nn.MaxPool2d(3, 2), nn.Conv2d(3, 2, (2, 3)), nn.MaxPool2d((2, 3), 1)
    ).to(device, dtype)
    with torch.no_grad():
        net[3].weight.abs_()
    x = torch.randn(2, 1, 16, 19).to(device, dtype)
    wanted = [projected(net, layer, channel, x.clone()) for layer, channel in units]
    deconvnet = DeconvNet(checks.place(net))
    for (layer, channel), expected in zip(units, wanted, strict=True):
        checks.close(
            checks.unchanged(deconvnet.project, layer, channel, x, what="The pictures are left as they were"),
            expected,
            "What arrives at the pixels",
            hint="a pixel can be the maximum of several windows, and their values add up; torch's unpooling keeps one.",
        )
nets = [nn.Sequential(nn.Conv2d(1, 1, 1, bias=False)).to(device) for _ in range(2)]
with torch.no_grad():
    nets[0][0].weight.fill_(2)
    nets[1][0].weight.fill_(5)
x = torch.tensor([[[[0.0, 3.0, 1.0], [3.0, 2.0, 3.0]]]], device=device)
first, second = (DeconvNet(checks.place(net)) for net in nets)
checks.close(
    second.project(0, 0, x),
    torch.tensor([[[[0.0, 75.0, 0.0], [0.0, 0.0, 0.0]]]], device=device),
    "The second of two networks",
    hint="each object keeps the network that it was made with.",
)
checks.close(
    first.project(0, 0, x),
    torch.tensor([[[[0.0, 12.0, 0.0], [0.0, 0.0, 0.0]]]], device=device),
    "The first of several largest values, in the first of two networks",
    hint="one unit for each picture: the first, row by row; and each object keeps its own network.",
)

# %% DeconvNet-untouched points=4
# Pictures, weights and gradients are left as they were, and the result has no graph
nn, device = torch.nn, checks.device()
torch.manual_seed(42)
net = nn.Sequential(nn.ReLU(inplace=True), nn.Conv2d(2, 3, 2), nn.ReLU(inplace=True), nn.MaxPool2d(2)).to(device)
before = [net[1].weight.detach().clone(), torch.randn_like(net[1].weight), net[1].bias.detach().clone()]
x = torch.randn(2, 2, 5, 6).to(device)
expected = projected(nn.Sequential(nn.ReLU(), net[1], nn.ReLU(), net[3]), 3, 0, x.clone())
net[1].bias.requires_grad_(False)
net = checks.place(net)
weight = net[1].weight
weight.grad = before[1].clone()
net[3].eval()
deconvnet = DeconvNet(net)
result = checks.unchanged(deconvnet.project, 3, 0, x, what="The pictures are left as they were")
checks.close(result, expected, "What arrives at the pixels")
checks.equal([m.training for m in net.modules()], [True, True, True, True, False], "The modes afterwards")
left = sum(len(m._forward_hooks) + len(m._forward_pre_hooks) + len(m._backward_hooks) for m in net.modules())
checks.equal(
    left, 0, "Hooks that are left in the network", hint="register_forward_hook returns a handle; call remove()."
)
checks.equal([net[0].inplace, net[2].inplace, net[3].return_indices], [True, True, False], "The settings of the layers")
checks.equal(
    [parameter.requires_grad for parameter in net.parameters()],
    [True, False],
    "Whether a parameter wants a gradient, afterwards",
    hint="torch.no_grad() does without requires_grad_(False).",
)
checks.grad_mode_kept(deconvnet.project, 3, 0, x, what="Torch records gradients afterwards, if it did before")
checks.equal(result.requires_grad, False, "The result has a graph", hint="work under torch.no_grad().")
for name, was, now in zip(
    ("weights", "gradients", "biases"), before, (net[1].weight, net[1].weight.grad, net[1].bias), strict=True
):
    checks.equal(now is None, False, f"The {name} are still there")
    checks.close(
        now.detach(), was, f"The {name} are left as they were", hint="read the network, and change nothing in it."
    )

# %% occlusion_map-statement [markdown]
# Cover a part of the picture. If the network loses its answer, that part mattered.
#
# A patch of `size` (an int or a pair) is put at every place that is a multiple of `stride` (an int or a pair) from the top left and where it fits wholly into
# the picture. Where the patch lies, all channels are set to 0.
#
# `target` holds one class for each picture, int64 (N,). **Return** (N, rows, columns) with a value for each place: the softmax *probability* of the target
# without the patch, minus that with the patch. Positive: the patch hides what speaks for the class.
#
# By hand: a network gives the scores (ln 2 · sum of the pixels, 0). The picture is the row 2, 1, so its class 0 has the probability 8/9. With the first pixel
# covered it is 2/3, with the second one 4/5. The map for `size` 1 and `stride` 1 is 2/9, 4/45.
#
# The network works in evaluation mode. Afterwards each of its modules has the mode that it had before, no hook of yours is left, a parameter wants a gradient if it did before,
# and torch records gradients if it did before. `x` and `target` are as they were. The result has the dtype and device
# of the network's scores, and no graph.


# %% occlusion_map forbid="torchvision* captum* convlab.networks*" instead="cover the picture yourself"
def occlusion_map(
    net: torch.nn.Module,
    x: torch.Tensor,
    target: torch.Tensor,
    size: int | tuple[int, int],
    stride: int | tuple[int, int],
) -> torch.Tensor:
    """Return how far the probability of ``target`` falls when a patch covers a part of ``x``: (N, rows, columns)."""
    ### BEGIN SOLUTION
    (high, wide), (down, right) = ((v, v) if isinstance(v, int) else v for v in (size, stride))
    tops, lefts = range(0, x.shape[2] - high + 1, down), range(0, x.shape[3] - wide + 1, right)
    modes = {module: module.training for module in net.modules()}

    def chance(pictures):
        return net(pictures).softmax(1).gather(1, target[:, None])[:, 0]

    net.eval()
    try:
        with torch.no_grad():
            found = []
            for top in tops:
                for left in lefts:
                    covered = x.clone()
                    covered[:, :, top : top + high, left : left + wide] = 0
                    found.append(chance(covered))
            return (chance(x) - torch.stack(found)).T.reshape(len(x), len(tops), len(lefts))
    finally:
        for module, mode in modes.items():
            module.training = mode
    ### END SOLUTION


# %% occlusion_map-public points=3
# The case above
net = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(2, 2))
with torch.no_grad():
    net[1].weight.copy_(torch.tensor([[1.0, 1.0], [0.0, 0.0]]) * np.log(2))
    net[1].bias.zero_()
x, target = torch.tensor([[[[2.0, 1.0]]]]), torch.tensor([0])
checks.close(
    rules.from_scratch(occlusion_map, (checks.place(net), x, target, 1, 1), forbid=forbidden),
    torch.tensor([[[2 / 9, 4 / 45]]]),
    "Two pixels, covered one after the other",
    case="occlusion_map(net, x, torch.tensor([0]), 1, 1)",
    hint="probability before, minus probability after.",
)

# %% occlusion_map-values points=5
# Patches that are not square, strides that leave a rest, several pictures with their own classes
nn, device = torch.nn, checks.device()
torch.manual_seed(2024)
g = torch.Generator().manual_seed(2024)
for shape, size, stride in [
    ((3, 2, 7, 9), 3, 2),
    ((2, 3, 8, 6), (2, 3), (3, 1)),
    ((1, 1, 6, 11), (4, 2), (1, 4)),
    ((2, 2, 5, 5), 5, 3),
]:
    net = nn.Sequential(nn.Conv2d(shape[1], 4, 3, padding=1), nn.Tanh(), nn.Flatten(), nn.LazyLinear(5)).to(device)
    x = (torch.randn(shape, generator=g) + 0.5).to(device)
    target = torch.tensor([4, 0, 2][: shape[0]], device=device)
    net(x)
    size_2, stride_2 = ((v, v) if isinstance(v, int) else v for v in (size, stride))
    rows, columns = (torch.arange(0, n - k + 1, s) for n, k, s in zip(shape[2:], size_2, stride_2, strict=True))
    expected = torch.zeros(shape[0], len(rows), len(columns), device=device)
    with torch.no_grad():
        for i, top in enumerate(rows):
            for j, left in enumerate(columns):
                open_ = torch.ones_like(x)
                open_[:, :, top : top + size_2[0], left : left + size_2[1]] = 0
                chances = net(x).softmax(1) - net(x * open_).softmax(1)
                expected[:, i, j] = chances[torch.arange(shape[0]), target]
    checks.close(
        occlusion_map(checks.place(net), x, target, size, stride),
        expected,
        "The fall of the probability",
        hint="height comes first in a pair; a patch lies wholly in the picture and covers all channels; each picture has its "
        "own class.",
    )

# %% occlusion_map-modes points=3
# Evaluation mode while it works, and afterwards the mode of each module as before
nn, device = torch.nn, checks.device()
torch.manual_seed(8)
net = nn.Sequential(nn.BatchNorm2d(2), nn.Sequential(nn.Dropout(0.5), nn.Flatten()), nn.Linear(24, 3)).to(device)
x, target = torch.randn(4, 2, 4, 3).to(device), torch.tensor([0, 1, 2, 1], device=device)
net.eval()
with torch.no_grad():
    covered = x.clone()
    covered[:, :, :2, :3] = 0
    chances = net(x).softmax(1) - net(covered).softmax(1)
    expected = chances.gather(1, target[:, None])
net.train()
net[0].eval()
before = [module.training for module in net.modules()]
net = checks.place(net)
received = occlusion_map(net, x, target, (2, 3), (3, 1))
checks.close(
    received,
    expected[:, :, None],
    "With batch normalisation and dropout",
    hint="call net.eval() before the first picture.",
)
checks.equal(
    [module.training for module in net.modules()],
    before,
    "The modes afterwards",
    hint="note module.training of every module of net.modules(), and put each back.",
)

# %% occlusion_map-untouched points=2
# float64, no graph, and the pictures are left as they were
nn, device = torch.nn, checks.device()
torch.manual_seed(19)
net = nn.Sequential(nn.Flatten(), nn.Linear(24, 2)).double().to(device)
x, target = torch.randn(2, 2, 3, 4, dtype=torch.float64).to(device), torch.tensor([1, 0], device=device)
patch = torch.ones_like(x)
patch[:, :, :, 2:] = 0
with torch.no_grad():
    expected = (net(x).softmax(1) - net(x * patch).softmax(1)).gather(1, target[:, None])[:, :, None]
received = checks.unchanged(
    occlusion_map, checks.place(net), x, target, (3, 2), 2, what="The pictures are left as they were"
)
checks.close(received[:, :, 1:], expected, "dtype and precision", hint="make no float32 tensor on the way.")
checks.equal(received.requires_grad, False, "The result has a graph", hint="work under torch.no_grad().")
net[1].bias.requires_grad_(False)
net = checks.place(net)
checks.grad_mode_kept(
    occlusion_map, net, x, target, (3, 2), 2, what="Torch records gradients afterwards, if it did before"
)
checks.equal(
    [parameter.requires_grad for parameter in net.parameters()],
    [True, False],
    "Whether a parameter wants a gradient, afterwards",
    hint="torch.no_grad() does without requires_grad_(False).",
)
left = sum(len(m._forward_hooks) + len(m._forward_pre_hooks) + len(m._backward_hooks) for m in net.modules())
checks.equal(left, 0, "Hooks that are left in the network", hint="a hook is not needed here.")

# %% grad_cam-statement [markdown]
# Grad-CAM (Selvaraju and others, 2017) asks a layer where in the picture it saw what speaks for a class.
#
# `layer` is the name of a module in `net`, as `net.get_submodule(layer)` understands it, whose output is A, of shape (N, K, h, w). `target` holds one class for each picture,
# int64 (N,). For each picture, with its *score* s of its class (before any softmax):
#
# $$
# \alpha_k = \text{mean over all places of } \frac{\partial s}{\partial A_k}, \qquad \text{map} = \max\Big(0, \sum_k \alpha_k A_k\Big)
# $$
#
# **Return** the maps, (N, h, w), neither scaled nor enlarged, and without a graph. By hand: A has two channels, the rows 1, 2 and 3, 0. The score is 2, 0 times
# the first, plus −1, −1 times the second. So α is 1 and −1, and the map is max(0, 1 − 3), max(0, 2 − 0): 0, 2.
#
# The network works in evaluation mode. Afterwards, also when the network raised an error, it is as it was: the mode of each module, its hooks, the `.grad` of its parameters, and which of them want a gradient. Torch
# records gradients afterwards if it did before, and `x` is as it was, also where `layer` hands it on as it came, as `Identity` does. It must work for networks
#
# - whose next layer changes A in place, as `ReLU(inplace=True)` does: A is what the layer itself gave;
# - whose parameters are frozen (`requires_grad` is False);
# - and where the caller has switched gradients off (`torch.no_grad()`).
#
# Automatic differentiation is allowed here.


# %% grad_cam forbid="torchvision* captum* pytorch_grad_cam* convlab.networks*"
def grad_cam(net: torch.nn.Module, layer: str, x: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """Return where the output of ``layer`` speaks for ``target``: maps (N, h, w), not negative."""
    ### BEGIN SOLUTION
    kept, modes = [], {module: module.training for module in net.modules()}

    def keep(module, args, output):
        kept.append(output.detach().requires_grad_())
        return kept[-1].clone()

    hook = net.get_submodule(layer).register_forward_hook(keep)
    net.eval()
    try:
        with torch.enable_grad():
            score = net(x).gather(1, target[:, None]).sum()
            (slope,) = torch.autograd.grad(score, kept[-1])
    finally:
        hook.remove()
        for module, mode in modes.items():
            module.training = mode
    return (slope.mean((2, 3), keepdim=True) * kept[-1].detach()).sum(1).clamp(min=0)
    ### END SOLUTION


# %% grad_cam-public points=3
# The case above
net = torch.nn.Sequential(torch.nn.ReLU(), torch.nn.Flatten(), torch.nn.Linear(4, 2, bias=False))
with torch.no_grad():
    net[2].weight.copy_(torch.tensor([[2.0, 0.0, -1.0, -1.0], [0.0, 0.0, 1.0, 1.0]]))
x = torch.tensor([[[[1.0, 2.0]], [[3.0, 0.0]]]])
net = checks.place(net)
checks.close(
    rules.from_scratch(grad_cam, (net, "0", x, torch.tensor([0])), forbid=forbidden),
    torch.tensor([[[0.0, 2.0]]]),
    "Two channels",
    case='grad_cam(net, "0", x, torch.tensor([0]))',
    hint="the mean of each channel's gradient, times the channel, added up, and negative values set to 0.",
)

# %% grad_cam-values points=4
# Several pictures with their own classes, layers inside of others
nn, device = torch.nn, checks.device()
torch.manual_seed(501)
body = nn.Sequential(nn.Conv2d(2, 5, 3), nn.Tanh(), nn.Conv2d(5, 4, (2, 3)))
net = nn.Sequential(body, nn.Sequential(nn.Tanh(), nn.Flatten(), nn.Linear(4 * 5 * 4, 6)), nn.Tanh()).to(device)
x, target = torch.randn(3, 2, 8, 8).to(device), torch.tensor([5, 0, 3], device=device)
wanted = []
for parts in ((body, net[1:]), (body[:1], nn.Sequential(*body[1:], *net[1:]))):
    a = parts[0](x).detach().requires_grad_()
    scores = parts[1](a)
    (slope,) = torch.autograd.grad(scores[torch.arange(3), target].sum(), a)
    wanted.append(torch.einsum("nk,nkhw->nhw", slope.mean((2, 3)), a.detach()).relu())
placed = checks.place(net)
for layer, expected in zip(("0.2", "0.0"), wanted, strict=True):
    received = grad_cam(placed, layer, x, target)
    checks.close(
        received,
        expected,
        "The maps of three pictures",
        hint="each picture has its own class and its own α; the score is the output of the network as it is.",
    )
    checks.equal(received.requires_grad, False, "The result has a graph", hint="use .detach().")

# %% grad_cam-in-place points=2
# The next layer works in place
nn, device = torch.nn, checks.device()
torch.manual_seed(66)
layers = [nn.Conv2d(1, 3, 3), nn.ReLU(inplace=True), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(3 * 3 * 2, 4)]
net = nn.Sequential(*layers).to(device)
x, target = torch.randn(2, 1, 8, 7).to(device), torch.tensor([2, 1], device=device)
a = net[0](x).detach().requires_grad_()
scores = nn.Sequential(nn.ReLU(), *layers[2:])(a)
(slope,) = torch.autograd.grad(scores[torch.arange(2), target].sum(), a)
expected = torch.einsum("nk,nkhw->nhw", slope.mean((2, 3)), a.detach()).relu()
checks.close(
    grad_cam(checks.place(net), "0", x, target),
    expected,
    "The maps before a ReLU that works in place",
    hint="keep a copy of the layer's output, and hand on another: a hook may return what the next layer gets.",
)

# %% grad_cam-frozen points=2
# Frozen parameters, gradients switched off, float64
nn, device = torch.nn, checks.device()
torch.manual_seed(91)
net = nn.Sequential(nn.Conv2d(2, 3, 2), nn.Tanh(), nn.Flatten(), nn.Linear(36, 3)).double().to(device)
x, target = torch.randn(2, 2, 5, 4, dtype=torch.float64).to(device), torch.tensor([1, 2], device=device)
a = net[:2](x).detach().requires_grad_()
(slope,) = torch.autograd.grad(net[2:](a)[torch.arange(2), target].sum(), a)
expected = torch.einsum("nk,nkhw->nhw", slope.mean((2, 3)), a.detach()).relu()
net.requires_grad_(False)
hint = "start a graph at the layer's output, with requires_grad_(), under torch.enable_grad()."
placed = checks.place(net)
checks.close(grad_cam(placed, "1", x, target), expected, "The maps of a frozen network", hint=hint)
with torch.no_grad():
    received = grad_cam(placed, "1", x, target)
checks.close(received, expected, "The maps where gradients are switched off", hint=hint)
checks.grad_mode_kept(grad_cam, placed, "1", x, target, what="Torch records gradients afterwards, if it did before")
frozen = [parameter.requires_grad for parameter in placed.parameters()]
checks.equal(
    frozen, [False] * 4, "Frozen parameters afterwards", hint="they need no gradients; leave them as they are."
)

# %% grad_cam-untouched points=2
# Modes, hooks and gradients are as before
nn, device = torch.nn, checks.device()
torch.manual_seed(12)
net = nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.Dropout(0.5), nn.Flatten(), nn.Linear(24, 3)).to(device)
x, target = torch.randn(2, 1, 5, 6).to(device), torch.tensor([0, 2], device=device)
net.eval()
a = net[0](x).detach().requires_grad_()
(slope,) = torch.autograd.grad(net[1:](a)[torch.arange(2), target].sum(), a)
expected = torch.einsum("nk,nkhw->nhw", slope.mean((2, 3)), a.detach()).relu()
net.train()
net[2].eval()
net[1].weight.requires_grad_(False)
modes = [module.training for module in net.modules()]
net = checks.place(net)
weight = net[4].weight
weight.grad = torch.full_like(weight, 7).detach()
first, second = (
    checks.unchanged(grad_cam, net, "0", x, target, what="The pictures are left as they were") for _ in range(2)
)
checks.close(first, expected, "With batch normalisation and dropout", hint="call net.eval() first.")
checks.close(second, expected, "The second call", hint="the first one left the network changed.")
checks.equal(
    [m.training for m in net.modules()], modes, "The modes afterwards", hint="put back the mode of each module."
)
checks.equal(
    [parameter.requires_grad for parameter in net.parameters()],
    [True, True, False, True, True, True],
    "Whether a parameter wants a gradient, afterwards",
    hint="read the network, and change nothing in it.",
)
checks.equal(x.requires_grad, False, "Pictures that want a gradient", hint="the graph can begin at the layer.")
checks.equal(
    [len(m._forward_hooks) + len(m._forward_pre_hooks) + len(m._backward_hooks) for m in net.modules()],
    [0] * 6,
    "Hooks that are left in the network",
    hint="register_forward_hook returns a handle; call its remove().",
)
checks.raises(
    RuntimeError,
    grad_cam,
    net,
    "1",
    torch.ones(2, 1, 9, 9, device=device),
    target,
    what="Pictures that do not fit the network",
    hint="an error of the network must not be hidden.",
)
hint = "put everything back in a `finally`, and watch where it begins."
checks.equal([m.training for m in net.modules()], modes, "The modes after an error", hint=hint)
checks.equal(
    [len(m._forward_hooks) + len(m._forward_pre_hooks) + len(m._backward_hooks) for m in net.modules()],
    [0] * 6,
    "Hooks that are left after an error",
    hint=hint,
)
plain = nn.Sequential(nn.Identity(), nn.Flatten(), nn.Linear(30, 3)).to(device)
slope = plain[2].weight.detach()[target].reshape(2, 1, 5, 6)
expected = (slope.mean((2, 3), keepdim=True) * x).sum(1).relu()
received = checks.unchanged(grad_cam, checks.place(plain), "0", x, target, what="The pictures are left as they were")
checks.close(received, expected, "A layer that hands on its input")
checks.equal(
    x.requires_grad, False, "Pictures that want a gradient", hint="begin the graph at a copy or a view of them."
)
checks.close(
    net[4].weight.grad,
    torch.full((3, 24), 7.0, device=device),
    "The gradients that the parameters hold",
    hint="backward() adds to them; torch.autograd.grad does not.",
)

# %% grad_cam-look-text [markdown]
# Look at a picture through your own tools. A small network learns here, in some seconds, to name drawn shapes. Where does it look?

# %% grad_cam-look
from convlab import datasets

data = datasets.load("shapes", size=32)
images = (data.train.images - 0.8) / 0.2
torch.manual_seed(0)
nn = torch.nn
layers = [nn.Conv2d(3, 16, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(16, 32, 3, padding=1), nn.ReLU()]
net = nn.Sequential(*layers, nn.MaxPool2d(2), nn.Flatten(), nn.Linear(32 * 8 * 8, 5))
optimizer = torch.optim.SGD(net.parameters(), lr=0.02, momentum=0.9)
for _ in range(6):
    for rows in torch.randperm(len(images)).split(64):
        optimizer.zero_grad()
        nn.functional.cross_entropy(net(images[rows]), data.train.labels[rows]).backward()
        optimizer.step()
x, target = (data.test.images[:5] - 0.8) / 0.2, data.test.labels[:5]
back = torch.stack([DeconvNet(net[:6]).project(4, int(channel), x).abs().sum(1) for channel in range(32)]).amax(0)
maps = {"deconvnet": back, "occlusion": occlusion_map(net, x, target, 8, 4), "Grad-CAM": grad_cam(net, "4", x, target)}
figure, axes = plt.subplots(4, 5, figsize=(7, 6))
for column in range(5):
    axes[0, column].imshow(data.test.images[column].permute(1, 2, 0).numpy())
    axes[0, column].set_title(data.classes[target[column]])
    for line, (name, values) in enumerate(maps.items(), 1):
        axes[line, column].imshow(values[column].numpy(), cmap="gray")
        axes[line, 0].set_ylabel(name)
for axis in axes.flat:
    axis.set_xticks([])
    axis.set_yticks([])
