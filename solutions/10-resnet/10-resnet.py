# %% [markdown]
# # ResNet
#
# You write the blocks that made networks of a hundred layers trainable, then the networks themselves: those of ImageNet, which
# take the weights of torchvision, and those of CIFAR-10. Then three ways to begin, to drop and to look: a start at the identity,
# stochastic depth, and gradients by layer.
#
# - You need: Chapter 10, and 03 for batch normalisation. A CPU is enough. Python with torch, torchvision, numpy,
#   matplotlib.
# - It takes: Three to five hours. Your finished notebook runs in well under a minute.
# - Hidden checks try: other sizes, batches, float64, and networks that you have not seen
# - Order: Do them in any order. Tasks 3 and 4 may use your answers of tasks 1 and 2.
#
# **Words.** Pictures and maps are tensors `x` of shape (N, C, H, W). A *norm* is a `torch.nn.BatchNorm2d` with torch's own settings (its `eps` and `momentum` too). A
# convolution of this assignment has no bias, since a norm follows it, or has come before it. One of 3 × 3 has padding 1, one of 1 × 1 none.
#
# **Names.** The tests put weights of their own into your modules with `load_state_dict`. So parameters and running statistics need the
# names that a task gives: they come from the names of the attributes, `self.conv1 = …` makes `conv1.weight`.
#
# **Ready-made networks.** Everything of `torch` may be used, but no ready-made network: `torchvision`, `torch.hub`, the package `d2l` and
# `convlab.networks` are not allowed.

# %% BasicBlock-statement [markdown]
# The block of ResNet-18 and -34. Two convolutions compute what to *change* in `x`, and a shortcut carries `x` around them:
#
# $$ y = \mathrm{ReLU}\big(F(x) + s(x)\big), \qquad F: \text{3×3 convolution, norm, ReLU, 3×3 convolution, norm} $$
#
# `BasicBlock(c_in, c_out, stride=1, shortcut="B")` maps (N, c_in, H, W) to (N, c_out, ⌈H/stride⌉, ⌈W/stride⌉). The first convolution has the stride
# and changes the number of channels.
#
# **The shortcut** $s$ is `x` itself when stride is 1 and `c_in == c_out`. Otherwise there are two kinds:
#
# - `"A"` has no parameters. It takes every `stride`-th row and column of `x`, the first included, and adds channels of zeros, c_out − c_in of them: half in
#   front of the channels of `x` and half behind. When their number is odd, the one more goes behind.
# - `"B"` is a 1 × 1 convolution with the stride, then a norm.
#
# **Names**: `conv1`, `bn1`, `conv2`, `bn2`, and for B where it is needed `downsample.0` and `downsample.1`. Nothing else has parameters.
#
# **Raise `ValueError`** in the constructor for any other `shortcut`, and for `"A"` with c_out < c_in.
#
# The start of the weights is yours to choose; torch's own will do. `x` is left as it was.

# %% BasicBlock forbid="networks"
class BasicBlock(torch.nn.Module):
    """Two 3 × 3 convolutions and a shortcut: (N, c_in, H, W) to (N, c_out, ⌈H/stride⌉, ⌈W/stride⌉)."""

    def __init__(self, c_in: int, c_out: int, stride: int = 1, shortcut: str = "B") -> None:
        super().__init__()
        ### BEGIN SOLUTION
        if shortcut not in ("A", "B"):
            raise ValueError("a shortcut is A or B")
        if shortcut == "A" and c_out < c_in:
            raise ValueError("shortcut A cannot lose channels")
        self.conv1 = torch.nn.Conv2d(c_in, c_out, 3, stride, padding=1, bias=False)
        self.bn1 = torch.nn.BatchNorm2d(c_out)
        self.conv2 = torch.nn.Conv2d(c_out, c_out, 3, padding=1, bias=False)
        self.bn2 = torch.nn.BatchNorm2d(c_out)
        self.stride, self.missing = stride, c_out - c_in
        self.downsample = None
        if shortcut == "B" and (stride, c_in) != (1, c_out):
            project = torch.nn.Conv2d(c_in, c_out, 1, stride, bias=False)
            self.downsample = torch.nn.Sequential(project, torch.nn.BatchNorm2d(c_out))
        ### END SOLUTION

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return ReLU(F(x) + s(x))."""
        ### BEGIN SOLUTION
        change = self.bn2(self.conv2(torch.relu(self.bn1(self.conv1(x)))))
        if self.downsample is not None:
            return torch.relu(change + self.downsample(x))
        front = self.missing // 2
        thinned = x[:, :, :: self.stride, :: self.stride]
        kept = torch.nn.functional.pad(thinned, (0, 0, 0, 0, front, self.missing - front))
        return torch.relu(change + kept)
        ### END SOLUTION


# %% BasicBlock-public points=3
# The size of the answer, the number of parameters, and a block that changes nothing
block = rules.from_scratch(BasicBlock, (4, 6, 2), forbid=forbidden, what="`BasicBlock` is your own")
checks.shape(
    block(torch.rand(2, 4, 8, 5)), (2, 6, 4, 3), "Two inputs", case="BasicBlock(4, 6, stride=2)(torch.rand(2, 4, 8, 5))"
)
checks.equal(
    sum(p.numel() for p in block.parameters()),
    600,
    "Parameters",
    case="all parameters of BasicBlock(4, 6, stride=2)",
    hint="convolutions 216 + 324, two norms of 12, and the shortcut's 24 + 12.",
)
same = BasicBlock(4, 4)
checks.equal(sum(p.numel() for p in same.parameters()), 304, "Parameters", case="all parameters of BasicBlock(4, 4)")
with torch.no_grad():
    same.bn2.weight.zero_()  # now F(x) = 0
x = torch.rand(2, 4, 5, 3)
checks.close(
    same(x.clone()), x, "F(x) = 0 and x ≥ 0", hint="then the block is the identity; what did you do with x on the way?"
)

# %% BasicBlock-layout points=2
# Names and shapes of the parameters
from torchvision.models import resnet as theirs

nn = torch.nn
for c_in, c_out, stride in [(3, 3, 1), (3, 5, 1), (4, 4, 2), (6, 4, 1)]:
    down = None
    if (c_in, stride) != (c_out, 1):
        down = nn.Sequential(nn.Conv2d(c_in, c_out, 1, stride, bias=False), nn.BatchNorm2d(c_out))
    block = theirs.BasicBlock(c_in, c_out, stride, down)
    checks.equal(
        {name: tuple(p.shape) for name, p in BasicBlock(c_in, c_out, stride).named_parameters()},
        {name: tuple(p.shape) for name, p in block.named_parameters()},
        "Names and shapes of the parameters",
        hint="compare with the statement; a bias, a norm or the shortcut is missing or too many.",
    )
bare = BasicBlock(3, 5, 2, "A")
wanted = ["bn1.bias", "bn1.weight", "bn2.bias", "bn2.weight", "conv1.weight", "conv2.weight"]
checks.equal(sorted(name for name, _ in bare.named_parameters()), wanted, "Parameters of a block with shortcut A")

# %% BasicBlock-values points=4
# With given weights, the answers of a block, in both modes
from torchvision.models import resnet as theirs


def scatter(module, g):
    """Give every tensor of ``module`` random values; return them by name."""
    state = {}
    for name, value in module.state_dict().items():
        spread = torch.randn(value.shape, generator=g, dtype=torch.float64)
        if value.ndim > 1:
            spread = spread * (2 / value[0].numel()) ** 0.5
        elif name.endswith(("running_var", "weight")):
            spread = 0.5 + torch.rand(value.shape, generator=g, dtype=torch.float64)
        state[name] = spread.to(value.dtype) if value.is_floating_point() else value
    module.load_state_dict(state)
    return state


nn, g, device = torch.nn, torch.Generator().manual_seed(40127), checks.device()
hint = "check in this order: the stride, the ReLUs (one inside, one after the sum), the norms, the shortcut."
cases = [(4, 4, 1, (6, 9)), (3, 5, 2, (7, 10)), (4, 6, 1, (5, 4)), (5, 5, 3, (8, 7)), (6, 3, 2, (4, 4))]
for dtype in (torch.float32, torch.float64):
    for c_in, c_out, stride, size in cases:
        down = None
        if (c_in, stride) != (c_out, 1):
            down = nn.Sequential(nn.Conv2d(c_in, c_out, 1, stride, bias=False), nn.BatchNorm2d(c_out))
        own = theirs.BasicBlock(c_in, c_out, stride, down).to(dtype)
        state = scatter(own, g)
        given = BasicBlock(c_in, c_out, stride).to(dtype)
        other = BasicBlock(c_in + 1, c_out + 2, 3 - stride % 3)  # what is made later belongs to another block
        checks.equal(
            sorted(name for name, _ in given.named_parameters()),
            sorted(name for name, _ in own.named_parameters()),
            "The names of the parameters",
        )
        given.load_state_dict(state)
        own, given = own.to(device), given.to(device)
        x = torch.randn(1 if stride == 3 else 3, c_in, *size, generator=g, dtype=dtype).to(device)
        for mode in (False, True):
            own.train(mode)
            given.train(mode)
            wanted = own(x)
            received = checks.unchanged(given, x, what="The input is left as it was")
            checks.close(received, wanted, f"A block in {'training' if mode else 'evaluation'} mode", hint=hint)
        own_statistics = dict(given.named_buffers())
        for name, wanted in own.named_buffers():
            checks.close(
                own_statistics[name],
                wanted,
                "A running statistic after one batch",
                hint="each norm sees each batch once, with torch's own momentum.",
            )

# %% BasicBlock-A points=3
# Shortcut A: every second pixel, and channels of zeros
g, device = torch.Generator().manual_seed(27561), checks.device()
for c_in, c_out, stride, size in [
    (2, 4, 2, (5, 8)),
    (3, 6, 2, (7, 7)),
    (4, 9, 1, (3, 4)),
    (3, 3, 2, (6, 5)),
    (2, 7, 3, (7, 8)),
]:
    block = BasicBlock(c_in, c_out, stride, "A").to(device)
    with torch.no_grad():
        block.bn2.weight.zero_()
    x = torch.randn(2, c_in, *size, generator=g).to(device)
    wanted = torch.zeros(2, c_out, -(-size[0] // stride), -(-size[1] // stride), device=device)
    first = (c_out - c_in) // 2
    wanted[:, first : first + c_in] = x[:, :, ::stride, ::stride].relu()
    for mode in (True, False):
        block.train(mode)
        checks.close(
            checks.unchanged(block, x, what="The input is left as it was"),
            wanted,
            "Shortcut A, F(x) = 0",
            hint="the first row and column are taken; zeros go half in front and half behind, the odd one behind.",
        )
same = BasicBlock(3, 3, 1, "A").to(device)
with torch.no_grad():
    same.bn2.weight.zero_()
x = torch.randn(2, 3, 4, 6, generator=g).to(device)
wanted = x.relu()
checks.close(same(x), wanted, "Shortcut A where nothing changes")

# %% BasicBlock-gradients points=2
# Gradients go through the block and around it
from torchvision.models import resnet as theirs

nn, g, device = torch.nn, torch.Generator().manual_seed(9013), checks.device()


class Thinned(nn.Module):
    def forward(self, x):
        return nn.functional.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, 1, 2))


for c_out, stride, shortcut in ((4, 1, "B"), (6, 2, "B"), (7, 2, "A")):
    down = nn.Sequential(nn.Conv2d(4, c_out, 1, stride, bias=False), nn.BatchNorm2d(c_out)) if stride > 1 else None
    own = theirs.BasicBlock(4, c_out, stride, Thinned() if shortcut == "A" else down)
    given = BasicBlock(4, c_out, stride, shortcut)
    checks.equal(
        sorted(name for name, _ in given.named_parameters()),
        sorted(name for name, _ in own.named_parameters()),
        "The names of the parameters",
    )
    given.load_state_dict(dict(own.state_dict()))
    own, given = own.to(device), given.to(device)
    x = torch.randn(3, 4, 6, 8, generator=g).to(device).requires_grad_()
    up = torch.randn(3, c_out, 6 // stride, 8 // stride, generator=g).to(device)
    names = sorted(name for name, _ in own.named_parameters())
    mine, yours = dict(own.named_parameters()), dict(given.named_parameters())
    wanted = torch.autograd.grad(own(x), [x, *(mine[n] for n in names)], up)
    received = torch.autograd.grad(given(x), [x, *(yours[n] for n in names)], up, allow_unused=True)
    for got, expected, name in zip(received, wanted, ["the input", *names], strict=True):
        checks.equal(got is None, False, f"{name} gets no gradient", hint="look for .detach(), .data or no_grad().")
        checks.close(got, expected, f"The gradient of {name}", rtol=1e-3, atol=1e-4)

# %% BasicBlock-refuses points=2
# Shortcuts that make no sense
kinds = {
    "a shortcut of another letter": [(4, 4, 1, "C")],
    "a shortcut in lower case": [(4, 8, 2, "a")],
    "an empty shortcut": [(4, 8, 2, "")],
    "a shortcut of two letters": [(4, 8, 2, "AB")],
}
checks.refuses(BasicBlock, kinds, "A shortcut that is neither A nor B")
checks.refuses(BasicBlock, [(8, 4, 2, "A"), (5, 4, 1, "A")], "Shortcut A that loses channels")
checks.shape(BasicBlock(4, 4, 1, "A")(torch.zeros(2, 4, 3, 2)), (2, 4, 3, 2), "Shortcut A that adds no channels")

# %% Bottleneck-statement [markdown]
# The block of ResNet-50 and deeper. A 1 × 1 convolution makes the channels few, the 3 × 3 works on the few, a 1 × 1 makes them many again:
#
# $$ F: \text{1×1 convolution, norm, ReLU, 3×3 convolution, norm, ReLU, 1×1 convolution, norm} $$
#
# `Bottleneck(c_in, c_mid, stride=1, shortcut="B")` maps (N, c_in, H, W) to (N, 4 · c_mid, ⌈H/stride⌉, ⌈W/stride⌉). The first two convolutions give c_mid channels, the
# third 4 · c_mid. The **3 × 3** has the stride, as in torchvision. (The authors' network of 2015 has it on the first 1 × 1, which then reads a quarter of its input.)
#
# The output is again $\mathrm{ReLU}(F(x) + s(x))$, and the shortcut is as in task 1, with c_out = 4 · c_mid: `x` itself when nothing changes, else A or B.
#
# **Names**: `conv1`, `bn1`, `conv2`, `bn2`, `conv3`, `bn3`, and `downsample.0` and `downsample.1` for B where it is needed.
#
# **Raise `ValueError`** in the constructor for any other `shortcut`, and for `"A"` with 4 · c_mid < c_in. `x` is left as it was.


# %% Bottleneck forbid="networks"
class Bottleneck(torch.nn.Module):
    """1 × 1, 3 × 3 and 1 × 1 convolutions and a shortcut: (N, c_in, H, W) to (N, 4 · c_mid, ⌈H/stride⌉, ⌈W/stride⌉)."""

    def __init__(self, c_in: int, c_mid: int, stride: int = 1, shortcut: str = "B") -> None:
        super().__init__()
        ### BEGIN SOLUTION
        wide = 4 * c_mid
        if shortcut not in ("A", "B") or (shortcut == "A" and wide < c_in):
            raise ValueError("a shortcut is B, or A if no channel is lost")
        widths = [c_in, c_mid, c_mid, wide]
        for i, (kernel, step) in enumerate([(1, 1), (3, stride), (1, 1)]):
            conv = torch.nn.Conv2d(widths[i], widths[i + 1], kernel, step, padding=kernel // 2, bias=False)
            self.add_module(f"conv{i + 1}", conv)
            self.add_module(f"bn{i + 1}", torch.nn.BatchNorm2d(widths[i + 1]))
        self.stride, self.missing, self.downsample = stride, wide - c_in, None
        if shortcut == "B" and (stride > 1 or wide != c_in):
            project = torch.nn.Conv2d(c_in, wide, 1, stride, bias=False)
            self.downsample = torch.nn.Sequential(project, torch.nn.BatchNorm2d(wide))
        ### END SOLUTION

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return ReLU(F(x) + s(x))."""
        ### BEGIN SOLUTION
        change = torch.relu(self.bn1(self.conv1(x)))
        change = torch.relu(self.bn2(self.conv2(change)))
        change = self.bn3(self.conv3(change))
        if self.downsample is not None:
            around = self.downsample(x)
        else:
            front = self.missing // 2
            around = torch.nn.functional.pad(
                x[..., :: self.stride, :: self.stride], (0, 0, 0, 0, front, self.missing - front)
            )
        return torch.relu(change + around)
        ### END SOLUTION


# %% Bottleneck-public points=2
# The size of the answer, and the number of parameters
block = rules.from_scratch(Bottleneck, (6, 2, 2), forbid=forbidden, what="`Bottleneck` is your own")
checks.shape(
    block(torch.rand(2, 6, 7, 4)), (2, 8, 4, 2), "Two inputs", case="Bottleneck(6, 2, stride=2)(torch.rand(2, 6, 7, 4))"
)
checks.equal(
    sum(p.numel() for p in block.parameters()),
    152,
    "Parameters",
    case="all parameters of Bottleneck(6, 2, stride=2)",
    hint="convolutions 12 + 36 + 16, norms 4 + 4 + 16, and the shortcut's 48 + 16.",
)

# %% Bottleneck-layout points=2
# Names and shapes of the parameters
from torchvision.models import resnet as theirs

nn = torch.nn
for c_in, c_mid, stride in [(8, 2, 1), (3, 2, 1), (12, 3, 2)]:
    down = None
    if (c_in, stride) != (4 * c_mid, 1):
        down = nn.Sequential(nn.Conv2d(c_in, 4 * c_mid, 1, stride, bias=False), nn.BatchNorm2d(4 * c_mid))
    block = theirs.Bottleneck(c_in, c_mid, stride, down)
    checks.equal(
        {name: tuple(p.shape) for name, p in Bottleneck(c_in, c_mid, stride).named_parameters()},
        {name: tuple(p.shape) for name, p in block.named_parameters()},
        "Names and shapes of the parameters",
        hint="compare with the statement; a bias, a norm or the shortcut is missing or too many.",
    )
checks.equal(len(list(Bottleneck(3, 2, 2, "A").parameters())), 9, "Parameter tensors of a block with shortcut A")

# %% Bottleneck-values points=4
# With given weights, the answers of a block, in both modes
from torchvision.models import resnet as theirs


def scatter(module, g):
    """Give every tensor of ``module`` random values; return them by name."""
    state = {}
    for name, value in module.state_dict().items():
        spread = torch.randn(value.shape, generator=g, dtype=torch.float64)
        if value.ndim > 1:
            spread = spread * (2 / value[0].numel()) ** 0.5
        elif name.endswith(("running_var", "weight")):
            spread = 0.5 + torch.rand(value.shape, generator=g, dtype=torch.float64)
        state[name] = spread.to(value.dtype) if value.is_floating_point() else value
    module.load_state_dict(state)
    return state


nn, g, device = torch.nn, torch.Generator().manual_seed(83352), checks.device()
hint = "the 3×3 has the stride; two ReLUs inside, one after the sum; a norm after each convolution."
cases = [(8, 2, 1, (6, 9)), (5, 2, 2, (7, 10)), (12, 3, 2, (5, 4)), (4, 2, 3, (8, 7)), (9, 1, 1, (3, 5))]
for dtype in (torch.float32, torch.float64):
    for c_in, c_mid, stride, size in cases:
        down = None
        if (c_in, stride) != (4 * c_mid, 1):
            down = nn.Sequential(nn.Conv2d(c_in, 4 * c_mid, 1, stride, bias=False), nn.BatchNorm2d(4 * c_mid))
        own = theirs.Bottleneck(c_in, c_mid, stride, down).to(dtype)
        state = scatter(own, g)
        given = Bottleneck(c_in, c_mid, stride).to(dtype)
        other = Bottleneck(c_in + 1, c_mid + 2, 3 - stride % 3)  # what is made later belongs to another block
        checks.equal(
            sorted(name for name, _ in given.named_parameters()),
            sorted(name for name, _ in own.named_parameters()),
            "The names of the parameters",
        )
        given.load_state_dict(state)
        own, given = own.to(device), given.to(device)
        x = torch.randn(1 if stride == 3 else 3, c_in, *size, generator=g, dtype=dtype).to(device)
        for mode in (False, True):
            own.train(mode)
            given.train(mode)
            wanted = own(x)
            received = checks.unchanged(given, x, what="The input is left as it was")
            checks.close(received, wanted, f"A block in {'training' if mode else 'evaluation'} mode", hint=hint)
        own_statistics = dict(given.named_buffers())
        for name, wanted in own.named_buffers():
            checks.close(
                own_statistics[name],
                wanted,
                "A running statistic after one batch",
                hint="each norm sees each batch once, with torch's own momentum.",
            )

# %% Bottleneck-A points=2
# Shortcut A: every second pixel, and channels of zeros
g, device = torch.Generator().manual_seed(55270), checks.device()
for c_in, c_mid, stride, size in [(2, 1, 2, (5, 8)), (3, 2, 2, (7, 7)), (7, 3, 1, (3, 4)), (8, 2, 2, (6, 5))]:
    block = Bottleneck(c_in, c_mid, stride, "A").to(device)
    with torch.no_grad():
        block.bn3.weight.zero_()
    x = torch.randn(2, c_in, *size, generator=g).to(device)
    wanted = torch.zeros(2, 4 * c_mid, -(-size[0] // stride), -(-size[1] // stride), device=device)
    first = (4 * c_mid - c_in) // 2
    wanted[:, first : first + c_in] = x[:, :, ::stride, ::stride].relu()
    checks.close(
        checks.unchanged(block, x, what="The input is left as it was"),
        wanted,
        "Shortcut A, F(x) = 0",
        hint="the first row and column are taken; zeros go half in front and half behind, the odd one behind.",
    )

# %% Bottleneck-gradients points=2
# Gradients go through the block and around it
from torchvision.models import resnet as theirs

nn, g, device = torch.nn, torch.Generator().manual_seed(6647), checks.device()


class Thinned(nn.Module):
    def forward(self, x):
        return nn.functional.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, 1, 2))


for c_in, stride, shortcut in ((8, 1, "B"), (6, 2, "B"), (5, 2, "A")):
    down = nn.Sequential(nn.Conv2d(6, 8, 1, stride, bias=False), nn.BatchNorm2d(8)) if stride > 1 else None
    own = theirs.Bottleneck(c_in, 2, stride, Thinned() if shortcut == "A" else down)
    given = Bottleneck(c_in, 2, stride, shortcut)
    checks.equal(
        sorted(name for name, _ in given.named_parameters()),
        sorted(name for name, _ in own.named_parameters()),
        "The names of the parameters",
    )
    given.load_state_dict(dict(own.state_dict()))
    own, given = own.to(device), given.to(device)
    x = torch.randn(4, c_in, 6, 8, generator=g).to(device).requires_grad_()
    up = torch.randn(4, 8, 6 // stride, 8 // stride, generator=g).to(device)
    names = sorted(name for name, _ in own.named_parameters())
    mine, yours = dict(own.named_parameters()), dict(given.named_parameters())
    wanted = torch.autograd.grad(own(x), [x, *(mine[n] for n in names)], up)
    received = torch.autograd.grad(given(x), [x, *(yours[n] for n in names)], up, allow_unused=True)
    for got, expected, name in zip(received, wanted, ["the input", *names], strict=True):
        checks.equal(got is None, False, f"{name} gets no gradient", hint="look for .detach(), .data or no_grad().")
        checks.close(got, expected, f"The gradient of {name}", rtol=1e-3, atol=1e-4)

# %% Bottleneck-refuses points=2
# Shortcuts that make no sense
kinds = {
    "a shortcut of another letter": [(8, 2, 1, "C")],
    "a shortcut in lower case": [(8, 2, 2, "b")],
    "an empty shortcut": [(8, 2, 2, "")],
    "a shortcut of two letters": [(8, 2, 2, "AB")],
}
checks.refuses(Bottleneck, kinds, "A shortcut that is neither A nor B")
checks.refuses(Bottleneck, [(9, 2, 2, "A"), (5, 1, 1, "A")], "Shortcut A that loses channels")
checks.shape(Bottleneck(8, 2, 1, "A")(torch.zeros(2, 8, 3, 2)), (2, 8, 3, 2), "Shortcut A that adds no channels")

# %% resnet-statement [markdown]
# Now the five networks of ImageNet, for pictures of 224 × 224 (other sizes work too):
#
# | part | what | output |
# | --- | --- | --- |
# | `conv1`, `bn1` | 7 × 7 convolution, 64 filters, stride 2, padding 3; norm, ReLU | 64 × 112 × 112 |
# | | 3 × 3 max pooling, stride 2, padding 1 | 64 × 56 × 56 |
# | `layer1` | blocks of width 64, stride 1 | 56 × 56 |
# | `layer2` | blocks of width 128; the first has stride 2 | 28 × 28 |
# | `layer3` | blocks of width 256; the first has stride 2 | 14 × 14 |
# | `layer4` | blocks of width 512; the first has stride 2 | 7 × 7 |
# | | mean of each map | |
# | `fc` | dense, with bias, to `num_classes` | |
#
# | `depth` | block | blocks in `layer1` to `layer4` | parameters |
# | --- | --- | --- | --- |
# | 18 | basic | 2, 2, 2, 2 | 11,689,512 |
# | 34 | basic | 3, 4, 6, 3 | 21,797,672 |
# | 50 | bottleneck | 3, 4, 6, 3 | 25,557,032 |
# | 101 | bottleneck | 3, 4, 23, 3 | 44,549,160 |
# | 152 | bottleneck | 3, 8, 36, 3 | 60,192,808 |
#
# *Width* is `c_out` of a basic block, and `c_mid` of a bottleneck. Shortcuts are of kind B, where a block changes the size or the number of channels.
#
# **Names**: those of the table; `layer2.0` is the first block of `layer2`, and inside the blocks the names of tasks 1 and 2. So your network takes a state dict
# of torchvision, and then gives its answers.
#
# **Return** a new `torch.nn.Module` at each call. **Raise `ValueError`** for any other depth.
#
# You may build with your `BasicBlock` and `Bottleneck`; then what is wrong there costs points here too. The tests of this task do not need them.


# %% resnet forbid="networks"
def resnet(depth: int, num_classes: int = 1000) -> torch.nn.Module:
    """Return a new ResNet of ``depth`` layers that maps pictures (N, 3, H, W) to logits (N, num_classes)."""
    ### BEGIN SOLUTION
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
            if stride != 1 or c_in != end:
                self.downsample.append(nn.Conv2d(c_in, end, 1, stride, bias=False)).append(nn.BatchNorm2d(end))

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            h = x
            for number in range(1, self.count + 1):
                h = getattr(self, f"bn{number}")(getattr(self, f"conv{number}")(h))
                h = h + self.downsample(x) if number == self.count else h
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
    ### END SOLUTION


# %% resnet-public points=3
# The size of the answer, and the parameters of ResNet-18
net = rules.from_scratch(resnet, (18,), forbid=forbidden, what="`resnet` is your own")
checks.shape(net(torch.rand(2, 3, 64, 96)), (2, 1000), "Two pictures", case="resnet(18)(torch.rand(2, 3, 64, 96))")
checks.equal(
    sum(p.numel() for p in net.parameters()),
    11_689_512,
    "Parameters",
    case="sum(p.numel() for p in resnet(18).parameters())",
    hint="layer1 to layer4 have 147,968, 525,568, 2,099,712 and 8,393,728; fc has 513,000.",
)

# %% resnet-helpers
from torchvision import models


def scatter(module, g):
    """Give every tensor of ``module`` random values, cut from one long list of them; return them by name."""
    numbers = torch.randn(3_000_000, generator=g)
    state = {}
    for at, (name, value) in enumerate(module.state_dict().items()):
        cut = numbers[997 * at : 997 * at + value.numel()].reshape(value.shape)
        if value.ndim > 1:
            cut = cut / value[0].numel() ** 0.5
        elif name.endswith(("running_var", "weight")):
            cut = 0.5 + cut.abs()
        state[name] = cut.clone() if value.is_floating_point() else value
    module.load_state_dict(state)
    return state


def same_gradients(own, given, x, g):
    """Check the gradient of the pictures ``x`` through ``given``, for outputs weighted at random."""
    x = x.clone().requires_grad_()
    out = own(x)
    up = torch.randn(out.shape, generator=g).to(x.device)
    wanted = torch.autograd.grad(out, x, up)[0]
    received = torch.autograd.grad(given(x), x, up, allow_unused=True)[0]
    hint = "gradients go through the blocks and around them: look for .detach(), .data or no_grad()."
    checks.equal(received is None, False, "The pictures get no gradient", hint=hint)
    largest = float(wanted.abs().max())
    checks.close(received, wanted, "The gradient of the pictures", hint=hint, rtol=1e-2, atol=1e-3 * largest)


def norm_settings(net):
    return [(norm.eps, norm.momentum) for norm in net.modules() if isinstance(norm, torch.nn.BatchNorm2d)]


# %% resnet-counts points=5
# The parameters of all five networks
counts = {18: 11_689_512, 34: 21_797_672, 50: 25_557_032, 101: 44_549_160, 152: 60_192_808}
for depth, count in counts.items():
    net = resnet(depth)
    checks.equal(
        checks.parameter_count(net),
        count,
        f"Parameters of ResNet-{depth}",
        hint="print the parameters of layer1, layer2, …; the first block of a stage has a shortcut with parameters.",
    )
    del net
net = resnet(34, num_classes=7)
checks.equal(checks.parameter_count(net), 21_288_263, "Parameters of ResNet-34 with 7 classes", hint="use num_classes.")

# %% resnet-layout points=2
# The names that torchvision uses
for depth in (34, 50):
    shadow = torch.device("meta")
    with shadow:
        wanted = getattr(models, f"resnet{depth}")(num_classes=5)
    net = resnet(depth, 5)
    names = checks.parameter_names(net)
    checks.equal(
        sorted(names),
        sorted(name for name, _ in wanted.named_parameters()),
        "The names of the parameters",
        hint="compare sorted(resnet(50).state_dict()) with the statement.",
    )
    checks.equal(
        dict(zip(names, checks.parameter_shapes(net), strict=True)),
        {name: tuple(parameter.shape) for name, parameter in wanted.named_parameters()},
        "The shapes of all parameters",
    )
    checks.equal(
        sorted(checks.buffer_names(net)),
        sorted(name for name, _ in wanted.named_buffers()),
        "The names of the running statistics",
    )

# %% resnet-values points=4
# ResNet-18 with given weights
g, device = torch.Generator().manual_seed(71904), checks.device()
own = models.resnet18(num_classes=11)
state = scatter(own, g)
given = resnet(18, 11)
checks.equal(
    sorted(checks.parameter_names(given)),
    sorted(name for name, _ in own.named_parameters()),
    "The names of the parameters",
)
given.load_state_dict(state)
own, given = own.to(device), given.to(device)
x = torch.randn(3, 3, 70, 45, generator=g).to(device)
for mode in (False, True):
    own.train(mode)
    given.train(mode)
    with torch.no_grad():
        wanted = own(x)
        checks.close(
            checks.unchanged(given, x, what="The pictures are left as they were"),
            wanted,
            f"ResNet-18 in {'training' if mode else 'evaluation'} mode",
            hint="is the pooling 3×3 with stride 2 and padding 1? Has the first block of layer2 to layer4 stride 2?",
            rtol=1e-3,
            atol=1e-3,
        )
own, given = own.eval(), given.eval()
same_gradients(own, given, x, g)
checks.equal(
    norm_settings(given),
    [(1e-5, 0.1)] * 20,
    "The settings of the norms",
    hint="a norm is a torch.nn.BatchNorm2d with torch's own settings.",
)
checks.equal(
    resnet(18, 11).fc.weight is given.fc.weight,
    False,
    "A second network has the parameters of the first",
    hint="make everything anew at each call.",
)

# %% resnet-bottlenecks points=3
# ResNet-50 with given weights
g, device = torch.Generator().manual_seed(31166), checks.device()
shadow = torch.device("meta")
with shadow:
    own = models.resnet50(num_classes=3)
own.to_empty(device="cpu")
for buffer in own.buffers():
    buffer.zero_()
state = scatter(own, g)
given = resnet(50, 3)
checks.equal(
    sorted(checks.parameter_names(given)),
    sorted(name for name, _ in own.named_parameters()),
    "The names of the parameters",
)
given.load_state_dict(state)
own, given = own.to(device).eval(), given.to(device).eval()
x = torch.randn(2, 3, 40, 67, generator=g).to(device)
with torch.no_grad():
    wanted = own(x)
    checks.close(
        given(x),
        wanted,
        "ResNet-50 with given weights",
        hint="the stride is on the 3×3, also in the bottlenecks; the last ReLU comes after the sum.",
        rtol=1e-3,
        atol=1e-3,
    )
same_gradients(own, given, x, g)
checks.equal(
    norm_settings(given),
    [(1e-5, 0.1)] * 53,
    "The settings of the norms",
    hint="a norm is a torch.nn.BatchNorm2d with torch's own settings.",
)

# %% resnet-refuses points=1
# Depths that do not exist
checks.refuses(resnet, [(20,), (0,), (35,), (110,)], "A depth that is not 18, 34, 50, 101 or 152")

# %% cifar_resnet-statement [markdown]
# For the small pictures of CIFAR-10 the paper has a family of its own, with 6n + 2 layers: ResNet-20 is n = 3, ResNet-110 is n = 18.
#
# | part | what | output for 32 × 32 |
# | --- | --- | --- |
# | `conv1`, `bn1` | 3 × 3 convolution, 16 filters; norm, ReLU; no pooling | 16 × 32 × 32 |
# | `layer1` | n basic blocks of 16 channels | 16 × 32 × 32 |
# | `layer2` | n basic blocks of 32 channels, the first with stride 2 | 32 × 16 × 16 |
# | `layer3` | n basic blocks of 64 channels, the first with stride 2 | 64 × 8 × 8 |
# | | mean of each map | 64 |
# | `linear` | dense, with bias, to `num_classes` | 10 |
#
# All shortcuts are of kind **A**: no parameters.
#
# | n | 3 | 5 | 7 | 9 | 18 |
# | --- | --- | --- | --- | --- | --- |
# | layers | 20 | 32 | 44 | 56 | 110 |
# | parameters | 269,722 | 464,154 | 658,586 | 853,018 | 1,727,962 |
#
# **Names**: those of the table, and inside the blocks those of task 1. Then real trained weights fit, those of github.com/akamaster/pytorch_resnet_cifar10 (take
# `module.` off the names in the file).
#
# **Return** a new `torch.nn.Module` at each call. You may build with your `BasicBlock`; then what is wrong there costs points here too.


# %% cifar_resnet forbid="networks"
def cifar_resnet(n: int, num_classes: int = 10) -> torch.nn.Module:
    """Return a new ResNet of 6n + 2 layers that maps pictures (N, 3, H, W) to logits (N, num_classes)."""
    ### BEGIN SOLUTION
    nn = torch.nn

    class Unit(nn.Module):
        def __init__(self, c: int, grows: bool) -> None:
            super().__init__()
            self.grows = grows
            self.conv1 = nn.Conv2d(c // 2 if grows else c, c, 3, 2 if grows else 1, 1, bias=False)
            self.bn1, self.bn2 = nn.BatchNorm2d(c), nn.BatchNorm2d(c)
            self.conv2 = nn.Conv2d(c, c, 3, 1, 1, bias=False)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            h = self.bn2(self.conv2(self.bn1(self.conv1(x)).relu()))
            if self.grows:
                zeros = x.new_zeros(len(x), x.shape[1] // 2, *h.shape[2:])
                x = torch.cat((zeros, x[:, :, ::2, ::2], zeros), 1)
            return (h + x).relu()

    parts = {"conv1": nn.Conv2d(3, 16, 3, 1, 1, bias=False), "bn1": nn.BatchNorm2d(16), "relu": nn.ReLU()}
    for stage, c in enumerate((16, 32, 64), 1):
        parts[f"layer{stage}"] = nn.Sequential(*(Unit(c, stage > 1 and i == 0) for i in range(n)))
    parts |= {"pool": nn.AdaptiveAvgPool2d(1), "flat": nn.Flatten(), "linear": nn.Linear(64, num_classes)}
    net = nn.Sequential()
    for name, part in parts.items():
        net.add_module(name, part)
    return net
    ### END SOLUTION


# %% cifar_resnet-public points=2
# The size of the answer, and the parameters of ResNet-20
net = rules.from_scratch(cifar_resnet, (3,), forbid=forbidden, what="`cifar_resnet` is your own")
checks.shape(net(torch.rand(2, 3, 32, 20)), (2, 10), "Two pictures", case="cifar_resnet(3)(torch.rand(2, 3, 32, 20))")
checks.equal(
    sum(p.numel() for p in net.parameters()),
    269_722,
    "Parameters",
    case="sum(p.numel() for p in cifar_resnet(3).parameters())",
    hint="conv1 and bn1 have 464, layer1 to layer3 14,016, 51,648 and 202,944, linear 650; shortcuts have none.",
)

# %% cifar_resnet-helpers
import torch.nn.functional as F


def names_of(n):
    parts = ("conv1", "bn1", "conv2", "bn2")
    blocks = [f"layer{stage}.{i}.{part}" for stage in (1, 2, 3) for i in range(n) for part in parts]
    weights = [f"{name}.weight" for name in ["conv1", "bn1", *blocks, "linear"]]
    return sorted(weights + [f"{name}.bias" for name in ["bn1", "linear", *(b for b in blocks if ".bn" in b)]])


def by_hand(x, w, n, training=False):
    """The network from its state dict, in either mode."""

    def layer(x, conv, bn, stride=1):
        x = F.conv2d(x, w[f"{conv}.weight"], None, stride, 1)
        mean, var = (w[f"{bn}.running_{part}"].clone() for part in ("mean", "var"))
        return F.batch_norm(x, mean, var, w[f"{bn}.weight"], w[f"{bn}.bias"], training)

    x = torch.relu(layer(x, "conv1", "bn1"))
    for stage in (1, 2, 3):
        for i in range(n):
            at, stride = f"layer{stage}.{i}", 2 if stage > 1 and i == 0 else 1
            h = layer(torch.relu(layer(x, f"{at}.conv1", f"{at}.bn1", stride)), f"{at}.conv2", f"{at}.bn2")
            gap = (h.shape[1] - x.shape[1]) // 2
            x = torch.relu(h + F.pad(x[:, :, ::stride, ::stride], (0, 0, 0, 0, gap, gap)))
    return F.linear(x.mean((2, 3)), w["linear.weight"], w["linear.bias"])


# %% cifar_resnet-counts points=3
# The parameters of ResNet-32, 44, 56 and 110
for n, count in [(5, 464_154), (7, 658_586), (9, 853_018), (18, 1_727_962)]:
    checks.equal(
        sum(p.numel() for p in cifar_resnet(n).parameters()),
        count,
        f"Parameters of ResNet-{6 * n + 2}",
        hint="each of the three layers has n blocks, and shortcuts have no parameters.",
    )
checks.equal(
    sum(p.numel() for p in cifar_resnet(1, num_classes=100).parameters()), 81_140, "Parameters with 100 classes"
)

# %% cifar_resnet-layout points=2
# Names and shapes
wanted = {"conv1.weight": (16, 3, 3, 3), "bn1.weight": (16,), "bn1.bias": (16,)}
for stage, c in enumerate((16, 32, 64), 1):
    for i in range(2):
        c_in = c // 2 if stage > 1 and i == 0 else c
        wanted[f"layer{stage}.{i}.conv1.weight"], wanted[f"layer{stage}.{i}.conv2.weight"] = (
            (c, c_in, 3, 3),
            (c, c, 3, 3),
        )
        wanted |= {f"layer{stage}.{i}.bn{k}.{kind}": (c,) for k in (1, 2) for kind in ("weight", "bias")}
wanted |= {"linear.weight": (4, 64), "linear.bias": (4,)}
checks.equal(
    {name: tuple(p.shape) for name, p in cifar_resnet(2, 4).named_parameters()},
    wanted,
    "Names and shapes of the parameters",
    hint="compare with the tables of tasks 1 and 4; kind A has no parameters.",
)

# %% cifar_resnet-values points=5
# With given weights, the answers of the network
g, device = torch.Generator().manual_seed(18844), checks.device()
for n, size, dtype in [(1, (32, 32), torch.float32), (2, (20, 29), torch.float32), (3, (9, 16), torch.float64)]:
    net = cifar_resnet(n, 6).to(dtype)
    checks.equal(sorted(name for name, _ in net.named_parameters()), names_of(n), "The names of the parameters")
    shapes = {name: p.shape for name, p in net.named_parameters()}
    shapes |= {name: b.shape for name, b in net.named_buffers() if b.ndim}
    w = {}
    for name in sorted(shapes):
        w[name] = torch.randn(shapes[name], generator=g, dtype=dtype)
        if len(shapes[name]) > 1:
            w[name] *= (1 / w[name][0].numel()) ** 0.5
        elif name.endswith(("running_var", "weight")):
            w[name] = w[name].abs() + 0.5
    net.load_state_dict(w, strict=False)
    net, w = net.to(device).eval(), {name: value.to(device) for name, value in w.items()}
    x = torch.randn(2, 3, *size, generator=g, dtype=dtype).to(device)
    with torch.no_grad():
        wanted = by_hand(x, w, n)
        checks.close(
            checks.unchanged(net, x, what="The pictures are left as they were"),
            wanted,
            f"ResNet-{6 * n + 2} with given weights",
            hint="no pooling at the start; strides 1, 2, 2; shortcut A puts half of the zeros in front.",
            rtol=1e-3 if dtype == torch.float32 else None,
        )
        wanted = by_hand(x, w, n, True)
        checks.close(
            net.train()(x),
            wanted,
            f"ResNet-{6 * n + 2} in training mode",
            hint="the norms take mean and variance of the batch; nothing else differs, and there is no dropout.",
            rtol=1e-2 if dtype == torch.float32 else 1e-6,
            atol=1e-2 if dtype == torch.float32 else 1e-6,
        )
    norms = [m for m in net.modules() if isinstance(m, torch.nn.BatchNorm2d)]
    checks.equal(
        [(norm.eps, norm.momentum) for norm in norms],
        [(1e-5, 0.1)] * (6 * n + 1),
        "The settings of the norms",
        hint="a norm is a torch.nn.BatchNorm2d with torch's own settings.",
    )
    checks.equal(
        cifar_resnet(n, 6).linear.weight is net.linear.weight,
        False,
        "A second network has the parameters of the first",
        hint="make everything anew at each call.",
    )

# %% cifar_resnet-gradients points=2
# Gradients reach every parameter
g, device = torch.Generator().manual_seed(2209), checks.device()
net = cifar_resnet(2, 5).to(device).eval()
x, y = torch.randn(3, 3, 12, 16, generator=g).to(device), torch.tensor([4, 0, 2], device=device)
names = sorted(name for name, _ in net.named_parameters())
checks.equal(names, names_of(2), "The names of the parameters")
yours = dict(net.named_parameters())
own = {name: yours[name].detach().clone().requires_grad_() for name in names}
state = own | dict(net.named_buffers())
wanted = torch.autograd.grad(F.cross_entropy(by_hand(x, state, 2), y), [own[name] for name in names])
cost = F.cross_entropy(net(x), y)
received = torch.autograd.grad(cost, [yours[name] for name in names], allow_unused=True)
for got, expected in zip(received, wanted, strict=True):
    checks.equal(got is None, False, "A parameter without a gradient", hint="look for .detach(), .data or no_grad().")
    checks.close(got, expected, "The gradient of a parameter", rtol=1e-3, atol=1e-4)

# %% zero_init_residual-statement [markdown]
# A block whose last norm multiplies by γ = 0 and adds β = 0 has F(x) = 0: it passes on its shortcut, whatever its convolutions hold. A deep network of such
# blocks starts as a shallow one, and grows deep as γ learns.
#
# **Take** any network. A *block* in it is a module that has the attributes `conv2` and `bn2`; its *last norm* is `bn3` if it has that too, else `bn2`.
#
# **Set**, in place, the weight (γ) and the bias (β) of the last norm of every block to 0, and change nothing else: the parameters stay the same objects,
# keep their `requires_grad`, and can be trained afterwards, and each module keeps its mode. The network itself may be a block. The class of a block, and what else it has, do not matter.
#
# **Return** the number of blocks.


# %% zero_init_residual
def zero_init_residual(net: torch.nn.Module) -> int:
    """Set γ and β of the last norm of each block of ``net`` to 0 in place; return the number of blocks."""
    ### BEGIN SOLUTION
    blocks = [module for module in net.modules() if hasattr(module, "conv2") and hasattr(module, "bn2")]
    with torch.no_grad():
        for block in blocks:
            last = block.bn3 if hasattr(block, "bn3") else block.bn2
            last.weight.zero_()
            last.bias.zero_()
    return len(blocks)
    ### END SOLUTION


# %% zero_init_residual-public points=2
# A block becomes its shortcut
from torchvision.models import resnet as theirs

net = torch.nn.Sequential(theirs.BasicBlock(3, 3), torch.nn.ReLU(), theirs.Bottleneck(8, 2))
net[0].bn2.bias.data.fill_(0.5)
net = checks.place(net)
checks.equal(
    zero_init_residual(net),
    2,
    "The number of blocks",
    case="zero_init_residual(Sequential(BasicBlock, ReLU, Bottleneck))",
)
x = torch.rand(2, 3, 4, 6)
checks.close(net[0](x), x, "The first block on x ≥ 0", hint="set the bias to 0 too: training may have moved it.")
x = torch.rand(2, 8, 4, 5)
checks.close(net[2](x), x, "The last block on x ≥ 0", hint="the last norm of a bottleneck is bn3.")

# %% zero_init_residual-identity points=3
# Blocks of both kinds, deep inside, with and without a shortcut of their own
from torchvision.models import resnet as theirs

nn, g = torch.nn, torch.Generator().manual_seed(50091)
torch.manual_seed(50091)


def down(c_in, c_out, stride):
    return nn.Sequential(nn.Conv2d(c_in, c_out, 1, stride, bias=False), nn.BatchNorm2d(c_out))


net = nn.Sequential(
    nn.Sequential(nn.Conv2d(3, 4, 3, padding=1), nn.BatchNorm2d(4)),
    nn.Sequential(theirs.BasicBlock(4, 4), nn.Sequential(theirs.BasicBlock(4, 8, 2, down(4, 8, 2)))),
    nn.ModuleDict({"deep": theirs.Bottleneck(8, 2), "wide": theirs.Bottleneck(8, 3, 1, down(8, 12, 1))}),
)
with torch.no_grad():
    for parameter in net.parameters():
        parameter.copy_(0.2 + torch.rand(parameter.shape, generator=g))
own = [net[1][0], net[1][1][0], net[2]["deep"], net[2]["wide"]]
wanted = []
inputs = [torch.randn(3, c, 6, 4, generator=g) for c in (4, 4, 8, 8)]
for block, x in zip(own, inputs, strict=True):
    wanted.append([block.train(mode).downsample(x).relu() if block.downsample else x.relu() for mode in (True, False)])
net = checks.place(net.eval())
checks.equal(zero_init_residual(net), 4, "The number of blocks", hint="net.modules() goes through all depths.")
for block, x, both in zip([net[1][0], net[1][1][0], net[2]["deep"], net[2]["wide"]], inputs, wanted, strict=True):
    block.eval()
    checks.close(
        block(x), both[1], "A block in evaluation mode", hint="F(x) is not 0: look at γ and β of its last norm."
    )
    block.train()
    checks.close(block(x), both[0], "A block in training mode", hint="F(x) is not 0: look at γ and β of its last norm.")
one = checks.place(theirs.BasicBlock(5, 5))
checks.equal(
    zero_init_residual(one), 1, "A network that is itself a block", hint="net.modules() begins with net itself."
)
checks.equal(zero_init_residual(checks.place(nn.Sequential(nn.Conv2d(1, 1, 1)))), 0, "A network without blocks")
ones = {name: nn.BatchNorm2d(2) for name in ("a", "b", "c", "d", "e")}
for norm in ones.values():
    nn.init.ones_(norm.bias)
others = nn.Sequential(
    nn.ModuleDict({"conv2": nn.Conv2d(2, 2, 1), "bn2": ones["a"]}),
    nn.ModuleDict({"conv2": nn.Linear(2, 2), "bn2": ones["b"], "bn3": ones["c"]}),
    nn.ModuleDict({"bn2": ones["d"]}),
    nn.ModuleDict({"conv2": nn.Conv2d(2, 2, 1), "bn3": ones["e"]}),
)
others = checks.place(others)
hint = "a block is whatever has conv2 and bn2, of any class; its last norm is bn3 if there is one."
checks.equal(zero_init_residual(others), 2, "The number of blocks of other classes", hint=hint)
norms = [others[0].bn2, others[1].bn2, others[1].bn3, others[2].bn2, others[3].bn3]
checks.equal(
    [(float(norm.weight.detach()[0]), float(norm.bias.detach()[1])) for norm in norms],
    [(0.0, 0.0), (1.0, 1.0), (0.0, 0.0), (1.0, 1.0), (1.0, 1.0)],
    "γ and β of the norms",
    hint=hint,
)

# %% zero_init_residual-rest points=3
# Nothing else changes, and the zeros can learn
from torchvision.models import resnet as theirs

nn, g = torch.nn, torch.Generator().manual_seed(12245)
net = nn.Sequential(nn.Conv2d(3, 4, 1), nn.BatchNorm2d(4), theirs.BasicBlock(4, 4), theirs.Bottleneck(4, 1))
for value in net.state_dict().values():
    value.copy_(torch.rand(value.shape, generator=g) + 0.5 if value.is_floating_point() else torch.tensor(3))
net[3].bn3.weight.requires_grad_(False)
before = {name: value.clone() for name, value in net.state_dict().items()}
wants = [parameter.requires_grad for parameter in net.parameters()]
zeroed = {"2.bn2.weight", "2.bn2.bias", "3.bn3.weight", "3.bn3.bias"}
net[1].eval()
net[3].bn3.eval()
modes = [module.training for module in net.modules()]
net = checks.place(net)
held = [net[2].bn2.weight, net[3].bn3.bias]
zero_init_residual(net)
checks.equal([module.training for module in net.modules()], modes, "The modes", hint="leave them as they were.")
for name, value in [*net.named_parameters(), *net.named_buffers()]:
    expected = torch.zeros_like(before[name]) if name in zeroed else before[name]
    checks.close(value.detach(), expected, "A tensor of the network", hint="only γ and β of last norms change.")
checks.equal([p.requires_grad for p in net.parameters()], wants, "requires_grad", hint="leave it as it was.")
checks.equal(
    [net[2].bn2.weight is held[0], net[3].bn3.bias is held[1]],
    [True, True],
    "The parameters are the same objects",
    hint="an optimizer holds the old ones: set values in place, under torch.no_grad().",
)
net(torch.randn(4, 3, 5, 6, generator=g)).square().sum().backward()
checks.equal(
    net[2].bn2.weight.grad is not None and bool(net[2].bn2.weight.grad.abs().sum() > 0),
    True,
    "A gradient reaches the zeros",
)

# %% PreActBlock-statement [markdown]
# In the block of task 1 a ReLU stands on the main road, after each sum. Three months later its authors moved norm and ReLU *before* the convolutions:
#
# $$ h = \mathrm{ReLU}(\text{norm}_1(x)), \qquad y = s + \text{conv}_2\big(\mathrm{ReLU}(\text{norm}_2(\text{conv}_1(h)))\big) $$
#
# Nothing follows the sum. `PreActBlock(c_in, c_out, stride=1)` maps (N, c_in, H, W) to (N, c_out, ⌈H/stride⌉, ⌈W/stride⌉); both convolutions are 3 × 3, and the first has the stride.
#
# **The shortcut** $s$ is `x` itself when stride is 1 and `c_in == c_out`. Otherwise it is a 1 × 1 convolution with the stride, of **h**, without a norm.
#
# **Names**: `bn1`, `conv1`, `bn2`, `conv2`, and `shortcut` where it is needed. `x` is left as it was.


# %% PreActBlock forbid="networks"
class PreActBlock(torch.nn.Module):
    """Norm and ReLU before each convolution: (N, c_in, H, W) to (N, c_out, ⌈H/stride⌉, ⌈W/stride⌉)."""

    def __init__(self, c_in: int, c_out: int, stride: int = 1) -> None:
        super().__init__()
        ### BEGIN SOLUTION
        self.bn1 = torch.nn.BatchNorm2d(c_in)
        self.conv1 = torch.nn.Conv2d(c_in, c_out, 3, stride, padding=1, bias=False)
        self.bn2 = torch.nn.BatchNorm2d(c_out)
        self.conv2 = torch.nn.Conv2d(c_out, c_out, 3, padding=1, bias=False)
        changes = stride != 1 or c_in != c_out
        self.shortcut = torch.nn.Conv2d(c_in, c_out, 1, stride, bias=False) if changes else None
        ### END SOLUTION

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the sum of the shortcut and of what the convolutions change."""
        ### BEGIN SOLUTION
        ready = torch.relu(self.bn1(x))
        around = x if self.shortcut is None else self.shortcut(ready)
        return around + self.conv2(torch.relu(self.bn2(self.conv1(ready))))
        ### END SOLUTION


# %% PreActBlock-public points=2
# The size of the answer, the number of parameters, and a block that changes nothing
block = rules.from_scratch(PreActBlock, (4, 6, 2), forbid=forbidden, what="`PreActBlock` is your own")
checks.shape(
    block(torch.rand(2, 4, 8, 5)),
    (2, 6, 4, 3),
    "Two inputs",
    case="PreActBlock(4, 6, stride=2)(torch.rand(2, 4, 8, 5))",
)
checks.equal(
    sum(p.numel() for p in block.parameters()),
    584,
    "Parameters",
    case="all parameters of PreActBlock(4, 6, stride=2)",
    hint="norms 8 + 12, convolutions 216 + 324, and the shortcut's 24.",
)
same = PreActBlock(2, 2)
with torch.no_grad():
    same.conv2.weight.zero_()
x = torch.tensor([[[[1.0, -2.0]], [[-3.0, 4.0]]]])
checks.close(
    same(x.clone()), x, "The last convolution is 0", case="PreActBlock(2, 2)(x)", hint="no ReLU after the sum."
)

# %% PreActBlock-helpers
import torch.nn.functional as F


def pre_activated(x, w, stride, training, moved_statistics=None):
    """The block by hand; puts the running statistics into ``moved_statistics``."""

    def ready(x, name):
        mean, var, weight, bias = (
            w[f"{name}.{part}"].clone() for part in ("running_mean", "running_var", "weight", "bias")
        )
        x = F.batch_norm(x, mean, var, weight, bias, training)
        if moved_statistics is not None:
            moved_statistics.update({f"{name}.running_mean": mean, f"{name}.running_var": var})
        return x.relu()

    h = ready(x, "bn1")
    around = F.conv2d(h, w["shortcut.weight"], None, stride) if "shortcut.weight" in w else x
    h = ready(F.conv2d(h, w["conv1.weight"], None, stride, 1), "bn2")
    return around + F.conv2d(h, w["conv2.weight"], None, 1, 1)


# %% PreActBlock-layout points=2
# Names and shapes of the parameters
for c_in, c_out, stride in [(3, 3, 1), (3, 5, 1), (4, 4, 2)]:
    wanted = {"bn1.weight": (c_in,), "bn1.bias": (c_in,), "bn2.weight": (c_out,), "bn2.bias": (c_out,)}
    wanted |= {"conv1.weight": (c_out, c_in, 3, 3), "conv2.weight": (c_out, c_out, 3, 3)}
    if (c_in, stride) != (c_out, 1):
        wanted["shortcut.weight"] = (c_out, c_in, 1, 1)
    checks.equal(
        {name: tuple(p.shape) for name, p in PreActBlock(c_in, c_out, stride).named_parameters()},
        wanted,
        "Names and shapes of the parameters",
        hint="the first norm has c_in channels; no convolution has a bias; the shortcut is there only where needed.",
    )

# %% PreActBlock-values points=4
# With given weights, the answers of a block, in both modes
g, device = torch.Generator().manual_seed(64413), checks.device()
cases = [(4, 4, 1, (6, 9)), (3, 5, 2, (7, 10)), (4, 6, 1, (5, 4)), (5, 5, 3, (8, 7)), (6, 3, 2, (4, 4))]
for dtype in (torch.float32, torch.float64):
    for c_in, c_out, stride, size in cases:
        shapes = {f"bn1.{part}": (c_in,) for part in ("weight", "bias", "running_mean", "running_var")}
        shapes |= {f"bn2.{part}": (c_out,) for part in ("weight", "bias", "running_mean", "running_var")}
        shapes |= {"conv1.weight": (c_out, c_in, 3, 3), "conv2.weight": (c_out, c_out, 3, 3)}
        if (c_in, stride) != (c_out, 1):
            shapes["shortcut.weight"] = (c_out, c_in, 1, 1)
        w = {name: torch.randn(shape, generator=g, dtype=dtype) for name, shape in shapes.items()}
        w |= {name: value.abs() + 0.5 for name, value in w.items() if name.endswith("running_var")}
        block = PreActBlock(c_in, c_out, stride).to(dtype)
        other = PreActBlock(c_in + 1, c_out + 2, 3 - stride % 3)  # what is made later belongs to another block
        checks.equal(
            sorted(name for name, _ in block.named_parameters()),
            sorted(name for name in w if "running" not in name),
            "The names of the parameters",
        )
        block.load_state_dict(w, strict=False)
        block, w = block.to(device), {name: value.to(device) for name, value in w.items()}
        x = torch.randn(1 if stride == 3 else 3, c_in, *size, generator=g, dtype=dtype).to(device)
        for mode in (False, True):
            block.train(mode)
            moved_statistics = {}
            wanted = pre_activated(x, w, stride, mode, moved_statistics)
            checks.close(
                checks.unchanged(block, x, what="The input is left as it was"),
                wanted,
                f"A block in {'training' if mode else 'evaluation'} mode",
                hint="norm, ReLU, convolution, twice; a shortcut with weights reads h, not x; nothing after the sum.",
                rtol=1e-3 if dtype == torch.float32 else None,
            )
        own_statistics = dict(block.named_buffers())
        for name, wanted in moved_statistics.items():
            checks.close(
                own_statistics[name],
                wanted,
                "A running statistic after one batch",
                hint="each norm sees each batch once, with torch's own momentum.",
                rtol=1e-3 if dtype == torch.float32 else None,
            )

# %% PreActBlock-gradients points=2
# Gradients go through the block and around it
g, device = torch.Generator().manual_seed(7702), checks.device()
for c_out, stride in ((4, 1), (6, 2)):
    block = PreActBlock(4, c_out, stride).to(device).eval()
    yours = dict(block.named_parameters())
    names = {"bn1.weight", "bn1.bias", "conv1.weight", "bn2.weight", "bn2.bias", "conv2.weight"}
    names |= {"shortcut.weight"} if stride > 1 else set()
    checks.equal(sorted(yours), sorted(names), "The names of the parameters")
    own = {name: parameter.detach().clone().requires_grad_() for name, parameter in yours.items()}
    x = torch.randn(3, 4, 6, 8, generator=g).to(device).requires_grad_()
    up = torch.randn(3, c_out, 6 // stride, 8 // stride, generator=g).to(device)
    state = own | dict(block.named_buffers())
    wanted = torch.autograd.grad(pre_activated(x, state, stride, False), [x, *own.values()], up)
    received = torch.autograd.grad(block(x), [x, *yours.values()], up, allow_unused=True)
    for got, expected, name in zip(received, wanted, ["the input", *own], strict=True):
        checks.equal(got is None, False, f"{name} gets no gradient", hint="look for .detach(), .data or no_grad().")
        checks.close(got, expected, f"The gradient of {name}", rtol=1e-3, atol=1e-4)

# %% PreActBlock-road points=2
# A road without obstacles: many blocks that change nothing
g, device = torch.Generator().manual_seed(3380), checks.device()
x = torch.randn(2, 3, 5, 4, generator=g).to(device).requires_grad_()
h, wanted = x, x.detach().clone()
for _ in range(6):
    block = PreActBlock(3, 3).to(device)
    with torch.no_grad():
        block.conv2.weight.zero_()
    h = block(h)
checks.close(h, wanted, "Six blocks whose last convolution is 0", hint="negative numbers must pass too.")
up = torch.randn(2, 3, 5, 4, generator=g).to(device)
checks.close(
    torch.autograd.grad(h, x, up)[0], up, "The gradient at the start of six such blocks", hint="it arrives unchanged."
)

# %% drop_path-statement [markdown]
# A residual network survives without a block. So let some be missing while it learns: in *stochastic depth* the branch F(x) is dropped with probability p, for
# each picture of the batch anew, and a network of 110 layers trains as a shallower one each time. It is dropout for whole branches.
#
# **Take** a branch `x` of shape (N, …) with any number of further axes, in float16, float32 or float64, and p from 0 to 1. When `training` is true, **return** a tensor like `x` in which
# each *picture* `x[i]` is, independently of the others, all 0 with probability p (so the number of zeros differs from call to call), and otherwise `x[i] / (1 − p)`, so that the mean stays what it was. With p = 1 all is 0.
# When `training` is false, return the values of `x`.
#
# Draw anew at each call, with torch's own generator, so that `torch.manual_seed` makes the draws repeatable; set no seed yourself. `x` is left as it was, and the result has its dtype and device.
#
# **Raise `ValueError`** when p is below 0 or above 1, in both modes.
#
# *Not allowed:* torch's and torchvision's ready-made dropouts (`stochastic_depth`, `dropout1d` …).


# %% drop_path forbid="dropout" instead="draw one number for each picture, and compare it with p"
def drop_path(x: torch.Tensor, p: float, training: bool) -> torch.Tensor:
    """Return ``x`` with whole pictures set to 0 with probability ``p``, the others divided by 1 − p."""
    ### BEGIN SOLUTION
    if not 0 <= p <= 1:
        raise ValueError("p is a probability")
    if not training or p == 0:
        return x
    if p == 1:
        return torch.zeros_like(x) * x
    kept = torch.rand(len(x), device=x.device) >= p
    return x * kept.to(x.dtype).reshape(-1, *[1] * (x.ndim - 1)) / (1 - p)
    ### END SOLUTION


# %% drop_path-public points=2
# Certain cases
x = torch.arange(1.0, 9).reshape(4, 1, 1, 2)
received = rules.from_scratch(drop_path, (x, 0.5, True), forbid=forbidden, what="`drop_path` is your own")
checks.shape(received, (4, 1, 1, 2), "The size of the answer", case="drop_path(x, 0.5, True)")
same, zeros = torch.arange(1.0, 9).reshape(4, 1, 1, 2), torch.zeros(4, 1, 1, 2)
checks.close(drop_path(same.clone(), 0.5, False), same, "Not training", case="drop_path(x, 0.5, False)")
checks.close(drop_path(same.clone(), 0.0, True), same, "Nothing is dropped", case="drop_path(x, 0.0, True)")
checks.close(drop_path(same.clone(), 1.0, True), zeros, "Everything is dropped", case="drop_path(x, 1.0, True)")

# %% drop_path-whole points=2
# Whole pictures, kept ones enlarged, in any shape and dtype
g, device = torch.Generator().manual_seed(90210), checks.device()
for shape, dtype, p in [
    ((60, 2, 3, 4), torch.float32, 0.3),
    ((50, 5), torch.float64, 0.5),
    ((64,), torch.float32, 0.7),
    ((40, 3, 2), torch.float64, 0.25),
    ((50, 3), torch.float16, 0.4),
]:
    x = (torch.rand(shape, generator=g, dtype=torch.float64) + 0.5).to(device, dtype)
    whole, none = (x / (1 - p)).clone(), torch.zeros_like(x)
    received = checks.unchanged(drop_path, x, p, True, what="The input is left as it was")
    checks.shape(received, shape, "The result")
    kept = received.reshape(shape[0], -1)[:, 0] != 0
    wanted = torch.where(kept.reshape(-1, *[1] * (len(shape) - 1)), whole, none)
    checks.close(
        received,
        wanted,
        "Each picture is dropped whole, or kept and divided by 1 − p",
        hint="one random number for each picture; the kept part is 1 − p; float64 stays float64.",
    )
    checks.equal(
        0 < int(kept.sum()) < shape[0], True, "Some pictures are dropped and some kept", hint="each has its own number."
    )

# %% drop_path-share points=2
# How many are dropped, and that each call draws anew
import functools

device = checks.device()
x = torch.ones(4000, 2, 1, 1, device=device)
for p in (0.1, 0.5, 0.8):
    first, second = drop_path(x, p, True), drop_path(x, p, True)
    for received in (first, second):
        share = (received[:, 0, 0, 0] == 0).double().mean().item()
        checks.equal(
            abs(share - p) < 5 * (p * (1 - p) / 4000) ** 0.5,
            True,
            "The share of dropped pictures",
            hint="p is dropped.",
        )
    checks.equal(bool(torch.equal(first, second)), False, "Two calls draw the same", hint="do not set a seed inside.")
few = torch.ones(20, 1, device=device)
calls = torch.stack([(drop_path(few, 0.4, True)[:, 0] == 0).double() for _ in range(120)])
spread = calls.sum(1).var().item() / (20 * 0.4 * 0.6)
neighbours = (calls[:, :-1] == calls[:, 1:]).double().mean().item()
hint = "one random number for each picture, compared with p: not a share of the batch, nor the first ones."
checks.equal(0.4 < spread < 1.8, True, "The number of dropped pictures differs from call to call", hint=hint)
checks.equal(
    bool((calls.mean(0) - 0.4).abs().max() < 0.25), True, "Each place of the batch is dropped as often", hint=hint
)
checks.equal(abs(neighbours - 0.52) < 0.06, True, "Neighbours are dropped independently", hint=hint)
single = torch.ones(1, 3, device=device)
sums = sorted({round(drop_path(single, 0.5, True).sum().item()) for _ in range(40)})
checks.equal(sums, [0, 6], "A batch of one picture, called often", hint="it is dropped or kept like any other.")
start = torch.Generator().manual_seed(90211).get_state()
seed = checks.place(functools.partial(torch.set_rng_state, start))  # of the CPU
draws = []
for _ in range(2):
    seed()
    draws.append(drop_path(torch.ones(20, 1), 0.5, True) == 0)
checks.equal(
    bool(torch.equal(*draws)),
    True,
    "After torch.manual_seed with the same seed, the same pictures are dropped",
    hint="draw with torch's own generator, not with numpy or random.",
)

# %% drop_path-ends points=1
# Probabilities at and beyond the ends
x, zeros, same = (torch.full((6, 2), value, device=checks.device()) for value in (3.0, 0.0, 3.0))
cases = [(1, True, zeros), (0, True, same), (1, False, same), (0.3, False, same), (0, False, same)]
for p, training, wanted in cases:
    found = checks.unchanged(drop_path, x, p, training, what="The input is left as it was")
    checks.close(
        found,
        wanted,
        f"p = {p}, training = {training}",
        hint="0 / 0 is no number; without training nothing is dropped.",
    )
for dtype in (torch.float16, torch.float64):
    mixed = torch.tensor([[-2.0, 0.0], [1.5, 3.0]]).to(checks.device(), dtype)
    nothing = torch.zeros_like(mixed)
    found = drop_path(mixed, 1.0, True)
    hint = "all is 0, in the dtype of x; 0 / 0 is no number."
    checks.close(found, nothing, "p = 1, with zeros in x", hint=hint)
kinds = {
    "a p below 0 in training": [(x, -0.1, True)],
    "a p above 1 in training": [(x, 1.01, True)],
    "a p below 0 without training": [(x, -0.01, False)],
    "a p above 1 without training": [(x, 1.5, False)],
}
checks.refuses(drop_path, kinds, "A p that is no probability", hint="test p before you look at training.")

# %% drop_path-gradients points=1
# Gradients of kept and of dropped pictures
g, device = torch.Generator().manual_seed(4471), checks.device()
x = (torch.rand(50, 3, 2, generator=g) + 0.5).to(device).requires_grad_()
received = drop_path(x, 0.4, True)
checks.shape(received, (50, 3, 2), "The result")
checks.equal(received.requires_grad, True, "The result wants a gradient", hint="look for .detach() or .data.")
kept = (received.detach() != 0).float()
up = torch.randn(50, 3, 2, generator=g).to(device)
share = kept.mean().item()
checks.equal(0.2 < share < 0.95, True, "Some pictures are kept")
checks.close(torch.autograd.grad(received, x, up)[0], up * kept / 0.6, "The gradient")

# %% gradient_norms-statement [markdown]
# How much of the gradient reaches the first layer? Measure it.
#
# **Take** a network and a batch `(x, y)` of pictures and class numbers. Compute the cross-entropy of `net(x)` (its mean over the batch) and its gradient. **Return** a list of tuples
# (name, norm), one for each parameter with two axes or more (weights of convolutions and dense layers; no biases, no norms), in the order of `net.named_parameters()`.
# `norm` is a float: the square root of the sum of squares of the gradient's elements. A parameter that is frozen or that the loss does not depend on has norm 0.0. At least one of them is trainable.
#
# **Leave no trace.** The network runs in the modes that its modules are in. Afterwards they are still in them, the `.grad` of every parameter is what it was before (None, or the same numbers), its
# `requires_grad` too, and no running statistic has changed: neither `running_mean` and `running_var` nor the count `num_batches_tracked`. The batch stays as it is. The function also works when it is called under `torch.no_grad()`, and gradients are switched on or off
# (torch's grad mode) afterwards as they were before.


# %% gradient_norms forbid="networks"
def gradient_norms(net: torch.nn.Module, batch: tuple[torch.Tensor, torch.Tensor]) -> list[tuple[str, float]]:
    """Return (name, norm of the loss's gradient) for each weight of ``net`` with at least two axes."""
    ### BEGIN SOLUTION
    x, y = batch
    before = [(buffer, buffer.clone()) for buffer in net.buffers()]
    weights = [(name, parameter) for name, parameter in net.named_parameters() if parameter.ndim > 1]
    wanted = [parameter for _, parameter in weights if parameter.requires_grad]
    with torch.enable_grad():
        loss = torch.nn.functional.cross_entropy(net(x), y)
    gradients = iter(torch.autograd.grad(loss, wanted, allow_unused=True))
    with torch.no_grad():
        for buffer, value in before:
            buffer.copy_(value)
    found = [(name, next(gradients) if parameter.requires_grad else None) for name, parameter in weights]
    return [(name, 0.0 if gradient is None else gradient.norm().item()) for name, gradient in found]
    ### END SOLUTION


# %% gradient_norms-public points=2
# Two pixels by hand
net = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(2, 2))
torch.nn.init.zeros_(net[1].weight)
torch.nn.init.zeros_(net[1].bias)
x, y = torch.tensor([[[[3.0, 4.0]]]]), torch.tensor([0])
net = checks.place(net)
received = rules.from_scratch(gradient_norms, (net, (x, y)), forbid=forbidden, what="`gradient_norms` is your own")
checks.equal(
    [isinstance(received, list), *(isinstance(pair, tuple) for pair in received)],
    [True, True],
    "A list with one tuple",
    case="the types of gradient_norms(net, (x, y)) and of its entry",
)
checks.equal(
    [(type(name).__name__, type(norm).__name__) for name, norm in received],
    [("str", "float")],
    "One weight",
    case="the types in gradient_norms(net, (x, y))",
    hint="the bias has one axis only.",
)
checks.close(
    torch.tensor([norm for _, norm in received]),
    torch.tensor([12.5**0.5]),
    "The norm of its gradient",
    case="gradient_norms(net, (x, y))[0][1]",
    hint="both probabilities are 1/2, so the gradient is (∓1/2) · (3, 4): ∓(1.5, 2), and the norm √(6.25 + 6.25).",
)

# %% gradient_norms-values points=3
# Convolutions, norms and dense layers, in both modes and in float64
nn, g, device = torch.nn, torch.Generator().manual_seed(20006), checks.device()
torch.manual_seed(20006)
for dtype, mode in [(torch.float32, True), (torch.float32, False), (torch.float64, True)]:
    net = nn.Sequential(
        nn.Sequential(nn.Conv2d(2, 4, (1, 3)), nn.BatchNorm2d(4), nn.ReLU()),
        nn.Sequential(nn.Conv2d(4, 3, 2, bias=False), nn.BatchNorm2d(3), nn.Tanh()),
        nn.Flatten(),
        nn.Linear(27, 5),
    )
    net = net.to(device, dtype).train(mode)
    x, y = torch.randn(6, 2, 4, 6, generator=g, dtype=dtype).to(device), torch.randint(5, (6,), generator=g).to(device)
    own = dict(net.named_parameters())
    names = ["0.0.weight", "1.0.weight", "3.weight"]
    wanted = torch.autograd.grad(nn.functional.cross_entropy(net(x), y), [own[name] for name in names])
    pictures, classes = x.clone(), y.clone()
    received = gradient_norms(checks.place(net), (x, y))
    checks.close(x, pictures, "The pictures of the batch", hint="leave the batch as it is.")
    checks.close(y, classes, "The classes of the batch", hint="leave the batch as it is.")
    checks.equal(x.requires_grad, False, "The pictures want a gradient", hint="leave the batch as it is.")
    checks.equal([str(name) for name, _ in received], names, "The names", hint="parameters with two axes or more.")
    checks.close(
        torch.tensor([norm for _, norm in received]),
        torch.tensor([gradient.norm().item() for gradient in wanted]),
        f"The norms, in {'training' if mode else 'evaluation'} mode",
        hint="the mean over the batch; the network stays in the mode that it is in; squares, sum, root.",
        rtol=1e-3,
    )

# %% gradient_norms-trace points=3
# Gradients, statistics and modes are left as they were
nn, g, device = torch.nn, torch.Generator().manual_seed(75), checks.device()
net = nn.Sequential(nn.Conv2d(1, 3, 2), nn.BatchNorm2d(3), nn.Flatten(), nn.Linear(18, 4), nn.BatchNorm1d(4))
net[4].eval()
net[1].bias.requires_grad_(False)
net = net.to(device)
x, y = torch.randn(5, 1, 3, 4, generator=g).to(device), torch.randint(4, (5,), generator=g).to(device)
held = torch.randn(3, 1, 2, 2, generator=g).to(device)
net = checks.place(net)
net[0].weight.grad = held.clone()
gradient_norms(net, (x, y))
gradient_norms(net, (x, y))
checks.close(net[0].weight.grad, held, "A gradient that was there before", hint="do not add to .grad, do not clear it.")
checks.equal(
    [net[3].weight.grad is None, net[0].bias.grad is None], [True, True], "Gradients that were not there before"
)
checks.equal(int(net[1].num_batches_tracked), 0, "Batches that batch normalisation has counted")
checks.close(
    net[1].running_mean,
    torch.zeros(3, device=device),
    "A running mean",
    hint="keep copies of the buffers, put them back.",
)
checks.close(net[1].running_var, torch.ones(3, device=device), "A running variance", hint="it is a buffer, too.")
for mode in (True, False):
    net.train(mode)
    net[4].train(not mode)
    gradient_norms(net, (x, y))
    modes = [module.training for module in net.modules()]
    checks.equal(modes, [mode] * 5 + [not mode], "The modes", hint="each module keeps its own.")
wants = [p.requires_grad for p in net.parameters()]
checks.equal(wants, [True] * 3 + [False] + [True] * 4, "requires_grad of the parameters")

# %% gradient_norms-odd points=2
# Frozen and unused weights, and a call under no_grad
nn, g, device = torch.nn, torch.Generator().manual_seed(3111), checks.device()
torch.manual_seed(3111)
net = nn.Sequential(nn.Flatten(), nn.Linear(6, 4), nn.ReLU(), nn.Linear(4, 3)).to(device)
net.register_parameter("spare", nn.Parameter(torch.ones(2, 2, 2, device=device)))
net[1].weight.requires_grad_(False)
x, y = torch.randn(5, 1, 2, 3, generator=g).to(device), torch.randint(3, (5,), generator=g).to(device)
last = torch.autograd.grad(nn.functional.cross_entropy(net(x), y), net[3].weight)[0].norm().item()
net = checks.place(net)
with torch.no_grad():
    received = gradient_norms(net, (x, y))
checks.equal([str(name) for name, _ in received], ["spare", "1.weight", "3.weight"], "The names")
checks.close(
    torch.tensor([norm for _, norm in received]),
    torch.tensor([0.0, 0.0, last]),
    "The norms",
    hint="a weight without a gradient has norm 0.0, and stays in the list; torch.enable_grad() switches gradients on.",
    rtol=1e-3,
)
checks.grad_mode_kept(gradient_norms, net, (x, y), what="The grad mode afterwards")

# %% gradient_norms-look-text [markdown]
# Look at your own ResNet-56 before it has learned anything: the gradient of every convolution, from the first to the last. Then the same network without its shortcuts.

# %% gradient_norms-look
torch.manual_seed(0)
net = cifar_resnet(9)
batch = torch.randn(32, 3, 16, 16), torch.randint(10, (32,))
with_shortcuts = gradient_norms(net, batch)
for layer in (net.layer1, net.layer2, net.layer3):
    for block in layer:
        block.forward = lambda x, b=block: b.bn2(b.conv2(b.bn1(b.conv1(x)).relu())).relu()
without = gradient_norms(net, batch)
figure, axis = plt.subplots(figsize=(6, 3))
for label, norms in {"with shortcuts": with_shortcuts, "without": without}.items():
    norms = np.array([norm for name, norm in norms if "conv" in name])
    axis.semilogy(np.arange(1, 1 + len(norms)), norms, label=label)
axis.set_xlabel("convolution")
axis.set_ylabel("norm of the gradient")
_ = axis.legend()
