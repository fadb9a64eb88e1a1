# %% [markdown]
# # VGG
#
# You write VGG: its block, the whole family from one line of configuration, and the accounts that explain it. Then you load weights
# that were made for other names, and turn the network into one that reads pictures of any size.
#
# - You need: Chapter 07. A CPU is enough. Python with torch, torchvision, numpy and matplotlib.
# - It takes: Three to five hours. Your finished notebook runs in well under a minute.
# - Hidden checks try: other sizes, batches, float64, and networks that you have not seen
#
# **Words.** Pictures are tensors `x` of shape (N, C, H, W). A *leaf* is a module without parts of its own. The *mode* of a module is its
# attribute `training`.
#
# **Ready-made networks.** Everything of `torch` may be used. `torchvision.models`, `convlab.trace`, `convlab.networks` and the package
# `d2l` hold what you are asked to write; they are not allowed in answers.

# %% vgg_block-statement [markdown]
# The chapter's block has filters of 3 × 3 only. The paper's configuration C needs a more general one, in which the *last* convolution of a block has a size of its own.
#
# A block has `num_convs` convolutions, *each* followed by ReLU, and then one maximum over 2 × 2 with stride 2. The first convolution goes from `c_in` to `c_out` channels, the others from `c_out` to `c_out`. All have a bias. The filters of the last convolution are
# `last_kernel` × `last_kernel`, those of all others 3 × 3. With one convolution only, it is the last. Every convolution is padded with zeros so that it keeps height and width.
#
# By hand, for `vgg_block(2, 3, 8)` and a picture of 3 × 9 × 6: 8 × 9 × 6 after both convolutions, 8 × 4 × 3 after the pooling, which drops the
# ninth row. Parameters: (9 · 3 + 1) · 8 + (9 · 8 + 1) · 8 = 224 + 584 = 808. For `vgg_block(2, 3, 8, last_kernel=1)` the shapes are the same, and the parameters are
# (9 · 3 + 1) · 8 + (8 + 1) · 8 = 224 + 72 = 296.
#
# **Return** a new `torch.nn.Module` at each call. **Layout:** `parameters()` gives weight and bias of the first convolution, then of the second, and so on,
# shaped as `torch.nn.Conv2d` shapes them. Names are free.
#
# **Raise `ValueError`** when one of the four numbers is below 1, or when `last_kernel` is even: equal padding on all sides then cannot keep the size.

# %% vgg_block forbid="torchvision.models* d2l* convlab.trace* convlab.networks*"
def vgg_block(num_convs: int, c_in: int, c_out: int, last_kernel: int = 3) -> torch.nn.Module:
    """Return a new block that maps (N, c_in, H, W) to (N, c_out, ⌊H/2⌋, ⌊W/2⌋)."""
    ### BEGIN SOLUTION
    if min(num_convs, c_in, c_out, last_kernel) < 1:
        raise ValueError("a block has at least one convolution, one channel and one weight in a filter")
    if last_kernel % 2 == 0:
        raise ValueError("equal padding cannot keep the size with an even kernel")
    parts: list[torch.nn.Module] = []
    for i in range(num_convs):
        kernel = last_kernel if i == num_convs - 1 else 3
        conv = torch.nn.Conv2d(c_out if i else c_in, c_out, kernel, padding=kernel // 2)
        parts += [conv, torch.nn.ReLU()]
    return torch.nn.Sequential(*parts, torch.nn.MaxPool2d(2, 2))
    ### END SOLUTION


# %% vgg_block-public points=2
# The block above
net = rules.from_scratch(vgg_block, (2, 3, 8), forbid=forbidden, what="`vgg_block` is your own")
checks.shape(
    net(torch.rand(2, 3, 9, 6)), (2, 8, 4, 3), "Two pictures", case="vgg_block(2, 3, 8)(torch.rand(2, 3, 9, 6))"
)
checks.equal(
    sum(parameter.numel() for parameter in net.parameters()),
    808,
    "Parameters",
    case="sum(p.numel() for p in vgg_block(2, 3, 8).parameters())",
    hint="the second convolution reads the 8 channels of the first.",
)
checks.equal(
    sum(parameter.numel() for parameter in vgg_block(2, 3, 8, last_kernel=1).parameters()),
    296,
    "Parameters",
    case="sum(p.numel() for p in vgg_block(2, 3, 8, last_kernel=1).parameters())",
    hint="only the last convolution has filters of last_kernel × last_kernel.",
)

# %% vgg_block-layout points=2
# The parameters in their order, and a new block at each call
for num_convs, c_in, c_out, last in ((1, 2, 5, 3), (3, 4, 6, 1), (4, 5, 2, 5), (1, 3, 4, 7)):
    net, other = vgg_block(num_convs, c_in, c_out, last), vgg_block(num_convs, c_in, c_out, last)
    wanted = []
    for i in range(num_convs):
        side = last if i == num_convs - 1 else 3
        wanted += [(c_out, c_out if i else c_in, side, side), (c_out,)]
    checks.equal(
        [tuple(parameter.shape) for parameter in net.parameters()],
        wanted,
        "The shapes of the parameters, in their order",
        hint="num_convs counts convolutions; only the first one reads c_in channels, and only the last one has last_kernel.",
    )
    checks.equal(
        any(a is b for a, b in zip(net.parameters(), other.parameters(), strict=True)),
        False,
        "Two blocks share parameters",
        hint="the layers are made outside of the function, once for all calls.",
    )

# %% vgg_block-values points=4
# With given weights, on batches that are not square
import torch.nn.functional as F

g, device = torch.Generator().manual_seed(51107), checks.device()
for num_convs, c_in, c_out, last, shape in (
    (1, 3, 4, 5, (2, 3, 8, 6)),
    (3, 2, 5, 1, (3, 2, 7, 10)),
    (2, 4, 3, 3, (1, 4, 5, 9)),
):
    net = vgg_block(num_convs, c_in, c_out, last).to(device)
    wanted = []
    for i in range(num_convs):
        side = last if i == num_convs - 1 else 3
        wanted += [(c_out, c_out if i else c_in, side, side), (c_out,)]
    checks.equal([tuple(parameter.shape) for parameter in net.parameters()], wanted, "The shapes of the parameters")
    given = [torch.randn(size, generator=g).to(device) for size in wanted]
    with torch.no_grad():
        for parameter, value in zip(net.parameters(), given, strict=True):
            parameter.copy_(value)
    x = torch.randn(shape, generator=g).to(device)
    expected = x
    for weight, bias in zip(given[::2], given[1::2], strict=True):
        expected = F.conv2d(expected, weight, bias, padding=weight.shape[2] // 2).clamp(min=0)
    checks.close(
        checks.unchanged(net, x, what="The pictures are left as they were"),
        F.max_pool2d(expected, 2),
        "A block with given weights",
        hint="ReLU after each convolution, also before the pooling; a maximum, not a mean; zeros around the picture.",
    )

# %% vgg_block-gradients points=2
# Gradients reach every parameter, also in float64
import torch.nn.functional as F

g, device = torch.Generator().manual_seed(3391), checks.device()
net = vgg_block(2, 3, 4, last_kernel=1).to(device).double()
checks.equal(len(list(net.parameters())), 4, "The number of parameters, as tensors")
own = [parameter.detach().clone().requires_grad_() for parameter in net.parameters()]
x, up = (
    torch.randn(2, 3, 6, 8, generator=g).double().to(device),
    torch.randn(2, 4, 3, 4, generator=g).double().to(device),
)
h = F.relu(F.conv2d(F.relu(F.conv2d(x, own[0], own[1], padding=1)), own[2], own[3]))
wanted = torch.autograd.grad(F.max_pool2d(h, 2), own, up)
received = torch.autograd.grad(net(x), list(net.parameters()), up, allow_unused=True)
for got, expected in zip(received, wanted, strict=True):
    checks.equal(got is None, False, "A parameter without a gradient", hint="look for .detach(), .data or no_grad.")
    checks.close(got, expected, "The gradient of a parameter")

# %% vgg_block-errors points=2
# Numbers that make no sense
kinds = {
    "a number of convolutions below 1": [(0, 3, 8, 3), (-1, 3, 8, 1)],
    "a number of input channels below 1": [(2, 0, 8, 3), (1, -2, 4, 1)],
    "a number of output channels below 1": [(2, 3, 0, 3)],
    "a last kernel below 1": [(2, 3, 8, 0), (2, 3, 8, -1)],
    "a last kernel that is even": [(2, 3, 8, 2), (1, 3, 8, 4)],
}
checks.refuses(vgg_block, kinds, "Numbers that make no sense")

# %% VGG-statement [markdown]
# Now the whole network, from a configuration. It is a list: a number is a convolution of 3 × 3 with padding 1, with that many output channels, and a ReLU;
# `"M"` is a maximum over 2 × 2 with stride 2. VGG-11 is
#
# ```
# [64, "M", 128, "M", 256, 256, "M", 512, 512, "M", 512, 512, "M"]
# ```
#
# After these layers the maps are averaged to 7 × 7 (`torch.nn.AdaptiveAvgPool2d`), flattened, and given to three dense layers: to `hidden`, to `hidden`, to `num_classes`. After each
# of the first two come ReLU and then dropout with p = 0.5. Nothing comes after the last. A new network is in training mode, as torch's own modules are, and `config` stays as it is.
#
# **Layout.** The names are torchvision's, so that its state dicts fit:
#
# - `features` holds the layers of the configuration, numbered from 0. A convolution and its ReLU take a number each, and so does a pooling. VGG-11's first convolutions
#   are `features.0`, `features.3`, `features.6`.
# - `classifier` holds dense, ReLU, dropout, dense, ReLU, dropout, dense, numbered from 0.
#
# So the state dict of `VGG([4, "M", 6])` has the keys `features.0.weight`, `features.0.bias`, `features.3.weight`, `features.3.bias`, and `classifier.0.weight` and so on for 0, 3 and 6.
#
# **Counts.** With the defaults, the configurations of VGG-11, 16 and 19 have 132,863,336, 138,357,544 and 143,667,240 parameters.
#
# **Raise `ValueError`** when an entry is neither `"M"` nor a number of at least 1.


# %% VGG forbid="torchvision.models* d2l* convlab.trace* convlab.networks*"
class VGG(torch.nn.Module):
    """The network of a configuration: (N, in_channels, H, W) to (N, num_classes)."""

    def __init__(
        self, config: list[int | str], num_classes: int = 1000, hidden: int = 4096, in_channels: int = 3
    ) -> None:
        super().__init__()
        ### BEGIN SOLUTION
        nn, parts, depth = torch.nn, [], in_channels
        for entry in config:
            if entry == "M":
                parts.append(nn.MaxPool2d(2, 2))
            elif isinstance(entry, int) and entry >= 1:
                parts.extend((nn.Conv2d(depth, entry, 3, padding=1), nn.ReLU()))
                depth = entry
            else:
                raise ValueError(f"{entry!r} is neither 'M' nor a number of channels")
        self.features = nn.Sequential(*parts)
        self.classifier = nn.Sequential(
            *(nn.Linear(7 * 7 * depth, hidden), nn.ReLU(), nn.Dropout(0.5)),
            *(nn.Linear(hidden, hidden), nn.ReLU(), nn.Dropout(0.5), nn.Linear(hidden, num_classes)),
        )
        ### END SOLUTION

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the logits of the pictures ``x``."""
        ### BEGIN SOLUTION
        maps = torch.nn.functional.adaptive_avg_pool2d(self.features(x), (7, 7))
        return self.classifier(maps.flatten(1))
        ### END SOLUTION


# %% VGG-public points=3
# A small member of the family
net = rules.from_scratch(VGG, ([4, "M", 6], 10, 5), forbid=forbidden, what="`VGG` is your own")
checks.shape(
    net(torch.rand(2, 3, 20, 14)), (2, 10), "Two pictures", case='VGG([4, "M", 6], 10, 5)(torch.rand(2, 3, 20, 14))'
)
layers = ["features.0", "features.3", "classifier.0", "classifier.3", "classifier.6"]
checks.equal(
    sorted(net.state_dict()),
    sorted(f"{layer}.{kind}" for layer in layers for kind in ("weight", "bias")),
    "The keys of the state dict",
    case='sorted(VGG([4, "M", 6], 10, 5).state_dict())',
    hint="each convolution, ReLU, pooling and dropout takes a number of its own.",
)


# %% VGG-layout points=4
# Keys and shapes of the whole family
def layout_of(config, classes, hidden, c):
    shapes, number = {}, 0
    for entry in config:
        if entry == "M":
            number += 1
            continue
        shapes |= {f"features.{number}.weight": (entry, c, 3, 3), f"features.{number}.bias": (entry,)}
        c, number = entry, number + 2
    sizes = {"0": (hidden, 49 * c), "3": (hidden, hidden), "6": (classes, hidden)}
    for place, size in sizes.items():
        shapes |= {f"classifier.{place}.weight": size, f"classifier.{place}.bias": size[:1]}
    return shapes


for repeats, hidden, c in (((1, 1, 2, 2, 2), 6, 3), ((2, 2, 3, 3, 3), 4, 1), ((2, 2, 4, 4, 4), 3, 2)):
    config = [entry for n, width in zip(repeats, (2, 3, 4, 6, 5), strict=True) for entry in [width] * n + ["M"]]
    given, expected = list(config), layout_of(config, 7, hidden, c)
    net = VGG(given, num_classes=7, hidden=hidden, in_channels=c)
    checks.equal(
        {name: tuple(tensor.shape) for name, tensor in net.state_dict().items()},
        expected,
        "Keys and shapes of the state dict",
        hint="compare the keys with torchvision's, which the statement describes.",
    )
    checks.equal(given, config, "The configuration afterwards", hint="read the list, and change nothing in it.")
    modes = {module.training for module in net.modules()}
    checks.equal(modes == {True}, True, "A new network is in training mode", hint="leave .eval() to the caller.")

# %% VGG-counts points=3
# The convolutions of VGG-11 at full width, and the default sizes of the dense layers
net = VGG([64, "M", 128, "M", 256, 256, "M", 512, 512, "M", 512, 512, "M"], num_classes=2, hidden=3)
count = sum(parameter.numel() for parameter in net.parameters())
checks.equal(
    count, 9_220_480 + 3 * (49 * 512 + 1) + 3 * 4 + 2 * 4, "Parameters of VGG-11 with 3 hidden units and 2 classes"
)
parameters = dict(VGG([1, "M"]).named_parameters())
checks.shape(parameters["classifier.0.weight"], (4096, 49), "The first dense layer of VGG([1, 'M'])")
checks.shape(parameters["classifier.6.bias"], (1000,), "The last dense layer of VGG([1, 'M'])")

# %% VGG-weights points=6
# With torchvision's state dict, torchvision's outputs
from torchvision import models
from torchvision.models import vgg as torchvision_vgg

nn, device = torch.nn, checks.device()
g, nowhere = torch.Generator().manual_seed(86021), torch.device("meta")
hint = (
    "load_state_dict fits, so the layers are there; look at what forward does with them, and at the pooling to 7 × 7."
)
for config, size in (
    ([4, "M", 6, 6, "M", 5, "M"], (57, 72)),
    ([3, 5, "M", 4, "M", 4, "M", 6, "M", 6, "M"], (224, 224)),
):
    with nowhere:
        theirs = models.VGG(nn.Sequential())
    theirs.features = torchvision_vgg.make_layers(config)
    theirs.classifier = nn.Sequential(
        *(nn.Linear(49 * config[-2], 12), nn.ReLU(True), nn.Dropout()),
        *(nn.Linear(12, 12), nn.ReLU(True), nn.Dropout(), nn.Linear(12, 9)),
    )
    with torch.no_grad():
        for parameter in theirs.parameters():
            parameter.copy_(torch.randn(parameter.shape, generator=g) / max(1, parameter[0].numel()) ** 0.5)
    theirs.to(device).eval()
    ours = VGG(config, num_classes=9, hidden=12).to(device)
    ours.load_state_dict(theirs.state_dict())
    ours.eval()
    x = torch.randn(2, 3, *size, generator=g).to(device)
    expected = theirs(x).detach()
    received = checks.unchanged(ours, x, what="The pictures are left as they were")
    checks.close(received, expected, "VGG with torchvision's weights", hint=hint)

# %% VGG-dropout points=4
# Dropout in training, after the two hidden layers, and none in evaluation
nn, device = torch.nn, checks.device()
torch.manual_seed(660)
net = VGG([1], num_classes=300, hidden=300, in_channels=1).to(device)
parameters = dict(net.named_parameters())
names = [f"classifier.{place}.{kind}" for place in (0, 3, 6) for kind in ("weight", "bias")]
checks.equal(all(name in parameters for name in names), True, "The names of the dense layers")
values = (torch.zeros(300, 49), torch.ones(300), torch.eye(300), torch.zeros(300), torch.eye(300), torch.zeros(300))
with torch.no_grad():
    for name, value in zip(names, values, strict=True):
        checks.shape(parameters[name], value.shape, "A dense layer")
        parameters[name].copy_(value)
x = torch.rand(8, 1, 7, 9, device=device)
net.train()
out = net(x).detach().cpu()
kept = (out > 0).float().mean().item()
checks.equal(
    0.2 < kept < 0.3,
    True,
    "The share of units that two dropouts leave, a quarter",
    hint="dropout with p = 0.5 after the first and after the second hidden layer, and nowhere else.",
)
checks.close(out[out > 0], torch.full((int((out > 0).sum()),), 4.0), "What is left is doubled, twice")
net.eval()
checks.close(net(x).detach(), torch.ones(8, 300, device=device), "No dropout in evaluation mode")
with torch.no_grad():  # the second hidden layer takes means, which the first dropout hardly changes
    parameters["classifier.3.weight"].fill_(1 / 300)
net.train()
checks.equal(
    0.4 < (net(x).detach() > 0).float().mean().item() < 0.6,
    True,
    "The share of units that the second dropout leaves, a half",
    hint="dropout with p = 0.5 after the first and after the second hidden layer, and nowhere else.",
)

# %% VGG-gradients points=4
# Gradients reach every parameter, also in float64
import torch.nn.functional as F

g, device = torch.Generator().manual_seed(15502), checks.device()
net = VGG([3, "M", 4, 4, "M"], num_classes=5, hidden=6).to(device).double().eval()
names = [f"features.{i}" for i in (0, 3, 5)] + [f"classifier.{i}" for i in (0, 3, 6)]
state = net.state_dict()
checks.equal(sorted(state), sorted(f"{n}.{k}" for n in names for k in ("weight", "bias")), "The keys of the state dict")
own = [state[f"{n}.{k}"].detach().clone().requires_grad_() for n in names for k in ("weight", "bias")]
x, up = (torch.randn(size, generator=g).double().to(device) for size in ((2, 3, 30, 28), (2, 5)))
h = F.max_pool2d(F.relu(F.conv2d(x, own[0], own[1], padding=1)), 2)
h = F.relu(F.conv2d(h, own[2], own[3], padding=1))
h = F.max_pool2d(F.relu(F.conv2d(h, own[4], own[5], padding=1)), 2)
h = F.adaptive_avg_pool2d(h, 7).flatten(1)
h = F.linear(F.relu(F.linear(F.relu(F.linear(h, own[6], own[7])), own[8], own[9])), own[10], own[11])
wanted = torch.autograd.grad(h, own, up)
parameters = dict(net.named_parameters())
mine = [parameters[f"{n}.{k}"] for n in names for k in ("weight", "bias")]
received = torch.autograd.grad(net(x), mine, up, allow_unused=True)
for got, expected in zip(received, wanted, strict=True):
    checks.equal(got is None, False, "A parameter without a gradient", hint="look for .detach(), .data or no_grad.")
    checks.close(got, expected, "The gradient of a parameter")

# %% VGG-batch points=2
# Each picture on its own, and other numbers of input channels
import torch.nn.functional as F

g, device = torch.Generator().manual_seed(7270), checks.device()
net = VGG([3, "M", 2], num_classes=4, hidden=5, in_channels=2).to(device).eval()
w = {name: value.detach().clone() for name, value in net.state_dict().items()}
names = [f"{layer}.{kind}" for layer in ("features.0", "features.3") for kind in ("weight", "bias")]
names += [f"classifier.{place}.{kind}" for place in (0, 3, 6) for kind in ("weight", "bias")]
checks.equal(sorted(w), sorted(names), "The keys of the state dict")
x = torch.randn(3, 2, 15, 22, generator=g).to(device)
h = F.max_pool2d(F.relu(F.conv2d(x, w[names[0]], w[names[1]], padding=1)), 2)
h = F.adaptive_avg_pool2d(F.relu(F.conv2d(h, w[names[2]], w[names[3]], padding=1)), 7).flatten(1)
h = F.relu(F.linear(F.relu(F.linear(h, w[names[4]], w[names[5]])), w[names[6]], w[names[7]]))
expected = F.linear(h, w[names[8]], w[names[9]])
checks.close(net(x).detach(), expected, "A batch", hint="flatten all axes but the first.")
alone = torch.cat([net(picture[None]).detach() for picture in x])
checks.close(alone, expected, "The pictures of the batch, one by one", hint="flatten all axes but the first.")

# %% VGG-errors points=2
# Entries that make no sense
kinds = {
    "another letter than M": [(["X"], 4, 3)],
    "a small m": [([4, "m"], 4, 3)],
    "a number of channels below 1": [([0], 4, 3), ([4, "M", -2], 4, 3)],
    "a number that is not whole": [([4.5], 4, 3)],
    "an entry that is neither a number nor a letter": [([None], 4, 3)],
}
checks.refuses(VGG, kinds, "Entries that make no sense")

# %% VGG-look-text [markdown]
# On the device `meta` a network has shapes but no numbers, so that the whole of VGG-19 costs nothing. Do yours have the published counts?

# %% VGG-look
meta = torch.device("meta")
blocks = {"VGG-11": (1, 1, 2, 2, 2), "VGG-16": (2, 2, 3, 3, 3), "VGG-19": (2, 2, 4, 4, 4)}
for name, repeats in blocks.items():
    widths = zip(repeats, (64, 128, 256, 512, 512), strict=True)
    with meta:
        net = VGG([entry for n, width in widths for entry in [width] * n + ["M"]])
    print(f"{name}: {sum(parameter.numel() for parameter in net.parameters()):,} parameters")

# %% stack_vs_single-statement [markdown]
# One layer of k × k, or a stack of layers of 3 × 3 that sees as far? Both go from `c` channels to `c` channels, with biases, stride 1, and padding that keeps the size; in the stack every layer does.
#
# **Return** two tuples of ints, first for the stack, then for the single layer. Each holds
#
# 1. the number of layers,
# 2. the parameters, with biases,
# 3. the multiply–accumulates for *one* place of the map (biases do not count),
# 4. the numbers that all layers put out at one place.
#
# By hand, for one channel and k = 5: two layers of 9 + 1 parameters see 5 × 5. So `stack_vs_single(1, 5)` is `((2, 20, 18, 2), (1, 26, 25, 1))`.
#
# **Raise `ValueError`** when `c` is below 1, or when no stack of 3 × 3 sees exactly k × k: when `k` is even or below 3.


# %% stack_vs_single
def stack_vs_single(c: int, k: int) -> tuple[tuple[int, int, int, int], tuple[int, int, int, int]]:
    """Return (layers, parameters, MACs a place, outputs a place) of a stack of 3 × 3, and of one layer of k × k."""
    ### BEGIN SOLUTION
    if c < 1 or k < 3 or k % 2 == 0:
        raise ValueError("expected at least one channel and an odd kernel of at least 3")

    def account(count: int, side: int) -> tuple[int, int, int, int]:
        weights = count * side * side * c * c
        return count, weights + count * c, weights, count * c

    return account((k - 1) // 2, 3), account(1, k)
    ### END SOLUTION


# %% stack_vs_single-public points=2
# The case above, and 7 × 7
checks.equal(
    stack_vs_single(1, 5),
    ((2, 20, 18, 2), (1, 26, 25, 1)),
    "One channel, 5 × 5",
    case="stack_vs_single(1, 5)",
    hint="first the stack, then the single layer.",
)
checks.equal(
    stack_vs_single(64, 7),
    ((3, 110_784, 110_592, 192), (1, 200_768, 200_704, 64)),
    "64 channels, 7 × 7",
    case="stack_vs_single(64, 7)",
    hint="every filter has a layer of weights for each of the c input channels, and there are c filters.",
)


# %% stack_vs_single-layers points=3
# How many layers it takes, by the gradient of a real stack
def layers_that_see(c, k):
    depth, x = 0, torch.ones(1, 1, 41, dtype=torch.float64, requires_grad=True)
    y, seen = x, 1
    while seen < k:
        depth += 1
        y = torch.nn.functional.conv1d(y, torch.ones(1, 1, 3, dtype=torch.float64), padding=1)
        seen = int((torch.autograd.grad(y[0, 0, 20], x, retain_graph=True)[0] > 0).sum())
    return depth


cases = [(c, k) for c in (1, 3) for k in (3, 5, 7, 9, 11, 15)]
checks.agrees(lambda c, k: stack_vs_single(c, k)[0][0], layers_that_see, cases, "The number of layers of the stack")


# %% stack_vs_single-parameters points=3
# Parameters, counted in real layers
def counted(c, k):
    def stack(depth, side):
        layers = [torch.nn.Conv2d(c, c, side, padding=side // 2) for _ in range(depth)]
        return sum(p.numel() for layer in layers for p in layer.parameters())

    return stack((k - 1) // 2, 3), stack(1, k)


cases = [(c, k) for c in (1, 2, 7, 24) for k in (3, 5, 7, 11)]
checks.agrees(
    lambda c, k: tuple(row[1] for row in stack_vs_single(c, k)),
    counted,
    cases,
    "Parameters",
    hint="each layer has c biases.",
)


# %% stack_vs_single-work points=3
# Multiply–accumulates and outputs of one place, counted in real layers
def counted(c, k):
    rows = []
    for depth, side in (((k - 1) // 2, 3), (1, k)):
        layers = [torch.nn.Conv2d(c, c, side, padding=side // 2) for _ in range(depth)]
        outputs = [layer(torch.zeros(1, c, 1, 1)).numel() for layer in layers]
        products = [n * layer.weight[0].numel() for n, layer in zip(outputs, layers, strict=True)]
        rows.append((sum(products), sum(outputs)))
    return tuple(rows)


cases = [(c, k) for c in (1, 3, 10) for k in (3, 5, 9, 13)]
checks.agrees(
    lambda c, k: tuple((row[2], row[3]) for row in stack_vs_single(c, k)),
    counted,
    cases,
    "Multiply–accumulates and outputs of one place",
    hint="a product for each weight at one place, none for a bias; every layer of the stack has outputs.",
)

# %% stack_vs_single-errors points=1
# Arguments that make no sense
kinds = {
    "a number of channels below 1": [(0, 3), (-1, 5)],
    "an even kernel": [(4, 4), (2, 10)],
    "a kernel of 1": [(4, 1)],
    "a kernel below 1": [(4, 0), (4, -3)],
}
checks.refuses(stack_vs_single, kinds, "Arguments that make no sense")

# %% activation_memory-statement [markdown]
# To go backward, training keeps what the layers put out going forward. How many bytes is that for one picture?
#
# **Take** any network, the shape (C, H, W) of one picture, and a `dtype`. **Run** one such picture through the network, look at the output of every *leaf* each time that it runs, and add up the
# elements of those outputs that occupy **new memory**. **Return** that number of elements times `dtype.itemsize`, an int: the bytes that they would take in `dtype`.
#
# An output occupies new memory unless it shares its memory with the picture or with an output before it. So
#
# - a leaf that runs twice and makes a tensor each time counts twice;
# - a leaf that works in place (`ReLU(inplace=True)`), that returns its input itself (`Identity`, `Dropout` in evaluation mode) or another view of it (`Flatten`) counts nothing;
# - the picture itself does not count.
#
# By hand, for `Sequential(Conv2d(1, 6, 5), ReLU(), Flatten())` and (1, 7, 9): the convolution makes 6 · 3 · 5 = 90 numbers, the ReLU makes 90 more, and `Flatten` only views those of the ReLU. That is 180 numbers: 720 bytes in float32
# (4 bytes each), 360 in float16 (2 each).
#
# `dtype` only sets the bytes for each number. It does not change the network, which runs in the dtype that it has, on a picture of the dtype and device of its parameters (float32 on the CPU when it has none).
#
# **A trap.** Two tensors share memory when `tensor.untyped_storage().data_ptr()`, the address of their memory, is the same. But an address says this only of tensors that live at the same time: when nobody holds an output any more, its memory is freed,
# and the next output may get the same address. So keep every output, in a list for example, until the network has run.
#
# **Leave no trace.** Run the network in evaluation mode and without gradients. Afterwards, also when the network raised an error, no hook of yours is left and the hooks of others still are, each module has the mode that it had, no running statistic and no dtype has changed,
# a parameter wants a gradient if it did before, and torch records gradients if it did before.


# %% activation_memory forbid="torchvision.models* d2l* convlab.trace* convlab.networks*"
def activation_memory(net: torch.nn.Module, in_shape: tuple[int, int, int], dtype: torch.dtype = torch.float32) -> int:
    """Return the bytes of the outputs of all leaves of ``net`` for one picture of ``in_shape`` (C, H, W)."""
    ### BEGIN SOLUTION
    like = next(net.parameters(), torch.empty(0))
    picture = torch.zeros(1, *in_shape, dtype=like.dtype, device=like.device)
    held, numbers = {picture.untyped_storage().data_ptr(): picture}, 0

    def add(module: torch.nn.Module, args: object, output: torch.Tensor) -> None:
        nonlocal numbers
        address = output.untyped_storage().data_ptr()
        if address not in held:
            held[address] = output
            numbers += output.numel()

    modes = {module: module.training for module in net.modules()}
    hooks = [module.register_forward_hook(add) for module in net.modules() if not list(module.children())]
    try:
        net.eval()
        with torch.no_grad():
            net(picture)
    finally:
        for hook in hooks:
            hook.remove()
        for part, mode in modes.items():
            part.training = mode
    return numbers * dtype.itemsize
    ### END SOLUTION


# %% activation_memory-public points=3
# The network above
net = checks.place(torch.nn.Sequential(torch.nn.Conv2d(1, 6, 5), torch.nn.ReLU(), torch.nn.Flatten()))
received = rules.from_scratch(
    activation_memory, (net, (1, 7, 9)), forbid=forbidden, what="`activation_memory` is your own"
)
checks.equal(
    int(received) if isinstance(received, np.integer) else received,
    720,
    "Three layers in float32",
    case="activation_memory(net, (1, 7, 9))",
    hint="two outputs of 6 · 3 · 5 numbers; Flatten makes no new numbers.",
)
half = activation_memory(net, (1, 7, 9), torch.float16)
checks.equal(
    int(half) if isinstance(half, np.integer) else half,
    360,
    "In float16",
    case="activation_memory(net, (1, 7, 9), torch.float16)",
)


# %% activation_memory-helpers
def memory(*args):
    """Return the answer; an int of numpy counts as an int."""
    received = activation_memory(*args)
    return int(received) if isinstance(received, np.integer) else received


# %% activation_memory-chain points=3
# Chains of new outputs, for several dtypes
nn = torch.nn
for kinds, in_shape, numbers in (
    ((nn.Conv2d(3, 4, 3, padding=1), nn.Tanh(), nn.MaxPool2d(2), nn.Conv2d(4, 5, (2, 3))), (3, 9, 12), 864 + 96 + 60),
    ((nn.Conv2d(2, 7, 1), nn.BatchNorm2d(7), nn.ReLU(), nn.AvgPool2d(3, 2)), (2, 8, 5), 3 * 280 + 42),
):
    net = checks.place(nn.Sequential(*kinds))
    for dtype, size in ((torch.float32, 4), (torch.float64, 8), (torch.bfloat16, 2)):
        checks.equal(
            memory(net, in_shape, dtype),
            size * numbers,
            "Bytes of a chain of layers",
            hint="the outputs of all leaves, without the picture, in numbers of the dtype that was asked for.",
        )

# %% activation_memory-shared points=4
# In-place layers, views and layers that give back their input
nn = torch.nn
cases = [
    (nn.Sequential(nn.Conv2d(2, 4, 3), nn.ReLU(inplace=True), nn.Flatten(), nn.Linear(60, 5)), (2, 5, 7), 65),
    (nn.Sequential(nn.Identity(), nn.Dropout(), nn.Conv2d(2, 3, 3), nn.Identity()), (2, 5, 7), 45),
    (nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.ReLU(True), nn.Dropout(), nn.Flatten()), (1, 6, 5), 48),
    (nn.Sequential(nn.ReLU(inplace=True), nn.Flatten()), (3, 4, 5), 0),
]
for net, in_shape, numbers in cases:
    checks.equal(
        memory(checks.place(net), in_shape),
        4 * numbers,
        "Bytes where layers share memory",
        hint="compare the memory of each output with that of the picture and of all outputs before it.",
    )

# %% activation_memory-freed points=3
# Long chains, in which memory is freed and given out again
nn = torch.nn
layers = [nn.Sequential(nn.Conv2d(4, 4, 3, padding=1), nn.Sigmoid()) for _ in range(12)]
net = checks.place(nn.Sequential(*layers))
hint = "an output that nobody holds is freed, and the next one gets its address: keep the outputs in a list or dict."
checks.equal(memory(net, (4, 40, 33)), 4 * 24 * 4 * 40 * 33, "Bytes of a long chain", hint=hint)
relu = nn.Sigmoid()
net = checks.place(nn.Sequential(nn.Conv2d(1, 3, 1), relu, nn.Conv2d(3, 3, 1), relu, nn.Conv2d(3, 3, 1), relu))
checks.equal(memory(net, (1, 50, 21)), 4 * 6 * 3 * 50 * 21, "A leaf that runs three times", hint=hint)

# %% activation_memory-trace points=3
# No trace is left: hooks, modes, statistics, dtype
nn = torch.nn
net = nn.Sequential(
    nn.Sequential(nn.Conv2d(2, 4, 3), nn.BatchNorm2d(4)),
    nn.Sequential(nn.Dropout(), nn.Flatten(), nn.Linear(60, 5), nn.BatchNorm1d(5)),
)
net[0].eval()
net[1][0].eval()
before = [module.training for module in net.modules()]
own = net
net = checks.place(own)
checks.equal(memory(net, (2, 5, 7), torch.float64), 8 * (2 * 60 + 2 * 5), "A network with batch normalisation")
after = [module.training for module in net.modules()]
hint = "some parts were in evaluation mode before; note each part's own mode."
checks.equal(after, before, "The modes afterwards", hint=hint)
left = sum(len(module._forward_hooks) + len(module._forward_pre_hooks) for module in net.modules())
checks.equal(left, 0, "The hooks that are left", hint="register_forward_hook returns a handle; call its remove().")
batches = int(net[0][1].num_batches_tracked) + int(net[1][3].num_batches_tracked)
checks.equal(batches, 0, "Batches seen by batch normalisation", hint="call net.eval() before the network runs.")
checks.equal(
    str(net[0][0].weight.dtype), "torch.float32", "The dtype of the network", hint="do not convert the network."
)
net, recorded = nn.Sequential(nn.Conv2d(1, 2, 2), nn.Conv2d(2, 1, 2)), []


def look(module, args, output):
    recorded.append(output.requires_grad)


net[1].requires_grad_(False)
net = checks.place(net)
net[0].register_forward_hook(look)
before = checks.network_state(net)
checks.equal(memory(net, (1, 4, 5)), 4 * (24 + 6), "Two convolutions")
checks.equal(recorded, [False], "Outputs that want a gradient", hint="run the network under torch.no_grad().")
checks.network_kept(net, before)
checks.grad_mode_kept(activation_memory, net, (1, 4, 5), what="Torch records gradients afterwards, if it did before")
checks.raises(
    RuntimeError,
    activation_memory,
    net,
    (2, 4, 5),
    what="A picture that does not fit the network",
    hint="an error of the network must not be hidden.",
)
checks.network_kept(net, before, "after an error", hint="put everything back in a `finally`; watch where it begins.")

# %% activation_memory-dtype points=2
# A network in float64, one without parameters, and parts that do not form a chain
from torchvision.models.resnet import BasicBlock

nn = torch.nn
net = nn.Sequential(nn.Conv2d(3, 2, (1, 3), stride=2), nn.Tanh()).double().to(checks.device())
hint = "make the picture with the dtype and device of a parameter of the network."
checks.equal(memory(checks.place(net), (3, 6, 8)), 4 * 2 * 18, "A network in float64", hint=hint)
net = nn.Sequential(nn.MaxPool2d(3, 2), nn.Tanh())
checks.equal(memory(checks.place(net), (1, 8, 6)), 4 * 2 * 6, "A network without parameters")
net, told = nn.Sequential(nn.Flatten(), nn.Linear(6, 4), nn.BatchNorm1d(4)).to("meta"), ""
try:
    activation_memory(checks.place(net), (1, 2, 3))
except Exception as error:  # a tensor on `meta` has no numbers; only a tensor left elsewhere is a mistake here
    told = str(error)
checks.equal(
    "expected device" in told or "same device" in told,
    False,
    "Something stays on the CPU when the network is on another device",
    hint=hint,
)
down = nn.Sequential(nn.Conv2d(3, 4, 1, stride=2), nn.BatchNorm2d(4))
net = checks.place(BasicBlock(3, 4, stride=2, downsample=down))
checks.equal(
    memory(net, (3, 7, 9)),
    4 * 6 * 80,
    "A network that is no chain of its parts",
    hint="let the network run itself, and only watch.",
)

# %% activation_memory-look-text [markdown]
# What a small VGG has to keep grows with the picture, and what it learns does not.

# %% activation_memory-look
net = VGG([16, 16, "M", 32, 32, "M", 64, 64, "M"], num_classes=10, hidden=64)
sides = np.arange(32, 225, 32)
figure, axis = plt.subplots(figsize=(6, 3))
axis.plot(
    sides, [activation_memory(net, (3, side, side)) / 1e6 for side in sides.tolist()], marker="o", label="activations"
)
axis.axhline(sum(4 * parameter.numel() for parameter in net.parameters()) / 1e6, linestyle="--", label="parameters")
axis.set_xlabel("height and width of the picture")
axis.set_ylabel("MB")
_ = axis.legend()

# %% load_by_order-statement [markdown]
# Two people build the same network and name its parts differently. torchvision says `features.0.weight`, a network of blocks says `0.0.weight`. The tensors are the same, and both list them in the same order.
#
# **Write** a function that copies weights by order: the first tensor of `state_dict` goes into the first entry of `net.state_dict()`, the second into the second. Buffers (the running statistics of batch
# normalisation) are entries as well.
#
# **Return** a dict from each name in `state_dict` to the name in `net` that it went to.
#
# **Raise `ValueError`** when the two have different numbers of entries, or when two entries that would meet have different shapes. Then *nothing* may have been copied: `net` is as it was.
#
# The tensors of `net` stay the ones that they are, in their dtype and on their device; an optimizer may hold them. Only their values change: not the modes of the modules, nor whether a parameter wants a gradient. `state_dict` is left as it was, shares no memory with the network,
# and torch records gradients afterwards if it did before.


# %% load_by_order forbid="torchvision.models* d2l* convlab.trace* convlab.networks*"
def load_by_order(net: torch.nn.Module, state_dict: dict[str, torch.Tensor]) -> dict[str, str]:
    """Copy the tensors of ``state_dict`` into ``net`` by order; return where each went."""
    ### BEGIN SOLUTION
    own = net.state_dict()
    if len(own) != len(state_dict):
        raise ValueError(f"{len(state_dict)} tensors for {len(own)} places")
    pairs = list(zip(state_dict.items(), own.items(), strict=True))
    for (source, given), (place, target) in pairs:
        if given.shape != target.shape:
            raise ValueError(f"{source} does not fit into {place}")
    with torch.no_grad():
        for (_, given), (_, target) in pairs:
            target.copy_(given)
    return {source: place for (source, _), (place, _) in pairs}
    ### END SOLUTION


# %% load_by_order-public points=3
# A convolution and a dense layer under other names
net = checks.place(torch.nn.Sequential(torch.nn.Conv2d(1, 2, 1), torch.nn.Flatten(), torch.nn.Linear(4, 1)))
given = {
    "stem.weight": torch.tensor([[[[2.0]]], [[[3.0]]]]),
    "stem.bias": torch.tensor([0.5, -0.5]),
    "head.weight": torch.tensor([[1.0, 2.0, 3.0, 4.0]]),
    "head.bias": torch.tensor([7.0]),
}
received = rules.from_scratch(load_by_order, (net, given), forbid=forbidden, what="`load_by_order` is your own")
checks.equal(
    received,
    {"stem.weight": "0.weight", "stem.bias": "0.bias", "head.weight": "2.weight", "head.bias": "2.bias"},
    "Where each tensor went",
    case="load_by_order(net, given)",
)
checks.close(net[2].weight.detach(), torch.tensor([[1.0, 2.0, 3.0, 4.0]]), "The dense weights", case="net[2].weight")
checks.raises(
    ValueError,
    load_by_order,
    net,
    {"stem.weight": torch.zeros(2, 1, 1, 1)},
    what="Too few tensors",
    case='load_by_order(net, {"stem.weight": torch.zeros(2, 1, 1, 1)})',
)

# %% load_by_order-vgg points=3
# torchvision's weights in a network of blocks
from torchvision.models import vgg as torchvision_vgg

nn, device = torch.nn, checks.device()
torch.manual_seed(4173)
theirs = torchvision_vgg.make_layers([3, 4, "M", 5, "M"], batch_norm=True).to(device).train()
for _ in range(3):
    theirs(torch.randn(4, 3, 8, 8, device=device))
theirs.eval()


def part(a, b):
    return nn.Sequential(nn.Conv2d(a, b, 3, padding=1), nn.BatchNorm2d(b)), nn.ReLU()


blocks = nn.Sequential(
    nn.Sequential(*part(3, 3), *part(3, 4), nn.MaxPool2d(2)), nn.Sequential(*part(4, 5), nn.MaxPool2d(2))
)
x = torch.randn(2, 3, 12, 20, device=device)
expected, given = theirs(x).detach(), {name: value.clone() for name, value in theirs.state_dict().items()}
names = dict(zip(given, blocks.state_dict(), strict=True))
ours = checks.place(blocks.to(device).eval())
checks.equal(load_by_order(ours, given), names, "Where each tensor went")
checks.close(
    ours(x).detach(),
    expected,
    "The outputs with torchvision's weights",
    hint="copy the running statistics too: go through state_dict(), not parameters().",
)

# %% load_by_order-nothing points=4
# When something does not fit, nothing is copied
nn = torch.nn
for kind, change in {
    "one tensor too few": lambda d: d.popitem(),
    "one tensor too many": lambda d: d.update({"more": torch.zeros(1)}),
    "a bias of another length": lambda d: d.update({"c.bias": torch.zeros(3)}),
    "a weight of another shape with as many numbers": lambda d: d.update({"c.weight": torch.zeros(6, 2)}),
    "a bias with another number of axes": lambda d: d.update({"c.bias": torch.zeros(2, 1)}),
    "a bias that broadcasts to the shape": lambda d: d.update({"b.bias": torch.zeros(1)}),
}.items():
    torch.manual_seed(21)
    net = nn.Sequential(nn.Conv2d(2, 4, (1, 3)), nn.Conv2d(4, 3, 1), nn.Linear(6, 2))
    before = [parameter.detach().clone() for parameter in net.parameters()]
    given = {
        f"{name}.{kind}": torch.full(getattr(layer, kind).shape, 5.0)
        for name, layer in zip("abc", net, strict=True)
        for kind in ("weight", "bias")
    }
    change(given)
    placed = checks.place(net)
    what = "Tensors that do not fit"
    checks.refuses(load_by_order, {kind: [(placed, given)]}, what, hint="compare counts and shapes first.")
    for parameter, old in zip(placed.parameters(), before, strict=True):
        checks.close(
            parameter.detach(), old, "A network after a refusal", hint="test all shapes before the first copy."
        )

# %% load_by_order-same points=2
# The network keeps its own tensors, and the given ones stay as they were
nn = torch.nn
net, optimizer = checks.place(*(lambda n: (n, torch.optim.SGD(n.parameters(), lr=1.0)))(nn.Linear(3, 2)))
before = list(net.parameters())
given = {"w": torch.ones(2, 3), "b": torch.tensor([1.0, 2.0])}
load_by_order(net, given)
hint = "copy values into the tensors that are there (copy_, load_state_dict); do not make new parameters."
checks.equal(
    [a is b for a, b in zip(net.parameters(), before, strict=True)], [True, True], "The same tensors", hint=hint
)
net(torch.ones(1, 3)).sum().backward()
optimizer.step()
checks.close(net.bias.detach(), torch.tensor([0.0, 1.0]), "A step of an optimizer that was there before", hint=hint)
checks.close(net.weight.detach(), torch.zeros(2, 3), "A step of an optimizer that was there before", hint=hint)
checks.close(given["w"], torch.ones(2, 3), "The given tensors", hint="state_dict is left as it was.")
checks.equal(list(given), ["w", "b"], "The given names", hint="state_dict is left as it was.")
net = nn.Sequential(nn.Linear(3, 2), nn.Linear(2, 2))
net[0].weight.requires_grad_(False)
net[1].eval()
net = checks.place(net)
sizes = {"a": (2, 3), "b": (2,), "c": (2, 2), "d": (2,)}
checks.grad_mode_kept(
    load_by_order,
    net,
    {name: torch.ones(size) for name, size in sizes.items()},
    what="Torch records gradients afterwards, if it did before",
)
checks.equal([module.training for module in net.modules()], [True, True, False], "The modes afterwards")
checks.equal(
    [parameter.requires_grad for parameter in net.parameters()],
    [False, True, True, True],
    "Whether a parameter wants a gradient, afterwards",
    hint="only the values of the tensors change.",
)

# %% load_by_order-dtype points=2
# Weights that were kept in another dtype
nn, device = torch.nn, checks.device()
g = torch.Generator().manual_seed(60661)
for kept, used in ((torch.float16, torch.float32), (torch.float64, torch.float32), (torch.float32, torch.float64)):
    net = checks.place(nn.Sequential(nn.Conv2d(2, 3, 1), nn.BatchNorm2d(3)).to(device, used))
    sizes = {"0.weight": (3, 2, 1, 1), "0.bias": (3,), "1.weight": (3,), "1.bias": (3,), "1.running_mean": (3,)}
    given = {f"x{n}": torch.rand(size, generator=g).to(kept) for n, size in enumerate(sizes.values())}
    given |= {"variance": 1 + torch.rand(3, generator=g).to(kept), "seen": torch.tensor(9)}
    wanted = [given[f"x{n}"].clone().to(device, used) for n in range(len(sizes))]
    load_by_order(net, given)
    state = net.state_dict()
    for name, value in zip(sizes, wanted, strict=True):
        checks.close(
            state[name].detach(),
            value,
            "A copied tensor",
            hint="the network keeps its dtype.",
        )
    checks.equal(int(state["1.num_batches_tracked"]), 9, "The number of batches seen", hint="buffers are entries, too.")

# %% fully_convolutional-statement [markdown]
# VGG's dense layers accept maps of one size. Written as convolutions, they accept any size from there up, and answer with a map.
#
# **Take**
#
# - `features`, a module that turns pictures (N, C, H, W) into maps;
# - `classifier`, a `Sequential` of `Linear` layers, with layers between them that have no parameters and work on each number alone (ReLU, dropout, …). Its first `Linear` reads the flattened maps of a picture of the usual size;
# - `in_shape`, that usual size: a tuple (C, H, W).
#
# **Write** each `Linear` as a convolution with the same weights. Let the maps of a picture of `in_shape` be K × h × w. The first `Linear(K · h · w, m)` becomes a convolution from K to m channels with a kernel of h × w, without padding and with stride 1; every later `Linear(m, n)` one of
# 1 × 1. A convolution has a bias exactly where its `Linear` has one. By hand: maps of 2 × 3 × 3 and `Linear(18, 4)` become a convolution from 2 to 4 channels with a kernel of 3 × 3, and a `Linear(4, 5)` after it becomes one of 1 × 1.
#
# **Return** a new `torch.nn.Module`: `features`, then these convolutions with the layers that stood between.
#
# - For a picture of `in_shape` it gives the answer of `classifier(features(x).flatten(1))`, in the shape (N, classes, 1, 1).
# - For a larger picture, whose maps have h + a rows and w + b columns, it gives (N, classes, a + 1, b + 1). Place (i, j) holds the answer of `classifier` for the window of h × w of the maps (not of the picture) whose top left corner is in row i and column j.
#
# The new network is in evaluation mode, with the dtype and device of the given modules. Its parameters are its own, all of them can be trained (where the given ones can), and training them leaves the given modules alone. Making it changes nothing in the given modules either:
# neither weights nor modes, neither running statistics nor which parameters want a gradient; and torch records gradients afterwards if it did before.
#
# **Raise `ValueError`** when the first `Linear` does not read K · h · w numbers.


# %% fully_convolutional forbid="torchvision.models* d2l* convlab.trace* convlab.networks*"
def fully_convolutional(
    features: torch.nn.Module, classifier: torch.nn.Sequential, in_shape: tuple[int, int, int]
) -> torch.nn.Module:
    """Return a network of convolutions that answers as ``classifier`` does, at every place of larger pictures."""
    ### BEGIN SOLUTION
    import copy

    nn = torch.nn
    trunk = copy.deepcopy(features).eval()
    like = next(classifier.parameters())
    with torch.no_grad():
        maps = trunk(torch.zeros(1, *in_shape, dtype=like.dtype, device=like.device))
    window = tuple(maps.shape[1:])
    head: list[nn.Module] = []
    for layer in classifier:
        if not isinstance(layer, nn.Linear):
            head.append(copy.deepcopy(layer))
            continue
        if layer.in_features != window[0] * window[1] * window[2]:
            raise ValueError(f"{layer} does not read maps of {window}")
        conv = nn.Conv2d(window[0], layer.out_features, window[1:], bias=layer.bias is not None)
        conv.to(layer.weight.device, layer.weight.dtype)
        with torch.no_grad():
            conv.weight.copy_(layer.weight.reshape(conv.weight.shape))
            if conv.bias is not None:
                conv.bias.copy_(layer.bias)
        head.append(conv)
        window = (layer.out_features, 1, 1)
    return nn.Sequential(trunk, *head).eval()
    ### END SOLUTION


# %% fully_convolutional-public points=3
# One window by hand, and a map on a larger picture
features, classifier = torch.nn.ReLU(), torch.nn.Sequential(torch.nn.Linear(4, 1))
with torch.no_grad():
    classifier[0].weight.copy_(torch.tensor([[1.0, 10.0, 100.0, 1000.0]]))
    classifier[0].bias.fill_(0.5)
features, classifier = checks.place(features, classifier)
net = rules.from_scratch(
    fully_convolutional,
    (features, classifier, (1, 2, 2)),
    forbid=forbidden,
    what="`fully_convolutional` is your own",
)
x = torch.tensor([[[[1.0, 2.0, 5.0], [3.0, 4.0, 6.0]]]])
checks.close(
    net(x[..., :2]).detach(), torch.tensor([[[[4321.5]]]]), "A picture of in_shape", case="net(x[..., :2])", rtol=1e-6
)
checks.close(
    net(x).detach(),
    torch.tensor([[[[4321.5, 6452.5]]]]),
    "A picture that is one column wider",
    case="net(x)",
    hint="the filter has the height and the width of the maps, and slides.",
    rtol=1e-6,
)

# %% fully_convolutional-same points=4
# The same answers for pictures of in_shape, also where these are not square
nn, device = torch.nn, checks.device()
for start, in_shape, pool in ((5, (3, 12, 8), 2), (6, (2, 9, 15), 3)):
    torch.manual_seed(start)
    features = nn.Sequential(nn.Conv2d(in_shape[0], 4, 3, padding=1), nn.BatchNorm2d(4), nn.ReLU(), nn.MaxPool2d(pool))
    features.train()(torch.randn(4, *in_shape))
    size = 4 * (in_shape[1] // pool) * (in_shape[2] // pool)
    classifier = nn.Sequential(
        *(nn.Linear(size, 6), nn.ReLU(True), nn.Dropout(), nn.Linear(6, 7, bias=False), nn.Tanh(), nn.Linear(7, 5))
    )
    features.to(device).eval()
    classifier.to(device).eval()
    x = torch.randn(3, *in_shape, device=device)
    expected = classifier(features(x).flatten(1)).detach()[:, :, None, None]
    net = fully_convolutional(*checks.place(features, classifier), in_shape)
    received = checks.unchanged(net, x, what="The pictures are left as they were").detach()
    hint = "flatten puts channels first, then rows, then columns: reshape the weights in that order."
    checks.close(received, expected, "Pictures of in_shape", hint=hint)

# %% fully_convolutional-map points=4
# A map of answers on larger pictures
nn, device = torch.nn, checks.device()
torch.manual_seed(977)
features = nn.Sequential(nn.Conv2d(2, 5, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)).to(device).eval()
classifier = nn.Sequential(nn.Linear(5 * 4 * 3, 8), nn.ReLU(), nn.Dropout(), nn.Linear(8, 4)).to(device).eval()
cases = []
for height, width in ((8, 6), (12, 6), (11, 17), (14, 10)):
    x = torch.randn(2, 2, height, width, device=device)
    maps = features(x)
    rows, columns = maps.shape[2] - 3, maps.shape[3] - 2
    windows = [[classifier(maps[:, :, i : i + 4, j : j + 3].flatten(1)) for j in range(columns)] for i in range(rows)]
    cases.append((x, torch.stack([torch.stack(line, 2) for line in windows], 2).detach()))
net = fully_convolutional(*checks.place(features, classifier), (2, 8, 6))
for x, expected in cases:
    checks.close(
        net(x).detach(),
        expected,
        "Larger pictures",
        hint="no padding and stride 1 in the first dense layer; every later one is a convolution of 1 × 1.",
    )

# %% fully_convolutional-own points=3
# Parameters of its own, and the given modules as they were
nn = torch.nn
torch.manual_seed(31)
features = nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2)).train()
classifier = nn.Sequential(nn.Linear(2 * 3 * 4, 3), nn.Dropout(), nn.Linear(3, 2)).train()
old = [value.detach().clone() for part in (features, classifier) for value in part.state_dict().values()]
features, classifier = checks.place(features, classifier)
net = fully_convolutional(features, classifier, (1, 5, 6))
checks.grad_mode_kept(
    fully_convolutional, features, classifier, (1, 5, 6), what="Torch records gradients afterwards, if it did before"
)
checks.equal(
    [p.requires_grad for part in (features, classifier, net) for p in part.parameters()],
    [True] * 16,
    "Whether a parameter wants a gradient",
    hint="the new parameters are trained, and the given ones stay as they were.",
)
slopes = torch.autograd.grad(net(torch.ones(1, 1, 6, 7)).square().sum(), list(net.parameters()), allow_unused=True)
checks.equal(
    [slope is None for slope in slopes], [False] * 8, "Parameters without a gradient", hint="look for .detach()."
)
checks.equal(
    [tuple(p.shape) for p in net.parameters() if p.ndim == 4],
    [(2, 1, 3, 3), (3, 2, 3, 4), (2, 3, 1, 1)],
    "The shapes of all filters",
)
checks.equal(any(module.training for module in net.modules()), False, "Training mode in the new network")
with torch.no_grad():
    for parameter in net.parameters():
        parameter.fill_(9)
net(torch.ones(1, 1, 5, 6))
for value, before in zip([v for part in (features, classifier) for v in part.state_dict().values()], old, strict=True):
    checks.close(value.detach(), before, "The given modules", hint="copy: copy.deepcopy, and copy_ for the weights.")
modes = [module.training for part in (features, classifier) for module in part.modules()]
checks.equal(modes, [True] * 7, "The modes of the given modules", hint="set only copies to evaluation mode.")

# %% fully_convolutional-dtype points=1
# float64 stays float64
nn, device = torch.nn, checks.device()
torch.manual_seed(505)
features = nn.Conv2d(2, 3, (1, 2), stride=2).to(device).double().eval()
classifier = nn.Sequential(nn.Linear(3 * 3 * 2, 4), nn.Tanh(), nn.Linear(4, 2)).to(device).double().eval()
x = torch.randn(2, 2, 5, 4, dtype=torch.float64, device=device)
expected = classifier(features(x).flatten(1)).detach()[:, :, None, None]
net = fully_convolutional(*checks.place(features, classifier), (2, 5, 4))
checks.close(net(x).detach(), expected, "dtype and precision", hint="a layer is made without dtype and device.")
features, classifier = nn.Sequential(nn.Conv2d(2, 3, 1), nn.BatchNorm2d(3)), nn.Sequential(nn.Linear(18, 2))
given, told = checks.place(features.to("meta"), classifier.to("meta")), ""
try:
    fully_convolutional(*given, (2, 3, 2))
except Exception as error:  # a tensor on `meta` has no numbers; only a tensor left elsewhere is a mistake here
    told = str(error)
checks.equal(
    "expected device" in told or "same device" in told,
    False,
    "Something stays on the CPU when the network is on another device",
    hint="make the picture with the dtype and device of the given modules.",
)

# %% fully_convolutional-errors points=1
# Dense layers that do not fit
nn = torch.nn
classifier = nn.Sequential(nn.ReLU(), nn.Linear(12, 4), nn.Linear(4, 2))
places = [checks.place(nn.Conv2d(1, 3, 1), classifier) for _ in range(2)]
checks.refuses(
    fully_convolutional,
    {"a dense layer that takes fewer numbers than the maps have": [(*places[0], (1, 2, 3)), (*places[1], (1, 3, 3))]},
    "Dense layers that do not fit the maps",
    hint="compare in_features with channels · rows · columns of the maps.",
)
