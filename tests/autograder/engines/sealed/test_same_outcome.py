"""A test cell ends the same way in a plain namespace and through the examiner."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from typing import Any

import pytest

SETUP = "import numpy as np\nimport torch\nfrom torch import nn\nfrom convlab import checks, rules\n"

STUDENT = """
import math
import torch.nn.functional as F
from torch.utils.data import Dataset

def size(n, k, s=1, p=0):
    if n + 2 * p < k:
        raise ValueError("nothing fits")
    return (n + 2 * p - k) // s + 1

def pair(n):
    return size(n, 3), size(n + 1, 3)

def conv(x, w, bias=None, stride=1):
    return F.conv2d(x, w, bias, stride)

def in_place(x):
    x += 1
    return x.sum()

OWN = torch.nn.Parameter(torch.zeros(1))

def add_own(x):
    seen = x[:]
    seen += OWN
    return seen.relu()

def grow(items):
    items.append(len(items))
    return items

def detached(x):
    return x.detach() * 2

def half(x):
    return x[..., ::2]

def identity(x):
    return x

def flat(x):
    return x.view(-1)

def stats(x):
    return {"mean": x.mean(), "shape": x.shape, "list": [1, 2.5, None, "a"]}

def fill(array):
    array[0] = 7

def table():
    from collections import namedtuple
    return namedtuple("Field", "size jump start")(3, 1, 0.5)

def count():
    for i in range(3):
        yield i

def everlasting():
    i = 0
    while True:
        yield i
        i += 1

def records_no_more(x):
    torch.set_grad_enabled(False)
    return x * 2

def kaiming_(w):
    with torch.no_grad():
        w.fill_(0.25)
    return w

def sgd(params, lr):
    for p in params:
        p.data -= lr * p.grad

def numeric(f, x, eps=1e-4):
    out = torch.zeros_like(x)
    for i in range(x.numel()):
        step = torch.zeros_like(x).view(-1)
        step[i] = eps
        step = step.view_as(x)
        out.view(-1)[i] = (f(x + step) - f(x - step)).sum() / (2 * eps)
    return out

def train(net, batches, optimizer, loss):
    net.train()
    for x, y in batches:
        optimizer.zero_grad()
        loss(net(x), y).backward()
        optimizer.step()

def swap(x):
    return np.transpose(x)

class Square(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * x
    @staticmethod
    def backward(ctx, g):
        (x,) = ctx.saved_tensors
        return 2 * x * g

class WrongSquare(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * x
    @staticmethod
    def backward(ctx, g):
        (x,) = ctx.saved_tensors
        return 3 * x * g

class Digits(Dataset):
    def __init__(self, n):
        self.x = torch.arange(n * 4.0).view(n, 2, 2)
    def __len__(self):
        return len(self.x)
    def __getitem__(self, i):
        if not 0 <= i < len(self.x):
            raise IndexError(i)
        return self.x[i], i % 10

class LeNet(nn.Module):
    def __init__(self, classes=10):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 5, padding=2)
        self.conv2 = nn.Conv2d(6, 16, 5)
        self.norm = nn.BatchNorm2d(16)
        self.head = nn.Sequential(nn.Flatten(), nn.Linear(400, 120), nn.Sigmoid(), nn.Linear(120, 84), nn.Sigmoid(),
                                  nn.Linear(84, classes))
    def forward(self, x):
        x = F.avg_pool2d(torch.sigmoid(self.conv1(x)), 2)
        x = F.avg_pool2d(torch.sigmoid(self.norm(self.conv2(x))), 2)
        return self.head(x)

class Optimizer:
    def __init__(self, params):
        self.params = list(params)
    def step(self):
        with torch.no_grad():
            for p in self.params:
                p -= 0.1 * p.grad
    def __eq__(self, other):
        return True
    def __bool__(self):
        return True

answer = 42
table_of_names = {"a": [1, 2], "b": (3,)}
shared = LeNet()
"""

# name: (check, class of the error that it must end with, or "" where it must pass)
CHECKS: dict[str, tuple[str, str]] = {
    "integer": ("assert size(7, 3) == 5 and type(size(7, 3)) is int", ""),
    "wrong integer": ("assert size(7, 3) == 4", "AssertionError"),
    "keywords": ("assert size(7, k=3, s=2, p=1) == 4", ""),
    "tuple": ("checks.equal(pair(7), (5, 6), 'pair')", ""),
    "wrong tuple": ("checks.equal(pair(7), (5, 7), 'pair')", "CheckFailed"),
    "raises": ("checks.raises(ValueError, size, 2, 5, what='x')", ""),
    "raises another": ("checks.raises(ValueError, size, 2, 'a', what='x')", "CheckFailed"),
    "uncaught": ("size(2, 5)", "ValueError"),
    "caught by hand": ("try:\n    size(2, 5)\nexcept ValueError as e:\n    assert str(e) == 'nothing fits'", ""),
    "missing name": ("nowhere(3)", "NameError"),
    "value of a name": ("assert answer == 42 and table_of_names == {'a': [1, 2], 'b': (3,)}", ""),
    "names in functions": (
        "def helper():\n    return [size(n, 3) for n in range(3, 6)]\nassert helper() == [1, 2, 3]",
        "",
    ),
    "tensor": (
        "x = torch.rand(2, 3, 7, 6)\nw = torch.rand(4, 3, 3, 2)\n"
        "checks.close(conv(x, w), torch.nn.functional.conv2d(x, w), 'conv')",
        "",
    ),
    "wrong tensor": (
        "x = torch.rand(2, 3, 7, 6)\nw = torch.rand(4, 3, 3, 2)\n"
        "checks.close(conv(x, w), torch.nn.functional.conv2d(x, w) + 1, 'conv')",
        "CheckFailed",
    ),
    "dtype and shape": (
        "y = conv(torch.rand(1, 1, 5, 5).double(), torch.rand(2, 1, 3, 3).double())\n"
        "assert y.dtype == torch.float64 and y.shape == (1, 2, 3, 3) and not y.requires_grad\n"
        "assert y.is_leaf and y.grad_fn is None",
        "",
    ),
    "strided argument": ("x = torch.arange(12.0).view(3, 4)\nassert half(x.t()).equal(x.t()[..., ::2])", ""),
    "a view stays one": ("flat(torch.arange(12.0).view(3, 4).t())", "RuntimeError"),
    "a slice stays one": ("flat(torch.arange(12.0).view(3, 4)[:, :3])", "RuntimeError"),
    "a view that wants a gradient": (
        "x = torch.arange(12.0).view(3, 4).t().requires_grad_()\n"
        "half(x).sum().backward()\nassert x.grad.sum() == 8 and x.is_leaf",
        "",
    ),
    "an expanded tensor": (
        "x = torch.arange(3.0).expand(4, 3)\nassert half(x).equal(x[:, ::2]) and identity(x).equal(x)",
        "",
    ),
    "windows that overlap": (
        "x = torch.arange(5.0).unfold(0, 3, 1)\nassert half(x).equal(x[:, ::2])",
        "",
    ),
    "a changed view": (
        "x = torch.zeros(4, 6)\nin_place(x[:, ::2])\nassert x.sum() == 12 and x[0].tolist() == [1, 0, 1, 0, 1, 0]",
        "",
    ),
    "empty and scalar": (
        "assert half(torch.zeros(0, 4)).shape == (0, 2)\nassert identity(torch.tensor(3)).item() == 3",
        "",
    ),
    "same object back": ("x = torch.ones(2)\nassert identity(x) is x\nl = [1]\nassert identity(l) is l", ""),
    "nan": (
        "x = torch.tensor([float('nan'), float('inf')])\nassert identity(x * 1).isnan().tolist() == [True, False]",
        "",
    ),
    "bool tensor": ("assert identity(torch.tensor([True, False]) & True).dtype == torch.bool", ""),
    "two gradients": (
        "x = torch.rand(2, 3, 7, 6, requires_grad=True)\nw = torch.rand(4, 3, 3, 2, requires_grad=True)\n"
        "gx, gw = torch.autograd.grad(conv(x, w).pow(2).sum(), (x, w))\n"
        "rx, rw = torch.autograd.grad(torch.nn.functional.conv2d(x, w).pow(2).sum(), (x, w))\n"
        "checks.close(gx, rx, 'x')\nchecks.close(gw, rw, 'w')",
        "",
    ),
    "backward": (
        "x = torch.rand(1, 1, 5, 5, requires_grad=True)\nw = torch.rand(1, 1, 3, 3)\n"
        "(conv(x, w) * 2).sum().backward()\nassert x.grad.shape == x.shape and w.grad is None",
        "",
    ),
    "gradients add up": (
        "x = torch.ones(3, requires_grad=True)\nfor _ in range(2):\n    Square.apply(x).sum().backward()\n"
        "assert x.grad.tolist() == [4, 4, 4]",
        "",
    ),
    "inner graph": (
        "a = torch.rand(1, 1, 5, 5, requires_grad=True)\nw = torch.rand(1, 1, 3, 3)\n"
        "y = conv(conv(a * 2, w) + 1, w)\ng, = torch.autograd.grad(y.sum(), a)\n"
        "f = torch.nn.functional.conv2d\nr, = torch.autograd.grad(f(f(a * 2, w) + 1, w).sum(), a)\n"
        "checks.close(g, r, 'g')",
        "",
    ),
    "cut graph": (
        "x = torch.ones(2, requires_grad=True)\nassert not detached(x).requires_grad\ndetached(x).sum().backward()",
        "RuntimeError",
    ),
    "unused input": (
        "x = torch.ones(2, requires_grad=True)\nz = torch.ones(2, requires_grad=True)\n"
        "g = torch.autograd.grad(Square.apply(x).sum(), (x, z), allow_unused=True)\nassert g[1] is None",
        "",
    ),
    "no_grad": (
        "x = torch.ones(1, requires_grad=True)\nwith torch.no_grad():\n    assert not Square.apply(x).requires_grad",
        "",
    ),
    "gradcheck": (
        "x = torch.rand(3, dtype=torch.float64, requires_grad=True)\n"
        "assert torch.autograd.gradcheck(Square.apply, (x,))",
        "",
    ),
    "gradgradcheck": (
        "x = torch.rand(3, dtype=torch.float64, requires_grad=True)\n"
        "assert torch.autograd.gradgradcheck(Square.apply, (x,))",
        "",
    ),
    "gradcheck of a wrong one": (
        "x = torch.rand(3, dtype=torch.float64, requires_grad=True)\n"
        "assert torch.autograd.gradcheck(WrongSquare.apply, (x,), raise_exception=False)",
        "AssertionError",
    ),
    "double backward": (
        "x = torch.tensor([3.0], requires_grad=True)\ny = identity(x * 1) ** 3\ny = Square.apply(x) * x\n"
        "g, = torch.autograd.grad(y, x, create_graph=True)\nh, = torch.autograd.grad(g, x)\n"
        "assert h.item() == 18",
        "",
    ),
    "unchanged": ("checks.unchanged(conv, torch.rand(1, 1, 4, 4), torch.rand(1, 1, 2, 2), what='x')", ""),
    "grad mode kept": ("checks.grad_mode_kept(conv, torch.rand(1, 1, 4, 4), torch.rand(1, 1, 2, 2), what='x')", ""),
    "grad mode left off": ("checks.grad_mode_kept(records_no_more, torch.rand(3), what='x')", "CheckFailed"),
    "in place": ("checks.unchanged(in_place, torch.rand(3), what='x')", "CheckFailed"),
    "in place seen": (
        "x = torch.zeros(3)\nassert in_place(x).item() == 3 and x.tolist() == [1, 1, 1] and x._version == 1",
        "",
    ),
    "in place on a leaf": ("in_place(torch.zeros(3, requires_grad=True))", "RuntimeError"),
    "in place with a parameter, twice": ("x = torch.ones(3)\nadd_own(x)\nassert add_own(x).sum().item() == 3", ""),
    "list changed": ("items = [5]\nassert grow(items) is items and items == [5, 1]", ""),
    "array changed": ("a = np.zeros(3)\nfill(a)\nassert a.tolist() == [7, 0, 0]", ""),
    "array": ("a = np.arange(6.0).reshape(2, 3)\nassert swap(a).shape == (3, 2) and swap(a)[2, 1] == 5", ""),
    "init in place": ("w = torch.zeros(2, 2, requires_grad=True)\nassert kaiming_(w) is w and w.sum().item() == 1", ""),
    "dict of values": (
        "s = stats(torch.ones(2, 3))\nassert s['mean'].item() == 1 and s['shape'] == (2, 3)\n"
        "assert s['list'] == [1, 2.5, None, 'a']",
        "",
    ),
    "named tuple": ("r = table()\nassert r == (3, 1, 0.5) and r.jump == 1\na, b, c = r", ""),
    "generator": ("assert list(count()) == [0, 1, 2]\nassert sum(count()) == 3", ""),
    "endless generator": ("import itertools\nassert list(itertools.islice(everlasting(), 4)) == [0, 1, 2, 3]", ""),
    "dataset": (
        "d = Digits(12)\nassert len(d) == 12\nx, y = d[11]\nassert x.shape == (2, 2) and y == 1\n"
        "assert sum(1 for _ in d) == 12\nchecks.raises(IndexError, lambda i: d[i], 12, what='x')",
        "",
    ),
    "data loader": (
        "xs, ys = next(iter(torch.utils.data.DataLoader(Digits(12), batch_size=4)))\nassert xs.shape == (4, 2, 2)",
        "",
    ),
    "parameter count": ("assert sum(p.numel() for p in LeNet().parameters()) == 61706 + 32", ""),
    "class with an argument": ("assert LeNet(classes=7)(torch.rand(2, 1, 28, 28)).shape == (2, 7)", ""),
    "forward and backward": (
        "net = LeNet()\nout = net(torch.rand(2, 1, 28, 28))\nassert net.conv1.weight.grad is None\n"
        "out.sum().backward()\nassert net.conv1.weight.grad.shape == (6, 1, 5, 5)\n"
        "assert net.conv1.weight.grad.abs().sum() > 0\n"
        "assert all(p.grad is not None for p in net.parameters())",
        "",
    ),
    "grad leaves .grad alone": (
        "net = LeNet()\nx = torch.rand(2, 1, 28, 28, requires_grad=True)\n"
        "torch.autograd.grad(net(x).sum(), x)\nassert net.conv1.weight.grad is None",
        "",
    ),
    "gradients of parameters": (
        "net = LeNet()\nout = net(torch.rand(2, 1, 28, 28)).pow(2).sum()\n"
        "g = torch.autograd.grad(out, list(net.parameters()))\n"
        "assert [a.shape for a in g] == [p.shape for p in net.parameters()]\n"
        "assert g[0].abs().sum() > 0 and net.conv1.weight.grad is None",
        "",
    ),
    "held parameter": (
        "net = LeNet()\nw = net.conv1.weight\nassert w is net.conv1.weight and w.is_leaf\n"
        "net(torch.rand(2, 1, 28, 28)).sum().backward()\nassert w.grad.shape == w.shape\n"
        "assert isinstance(w, nn.Parameter)",
        "",
    ),
    "weight decay": (
        "net = LeNet()\nw = net.head[5].weight\n"
        "(net(torch.rand(2, 1, 28, 28)).sum() * 0 + (w ** 2).sum()).backward()\n"
        "checks.close(net.head[5].weight.grad, 2 * w.detach(), 'w')",
        "",
    ),
    "setting weights": (
        "net = LeNet()\nwith torch.no_grad():\n    net.head[5].weight.zero_()\n    net.head[5].bias.fill_(3.0)\n"
        "assert net(torch.rand(1, 1, 28, 28)).tolist() == [[3.0] * 10]",
        "",
    ),
    "data of a parameter": (
        "net = LeNet()\nfor p in net.parameters():\n    p.data.fill_(0.0)\n"
        "assert net(torch.rand(2, 1, 28, 28)).abs().sum() == 0",
        "",
    ),
    "optimizer of a test": (
        "net = LeNet()\nopt = torch.optim.SGD(net.parameters(), lr=1.0)\n"
        "before = net.head[5].bias.detach().clone()\n"
        "net(torch.rand(1, 1, 28, 28).expand(2, -1, -1, -1)).sum().backward()\n"
        "opt.step()\nchecks.close(net.head[5].bias.detach(), before - 2, 'bias')\nopt.zero_grad()\n"
        "assert net.head[5].bias.grad is None",
        "",
    ),
    "optimizer of the student": (
        "net = LeNet()\nbefore = net.head[5].bias.detach().clone()\nopt = Optimizer(net.parameters())\n"
        "net(torch.rand(2, 1, 28, 28)).sum().backward()\nopt.step()\n"
        "checks.close(net.head[5].bias.detach(), before - 0.2, 'bias')",
        "",
    ),
    "state dict": (
        "net, other = LeNet(), LeNet()\nstate = net.state_dict()\nassert list(state)[0] == 'conv1.weight'\n"
        "other.load_state_dict(state)\nx = torch.rand(1, 1, 28, 28)\nnet.eval()\nother.eval()\n"
        "checks.close(other(x), net(x), 'x')",
        "",
    ),
    "modes": (
        "net = LeNet()\nassert net.training is True\nnet.eval()\n"
        "assert net.training is False and not net.norm.training\n"
        "net.train()\nassert net.norm.training",
        "",
    ),
    "buffers": (
        "net = LeNet()\nbefore = net.norm.running_mean.clone()\nnet(torch.rand(4, 1, 28, 28))\n"
        "assert not torch.equal(before, net.norm.running_mean)\nassert net.norm.num_batches_tracked == 1",
        "",
    ),
    "named modules": (
        "names = [n for n, _ in LeNet().named_modules()]\nassert names[:3] == ['', 'conv1', 'conv2']",
        "",
    ),
    "isinstance": (
        "net = LeNet()\nassert isinstance(net, nn.Module) and not isinstance(net, nn.Conv2d)\n"
        "assert isinstance(net.conv1, nn.Conv2d)\nassert sum(isinstance(m, nn.Linear) for m in net.modules()) == 3",
        "",
    ),
    "attributes": (
        "net = LeNet()\nassert net.conv1.kernel_size == (5, 5) and not hasattr(net, 'nothing')\n"
        "assert len(net.head) == 6 and net.head[1].in_features == 400\nnet.note = 5\nassert net.note == 5",
        "",
    ),
    "identity of objects": ("net = LeNet()\nassert net.conv1 is net.conv1 and net.conv1 != net.conv2", ""),
    "global instance": ("assert shared(torch.rand(1, 1, 28, 28)).shape == (1, 10)", ""),
    "params in a list": (
        "p = torch.ones(2, requires_grad=True)\n(p * 3).sum().backward()\nsgd([p], 0.5)\n"
        "assert p.tolist() == [-0.5, -0.5]",
        "",
    ),
    "callback": (
        "f = lambda t: (t ** 2).sum()\nx = torch.tensor([1.0, -2.0], dtype=torch.float64)\n"
        "checks.close(numeric(f, x), 2 * x, 'f', atol=1e-6)",
        "",
    ),
    "library callable": (
        "x = torch.tensor([1.0, -2.0], dtype=torch.float64)\n"
        "checks.close(numeric(torch.exp, x), x.exp(), 'f', atol=1e-6)",
        "",
    ),
    "place": (
        "net, x, y = nn.Linear(2, 3), torch.rand(8, 2), torch.arange(8) % 3\nbefore = net.weight.detach().clone()\n"
        "opt = torch.optim.SGD(net.parameters(), lr=0.5)\nnet, opt = checks.place(net, opt)\n"
        "train(net, [(x, y)] * 3, opt, nn.functional.cross_entropy)\n"
        "assert not torch.equal(net.weight.detach(), before)",
        "",
    ),
    "cpu ratio": (
        "x = torch.rand(64, 64)\nchecks.cpu_ratio(swap, lambda a: a.sum(), (np.zeros((3, 3)),), at_most=1e9, what='x')",
        "",
    ),
    "seeded": (
        "torch.manual_seed(3)\nb = torch.rand(2)\ntorch.manual_seed(3)\nassert torch.equal(b, torch.rand(2))",
        "",
    ),
    "from scratch": ("rules.from_scratch(size, (7, 3))", ""),
    "not from scratch": ("rules.from_scratch(conv, (torch.rand(1, 1, 4, 4), torch.rand(1, 1, 2, 2)))", "CheckFailed"),
}


@pytest.mark.parametrize("name", CHECKS)
def test_plain(name: str) -> None:
    check, expected = CHECKS[name]
    namespace: dict[str, Any] = {"__name__": "__main__"}
    exec(SETUP, namespace)
    exec(STUDENT, namespace)
    try:
        exec(check, namespace)
        found = ""
    except Exception as error:
        found = type(error).__name__
    assert found == expected


def test_sealed(run: Callable[..., Any]) -> None:
    ends = run(STUDENT, *(check for check, _ in CHECKS.values()))
    found = {name: (end.end.error, end.end.text) for name, end in zip(CHECKS, ends, strict=True)}
    wrong = {name: found[name] for name, (_, expected) in CHECKS.items() if found[name][0] != expected}
    assert wrong == {}, textwrap.dedent(str(wrong))
