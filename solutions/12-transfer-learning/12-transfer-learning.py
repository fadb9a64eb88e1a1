# %% [markdown]
# # Transfer learning
#
# You write the tools of transfer learning: a new head, freezing, features that are computed once, learning rates by part, batch
# normalisation that stays as it is, weights that fit in part, and a training function that does it all in three ways.
#
# - You need: Chapter 12, and 05 for the training loop. A CPU is enough. Python with torch, numpy and matplotlib.
# - It takes: Three to five hours. Your finished notebook runs in well under a minute.
# - Hidden checks try: other networks, batches, float64, and arguments that make no sense
#
# **Words.** Pictures are tensors `x` of shape (N, C, H, W). A *network* is any `torch.nn.Module`. Its **head** is the last layer with weights: the last
# `torch.nn.Linear` or `torch.nn.Conv2d`, classes derived from these included, in the order of `net.named_modules()`. Everything else is its **body**. A parameter is *frozen* if its
# `requires_grad` is False. The *mode* of a module is its attribute `training`.
#
# **Ready-made answers.** Everything of `torch` may be used. `convlab.networks` and packages for transfer learning (`timm`, `fastai`, `lightning`) hold what you are
# asked to write; they are not allowed.

# %% replace_head-statement [markdown]
# Other data, other classes: the last layer has to go. Replace the head of `net`, whatever it is called, by a new layer with `num_classes` outputs.
#
# | network | its head |
# | --- | --- |
# | ResNet | `fc`, a dense layer |
# | VGG, AlexNet, MobileNet | the last layer of `classifier`, a dense layer |
# | SqueezeNet | `classifier.1`, a convolution of 1 × 1; ReLU and mean follow it |
#
# The new layer is of the same kind as the old one: as many inputs; for a convolution the same kernel size, stride and padding; with a bias if the old one had one; with the dtype
# and on the device of the old weights. It starts as torch starts it, and its parameters are trainable, also where all others are frozen. Nothing else of the
# network changes: other parameters are the same objects, and each module keeps its mode; the new layer has that of the old one.
#
# **Return** `net` itself. **Raise** `ValueError` if there is no such layer. (A network that is itself one single layer is not tried.)

# %% replace_head forbid="timm* fastai* lightning* convlab.networks*"
def replace_head(net: torch.nn.Module, num_classes: int) -> torch.nn.Module:
    """Give ``net`` a new last layer with ``num_classes`` outputs, and return ``net``."""
    ### BEGIN SOLUTION
    heads = [name for name, part in net.named_modules() if name and isinstance(part, torch.nn.Linear | torch.nn.Conv2d)]
    if not heads:
        raise ValueError("the network has no dense layer and no convolution")
    where, _, last = heads[-1].rpartition(".")
    old = net.get_submodule(heads[-1])
    options = {"bias": old.bias is not None, "dtype": old.weight.dtype, "device": old.weight.device}
    if isinstance(old, torch.nn.Linear):
        new = torch.nn.Linear(old.in_features, num_classes, **options)
    else:
        new = torch.nn.Conv2d(old.in_channels, num_classes, old.kernel_size, old.stride, old.padding, **options)
    setattr(net.get_submodule(where), last, new.train(old.training))
    return net
    ### END SOLUTION


# %% replace_head-public points=3
# A small network gets five classes
net = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(12, 8), torch.nn.ReLU(), torch.nn.Linear(8, 3))
net = checks.place(net)
first = net[1].weight.detach().clone()
result = rules.from_scratch(replace_head, (net, 5), forbid=forbidden, what="`replace_head` is your own")
checks.equal(result is net, True, "The same network comes back", case="replace_head(net, 5) is net")
checks.shape(net(torch.rand(2, 3, 2, 2)), (2, 5), "Scores of two pictures", case="replace_head(net, 5)(x)")
checks.close(net[1].weight.detach(), first, "The first dense layer", case="net[1].weight")

# %% replace_head-resnet points=3
# A residual network: only the last layer is new
from torchvision.models.resnet import BasicBlock, ResNet

torch.manual_seed(51)
net = ResNet(BasicBlock, [1, 1, 1, 1], num_classes=9).to(checks.device())
net.layer2.eval()
net.fc.eval()
modes = [module.training for module in net.modules()]
kept = net.layer1[0].conv1.weight.detach().clone()
net = checks.place(net)
held = [net.conv1.weight, net.layer4[0].bn2.bias]
replace_head(net, 4)
checks.shape(net.fc.weight, (4, 512), "The weights of the new head", hint="it has as many inputs as the old one.")
checks.shape(net.fc.bias, (4,), "The biases of the new head", hint="the old head had biases.")
checks.equal([module.training for module in net.modules()], modes, "The modes of all modules")
checks.close(
    net.layer1[0].conv1.weight.detach(), kept, "A convolution of the body", hint="replace the last layer only."
)
checks.equal(
    [net.conv1.weight is held[0], net.layer4[0].bn2.bias is held[1]],
    [True, True],
    "Parameters of the body are the same objects",
    hint="an optimizer may hold them already: replace the last layer only.",
)
checks.shape(net(torch.rand(2, 3, 33, 40, device=checks.device())), (2, 4), "Scores of two pictures")

# %% replace_head-convolution points=3
# SqueezeNet: the head is a convolution
from torchvision.models import squeezenet1_1

torch.manual_seed(52)
net = squeezenet1_1(weights=None, num_classes=6).to(checks.device())
net.requires_grad_(False)
net = checks.place(net.eval())
replace_head(net, 3)
checks.shape(net.classifier[1].weight, (3, 512, 1, 1), "The weights of the new head", hint="a convolution of 1 × 1.")
checks.equal(net.classifier[1].training, False, "The mode of the new head", hint="it takes over that of the old one.")
x = torch.rand(2, 3, 48, 40, generator=torch.Generator().manual_seed(1)).to(checks.device())
checks.shape(net(x), (2, 3), "Scores of two pictures", hint="ReLU and mean come after the head, and stay.")
checks.equal(
    [p.requires_grad for p in (net.features[0].weight, net.classifier[1].weight, net.classifier[1].bias)],
    [False, True, True],
    "What is trainable: the body was frozen, the head is new",
    hint="a new layer is trainable by itself.",
)
plain = torch.nn.Sequential(torch.nn.Conv2d(2, 4, 3), torch.nn.Conv2d(4, 5, (2, 3), (1, 2), (0, 1), bias=False))
plain = checks.place(plain.to(checks.device()))
replace_head(plain, 7)
checks.shape(plain[1].weight, (7, 4, 2, 3), "The weights of a head that is a larger convolution")
checks.equal(plain[1].bias is None, True, "The old head had no bias", hint="bias=old.bias is not None.")
checks.shape(
    plain(torch.rand(1, 2, 8, 9, device=checks.device())),
    (1, 7, 5, 4),
    "The output of a convolution with stride and padding",
    hint="hand on kernel_size, stride and padding.",
)

# %% replace_head-inside points=3
# A head deep inside, without bias, in float64
nn = torch.nn
torch.manual_seed(53)
inner = nn.Sequential(
    nn.Linear(6, 4), nn.ReLU(), nn.Sequential(nn.Dropout(0.1), nn.Linear(4, 9, bias=False)), nn.PReLU()
)
net = nn.Sequential(nn.Flatten(), inner).double().to(checks.device())
net = checks.place(net)
replace_head(net, 2)
checks.close(
    net[1][2][1].weight.detach().new_zeros(2, 4),
    torch.zeros(2, 4, dtype=torch.float64, device=checks.device()),
    "dtype and device of the new head",
)
checks.shape(net[1][2][1].weight, (2, 4), "The weights of the new head", hint="look for it in all of named_modules().")
checks.equal(net[1][2][1].bias is None, True, "The old head had no bias")
checks.shape(net(torch.rand(3, 2, 3, dtype=torch.float64, device=checks.device())), (3, 2), "Scores of three pictures")

# %% replace_head-start points=2
# The new layer starts as torch starts it, and a head may be of a derived class
nn = torch.nn
torch.manual_seed(54)
old = nn.modules.linear.NonDynamicallyQuantizableLinear(400, 300)
nets = [nn.Sequential(nn.Linear(9, 400), nn.ReLU(), old), nn.Sequential(nn.Conv2d(3, 16, 1), nn.Conv2d(16, 9, 5))]
for net in nets:
    kept = net[len(net) - 1].weight.detach().clone()
    last, first = len(net) - 1, net[0].weight.detach().clone()
    net = checks.place(net.to(checks.device()))
    replace_head(net, 200)
    weight, bias = net[last].weight.detach(), net[last].bias.detach()
    checks.close(net[0].weight.detach().cpu(), first, "The weights of the body", hint="the head is the last layer.")
    checks.shape(weight, (200, *kept.shape[1:]), "The weights of the new head")
    checks.equal(bool(torch.isin(kept, weight.cpu()).sum() > kept.numel() / 20), False, "The new head has old weights")
    for part in (weight, bias):
        bound = kept[0].numel() ** -0.5  # torch draws both evenly from -1/√inputs to 1/√inputs
        size = part.abs() / bound
        checks.equal(
            bool(size.max() <= 1.0001 and size.max() > 0.9 and abs(size.mean() - 0.5) < 0.12),
            True,
            "The start of the new layer is that of torch",
            hint="a new torch.nn.Linear or torch.nn.Conv2d starts by itself; leave its numbers alone.",
        )

# %% replace_head-refuses points=2
# A network without such a layer
nn = torch.nn
others = nn.Sequential(nn.Conv1d(2, 3, 1), nn.ConvTranspose2d(3, 3, 2), nn.Conv3d(1, 2, 1), nn.Embedding(4, 3))
nets = [nn.Sequential(nn.Flatten(), nn.ReLU()), nn.Sequential(nn.BatchNorm2d(3), nn.Sequential(nn.Identity())), others]
for net in nets:
    hint = "a head is a torch.nn.Linear or a torch.nn.Conv2d."
    checks.raises(ValueError, replace_head, checks.place(net), 3, what="A network without a head", hint=hint)

# %% freeze-statement [markdown]
# Freeze the early part of a network: every parameter of `net`, in the order of `net.named_parameters()`, from the first one to the last one of the module named `until`, that one
# included. The parameters after it keep the `requires_grad` that they have. `until` is a name as `net.get_submodule(until)` understands it, `"layer3"` or `"features.4.conv"`.
#
# **Return** the names of all parameters that are frozen afterwards, as a list in the order of `net.named_parameters()`.
#
# Only `requires_grad` changes; each module keeps its mode.
#
# **Raise** `ValueError`, and change nothing, if there is no module of that name, or if it has no parameters. (The empty name, which is the network itself, is not tried.)


# %% freeze
def freeze(net: torch.nn.Module, until: str) -> list[str]:
    """Freeze the parameters of ``net`` up to and including those of the module ``until``; return what is frozen."""
    ### BEGIN SOLUTION
    names = [name for name, _ in net.named_parameters()]
    last = [place for place, name in enumerate(names) if name.startswith(until + ".")]
    if not last:
        raise ValueError(f"no module {until!r} with parameters")
    for place, parameter in enumerate(net.parameters()):
        if place <= last[-1]:
            parameter.requires_grad_(False)
    return [name for name, parameter in net.named_parameters() if not parameter.requires_grad]
    ### END SOLUTION


# %% freeze-public points=3
# The first of three layers
net = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.ReLU(), torch.nn.Linear(3, 4), torch.nn.Linear(4, 2))
net = checks.place(net)
checks.equal(freeze(net, "2"), ["0.weight", "0.bias", "2.weight", "2.bias"], "What is frozen", case='freeze(net, "2")')
checks.equal(
    [parameter.requires_grad for parameter in net.parameters()],
    [False, False, False, False, True, True],
    "What is trainable",
    case="[p.requires_grad for p in net.parameters()]",
)

# %% freeze-inside points=4
# Modules inside of others, and names that begin alike
nn = torch.nn


def made():
    block = nn.Sequential(nn.Conv2d(2, 3, 1), nn.BatchNorm2d(3), nn.Sequential(nn.Conv2d(3, 3, 1), nn.PReLU()))
    more = [nn.Conv2d(3, 3, 1) for _ in range(10)]
    net = nn.Sequential(nn.Conv2d(1, 2, 3), block, *more)
    for module in (net, block):  # modules that hold others may have parameters of their own, which come first
        module.register_parameter("scale", nn.Parameter(torch.ones(1)))
    return net


for until, count in (("0", 3), ("1", 11), ("1.1", 8), ("1.2.0", 10), ("2", 13), ("10", 29), ("11", 31)):
    names = [name for name, _ in made().named_parameters()][:count]
    net = checks.place(made())
    checks.equal(
        freeze(net, until),
        names,
        "What is frozen",
        hint='everything before the module too; and the names of "1" begin with "1.", not with "1" alone.',
    )
    checks.equal(
        [parameter.requires_grad for parameter in net.parameters()],
        [False] * count + [True] * (31 - count),
        "What is trainable",
        hint="go through net.named_parameters(): modules that hold others may have parameters, too.",
    )

# %% freeze-keeps points=3
# What was frozen after it stays frozen, and is named
nn = torch.nn
net = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 2), nn.Linear(2, 2, bias=False), nn.Linear(2, 2))
net[3].bias.requires_grad_(False)
net[0].weight.requires_grad_(False)
net[2].eval()
net = checks.place(net)
checks.equal(
    freeze(net, "1"),
    ["0.weight", "0.bias", "1.weight", "1.bias", "3.bias"],
    "What is frozen",
    hint="do not thaw what somebody else has frozen, and name all that is frozen.",
)
checks.equal(
    [module.training for module in net.modules()],
    [True, True, True, False, True],
    "The modes",
    hint="freezing is a matter of requires_grad alone.",
)

# %% freeze-refuses points=2
# Names that lead nowhere are refused, and nothing is frozen
nn = torch.nn
net = nn.Sequential(nn.Linear(2, 2), nn.ReLU(), nn.Linear(2, 2))
net[2].bias.requires_grad_(False)
net = checks.place(net)
kinds = {
    "a name that no module has": [(net, "3"), (net, "head"), (net, "2.0")],
    "the name of a parameter": [(net, "0.weight")],
    "the name of a module without parameters": [(net, "1")],
}
checks.refuses(freeze, kinds, "A name without a module that has parameters")
checks.equal(
    [p.requires_grad for p in net.parameters()],
    [True, True, True, False],
    "After a refusal everything is as it was",
    hint="find the module before you change anything.",
)

# %% extract_features-statement [markdown]
# A frozen body gives the same features for a picture each time. So compute them once and keep them.
#
# `net` is the body. `batches` yields pairs (x, y): pictures (N, C, H, W) and labels (N,). **Return** a pair of tensors on the CPU, in the order of the batches:
#
# - the features of all pictures, what `net` gives for them, flattened to (pictures, D);
# - the labels of all pictures.
#
# Each picture goes through the network **once**, and `batches` is walked through once: it may be a generator. Move each batch to the device of the network's parameters (to none if it
# has no parameters). The network works in evaluation mode and without gradients; afterwards each of its modules has the mode that it had before, also if something
# went wrong on the way, in the network or in `batches`. Each parameter keeps its `requires_grad`, the batches stay as they are, and gradients are switched on or off (torch's grad mode) as they were before.


# %% extract_features
def extract_features(net: torch.nn.Module, batches: object) -> tuple[torch.Tensor, torch.Tensor]:
    """Return what ``net`` gives for all pictures of ``batches``, (pictures, D), and their labels, on the CPU."""
    ### BEGIN SOLUTION
    modes = {module: module.training for module in net.modules()}
    first = next(net.parameters(), None)
    features, labels = [], []
    net.eval()
    try:
        with torch.no_grad():
            for x, y in batches:
                x = x if first is None else x.to(first.device)
                features.append(net(x).flatten(1).cpu())
                labels.append(y.cpu())
    finally:
        for module, mode in modes.items():
            module.training = mode
    return torch.cat(features), torch.cat(labels)
    ### END SOLUTION


# %% extract_features-public points=3
# Two batches of different sizes
net = torch.nn.AvgPool2d(2)
x = torch.arange(24.0).reshape(3, 1, 2, 4)
result = extract_features(checks.place(net), [(x[:2], torch.tensor([4, 0])), (x[2:], torch.tensor([1]))])
checks.equal(len(result), 2, "Features and labels", case="len(extract_features(net, batches))")
checks.close(
    result[0],
    torch.tensor([[2.5, 4.5], [10.5, 12.5], [18.5, 20.5]]),
    "The features",
    case="extract_features(net, batches)[0]",
    hint="one row for each picture: flatten everything after the first axis.",
)
checks.close(result[1], torch.tensor([4, 0, 1]), "The labels", case="extract_features(net, batches)[1]")

# %% extract_features-values points=4
# Several batches, maps as features, float64
nn, device = torch.nn, checks.device()
torch.manual_seed(61)
for dtype in (torch.float32, torch.float64):
    net = nn.Sequential(nn.Conv2d(2, 3, (2, 3)), nn.BatchNorm2d(3), nn.ReLU()).to(device, dtype)
    net[1].running_mean.uniform_(-1, 1)
    x, y = torch.randn(11, 2, 5, 6, dtype=dtype), torch.randint(4, (11,))
    with torch.no_grad():
        expected = net.eval()(x.to(device)).flatten(1).cpu()
    net.train()
    pictures, wanted = x.clone(), y.clone()
    batches = list(zip(x.split([4, 1, 6]), y.split([4, 1, 6]), strict=True))
    features, labels = extract_features(checks.place(net), batches)
    checks.close(
        features,
        expected,
        "The features",
        hint="in evaluation mode, one row for each picture, in the order of the batches.",
    )
    checks.close(labels, wanted, "The labels")
    hint = "work on new tensors, and leave the batches as they are."
    checks.close(torch.cat([x for x, _ in batches]), pictures, "The pictures that were given", hint=hint)
    checks.close(torch.cat([y for _, y in batches]), wanted, "The labels that were given", hint=hint)

# %% extract_features-once points=3
# Each picture once, from a generator, without gradients
import functools

nn, device = torch.nn, checks.device()
seen, drawn = [], []


def look(module, args, output):
    seen.append((len(output), output.requires_grad))


def batches():
    for n in (3, 2, 4):
        drawn.append(n)
        yield torch.ones(n, 1, 2, 2), torch.zeros(n, dtype=torch.int64)


net = checks.place(nn.Sequential(nn.Flatten(), nn.Linear(4, 3)).to(device))
net.register_forward_hook(look)
features, _ = extract_features(net, list(batches()))
checks.equal(sum(n for n, _ in seen), 9, "Pictures that go through the network", hint="each goes through it once.")
checks.equal(any(wants for _, wants in seen), False, "Outputs that want a gradient", hint="use torch.no_grad().")
checks.equal(features.requires_grad, False, "The features want a gradient")
net = nn.Sequential(nn.Conv2d(1, 2, 1), nn.Linear(2, 2)).to(device)
net[0].bias.requires_grad_(False)
net = checks.place(net)
walk = checks.place(functools.partial(iter))(list(batches()))
features, labels = extract_features(net, walk)
checks.shape(features, (9, 8), "The features of batches that can be walked through once")
checks.close(labels, torch.zeros(9, dtype=torch.int64), "Their labels", hint="take pictures and labels in one loop.")
checks.equal(
    [p.requires_grad for p in net.parameters()],
    [True, False, True, True],
    "requires_grad of the parameters",
    hint="torch.no_grad() needs no freezing.",
)
few = [(torch.ones(2, 1, 2, 2), torch.zeros(2))]
checks.grad_mode_kept(extract_features, net, few, what="The grad mode afterwards")

# %% extract_features-modes points=4
# The mode of each module as before, also after an error; and no running statistics change
nn, device = torch.nn, checks.device()
hint = "note module.training of every module of net.modules(), and put each back in a `finally`."
for frozen in ((), (0,), (1,)):
    net = nn.Sequential(nn.BatchNorm2d(2), nn.Sequential(nn.Dropout(0.5), nn.Flatten()), nn.Linear(8, 3)).to(device)
    for number in frozen:
        net[number].eval()
    before = [module.training for module in net.modules()]
    net = checks.place(net)
    extract_features(net, [(torch.rand(3, 2, 2, 2) + 5, torch.zeros(3))])
    checks.equal([module.training for module in net.modules()], before, "The modes afterwards", hint=hint)
    checks.close(
        net[0].running_mean,
        torch.zeros(2, device=device),
        "The running means",
        hint="evaluation mode leaves them alone.",
    )
net = nn.Sequential(nn.Dropout(0.5), nn.Flatten(), nn.Linear(8, 3)).to(device)
net[0].eval()
net = checks.place(net)
checks.raises(
    RuntimeError,
    extract_features,
    net,
    [(torch.rand(2, 3, 3, 3), torch.zeros(2))],
    what="Pictures that do not fit the network",
    hint="an error of the network must not be hidden.",
)
modes = [True, False, True, True]
checks.equal([module.training for module in net.modules()], modes, "The modes after an error", hint=hint)
checks.raises(
    ValueError,
    extract_features,
    net,
    [(torch.rand(2, 2, 2, 2), torch.zeros(2)), (torch.rand(2, 2, 2, 2),)],
    what="A batch without labels",
    hint="an error of the batches must not be hidden.",
)
checks.equal([module.training for module in net.modules()], modes, "The modes after an error of the batches", hint=hint)

# %% parameter_groups-statement [markdown]
# The head is new and has far to go; the body is nearly right. Give them different learning rates.
#
# **Return** what optimizers of torch take: a list of two dicts, each with the keys `"params"` and `"lr"`. The first has the parameters of the body and `lr_body`, the second those of the
# head and `lr_head` (*head* as above: the last dense layer or convolution). `"params"` is a list, in the order of `net.parameters()`. Frozen parameters are in neither list; where all are frozen, the list is empty.
# A parameter that the head shares with the body counts to the head. Nothing in the network changes.
#
# **Raise** `ValueError` if there is no head.


# %% parameter_groups
def parameter_groups(net: torch.nn.Module, lr_body: float, lr_head: float) -> list[dict]:
    """Return the trainable parameters of ``net`` as two groups for an optimizer: body and head."""
    ### BEGIN SOLUTION
    heads = [part for part in net.modules() if isinstance(part, torch.nn.Linear | torch.nn.Conv2d)]
    if not heads:
        raise ValueError("the network has no dense layer and no convolution")
    own = {id(parameter) for parameter in heads[-1].parameters()}
    free = [parameter for parameter in net.parameters() if parameter.requires_grad]
    body, head = ([p for p in free if (id(p) in own) == wanted] for wanted in (False, True))
    return [{"params": body, "lr": lr_body}, {"params": head, "lr": lr_head}]
    ### END SOLUTION


# %% parameter_groups-public points=3
# Body and head of a small network
net = torch.nn.Sequential(torch.nn.Conv2d(3, 4, 3), torch.nn.Flatten(), torch.nn.Linear(4, 5))
groups = parameter_groups(checks.place(net), 0.001, 0.1)
checks.equal([group["lr"] for group in groups], [0.001, 0.1], "The rates", case='[g["lr"] for g in groups]')
checks.equal(
    [[tuple(p.shape) for p in group["params"]] for group in groups],
    [[(4, 3, 3, 3), (4,)], [(5, 4), (5,)]],
    "The shapes of the parameters",
    case='[[p.shape for p in g["params"]] for g in groups]',
)

# %% parameter_groups-order points=3
# Layers without weights after the head, normalisation in the body, a head that is a convolution
nn = torch.nn
net = nn.Sequential(
    nn.Sequential(nn.Conv2d(2, 3, 2), nn.BatchNorm2d(3)),
    nn.Sequential(nn.Linear(4, 6), nn.PReLU(6)),
    nn.Sequential(nn.Dropout(), nn.Conv2d(6, 7, 1), nn.ReLU(), nn.LayerNorm(9)),
)
shapes = [[(3, 2, 2, 2), (3,), (3,), (3,), (6, 4), (6,), (6,), (9,), (9,)], [(7, 6, 1, 1), (7,)]]
groups = parameter_groups(checks.place(net), 0.5, 2.0)
checks.equal(
    [[tuple(p.shape) for p in group["params"]] for group in groups],
    shapes,
    "The shapes of the parameters",
    hint="the head is the last Linear or Conv2d; all else is body, also what comes after it.",
)
checks.equal(isinstance(groups, list), True, "The groups are a list")
checks.equal([sorted(group) for group in groups], [["lr", "params"]] * 2, "The keys of the groups")
checks.equal([type(group["params"]).__name__ for group in groups], ["list"] * 2, "The kind of `params`")

# %% parameter_groups-frozen points=3
# Frozen parameters are in no group; shared ones in one
nn = torch.nn
net = nn.Sequential(nn.Linear(3, 5), nn.Linear(5, 5), nn.Linear(5, 5))
net[2].weight = net[1].weight
net[0].bias.requires_grad_(False)
groups = parameter_groups(checks.place(net), 0.1, 0.2)
checks.equal(
    [[tuple(p.shape) for p in group["params"]] for group in groups],
    [[(5, 3), (5,)], [(5, 5), (5,)]],
    "The shapes of the parameters",
    hint="leave out what is frozen; the shared weight belongs to the head, once.",
)
net = nn.Sequential(nn.Linear(4, 4), nn.Linear(4, 4), nn.Linear(4, 3))
net[1].weight = net[0].weight
groups = parameter_groups(checks.place(net), 0.1, 0.2)
checks.equal(
    [[tuple(p.shape) for p in group["params"]] for group in groups],
    [[(4, 4), (4,), (4,)], [(3, 4), (3,)]],
    "The shapes of the parameters where two layers of the body share one",
    hint="net.parameters() yields it once.",
)
net = nn.Sequential(nn.Conv2d(2, 3, 1), nn.Conv2d(3, 2, 1)).requires_grad_(False)
net[1].requires_grad_(True)
groups = parameter_groups(checks.place(net), 0.1, 0.2)
checks.equal(
    [len(group["params"]) for group in groups], [0, 2], "A body that is frozen whole", hint="the list is empty."
)
derived = nn.modules.linear.NonDynamicallyQuantizableLinear
net = nn.Sequential(nn.Linear(2, 3), derived(3, 4), nn.Dropout())
net[1].requires_grad_(False)
net[2].eval()
net = checks.place(net)
groups = parameter_groups(net, 0.1, 0.2)
checks.equal(
    [[tuple(p.shape) for p in group["params"]] for group in groups],
    [[(3, 2), (3,)], []],
    "A head of a derived class that is frozen whole",
    hint="use isinstance to find the head; its list is empty.",
)
checks.equal(
    [p.requires_grad for p in net.parameters()], [True, True, False, False], "What is trainable", hint="change nothing."
)
checks.equal([module.training for module in net.modules()], [True, True, True, False], "The modes")

# %% parameter_groups-refuses points=1
# A network without a head
nn = torch.nn
hint = "a head is a torch.nn.Linear or a torch.nn.Conv2d."
for net in (nn.Sequential(nn.BatchNorm2d(2)), nn.Sequential(nn.Conv1d(2, 3, 1), nn.ConvTranspose2d(3, 3, 2))):
    net = checks.place(net)
    checks.raises(ValueError, parameter_groups, net, 0.1, 0.2, what="A network without a head", hint=hint)

# %% parameter_groups-step points=2
# A step with the two rates moves the network's own parameters
nn, device = torch.nn, checks.device()
torch.manual_seed(71)
net = nn.Sequential(nn.Flatten(), nn.Linear(4, 3), nn.Tanh(), nn.Linear(3, 2)).to(device)
x, y = torch.randn(5, 1, 2, 2).to(device), torch.tensor([0, 1, 1, 0, 1], device=device)
slopes = torch.autograd.grad(nn.functional.cross_entropy(net(x), y), list(net.parameters()))
expected = [p.detach() - lr * s for p, lr, s in zip(net.parameters(), (0.25, 0.25, 2.0, 2.0), slopes, strict=True)]
net = checks.place(net)
groups = parameter_groups(net, 0.25, 2.0)
optimizer = torch.optim.SGD(groups)
nn.functional.cross_entropy(net(x), y).backward()
optimizer.step()
for parameter, wanted in zip(net.parameters(), expected, strict=True):
    checks.close(
        parameter.detach(), wanted, "A parameter after one step", hint="hand on the parameters themselves, no copies."
    )

# %% fine_tune-statement [markdown]
# Three ways to use a trained network on new data. `net` already has its new head (*head* as above). `way` says what is trained:
#
# | way | trained | everything else |
# | --- | --- | --- |
# | `"head"` | the parameters of the head, at `lr` | frozen, and in evaluation mode throughout |
# | `"gentle"` | the head at `lr`, the body at `lr / 10` | (nothing is left) |
# | `"all"` | every parameter at `lr` | (nothing is left) |
#
# For each of `epochs` epochs and each batch of `batches`, pairs (x, y): move it to `device`, compute the cross-entropy (mean over the batch), go backward, and take one step of
# `torch.optim.SGD` with the rates of the table and momentum 0.9. Move `net` to `device` first, and start from the weights that it has.
#
# In the ways `"gentle"` and `"all"` every parameter is trainable, also one that was frozen, and the network is in training mode. In the way `"head"` only the head is in training mode: batch normalisation in the body
# keeps its statistics, dropout in the body drops nothing.
#
# **Return** a list with the mean loss of each epoch: over all *pictures*, of the outputs that the steps were made from, as plain floats. When `fine_tune` returns, the whole network is in evaluation mode.
#
# The batches stay as they are. **Raise** `ValueError` for any other way, before anything is changed.
#
# **Marks for learning** (4 of the points): a small network that knows the digits 0 to 4 must name 80% (way `"head"`) and 88% (ways `"gentle"` and `"all"`) of the test digits 5 to 9 rightly.


# %% fine_tune forbid="timm* fastai* lightning* convlab.networks*"
def fine_tune(
    net: torch.nn.Module, batches: object, way: str, epochs: int, lr: float, device: torch.device | str
) -> list[float]:
    """Train ``net`` in place in one of three ways; return the mean loss of each epoch."""
    ### BEGIN SOLUTION
    if way not in ("head", "gentle", "all"):
        raise ValueError(f"no way is called {way!r}")
    net.to(device)
    head = [part for part in net.modules() if isinstance(part, torch.nn.Linear | torch.nn.Conv2d)][-1]
    own = {id(parameter) for parameter in head.parameters()}
    groups = [{"params": list(head.parameters()), "lr": lr}]
    for parameter in net.parameters():
        parameter.requires_grad_(way != "head" or id(parameter) in own)
        if way != "head" and id(parameter) not in own:
            groups.append({"params": [parameter], "lr": lr / 10 if way == "gentle" else lr})
    optimizer = torch.optim.SGD(groups, lr, momentum=0.9)
    net.train(way != "head")
    head.train()
    losses = []
    for _epoch in range(epochs):
        loss_sum = pictures = 0
        for x, y in batches:
            loss = torch.nn.functional.cross_entropy(net(x.to(device)), y.to(device))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            loss_sum += loss.item() * len(y)
            pictures += len(y)
        losses.append(loss_sum / pictures)
    net.eval()
    return losses
    ### END SOLUTION


# %% fine_tune-public points=3
# One step of a head, by hand
net = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(2, 2, bias=False), torch.nn.Linear(2, 2, bias=False))
with torch.no_grad():
    net[1].weight.copy_(torch.eye(2))
    net[2].weight.zero_()
x, y = torch.tensor([[[[1.0, 0.0]]], [[[0.0, 1.0]]]]), torch.tensor([0, 1])
net = checks.place(net)
losses = rules.from_scratch(
    fine_tune, (net, [(x, y)], "head", 1, 1.0, "cpu"), forbid=forbidden, what="`fine_tune` is your own"
)
checks.equal(
    [type(value).__name__ for value in losses],
    ["float"],
    "One plain float for each epoch",
    case='fine_tune(net, [(x, y)], "head", 1, 1.0, "cpu")',
    hint="loss.item() makes a float of a tensor.",
)
checks.close(
    torch.tensor(losses, dtype=torch.float64),
    torch.tensor([np.log(2)], dtype=torch.float64),
    "The loss of the first epoch",
    case='fine_tune(net, [(x, y)], "head", 1, 1.0, "cpu")',
    hint="zero weights give both classes the probability 1/2, and log 2 as a loss.",
    rtol=1e-5,
)
checks.close(
    net[2].weight.detach(),
    torch.tensor([[0.25, -0.25], [-0.25, 0.25]]),
    "The head after one step",
    case="net[2].weight",
)
checks.close(net[1].weight.detach(), torch.eye(2), "The body after one step", case="net[1].weight")

# %% fine_tune-steps points=4
# The weights after several epochs, each way; and the losses
nn, device = torch.nn, checks.device()
g = torch.Generator().manual_seed(81)
drawn = [(torch.randn(n, 2, 3, 4, generator=g), torch.randint(3, (n,), generator=g)) for n in (5, 6, 1)]
for way, share, dtype in (
    ("head", 0.0, torch.float64),
    ("gentle", 0.1, torch.float32),
    ("gentle", 0.1, torch.float64),
    ("all", 1.0, torch.float64),
):
    batches = [(x.to(dtype), y) for x, y in drawn]
    copies = [(x.clone(), y.clone()) for x, y in batches]
    torch.manual_seed(82)
    nets = [
        nn.Sequential(nn.Conv2d(2, 3, 2), nn.Tanh(), nn.Flatten(), nn.Linear(18, 3), nn.PReLU()).to(dtype)
        for _ in range(2)
    ]
    nets[1].load_state_dict(nets[0].state_dict())
    own, given = nets[0].to(device), nets[1]
    body = [*own[0].parameters(), *own[4].parameters()]
    rates = [{"params": body, "lr": 0.05 * share}, {"params": own[3].parameters(), "lr": 0.05}]
    optimizer, expected = torch.optim.SGD(rates, momentum=0.9), []
    for _ in range(3):
        total = 0.0
        for x, y in copies:
            loss = nn.functional.cross_entropy(own(x.to(device)), y.to(device))
            own.zero_grad()
            loss.backward()
            optimizer.step()
            total += len(y) * loss.item()
        expected.append(total / 12)
    given[0].weight.requires_grad_(False)
    given = checks.place(given)
    losses = fine_tune(given, batches, way, 3, 0.05, device)
    checks.equal([type(value).__name__ for value in losses], ["float"] * 3, "One plain float for each epoch")
    checks.close(
        torch.tensor(losses, dtype=torch.float64),
        torch.tensor(expected, dtype=torch.float64),
        "The mean losses",
        hint="over pictures, not over batches, and of the outputs that the steps were made from.",
        rtol=1e-3 if dtype == torch.float32 else 1e-7,
    )
    for parameter, wanted in zip(given.parameters(), own.parameters(), strict=True):
        checks.close(
            parameter.detach(),
            wanted.detach(),
            "A weight after three epochs",
            hint="look at the rates of the table, at momentum 0.9 and nothing else, and at zero_grad.",
            rtol=1e-3 if dtype == torch.float32 else 1e-7,
            atol=1e-4 if dtype == torch.float32 else 1e-8,
        )
    for given, kept in zip(batches, copies, strict=True):
        checks.close(given[0], kept[0], "The pictures that were given", hint="leave the batches as they are.")
        checks.close(given[1], kept[1], "The labels that were given", hint="leave the batches as they are.")

# %% fine_tune-modes points=3
# Batch normalisation and dropout of the body; the mode afterwards
nn, device = torch.nn, checks.device()
g = torch.Generator().manual_seed(83)
batches = [(torch.randn(6, 2, 2, 2, generator=g) + 3, torch.randint(2, (6,), generator=g)) for _ in range(2)]
for way, tracked in (("head", 0), ("gentle", 4), ("all", 4)):
    net = nn.Sequential(
        nn.BatchNorm2d(2), nn.Dropout(0.5), nn.Flatten(), nn.Linear(8, 4), nn.BatchNorm1d(4), nn.Linear(4, 2)
    )
    net[1].eval()
    net = checks.place(net.to(device))
    fine_tune(net, batches, way, 2, 0.01, device)
    checks.equal(
        [int(net[0].num_batches_tracked), int(net[4].num_batches_tracked)],
        [tracked, tracked],
        "Batches that batch normalisation learned from",
        hint='in the way "head" the body is in evaluation mode throughout, else everything is in training mode.',
    )
    checks.equal(
        any(m.training for m in net.modules()), False, "Training mode at the end", hint="net.eval() at the end."
    )
net = nn.Sequential(nn.Linear(3, 3), nn.Dropout(0.5), nn.Linear(3, 2))
net[0].requires_grad_(False)
net[1].eval()
before = [p.detach().clone() for p in net.parameters()]
net = checks.place(net.to(device))
batch = [(torch.ones(2, 3), torch.tensor([0, 1]))]
ways = {"another word": "body", "an empty text": "", "a way written with a capital": "Head"}
kinds = {kind: [(net, batch, way, 1, 0.01, device)] for kind, way in ways.items()}
checks.refuses(fine_tune, kinds, "A way that does not exist")
hint = "look at the way before you do anything."
checks.equal([m.training for m in net.modules()], [True, True, False, True], "The modes after a refusal", hint=hint)
wants = [p.requires_grad for p in net.parameters()]
checks.equal(wants, [False, False, True, True], "What is trainable after a refusal", hint=hint)
for parameter, wanted in zip(net.parameters(), before, strict=True):
    checks.close(parameter.detach().cpu(), wanted, "A parameter after a refusal", hint=hint)

# %% fine_tune-inside points=2
# The modes while it learns, and heads of other kinds
nn, device = torch.nn, checks.device()
derived = nn.modules.linear.NonDynamicallyQuantizableLinear
batches = [(torch.ones(2, 3), torch.tensor([0, 1])), (torch.ones(3, 3), torch.tensor([1, 0, 1]))]
for way, learns in (("head", False), ("gentle", True), ("all", True)):
    net = nn.Sequential(nn.Linear(3, 4), nn.Dropout(0.5), derived(4, 2)).requires_grad_(False)
    net = checks.place(net.to(device))
    fine_tune(net, batches, way, 2, 0.01, device)
    wants = [p.requires_grad for p in net.parameters()]
    hint = "the head is a Linear by isinstance; it is trained also where it was frozen."
    checks.equal(wants, [learns, learns, True, True], "What is trainable, where all was frozen", hint=hint)
x, y = torch.ones(20, 3), torch.arange(20) % 2
for way, drops in (("head", False), ("gentle", True), ("all", True)):
    net = nn.Sequential(nn.Linear(3, 30), nn.Dropout(0.5).train(not drops), nn.Linear(30, 2)).to(device)
    with torch.no_grad():
        still = nn.functional.cross_entropy(net[2](net[0](x.to(device))), y.to(device)).item()
    losses = fine_tune(checks.place(net), [(x, y)], way, 1, 1e-9, device)
    checks.equal(
        abs(losses[0] - still) > 1e-5,
        drops,
        f"Dropout in the body drops while the network learns in the way {way}",
        hint='in the way "head" all of the body is in evaluation mode, else everything is in training mode.',
    )
for way, wanted in (("head", [False, False, True, True]), ("gentle", [True] * 4)):
    net = nn.Sequential(nn.Linear(3, 4), nn.Unflatten(1, (4, 1, 1)), nn.Conv2d(4, 2, 1), nn.Flatten())
    net = checks.place(net.to(device))
    fine_tune(net, batches, way, 1, 0.01, device)
    checks.equal(
        [p.requires_grad for p in net.parameters()], wanted, "What is trainable where the head is a convolution"
    )
checks.equal(fine_tune(net.train(), batches, "all", 0, 0.01, device), [], "The losses of no epochs")
hint = "net.eval() at the end, also after no epochs."
checks.equal(any(m.training for m in net.modules()), False, "Training mode at the end", hint=hint)
for way, learns in (("head", False), ("gentle", True), ("all", True)):
    deep = nn.Sequential(nn.Linear(4, 4), nn.Sequential(nn.Linear(4, 2), nn.Tanh()))
    net = checks.place(nn.Sequential(nn.Linear(3, 4), deep, nn.BatchNorm1d(2)).to(device))
    fine_tune(net, batches, way, 2, 0.01, device)
    wants = [p.requires_grad for p in net.parameters()]
    hint = "the head is the last Linear or Conv2d of net.modules(), also deep inside and with other layers after it."
    checks.equal(
        wants, [learns] * 4 + [True] * 2 + [learns] * 2, "What is trainable, with a head deep inside", hint=hint
    )
    tracked = int(net[2].num_batches_tracked)
    checks.equal(tracked, 4 * learns, "Batches that a norm after the head learned from", hint="it is no head.")

# %% fine_tune-frozen points=2
# What is trainable afterwards
nn, device = torch.nn, checks.device()
batch = [(torch.ones(2, 3), torch.tensor([0, 1]))]
for way, wanted in (("head", [False, False, True, True]), ("gentle", [True] * 4), ("all", [True] * 4)):
    net = nn.Sequential(nn.Linear(3, 2), nn.Linear(2, 2)).requires_grad_(way == "head")
    net = checks.place(net.to(device))
    fine_tune(net, batch, way, 1, 0.01, device)
    checks.equal([p.requires_grad for p in net.parameters()], wanted, "What is trainable", hint="see the table.")

# %% fine_tune-digits points=4
# From the digits 0 to 4 to the digits 5 to 9
from convlab import datasets

nn, data, device = torch.nn, datasets.load("digits"), checks.device()


def part(split, low):
    rows = (split.labels >= low) & (split.labels < low + 5)
    return split.images[rows], split.labels[rows] - low


torch.manual_seed(84)
layers = [nn.Conv2d(1, 12, 3, 1, 1), nn.BatchNorm2d(12), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(12, 24, 3), nn.ReLU()]
start = nn.Sequential(*layers, nn.Flatten(), nn.Linear(96, 5))
optimizer = torch.optim.SGD(start.parameters(), 0.05, momentum=0.9)
x, y = part(data.train, 0)
for _ in range(6):
    for rows in torch.randperm(len(x)).split(32):
        optimizer.zero_grad()
        nn.functional.cross_entropy(start(x[rows]), y[rows]).backward()
        optimizer.step()
start[-1] = nn.Linear(96, 5)
weights = {name: value.clone() for name, value in start.state_dict().items()}
x, y = part(data.train, 5)
order = torch.randperm(len(x)).split(32)
batches = [(x[rows], y[rows]) for rows in order]
x, y = (v.to(device) for v in part(data.test, 5))
for way, enough in (("head", 0.8), ("gentle", 0.88), ("all", 0.88)):
    start.load_state_dict(weights)
    net = checks.place(start.requires_grad_(True).to(device))
    fine_tune(net, batches, way, 5, 0.05, device)
    with torch.no_grad():
        right = (net(x).argmax(1) == y).float().mean().item()
    checks.equal(
        right > enough, True, f"Enough test digits are named rightly, way {way}", hint="watch the losses fall."
    )

# %% fine_tune-look-text [markdown]
# Watch the three ways. A network that knows all ten digits learns a simpler question: is the digit even or odd?

# %% fine_tune-look
from convlab import datasets

digits = datasets.load("digits").train
parts = [torch.nn.Conv2d(1, 16, 3), torch.nn.ReLU(), torch.nn.Flatten(), torch.nn.Linear(576, 10)]
known = torch.nn.Sequential(*parts)
groups = torch.randperm(len(digits.labels)).split(64)
fine_tune(known, [(digits.images[rows], digits.labels[rows]) for rows in groups], "all", 5, 0.05, "cpu")
for way in ("head", "gentle", "all"):
    net = torch.nn.Sequential(*parts[:3], torch.nn.Linear(576, 2))
    net[0] = torch.nn.Conv2d(1, 16, 3)
    net[0].load_state_dict(known[0].state_dict())
    losses = fine_tune(net, [(digits.images[rows], digits.labels[rows] % 2) for rows in groups], way, 8, 0.02, "cpu")
    plt.plot(range(1, 9), losses, marker=".", label=way)
plt.xlabel("epoch")
plt.ylabel("training loss")
_ = plt.legend()

# %% frozen_bn_eval-statement [markdown]
# Freezing parameters does not freeze batch normalisation: in training mode it still uses the mean and variance of the batch, and its running statistics still move. So after `net.train()`, the batch normalisations that are frozen must go back to evaluation
# mode.
#
# A *batch normalisation* is a `torch.nn.BatchNorm1d`, `BatchNorm2d` or `BatchNorm3d`, or of a class derived from these. Whether one counts as frozen, its parameters decide:
#
# | its own parameters | it is frozen when |
# | --- | --- |
# | weight and bias | both are frozen |
# | none (`affine=False`) | every parameter of the whole network is frozen |
#
# **Write** a function that puts every frozen batch normalisation of `net`, at any depth, into evaluation mode. Nothing else changes: every other module keeps its mode, whichever it is, and each parameter its `requires_grad`.
#
# **Return** the names of all frozen batch normalisations, those included that were in evaluation mode already, as a list in the order of `net.named_modules()`.


# %% frozen_bn_eval
def frozen_bn_eval(net: torch.nn.Module) -> list[str]:
    """Put the frozen batch normalisations of ``net`` into evaluation mode and return their names."""
    ### BEGIN SOLUTION
    names = []
    for name, module in net.named_modules():
        if isinstance(module, torch.nn.modules.batchnorm._BatchNorm):
            deciding = list(module.parameters()) or list(net.parameters())
            if not any(parameter.requires_grad for parameter in deciding):
                module.eval()
                names.append(name)
    return names
    ### END SOLUTION


# %% frozen_bn_eval-public points=3
# One frozen layer of two
net = torch.nn.Sequential(torch.nn.BatchNorm2d(2), torch.nn.ReLU(), torch.nn.BatchNorm2d(2))
net[0].requires_grad_(False)
net = checks.place(net)
checks.equal(frozen_bn_eval(net), ["0"], "The names of frozen layers", case="frozen_bn_eval(net)")
checks.equal([part.training for part in net.modules()], [True, False, True, True], "The modes", case="of net.modules()")

# %% frozen_bn_eval-inside points=4
# Layers inside of others, in one, two and three dimensions; other modules keep their mode
nn = torch.nn
net = nn.Sequential(
    nn.Sequential(nn.Conv2d(2, 3, 1), nn.BatchNorm2d(3), nn.Dropout()),
    nn.Sequential(nn.BatchNorm1d(4), nn.Sequential(nn.BatchNorm3d(2), nn.GroupNorm(1, 2), nn.LayerNorm(3))),
    nn.BatchNorm2d(5),
)
net[0].requires_grad_(False)
net[1].requires_grad_(False)
net[2].weight.requires_grad_(False)
net[0][2].eval()
net.append(nn.BatchNorm2d(3)).append(nn.BatchNorm1d(2).eval())
net.append(nn.InstanceNorm2d(3, affine=True).requires_grad_(False))
net[3].bias.requires_grad_(False)
wants = [parameter.requires_grad for parameter in net.parameters()]
modes = [module.training for module in net.modules()]
names = [name for name, _ in net.named_modules()]
for name in ("0.1", "1.0", "1.1.0"):
    modes[names.index(name)] = False
net = checks.place(net)
checks.equal(
    frozen_bn_eval(net),
    ["0.1", "1.0", "1.1.0"],
    "The names of frozen layers",
    hint="look into every module; a layer of which one parameter is trainable is not frozen.",
)
hint = "frozen batch normalisations only; one that is trainable keeps its mode, whichever it is."
checks.equal([module.training for module in net.modules()], modes, "The modes", hint=hint)
checks.equal([p.requires_grad for p in net.parameters()], wants, "requires_grad of the parameters")

# %% frozen_bn_eval-affine points=3
# Layers without parameters
nn = torch.nn
for frozen, wanted in ((False, []), (True, ["1", "3"])):
    net = nn.Sequential(
        nn.Linear(2, 2), nn.BatchNorm1d(2, affine=False), nn.Linear(2, 2), nn.BatchNorm1d(2, affine=False)
    )
    net[0].requires_grad_(False)
    net[2].requires_grad_(not frozen)
    net = checks.place(net)
    checks.equal(
        frozen_bn_eval(net),
        wanted,
        "The names of frozen layers",
        hint="without parameters of its own, a layer is frozen when the whole network is.",
    )
    checks.equal([net[1].training, net[3].training], [not frozen] * 2, "The modes")

# %% frozen_bn_eval-statistics points=2
# The statistics stay as they are, and a second call says the same
nn, device = torch.nn, checks.device()
net = nn.Sequential(nn.BatchNorm2d(2), nn.BatchNorm2d(2)).to(device)
net[0].requires_grad_(False)
net = checks.place(net)
net.train()
first = list(frozen_bn_eval(net))
checks.equal(first, ["0"], "The first call", hint="each call begins a list of its own.")
checks.equal(frozen_bn_eval(net), first, "The second call", hint="name also what is in evaluation mode already.")
net(torch.rand(4, 2, 3, 3, device=device) + 2)
checks.equal(
    [int(net[0].num_batches_tracked), int(net[1].num_batches_tracked)],
    [0, 1],
    "Batches that the two layers learned from",
    hint="module.eval() is enough; the trainable layer goes on learning.",
)
checks.equal(
    [(float(norm.momentum), norm.track_running_stats) for norm in (net[0], net[1])],
    [(0.1, True)] * 2,
    "The settings of the layers",
    hint="change nothing but the mode: module.eval() is enough.",
)

# %% load_matching-statement [markdown]
# Weights from elsewhere rarely fit whole: another head, another name. Load what fits, and say what did not.
#
# `state_dict` is a dict of tensors by name. An entry **fits** if `net.state_dict()` has an entry of that name with the same shape. If *all* names in `state_dict` begin with `"module."`, as `torch.nn.DataParallel` writes them, drop that beginning first.
#
# Copy the values of all entries that fit into `net`: parameters and buffers. They take the dtype and device of the network's. Everything else in `net` stays as it is, and `state_dict` too.
#
# **Return** a dict of four sorted lists of names (without the dropped beginning):
#
# | key | |
# | --- | --- |
# | `"loaded"` | entries that were copied |
# | `"mismatched"` | names that both have, with different shapes |
# | `"missing"` | names of the network that are not in `state_dict` |
# | `"unexpected"` | names in `state_dict` that the network does not have |


# %% load_matching
def load_matching(net: torch.nn.Module, state_dict: dict) -> dict[str, list[str]]:
    """Copy the entries of ``state_dict`` that fit into ``net``; return which did and which did not."""
    ### BEGIN SOLUTION
    given = dict(state_dict)
    if given and all(name.startswith("module.") for name in given):
        given = {name.removeprefix("module."): value for name, value in given.items()}
    own = net.state_dict()
    both = own.keys() & given.keys()
    loaded = sorted(name for name in both if own[name].shape == given[name].shape)
    with torch.no_grad():
        for name in loaded:
            own[name].copy_(given[name])
    return {
        "loaded": loaded,
        "mismatched": sorted(both - set(loaded)),
        "missing": sorted(own.keys() - given.keys()),
        "unexpected": sorted(given.keys() - own.keys()),
    }
    ### END SOLUTION


# %% load_matching-public points=3
# Another head
net = checks.place(torch.nn.Sequential(torch.nn.Linear(2, 2), torch.nn.Linear(2, 3)))
wanted = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
weights = {
    "0.weight": wanted.clone(),
    "0.bias": torch.tensor([5.0, 6.0]),
    "1.weight": torch.zeros(7, 2),
    "fc.bias": torch.zeros(7),
}
checks.equal(
    load_matching(net, weights),
    {"loaded": ["0.bias", "0.weight"], "mismatched": ["1.weight"], "missing": ["1.bias"], "unexpected": ["fc.bias"]},
    "The report",
    case="load_matching(net, weights)",
)
checks.close(net[0].weight.detach(), wanted, "A weight that fits", case="net[0].weight")

# %% load_matching-values points=6
# Parameters and buffers of a residual network with another head
import functools
import operator

from torchvision.models.resnet import BasicBlock, ResNet

torch.manual_seed(91)
device = checks.device()
net, other = ResNet(BasicBlock, [1, 1, 1, 1], num_classes=3), ResNet(BasicBlock, [1, 1, 1, 1], num_classes=8)
head = net.fc.weight.detach().clone()
other.bn1.running_mean.uniform_(1, 2)
weights = {name: value for name, value in other.state_dict().items() if not name.startswith("layer4.0.bn2")}
copies = {name: value.clone() for name, value in weights.items()}
net = checks.place(net.to(device))
held = [net.conv1.weight, net.fc.bias]
report = load_matching(net, weights)
small = [torch.nn.Sequential(torch.nn.Conv2d(2, 3, (1, 2)), torch.nn.BatchNorm2d(3)).to(device) for _ in range(2)]
with torch.no_grad():
    for value in [*small[1].parameters(), *small[1].buffers()]:
        value += 2
originals = {name: value.clone() for name, value in small[1].state_dict().items()}
target, giver = checks.place(*small)
state = checks.place(functools.partial(map, operator.methodcaller("state_dict")))([giver])
checks.on_parts(load_matching, [target], state)
for name, value in target.state_dict().items():
    checks.close(value, originals[name], "A tensor of a small network", hint="copy every entry that fits, counts too.")
with torch.no_grad():
    for value in target.parameters():
        value.zero_()
hint = "copy the values into the network's own tensors; it must not share memory with the dict."
for name, value in giver.state_dict().items():
    checks.close(value, originals[name], "The dict, after the network has changed", hint=hint)
names = ("bias", "num_batches_tracked", "running_mean", "running_var", "weight")
checks.equal(report["mismatched"], ["fc.bias", "fc.weight"], "Names with different shapes")
checks.equal(report["missing"], [f"layer4.0.bn2.{name}" for name in names], "Names that are missing", hint="sort them.")
checks.equal(report["unexpected"], [], "Names that the network does not have")
checks.equal(report["loaded"], sorted(set(copies) - {"fc.bias", "fc.weight"}), "Names that were loaded")
checks.equal(
    [net.conv1.weight is held[0], net.fc.bias is held[1]],
    [True, True],
    "The parameters are the same objects",
    hint="copy values into the parameters that the network has.",
)
checks.close(net.conv1.weight.detach(), copies["conv1.weight"].to(device), "A convolution that fits")
checks.close(
    net.bn1.running_mean, copies["bn1.running_mean"].to(device), "A buffer that fits", hint="copy buffers too."
)
checks.close(net.fc.weight.detach(), head.to(device), "The head, which does not fit", hint="it stays as it was.")

# %% load_matching-prefix points=3
# Names that begin with module.
nn = torch.nn
weights = {"module.0.weight": torch.ones(2, 3), "module.1.bias": torch.ones(4), "module.2.bias": torch.ones(4)}
net = checks.place(nn.Sequential(nn.Linear(3, 2), nn.Linear(2, 4)))
checks.equal(
    load_matching(net, weights),
    {"loaded": ["0.weight", "1.bias"], "mismatched": [], "missing": ["0.bias", "1.weight"], "unexpected": ["2.bias"]},
    "The report when all names begin with module.",
)
checks.close(net[0].weight.detach(), torch.ones(2, 3), "A weight that fits")
hint = "make a new dict for the shorter names."
checks.equal(
    sorted(weights), ["module.0.weight", "module.1.bias", "module.2.bias"], "The dict that was given", hint=hint
)
weights["0.bias"] = torch.ones(2)
checks.equal(
    load_matching(net, weights)["loaded"],
    ["0.bias"],
    "What is loaded when one name does not begin so",
    hint="drop the beginning only if all names have it.",
)
nothing = load_matching(net, {})
wanted = {"loaded": [], "mismatched": [], "missing": ["0.bias", "0.weight", "1.bias", "1.weight"], "unexpected": []}
checks.equal(nothing, wanted, "The report of an empty dict")
deep = nn.ModuleDict({"module": nn.Linear(2, 2)})
net = nn.ModuleDict({"model": nn.Linear(1, 2), "deep": deep, "module2": nn.Linear(1, 3, bias=False)})
net = checks.place(net)
names = ["model.weight", "model.bias", "deep.module.weight", "umbrella.bias", "old.module.bias"]
sizes = [(2, 1), (2,), (2, 2), (1,), (1,)]
weights = {f"module.{name}": torch.full(size, 3.0) for name, size in zip(names, sizes, strict=True)}
wanted = {
    "loaded": ["deep.module.weight", "model.bias", "model.weight"],
    "mismatched": [],
    "missing": ["deep.module.bias", "module2.weight"],
    "unexpected": ["old.module.bias", "umbrella.bias"],
}
hint = "drop the word module. once, at the beginning: not single letters (lstrip), and nowhere else (replace)."
checks.equal(load_matching(net, weights), wanted, "The report, with names that hold the word again", hint=hint)
checks.close(net["model"].weight.detach(), torch.full((2, 1), 3.0), "A weight that fits")
found = load_matching(net, {"module2.weight": torch.ones(3, 1)})
checks.equal(found["loaded"], ["module2.weight"], "A name that begins with module, without a dot after it")
net = checks.place(nn.ModuleDict({"module": nn.Linear(1, 1, bias=False)}))
hint = "drop the word once where all names begin with it, whatever the network's own names are."
found = load_matching(net, {"module.module.weight": torch.ones(1, 1)})
wanted = {"loaded": ["module.weight"], "mismatched": [], "missing": [], "unexpected": []}
checks.equal(found, wanted, "Names that begin with it twice", hint=hint)

# %% load_matching-dtype points=4
# The network's dtype, broadcasting is no fit, and both sides are left alone otherwise
nn, device = torch.nn, checks.device()
torch.manual_seed(92)
net = nn.Sequential(nn.Linear(3, 2), nn.Linear(2, 1), nn.BatchNorm1d(1)).double().to(device)
net[0].weight.requires_grad_(False)
weights = {
    "0.weight": torch.rand(2, 3),
    "0.bias": torch.rand(1),
    "1.weight": torch.rand(2),
    "1.bias": torch.rand(1),
    "2.running_var": torch.tensor(3.0),
}
before = {name: value.clone() for name, value in weights.items()}
bias = net[0].bias.detach().clone()
net[1].eval()
net = checks.place(net)
report = load_matching(net, weights)
checks.equal([m.training for m in net.modules()], [True, True, False, True], "The modes", hint="copy values only.")
checks.equal(
    (report["loaded"], report["mismatched"]),
    (["0.weight", "1.bias"], ["0.bias", "1.weight", "2.running_var"]),
    "What fits and what does not",
    hint="only the same shape fits; copy_ would stretch smaller tensors.",
)
checks.close(net[0].weight.detach(), before["0.weight"].double().to(device), "A weight that fits, in float64")
checks.close(net[0].bias.detach(), bias, "A bias that does not fit")
checks.equal(
    [p.requires_grad for p in net.parameters()],
    [False] + [True] * 5,
    "What is trainable",
    hint="copy values, nothing else.",
)
checks.equal(
    sorted(weights), sorted(before), "The names of the dict that was given", hint="work on a copy of the dict."
)
for name, value in before.items():
    checks.close(weights[name], value, "A tensor of the dict that was given")
