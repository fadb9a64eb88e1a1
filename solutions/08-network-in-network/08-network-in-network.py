# %% [markdown]
# # Network in network
#
# You write the 1 × 1 layer as what it is, the block in its general form and the authors' own network, the average that replaced dense layers and the maps that it
# leaves behind. Last, you take a convolution apart into looking and mixing.
#
# - You need: Chapter 08. A CPU is enough. Python with torch, numpy and matplotlib.
# - It takes: Two to four hours. Your finished notebook runs in well under a minute.
# - Hidden checks try: other sizes, batches, float64, and networks that you have not seen
#
# **Words.** Pictures and maps are tensors `x` of shape (N, C, H, W). The *mode* of a module is its attribute `training`.
#
# **Ready-made answers.** Everything of `torch` may be used unless a task says otherwise. `torchvision.ops`, `torchvision.models`, `convlab.trace`, `convlab.networks` and the package
# `d2l` are not allowed in answers.

# %% conv1x1_as_linear-statement [markdown]
# A convolution of 1 × 1 is one matrix, applied to the channels of every pixel. Write it so, without any convolution.
#
# **Take** `x` (N, C_in, H, W), `weight` (C_out, C_in, 1, 1) as `torch.nn.Conv2d` keeps it, and `bias` (C_out,) or None. **Return** (N, C_out, H, W): at every pixel each
# output channel is its bias plus the sum over input channels of weight times value.
#
# By hand: a pixel (4, 2, 1) with the rows (1, 1, 1) and (1, 0, −1) and biases (0, 10) gives (7, 13).
#
# *Not allowed:* convolutions of torch, numpy or scipy, and unfold. `torch.nn.functional.linear`, `@`, `einsum` and `tensordot` are.
#
# The result has the dtype and device of `x` (float64 stays float64), and gradients flow to `x`, `weight` and `bias`, each of which stays as it is.
#
# **Raise `ValueError`** when `weight` is not of 1 × 1, or reads another number of channels than `x` has.
#
# **Marks for time** (2 of the points): at most 6 times the CPU time of torch's own convolution. A good answer takes 1 to 3 times.

# %% conv1x1_as_linear
def conv1x1_as_linear(x: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor | None = None) -> torch.Tensor:
    """Return the convolution of ``x`` (N, C_in, H, W) with filters of 1 × 1, computed as a matrix product."""
    ### BEGIN SOLUTION
    if weight.shape[1:] != (x.shape[1], 1, 1):
        raise ValueError(f"weights {tuple(weight.shape)} do not fit pictures of {x.shape[1]} channels")
    n, _, height, width = x.shape
    y = weight.flatten(1) @ x.flatten(2)
    if bias is not None:
        y = y + bias[:, None]
    return y.reshape(n, weight.shape[0], height, width)
    ### END SOLUTION


# %% conv1x1_as_linear-public points=2
# The pixel above
x = torch.tensor([4.0, 2.0, 1.0]).reshape(1, 3, 1, 1)
weight = torch.tensor([[1.0, 1.0, 1.0], [1.0, 0.0, -1.0]]).reshape(2, 3, 1, 1)
received = rules.from_scratch(conv1x1_as_linear, (x, weight, torch.tensor([0.0, 10.0])), what="No convolution")
checks.close(
    received,
    torch.tensor([7.0, 13.0]).reshape(1, 2, 1, 1),
    "One pixel",
    case="conv1x1_as_linear(x, weight, bias)",
    hint="4 + 2 + 1 and 4 − 1 + 10.",
)

# %% conv1x1_as_linear-values points=4
# Batches, maps that are not square, with and without bias
import torch.nn.functional as F

g, device = torch.Generator().manual_seed(91733), checks.device()
for n, c_in, c_out, height, width in (
    (2, 3, 5, 4, 7),
    (1, 6, 2, 9, 3),
    (3, 1, 4, 5, 5),
    (4, 5, 5, 4, 4),
    (2, 4, 1, 1, 6),
):
    x = torch.randn(n, c_in, height, width, generator=g).to(device)
    weight, bias = torch.randn(c_out, c_in, 1, 1, generator=g).to(device), torch.randn(c_out, generator=g).to(device)
    for b in (bias, None):
        expected = F.conv2d(x, weight, b)
        checks.close(
            checks.unchanged(conv1x1_as_linear, x, weight, b, what="Pictures and weights are left as they were"),
            expected,
            "A convolution of 1 × 1",
            hint="the sum runs over channels; bring channels to the place where your product wants them, and back.",
        )

# %% conv1x1_as_linear-scratch points=2
# No convolution, also on larger pictures
g = torch.Generator().manual_seed(4)
x, weight, bias = (
    torch.randn(2, 3, 20, 17, generator=g),
    torch.randn(4, 3, 1, 1, generator=g),
    torch.randn(4, generator=g),
)
for b in (bias, None):
    received = rules.from_scratch(conv1x1_as_linear, (x, weight, b), what="No convolution")
    checks.shape(received, (2, 4, 20, 17), "Two pictures")

# %% conv1x1_as_linear-gradients points=2
# The result and its gradients, in float64
import torch.nn.functional as F

g, device = torch.Generator().manual_seed(777), checks.device()
inputs = {
    name: torch.randn(size, generator=g, dtype=torch.float64).to(device)
    for name, size in (("x", (2, 3, 4, 5)), ("weight", (6, 3, 1, 1)), ("bias", (6,)))
}
expected = F.conv2d(inputs["x"], inputs["weight"], inputs["bias"])
checks.close(conv1x1_as_linear(*(value.clone() for value in inputs.values())), expected, "The result in float64")
checks.gradients_close(
    conv1x1_as_linear, lambda x, weight, bias: F.conv2d(x, weight, bias), inputs, "A convolution of 1 × 1"
)

# %% conv1x1_as_linear-errors points=2
# Weights that do not fit
kinds = {
    "a weight that reads another number of channels than x has": [(torch.ones(2, 3, 4, 4), torch.ones(5, 4, 1, 1))],
    "a weight that reads one channel where x has more": [(torch.ones(2, 3, 4, 4), torch.ones(5, 1, 1, 1))],
    "a weight that reads several channels where x has one": [
        (torch.ones(2, 1, 4, 4), torch.ones(5, 2, 1, 1), torch.ones(5)),
    ],
    "a weight that is neither 1 high nor 1 wide": [(torch.ones(2, 3, 4, 4), torch.ones(5, 3, 3, 3))],
    "a weight that is 1 high and not 1 wide": [(torch.ones(2, 3, 4, 4), torch.ones(5, 3, 1, 2))],
}
checks.refuses(conv1x1_as_linear, kinds, "Weights that do not fit")

# %% conv1x1_as_linear-time points=2
# At most 6 times the CPU time of torch's convolution
import torch.nn.functional as F

x, weight, bias = torch.ones(4, 16, 48, 48), torch.ones(24, 16, 1, 1), torch.ones(24)
ratio = checks.cpu_ratio(
    conv1x1_as_linear,
    F.conv2d,
    (x.to(checks.device()), weight.to(checks.device()), bias.to(checks.device())),
    at_most=6,
    what="CPU time of conv1x1_as_linear",
    hint="a Python loop over pixels or channels; one matrix product does them all.",
)

# %% nin_block-statement [markdown]
# The block of the chapter has the same number of channels in its three layers. The authors' own blocks do not, and need not have three layers. Write the general form.
#
# **Take** the channels `c_in` of the input and `widths`, a list or tuple with the output channels of the layers in their order. The first layer is a convolution from `c_in` to `widths[0]` channels with the given `kernel_size`, `stride` and `padding`. Each further number of `widths` stands for one convolution of 1 × 1, which reads the channels of the layer before it. A ReLU follows *each* layer. All have a bias.
#
# By hand, for `nin_block(3, (6, 4, 5), 5, 2, 1)` and a picture of 3 × 11 × 8: ⌊(11 + 2 − 5)/2⌋ + 1 = 5 rows and ⌊(8 + 2 − 5)/2⌋ + 1 = 3 columns, so 5 × 5 × 3. Parameters: (25 · 3 + 1) · 6 + (6 + 1) · 4 + (4 + 1) · 5 = 509.
#
# `kernel_size`, `stride` and `padding` are ints or pairs (height, width). One number in `widths` makes an ordinary convolution with its ReLU.
#
# **Return** a new `torch.nn.Module` at each call. **Layout:** `parameters()` gives weight and bias of the convolutions in their order, shaped as `torch.nn.Conv2d` shapes them. Names are free.
#
# **Raise `ValueError`** when `widths` is empty or holds a number below 1.


# %% nin_block forbid="torchvision.* d2l* convlab.trace* convlab.networks*"
def nin_block(
    c_in: int,
    widths: list[int] | tuple[int, ...],
    kernel_size: int | tuple[int, int],
    stride: int | tuple[int, int] = 1,
    padding: int | tuple[int, int] = 0,
) -> torch.nn.Module:
    """Return a new block: a convolution to ``widths[0]`` channels, a 1 × 1 for each further width, a ReLU after each."""
    ### BEGIN SOLUTION
    nn = torch.nn
    if not widths or min(widths) < 1:
        raise ValueError("a block has one layer or more, and each layer one channel or more")
    looks = nn.Conv2d(c_in, widths[0], kernel_size, stride, padding)
    steps = range(1, len(widths))
    mixes = [part for k in steps for part in (nn.Conv2d(widths[k - 1], widths[k], 1), nn.ReLU())]
    return nn.Sequential(looks, nn.ReLU(), *mixes)
    ### END SOLUTION


# %% nin_block-public points=2
# The block above
net = rules.from_scratch(nin_block, (3, (6, 4, 5), 5, 2, 1), forbid=forbidden, what="`nin_block` is your own")
checks.shape(
    net(torch.rand(2, 3, 11, 8)),
    (2, 5, 5, 3),
    "Two pictures",
    case="nin_block(3, (6, 4, 5), 5, 2, 1)(torch.rand(2, 3, 11, 8))",
)
checks.equal(
    sum(parameter.numel() for parameter in net.parameters()),
    509,
    "Parameters",
    case="sum(p.numel() for p in nin_block(3, (6, 4, 5), 5, 2, 1).parameters())",
)

# %% nin_block-helpers


def shapes_of_block(c_in, widths, kernel):
    """The shapes of a block's parameters, in their order."""
    sizes = [(widths[0], c_in, *kernel), (widths[0],)]
    for width in widths[1:]:
        sizes += [(width, sizes[-1][0], 1, 1), (width,)]
    return sizes


# %% nin_block-layout points=3
# The parameters in their order, and a new block at each call
for c_in, widths, kernel in ((2, (5, 3, 4), (3, 3)), (4, [3, 6], (2, 5)), (1, (6,), (1, 1)), (3, (1, 2, 1, 3), (3, 1))):
    net, other = nin_block(c_in, widths, kernel), nin_block(c_in, widths, kernel)
    checks.equal(
        [tuple(parameter.shape) for parameter in net.parameters()],
        shapes_of_block(c_in, widths, kernel),
        "The shapes of the parameters, in their order",
        hint="each 1 × 1 reads the channels of the layer before it, and there is one for every further width.",
    )
    checks.equal(
        any(a is b for a, b in zip(net.parameters(), other.parameters(), strict=True)),
        False,
        "Two blocks share parameters",
        hint="the layers are made outside of the function, once for all calls.",
    )

# %% nin_block-values points=5
# With given weights, and with kernels, strides and paddings that are not square
import torch.nn.functional as F

g, device = torch.Generator().manual_seed(60013), checks.device()
cases = [
    (3, (4, 6, 2), (3, 3), {}),
    (2, [5, 3], (3, 2), {"stride": (2, 3), "padding": (1, 0)}),
    (1, (3,), (4, 1), {"stride": 2, "padding": 2}),
    (2, (3, 5, 4, 3), (3, 3), {"padding": 1}),
]
for c_in, widths, kernel, settings in cases:
    net = nin_block(c_in, widths, kernel, **settings).to(device)
    sizes = shapes_of_block(c_in, widths, kernel)
    checks.equal([tuple(parameter.shape) for parameter in net.parameters()], sizes, "The shapes of the parameters")
    w = [torch.randn(size, generator=g).to(device) for size in sizes]
    with torch.no_grad():
        for parameter, value in zip(net.parameters(), w, strict=True):
            parameter.copy_(value)
    x = torch.randn(3, c_in, 11, 8, generator=g).to(device)
    expected = F.conv2d(x, w[0], w[1], **settings).clamp(min=0)
    for weight, bias in zip(w[2::2], w[3::2], strict=True):
        expected = F.conv2d(expected, weight, bias).clamp(min=0)
    checks.close(
        checks.unchanged(net, x, what="The pictures are left as they were"),
        expected,
        "A block with given weights",
        hint="a ReLU after each layer; stride and padding belong to the first alone.",
    )

# %% nin_block-gradients points=2
# Gradients reach every parameter, also in float64
import torch.nn.functional as F

g, device = torch.Generator().manual_seed(25), checks.device()
net = nin_block(2, (4, 5, 3), 3, padding=1).to(device).double()
checks.equal(len(list(net.parameters())), 6, "The number of parameters, as tensors")
own = [parameter.detach().clone().requires_grad_() for parameter in net.parameters()]
x, up = (torch.randn(2, c, 5, 6, generator=g).double().to(device) for c in (2, 3))
h = F.relu(F.conv2d(x, own[0], own[1], padding=1))
h = F.relu(F.conv2d(F.relu(F.conv2d(h, own[2], own[3])), own[4], own[5]))
wanted = torch.autograd.grad(h, own, up)
received = torch.autograd.grad(net(x), list(net.parameters()), up, allow_unused=True)
for got, expected in zip(received, wanted, strict=True):
    checks.equal(got is None, False, "A parameter without a gradient", hint="look for .detach(), .data or no_grad.")
    checks.close(got, expected, "The gradient of a parameter")

# %% nin_block-errors points=2
# Widths that make no sense
kinds = {
    "no widths at all": [(3, (), 3), (3, [], 1)],
    "a first width below 1": [(3, (0, 4), 3), (3, [-2], 3)],
    "a later width below 1": [(3, (4, 0), 3), (2, (4, 3, -1), 1)],
}
checks.refuses(nin_block, kinds, "Widths that make no sense")

# %% NiN-statement [markdown]
# The chapter builds d2l's network, for pictures of 224 × 224. Build the one that the authors themselves used on CIFAR-10, whose pictures are 32 × 32. It has three blocks, widths that differ within a block, and two kinds of pooling:
#
# | layer | settings | output for 32 × 32 |
# | --- | --- | --- |
# | block | widths 192, 160, 96; 5 × 5, padding 2 | 96 × 32 × 32 |
# | maximum | 3 × 3, stride 2, size rounded up | 96 × 16 × 16 |
# | dropout | p = 0.5, each number on its own | 96 × 16 × 16 |
# | block | widths 192, 192, 192; 5 × 5, padding 2 | 192 × 16 × 16 |
# | average | 3 × 3, stride 2, size rounded up | 192 × 8 × 8 |
# | dropout | p = 0.5, each number on its own | 192 × 8 × 8 |
# | block | widths 192, 192, `num_classes`; 3 × 3, padding 1 | `num_classes` × 8 × 8 |
# | average over all places | | `num_classes` |
#
# A block is that of task 2, with a ReLU after each of its layers, in the last block, too. The two poolings round the size of their output *up* (`ceil_mode=True`), so a last window may hang over the edge; the average counts only the places inside the map, as torch does by itself.
#
# **Write** it as a `torch.nn.Module`. `NiN(num_classes=10, in_channels=3)` maps (N, in_channels, H, W) to (N, num_classes) for every size that leaves something to pool, in float32 and, after `net.double()`, in float64. With the defaults it has exactly **966,986** parameters.
#
# **Layout.** `parameters()` gives 18 tensors in the order of the layers, each layer's weight, then its bias. Names are free.


# %% NiN forbid="torchvision.* d2l* convlab.trace* convlab.networks*"
class NiN(torch.nn.Module):
    """The network in network of the paper, for CIFAR-10: (N, in_channels, H, W) to (N, num_classes)."""

    def __init__(self, num_classes: int = 10, in_channels: int = 3) -> None:
        super().__init__()
        ### BEGIN SOLUTION
        nn = torch.nn
        plan = [(192, 160, 96, 5), (192, 192, 192, 5), (192, 192, num_classes, 3)]
        parts: list[nn.Module] = []
        reads = in_channels
        for *widths, kernel in plan:
            if parts:
                pool = nn.AvgPool2d if reads == 192 else nn.MaxPool2d
                parts += [pool(3, stride=2, ceil_mode=True), nn.Dropout(0.5)]
            for number, writes in enumerate(widths):
                k = 1 if number else kernel
                parts += [nn.Conv2d(reads, writes, k, padding=k // 2), nn.ReLU()]
                reads = writes
        self.parts = nn.Sequential(*parts)
        ### END SOLUTION

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the logits of the pictures ``x``."""
        ### BEGIN SOLUTION
        return self.parts(x).mean((2, 3))
        ### END SOLUTION


# %% NiN-public points=3
# The size of the answer, and 966,986 parameters
net = rules.from_scratch(NiN, (), forbid=forbidden, what="`NiN` is your own")
checks.shape(net(torch.rand(2, 3, 20, 17)), (2, 10), "Two pictures", case="NiN()(torch.rand(2, 3, 20, 17))")
checks.equal(
    sum(parameter.numel() for parameter in net.parameters()),
    966_986,
    "Parameters",
    case="sum(p.numel() for p in NiN().parameters())",
    hint="the three blocks have 60,928, 535,104 and 370,954.",
)

# %% NiN-helpers
import torch.nn.functional as F


def shapes_of_nin(classes, c):
    """The shapes of the network's parameters, in their order."""
    sizes = []
    for widths, kernel in (((192, 160, 96), 5), ((192, 192, 192), 5), ((192, 192, classes), 3)):
        for width in widths:
            sizes += [(width, c, kernel, kernel), (width,)]
            c, kernel = width, 1
    return sizes


def answers_of_nin(x, given):
    """The answers of the network in evaluation mode, with the given parameters."""
    w = iter(given)
    for number, padding in enumerate((2, 2, 1)):
        if number:
            x = (F.max_pool2d if number == 1 else F.avg_pool2d)(x, 3, 2, ceil_mode=True)
        for border in (padding, 0, 0):
            x = F.conv2d(x, next(w), next(w), padding=border).clamp(min=0)
    return x.flatten(2).mean(2)


# %% NiN-layout points=5
# 18 parameters in the order of the layers
for classes, c in ((10, 3), (7, 1), (192, 2)):
    net = NiN(classes, in_channels=c)
    checks.equal(
        [tuple(parameter.shape) for parameter in net.parameters()],
        shapes_of_nin(classes, c),
        "The shapes of the parameters, in their order",
        hint="compare with the table: three blocks of three convolutions.",
    )

# %% NiN-values points=9
# With given weights, the answers of the network, for several sizes
g, device = torch.Generator().manual_seed(140224), checks.device()
net = NiN(6, in_channels=2).to(device).eval()
shapes = shapes_of_nin(6, 2)
checks.equal([tuple(parameter.shape) for parameter in net.parameters()], shapes, "The shapes of the parameters")
given = [
    torch.randn(size, generator=g) * (2 / (size[1] * size[2] ** 2) if len(size) > 1 else 0.01) ** 0.5 for size in shapes
]
given = [value.to(device) for value in given]
with torch.no_grad():
    for parameter, value in zip(net.parameters(), given, strict=True):
        parameter.copy_(value)
for n, height, width in ((2, 15, 24), (1, 32, 32), (3, 13, 18)):
    x = torch.randn(n, 2, height, width, generator=g).to(device)
    expected = answers_of_nin(x, given)
    checks.close(
        checks.unchanged(net, x, what="The pictures are left as they were").detach(),
        expected,
        "NiN with given weights",
        hint="compare with the table line by line: which pooling stands where, how it rounds, a ReLU after every layer.",
    )

# %% NiN-dropout points=4
# Dropout in training, before the second and the third block, and none in evaluation
device = checks.device()
torch.manual_seed(81)
net = NiN(192).to(device)
parameters = list(net.parameters())
checks.equal(len(parameters), 18, "The number of parameters, as tensors")
with torch.no_grad():
    for parameter in parameters:
        parameter.zero_()
    parameters[5].fill_(1)  # the first block gives 96 maps of ones, and all layers after it pass them on
    for number in range(6, 18, 2):
        centre = parameters[number].shape[2] // 2
        parameters[number][:, :, centre, centre] = torch.eye(*parameters[number].shape[:2], device=device)
    parameters[7].fill_(-0.25)  # but the two blocks after a dropout take a quarter off,
    parameters[13].fill_(-0.25)  # so that dropout before them is not dropout in or after them
x = torch.rand(16, 3, 7, 7, device=device)  # the first pooling leaves 3 × 3, the second 1 × 1
net.train()
out = net(x)[:, :96].detach()
checks.equal(
    0.43 < (out == 0).float().mean().item() < 0.57,
    True,
    "The share of numbers that the second dropout leaves out, a half",
    hint="a dropout with p = 0.5 stands between the average and the last block.",
)
# Of nine ones the first dropout leaves some: doubled and less a quarter, so 1.75 each, and doubled again by the second.
left = (out[out > 0] + 0.25) * 9 / 3.5
checks.close(
    left,
    left.round(),
    "What dropout leaves is doubled, and then goes through the next block",
    hint="each dropout stands between a pooling and the block after it.",
)
checks.equal(
    4.2 < left.mean().item() < 4.8 and left.std().item() > 1,
    True,
    "The numbers that the first dropout leaves, of nine",
    hint="a dropout with p = 0.5 stands between the maximum and the second block, and drops single numbers.",
)
wide = net(torch.rand(16, 3, 11, 11, device=device))[:, :96].detach()  # the last maps are of 2 × 2
checks.equal(
    (wide == 0).float().mean().item() < 0.2,
    True,
    "Maps of which a part is dropped",
    hint="Dropout drops single numbers; Dropout2d drops whole maps.",
)
net.eval()
kept = net(x)[:, :96].detach()
checks.close(kept, torch.full((16, 96), 0.5, device=device), "No dropout in evaluation mode")

# %% NiN-gradients points=5
# Gradients reach every parameter, each picture on its own, in float64
g, device = torch.Generator().manual_seed(93), checks.device()
net = NiN(5).to(device).double().eval()
shapes = shapes_of_nin(5, 3)
parameters = list(net.parameters())
checks.equal([tuple(parameter.shape) for parameter in parameters], shapes, "The shapes of the parameters")
own = [0.1 * torch.ones(size) for size in shapes]
for number in range(0, 18, 2):
    size = shapes[number]
    own[number] = torch.randn(size, generator=g) * (2 / (size[1] * size[2] ** 2)) ** 0.5
own = [value.double().to(device).requires_grad_() for value in own]
with torch.no_grad():
    for parameter, value in zip(parameters, own, strict=True):
        parameter.copy_(value)
x = torch.randn(2, 3, 13, 10, generator=g).double().to(device)
up = torch.randn(2, 5, generator=g).double().to(device)
given, leaf = x.clone().requires_grad_(), x.clone().requires_grad_()
expected = answers_of_nin(leaf, own)
wanted = torch.autograd.grad(expected, [leaf, *own], up)
out = net(given)
checks.close(out.detach(), expected.detach(), "A batch in float64", hint="convert nothing: x comes in the right dtype.")
alone = torch.cat([net(picture[None]).detach() for picture in x])
checks.close(alone, expected.detach(), "The pictures of the batch, one by one")
received = torch.autograd.grad(out, [given, *parameters], up, allow_unused=True)
checks.equal(
    [got is None for got in received], [False] * 19, "Tensors without a gradient", hint="look for .detach() or .data."
)
for got, value in zip(received, wanted, strict=True):
    checks.close(got, value, "The gradient of the pictures or of a parameter", rtol=1e-6)

# %% global_avg_pool2d-statement [markdown]
# **Return** the mean of each map: from (N, C, H, W) to (N, C). So each map of a last block becomes one number, the score of its class.
#
# By hand: a map with rows (1, 2) and (3, 6) becomes 3.
#
# **Raise `ValueError`** when `x` has not four axes, or when H or W is 0: there is no mean of nothing. N or C may be 0; then there is nothing to average, and the result is (0, C) or (N, 0).
#
# *Not allowed:* torch's own pooling, of any kind. The result has the dtype and device of `x`, and `x` stays as it is.


# %% global_avg_pool2d forbid="pooling" instead="add up and divide, or take a mean"
def global_avg_pool2d(x: torch.Tensor) -> torch.Tensor:
    """Return the mean of each map of ``x``: (N, C, H, W) to (N, C)."""
    ### BEGIN SOLUTION
    if x.dim() != 4 or 0 in x.shape[2:]:
        raise ValueError(f"there is no mean of maps in a tensor of shape {tuple(x.shape)}")
    return x.mean(dim=(-2, -1))
    ### END SOLUTION


# %% global_avg_pool2d-public points=2
# Two maps by hand
x = torch.tensor([[[[1.0, 2.0], [3.0, 6.0]], [[0.0, 0.0], [0.0, 4.0]]]])
received = rules.from_scratch(global_avg_pool2d, (x,), forbid=forbidden, what="`global_avg_pool2d` is your own")
checks.close(received, torch.tensor([[3.0, 1.0]]), "Two maps", case="global_avg_pool2d(x)")

# %% global_avg_pool2d-values points=4
# Batches of maps that are not square, in float32 and float64
g, device = torch.Generator().manual_seed(7144), checks.device()
for shape in ((2, 3, 4, 6), (3, 2, 1, 7), (1, 5, 9, 2), (4, 4, 5, 5)):
    for dtype in (torch.float32, torch.float64):
        x = torch.randn(shape, generator=g, dtype=dtype).to(device)
        expected = torch.stack([torch.stack([m.sum() / m.numel() for m in picture]) for picture in x])
        received = checks.unchanged(global_avg_pool2d, x, what="The maps are left as they were")
        checks.close(
            received, expected, "The mean of each map", hint="over rows and columns, not over channels or pictures."
        )
for n, c in ((0, 3), (2, 0)):
    checks.shape(global_avg_pool2d(torch.ones(n, c, 4, 5, device=device)), (n, c), "A batch without maps")

# %% global_avg_pool2d-gradients points=2
# Each place gets its share of the gradient
g, device = torch.Generator().manual_seed(115), checks.device()
x = torch.randn(2, 3, 4, 5, generator=g, dtype=torch.float64).to(device)
checks.gradients_close(global_avg_pool2d, lambda x: x.flatten(2).sum(2) / 20, {"x": x}, "The mean of each map")

# %% global_avg_pool2d-errors points=2
# Tensors that have no maps
kinds = {
    "a tensor with two axes": [(torch.ones(2, 3),)],
    "a tensor with three axes": [(torch.ones(3, 4, 5),)],
    "a tensor with five axes": [(torch.ones(1, 2, 3, 4, 5),)],
    "maps whose height or width is 0": [(torch.ones(2, 3, 0, 4),), (torch.ones(2, 3, 4, 0),)],
}
checks.refuses(global_avg_pool2d, kinds, "Tensors that have no maps")

# %% class_activation_map-statement [markdown]
# Where did the network see a class? When its last layers are an average and *one* dense layer, the answer is there to be read.
#
# **Take** `net`, a `torch.nn.Sequential` whose last three parts are `AdaptiveAvgPool2d(1)`, `Flatten()` and a `Linear`; whatever stands before them turns pictures `x` (N, C, H, W) into maps $A$ (N, K, h, w).
# `c` is a class (an int), the same for all pictures, or a tensor (N,) of ints, one class for each picture. The score of class $c$ is
#
# $$
# s_c = b_c + \sum_k w_{ck} \cdot \tfrac{1}{hw} \sum_{i,j} A_{kij} = b_c + \tfrac{1}{hw} \sum_{i,j} M_{ij}
# \qquad\text{with}\qquad M_{ij} = \sum_k w_{ck} A_{kij}.
# $$
#
# $M$ tells what each place contributes. It is the class activation map (Zhou and others, 2016).
#
# **Return** $M$, enlarged to the size of the pictures with `torch.nn.functional.interpolate(…, mode="bilinear", align_corners=False)`: a tensor (N, H, W), without a gradient. Do not clip or scale it.
#
# **Leave no trace.** The network runs in evaluation mode. Afterwards, also when the network raised an error, every module has the mode that it had, no hook of yours is left, no running statistic and no parameter has changed, nor whether a parameter wants a gradient, and torch records gradients if it did before. `x` and `c` stay as they are.
#
# **Raise `ValueError`** when `c` names a class that does not exist (negative ones do not), or when a tensor `c` has not one class for each picture.
#
# *Reference:* Zhou, Khosla, Lapedriza, Oliva and Torralba, "Learning Deep Features for Discriminative Localization", CVPR 2016.


# %% class_activation_map forbid="torchvision.* d2l* convlab.trace* convlab.networks*"
def class_activation_map(net: torch.nn.Sequential, x: torch.Tensor, c: int | torch.Tensor) -> torch.Tensor:
    """Return (N, H, W): what each place of the pictures ``x`` contributes to the score of class ``c``."""
    ### BEGIN SOLUTION
    dense = net[-1]
    chosen = torch.as_tensor(c, device=x.device)
    if chosen.dim() and chosen.shape != x.shape[:1]:
        raise ValueError("one class for each picture")
    if ((chosen < 0) | (chosen >= dense.out_features)).any():
        raise ValueError("there is no such class")
    modes = [(module, module.training) for module in net.modules()]
    try:
        net.eval()
        with torch.no_grad():
            maps = net[:-3](x)
            rows = dense.weight[chosen.expand(len(x))]
            places = (rows[:, :, None, None] * maps).sum(1, keepdim=True)
            enlarged = torch.nn.functional.interpolate(places, x.shape[2:], mode="bilinear", align_corners=False)
    finally:
        for module, mode in modes:
            module.training = mode
    return enlarged[:, 0]
    ### END SOLUTION


# %% class_activation_map-public points=3
# Two maps by hand
net = torch.nn.Sequential(torch.nn.ReLU(), torch.nn.AdaptiveAvgPool2d(1), torch.nn.Flatten(), torch.nn.Linear(2, 3))
with torch.no_grad():
    net[3].weight.copy_(torch.tensor([[1.0, 0.0], [0.0, 1.0], [2.0, -1.0]]))
x = torch.tensor([[[[1.0, 0.0], [0.0, 3.0]], [[0.0, 5.0], [0.0, 1.0]]]])
received = rules.from_scratch(
    class_activation_map, (checks.place(net), x, 2), forbid=forbidden, what="`class_activation_map` is your own"
)
checks.close(
    received,
    torch.tensor([[[2.0, -5.0], [0.0, 5.0]]]),
    "2 times the first map minus the second",
    case="class_activation_map(net, x, 2)",
    hint="the bias of the class belongs to no place; leave it out.",
)

# %% class_activation_map-values points=6
# Maps that are smaller than the pictures and not square
import torch.nn.functional as F

nn, device = torch.nn, checks.device()
torch.manual_seed(2016)
for stride, (height, width) in (((2, 3), (14, 21)), (4, (17, 12)), (1, (5, 8))):
    net = nn.Sequential(
        *(nn.Conv2d(3, 6, 3, stride, padding=1), nn.Tanh(), nn.Conv2d(6, 5, 1)),
        *(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(5, 4)),
    ).to(device)
    x = torch.randn(3, 3, height, width, device=device)
    maps = net[2](net[1](net[0](x))).detach()
    rows = net[5].weight.detach().clone()
    placed = checks.place(net)
    for c in range(4):
        coarse = torch.einsum("k,nkij->nij", rows[c], maps)
        expected = F.interpolate(coarse[:, None], (height, width), mode="bilinear", align_corners=False)[:, 0]
        received = checks.unchanged(class_activation_map, placed, x, c, what="The pictures are left as they were")
        checks.equal(received.requires_grad, False, "A gradient of the map", hint="run under torch.no_grad().")
        checks.close(
            received,
            expected,
            "The map of a class",
            hint="the row of the class, times the maps, summed over channels; then enlarged to (H, W) as the statement says.",
        )

# %% class_activation_map-classes points=3
# A class for each picture
nn, device = torch.nn, checks.device()
torch.manual_seed(55)
net = nn.Sequential(nn.Conv2d(1, 4, 3), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4, 6)).to(device)
x, classes = torch.randn(5, 1, 7, 9, device=device), torch.tensor([3, 0, 5, 3, 1], device=device)
maps = net[0](x).detach()
coarse = torch.stack(
    [(net[3].weight[c].detach()[:, None, None] * m).sum(0) for c, m in zip(classes.tolist(), maps, strict=True)]
)
expected = torch.nn.functional.interpolate(coarse[:, None], (7, 9), mode="bilinear", align_corners=False)[:, 0]
received = checks.unchanged(
    class_activation_map, checks.place(net), x, classes, what="The classes are left as they were"
)
checks.close(received, expected, "A class for each picture", hint="weight[classes] has one row for each picture.")

# %% class_activation_map-trace points=4
# Evaluation mode on the way, and no trace afterwards
nn = torch.nn
torch.manual_seed(8)
net = nn.Sequential(
    *(nn.Sequential(nn.Conv2d(2, 3, 3), nn.BatchNorm2d(3)), nn.Dropout(0.9)),
    *(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(3, 2)),
)
net[0][1].running_mean.fill_(0.5)
net[0][0].bias.requires_grad_(False)
values = [parameter.detach().clone() for parameter in net.parameters()]
net[0].eval()
net.training = True
before = [module.training for module in net.modules()]
x = torch.randn(2, 2, 6, 5)
maps = net[0](x).detach()
coarse = torch.einsum("k,nkij->nij", net[4].weight[1].detach(), maps)
expected = torch.nn.functional.interpolate(coarse[:, None], (6, 5), mode="bilinear", align_corners=False)[:, 0]
net[0][1].train()
before[3] = True
placed = checks.place(net)
received = class_activation_map(placed, x, 1)
checks.equal(
    [module.training for module in placed.modules()],
    before,
    "The modes afterwards",
    hint="note each module's own mode and put it back.",
)
checks.equal(
    int(placed[0][1].num_batches_tracked), 0, "Batches seen by batch normalisation", hint="call net.eval() first."
)
left = sum(len(module._forward_hooks) + len(module._forward_pre_hooks) for module in placed.modules())
checks.equal(left, 0, "The hooks that are left", hint="register_forward_hook returns a handle; call its remove().")
checks.close(
    received, expected, "A network with dropout and batch normalisation", hint="the network runs in evaluation mode."
)
for was, now in zip(values, placed.parameters(), strict=True):
    checks.close(now.detach(), was, "A parameter afterwards", hint="read the parameters, and change none of them.")
checks.equal(
    [parameter.requires_grad for parameter in placed.parameters()],
    [True, False, True, True, True, True],
    "Whether a parameter wants a gradient, afterwards",
    hint="torch.no_grad() does without requires_grad_(False).",
)
checks.grad_mode_kept(class_activation_map, placed, x, 1, what="Torch records gradients afterwards, if it did before")
checks.raises(
    RuntimeError,
    class_activation_map,
    placed,
    torch.ones(2, 3, 6, 5),
    1,
    what="Pictures that do not fit the network",
    hint="an error of the network must not be hidden.",
)
checks.equal(
    [module.training for module in placed.modules()],
    before,
    "The modes after an error",
    hint="put the modes back in a `finally`.",
)
left = sum(len(module._forward_hooks) + len(module._forward_pre_hooks) for module in placed.modules())
checks.equal(left, 0, "The hooks after an error", hint="remove them in a `finally`.")

# %% class_activation_map-dtype points=2
# float64 stays float64, and the mean of the map is the score
nn, device = torch.nn, checks.device()
torch.manual_seed(64)
net = (
    nn.Sequential(nn.Conv2d(2, 3, 1), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(3, 2))
    .double()
    .to(device)
)
x = torch.randn(4, 2, 5, 7, dtype=torch.float64, device=device)
means = net(x)[:, 0].detach() - net[4].bias[0].detach().clone()
received = class_activation_map(checks.place(net), x, 0)
checks.close(
    received.mean((1, 2)),
    means,
    "The mean of the map, and the score without its bias",
)

# %% class_activation_map-errors points=2
# Classes that do not exist
nn = torch.nn
net = checks.place(nn.Sequential(nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(2, 3)))
x = torch.ones(2, 2, 4, 4)
wrong = {
    "a class above the last one": [3, 100],
    "a negative class": [-1],
    "a tensor that holds a class above the last one": [torch.tensor([0, 3])],
    "a tensor that holds a negative class": [torch.tensor([-1, 0])],
    "a tensor of more classes than pictures": [torch.tensor([0, 1, 2])],
    "a tensor of fewer classes than pictures": [torch.tensor([1])],
}
kinds = {kind: [(net, x, c) for c in classes] for kind, classes in wrong.items()}
checks.refuses(class_activation_map, kinds, "Classes that do not exist or do not fit")

# %% class_activation_map-look-text [markdown]
# Look at one of your maps: a filter that answers to red, and a class that asks for it.

# %% class_activation_map-look
from convlab import datasets

scenes = datasets.shapes(4, 64, seed=5, objects=3)
red = torch.nn.Conv2d(3, 2, 1, bias=False)
with torch.no_grad():
    red.weight.copy_(torch.tensor([[1.0, -0.5, -0.5], [-0.5, -0.5, 1.0]])[:, :, None, None])
net = torch.nn.Sequential(
    red, torch.nn.ReLU(), torch.nn.AdaptiveAvgPool2d(1), torch.nn.Flatten(), torch.nn.Linear(2, 2)
)
with torch.no_grad():
    net[4].weight.copy_(torch.eye(2))
figure, axes = plt.subplots(2, 4, figsize=(7, 3.6))
for picture, heat, (top, below) in zip(scenes.images, class_activation_map(net, scenes.images, 0), axes.T, strict=True):
    top.imshow(np.asarray(picture.movedim(0, -1)))
    below.imshow(np.asarray(heat), cmap="gray")
    top.axis("off")
    below.axis("off")

# %% depthwise_separable-statement [markdown]
# A convolution looks around and mixes channels. Do one after the other: first `c_in` filters of k × k, one for each channel alone, with the padding that keeps the size; then `c_out` filters of 1 × 1 over all channels. No biases, and nothing between the two.
#
# **Return** a tuple of two:
#
# 1. a new `torch.nn.Module` that maps (N, c_in, H, W) to (N, c_out, H, W). **Layout:** `parameters()` gives two tensors, of shapes (c_in, 1, k, k) and (c_out, c_in, 1, 1);
# 2. a float: the weights of both, divided by those of one full convolution of k × k from `c_in` to `c_out` without bias.
#
# By hand: from 2 to 8 channels with k = 3 it is 2 · 9 + 2 · 8 = 34 weights where the full layer has 9 · 2 · 8 = 144, so 34/144 = 0.236….
#
# **Raise `ValueError`** when a number is below 1 or `k` is even.


# %% depthwise_separable forbid="torchvision.* d2l* convlab.trace* convlab.networks*"
def depthwise_separable(c_in: int, c_out: int, k: int) -> tuple[torch.nn.Module, float]:
    """Return a depthwise k × k and a pointwise layer as one module, and their share of a full layer's weights."""
    ### BEGIN SOLUTION
    if min(c_in, c_out, k) < 1 or k % 2 == 0:
        raise ValueError("expected channels of at least 1 and an odd kernel")
    looks = torch.nn.Conv2d(c_in, c_in, k, padding=k // 2, groups=c_in, bias=False)
    mixes = torch.nn.Conv2d(c_in, c_out, 1, bias=False)
    share = (c_in * k * k + c_in * c_out) / (c_in * c_out * k * k)
    return torch.nn.Sequential(looks, mixes), share
    ### END SOLUTION


# %% depthwise_separable-public points=3
# The case above
net, share = rules.from_scratch(
    depthwise_separable, (2, 8, 3), forbid=forbidden, what="`depthwise_separable` is your own"
)
checks.equal(share, 34 / 144, "The share of the weights", case="depthwise_separable(2, 8, 3)[1]")
sizes = [tuple(p.shape) for p in net.parameters()]
checks.equal(
    sizes,
    [(2, 1, 3, 3), (8, 2, 1, 1)],
    "Shapes of the parameters",
    case="[tuple(p.shape) for p in depthwise_separable(2, 8, 3)[0].parameters()]",
    hint="groups=c_in gives each channel a filter of its own; there are no biases.",
)
checks.shape(net(torch.rand(2, 2, 5, 7)), (2, 8, 5, 7), "Two pictures", case="net(torch.rand(2, 2, 5, 7))")

# %% depthwise_separable-values points=5
# With given weights, the answers of one full convolution whose filters are products
import torch.nn.functional as F

g, device = torch.Generator().manual_seed(31204), checks.device()
for c_in, c_out, k in ((3, 4, 3), (4, 2, 5), (1, 6, 3), (5, 5, 1), (2, 3, 7)):
    net = depthwise_separable(c_in, c_out, k)[0].to(device)
    sizes = [(c_in, 1, k, k), (c_out, c_in, 1, 1)]
    checks.equal([tuple(parameter.shape) for parameter in net.parameters()], sizes, "The shapes of the parameters")
    looks, mixes = (torch.randn(size, generator=g).to(device) for size in sizes)
    with torch.no_grad():
        for parameter, value in zip(net.parameters(), (looks, mixes), strict=True):
            parameter.copy_(value)
    x = torch.randn(3, c_in, 6, 9, generator=g).to(device)
    expected = F.conv2d(x, looks[:, 0] * mixes, padding=k // 2)
    checks.close(
        checks.unchanged(net, x, what="The pictures are left as they were"),
        expected,
        "The two halves with given weights",
        hint="first each channel by its own filter, then the mixing, with nothing between and zeros around.",
    )


# %% depthwise_separable-share points=3
# The share, for many sizes
def counted(c_in, c_out, k):
    halves = (torch.empty(c_in, 1, k, k), torch.empty(c_out, c_in, 1, 1))
    return sum(half.numel() for half in halves) / torch.empty(c_out, c_in, k, k).numel()


cases = [(c_in, c_out, k) for c_in in (1, 3, 32) for c_out in (1, 5, 64) for k in (1, 3, 5, 9)]
checks.agrees(
    lambda c_in, c_out, k: depthwise_separable(c_in, c_out, k)[1],
    counted,
    cases,
    "The share of the weights",
    hint="it depends on c_out and k, not on c_in.",
)

# %% depthwise_separable-gradients points=3
# Gradients in float64, and a new module at each call
import torch.nn.functional as F

g, device = torch.Generator().manual_seed(12), checks.device()
net, other = (depthwise_separable(3, 4, 3)[0].to(device).double() for _ in range(2))
pairs = zip(net.parameters(), other.parameters(), strict=True)
checks.equal(
    [a is b for a, b in pairs], [False, False], "Two modules share parameters", hint="make new layers at each call."
)
own = [parameter.detach().clone().requires_grad_() for parameter in net.parameters()]
x, up = (torch.randn(2, c, 5, 4, generator=g).double().to(device) for c in (3, 4))
wanted = torch.autograd.grad(F.conv2d(x, own[0][:, 0] * own[1], padding=1), own, up)
received = torch.autograd.grad(net(x), list(net.parameters()), up, allow_unused=True)
for got, expected in zip(received, wanted, strict=True):
    checks.equal(got is None, False, "A parameter without a gradient", hint="look for .detach(), .data or no_grad.")
    checks.close(got, expected, "The gradient of a parameter")

# %% depthwise_separable-errors points=2
# Numbers that make no sense
kinds = {
    "a c_in below 1": [(0, 4, 3), (-1, 4, 3)],
    "a c_out below 1": [(4, 0, 3)],
    "a k below 1": [(4, 4, 0), (4, 4, -3)],
    "an even k": [(4, 4, 2), (3, 3, 8)],
}
checks.refuses(depthwise_separable, kinds, "Numbers that make no sense")
