"""Right answers, written differently, for `LeNet5_1998`."""

right(
    "c5_is_dense",
    "C5 sees one window only, so it is a dense layer, and C3 is gathered by index.",
    answer='''
import torch

TABLE = """X...XXX..XXXX.XX
XX...XXX..XXXX.X
XXX...XXX..X.XXX
.XXX..XXXX..X.XX
..XXX..XXXX.XX.X
...XXX..XXXX.XXX"""
SHAPES = [(6, 1, 5, 5), (6,), (6,), (6,), (60, 5, 5), (16,), (16,), (16,), (120, 16, 5, 5), (120,), (84, 120), (84,)]


class LeNet5_1998(torch.nn.Module):
    def __init__(self):
        super().__init__()
        rows = TABLE.split()
        self.crosses = [(o, i) for o in range(16) for i in range(6) if rows[i][o] == "X"]
        self.w = torch.nn.ParameterList([torch.zeros(shape) for shape in SHAPES])
        with torch.no_grad():
            for number, fan_in in ((0, 25), (8, 400), (10, 120)):
                self.w[number].uniform_(-2.4 / fan_in, 2.4 / fan_in)
            for number in (2, 6):
                self.w[number].fill_(0.25)
            for kernel, (o, _) in zip(self.w[4], self.crosses, strict=True):
                fan_in = 25 * sum(other == o for other, _ in self.crosses)
                kernel.uniform_(-2.4 / fan_in, 2.4 / fan_in)

    def forward(self, x):
        F, w = torch.nn.functional, list(self.w)

        def squash(a):
            return 1.7159 * torch.tanh(a * (2 / 3))

        def halve(x, weight, bias):
            sums = F.avg_pool2d(x, 2, divisor_override=1)
            return squash(torch.einsum("nchw,c->nchw", sums, weight) + bias.view(-1, 1, 1))

        x = halve(squash(F.conv2d(x, w[0], w[1])), w[2], w[3])
        outputs, inputs = (list(numbers) for numbers in zip(*self.crosses, strict=True))
        products = F.conv2d(x[:, inputs], w[4][:, None], groups=60)
        maps = products.new_zeros(len(x), 16, *products.shape[2:])
        maps = maps.index_add(1, torch.tensor(outputs, device=x.device), products)
        x = halve(squash(maps + w[5].view(-1, 1, 1)), w[6], w[7])
        x = squash(F.linear(x.flatten(1), w[8].flatten(1), w[9]))
        return squash(F.linear(x, w[10], w[11]))
''',
)

right(
    "of_modules",
    "Small modules for each kind of layer, chained in a Sequential.",
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


def evenly(weight, fan_in):
    return torch.nn.init.uniform_(weight, -2.4 / fan_in, 2.4 / fan_in)


class Scaled(torch.nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.full((channels,), 0.25))
        self.bias = torch.nn.Parameter(torch.zeros(channels))

    def forward(self, x):
        kernels = self.weight.view(-1, 1, 1, 1).expand(-1, 1, 2, 2)
        return torch.nn.functional.conv2d(x, kernels, self.bias, stride=2, groups=x.shape[1])


class ByTable(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.cat([evenly(torch.empty(len(c), 5, 5), 25 * len(c)) for c in COLUMNS]))
        self.bias = torch.nn.Parameter(torch.zeros(16))

    def forward(self, x):
        rows = self.weight.split([len(c) for c in COLUMNS])
        read = [x[:, [int(i) for i in c]] for c in COLUMNS]
        maps = [torch.nn.functional.conv2d(r, k[None]) for r, k in zip(read, rows, strict=True)]
        return torch.cat(maps, 1) + self.bias[:, None, None]


class Squash(torch.nn.Module):
    def forward(self, a):
        return torch.tanh(a / 1.5) * 1.7159


class LeNet5_1998(torch.nn.Module):
    def __init__(self):
        super().__init__()
        nn = torch.nn
        c1, c5, f6 = nn.Conv2d(1, 6, 5), nn.Conv2d(16, 120, 5), nn.Linear(120, 84)
        for layer in (c1, c5, f6):
            evenly(layer.weight, layer.weight[0].numel())
            nn.init.zeros_(layer.bias)
        self.parts = nn.Sequential()
        for layer in (c1, Scaled(6), ByTable(), Scaled(16), c5, nn.Flatten(), f6):
            self.parts.append(layer)
            if not isinstance(layer, nn.Flatten):
                self.parts.append(Squash())

    def forward(self, x):
        return self.parts(x)
""",
)
