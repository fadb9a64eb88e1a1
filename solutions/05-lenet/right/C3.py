"""Right answers, written differently, for `C3`."""

right(
    "convolution_by_map",
    "Sixteen small convolutions, each on the maps that its column names.",
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
        starts = []
        for column in COLUMNS:
            limit = 2.4 / (25 * len(column))
            starts.append(torch.empty(len(column), 5, 5).uniform_(-limit, limit))
        self.weight = torch.nn.Parameter(torch.cat(starts))
        self.bias = torch.nn.Parameter(torch.zeros(16))

    def forward(self, x):
        maps = []
        kernels = self.weight.split([len(column) for column in COLUMNS])
        for column, kernel, bias in zip(COLUMNS, kernels, self.bias.split(1), strict=True):
            read = x[:, [int(i) for i in column]]
            maps.append(torch.nn.functional.conv2d(read, kernel[None], bias))
        return torch.cat(maps, 1)
""",
)

right(
    "windows_and_index_add",
    "No convolution at all: windows times kernels for each cross, added up by output map.",
    answer='''
import torch

TABLE = """X...XXX..XXXX.XX
XX...XXX..XXXX.X
XXX...XXX..X.XXX
.XXX..XXXX..X.XX
..XXX..XXXX.XX.X
...XXX..XXXX.XXX"""


class C3(torch.nn.Module):
    def __init__(self):
        super().__init__()
        rows = TABLE.splitlines()
        crosses = [(o, i) for o in range(16) for i in range(6) if rows[i][o] == "X"]
        outputs, inputs = torch.tensor(crosses).T
        self.register_buffer("outputs", outputs)
        self.register_buffer("inputs", inputs)
        fan_in = 25.0 * outputs.bincount()[outputs]
        self.weight = torch.nn.Parameter(torch.empty(60, 5, 5).uniform_(-2.4, 2.4) / fan_in[:, None, None])
        self.bias = torch.nn.Parameter(torch.zeros(16))

    def forward(self, x):
        windows = x[:, self.inputs].unfold(2, 5, 1).unfold(3, 5, 1)
        products = torch.einsum("nkhwuv,kuv->nkhw", windows, self.weight)
        start = self.bias[:, None, None].expand(len(x), 16, *products.shape[2:])
        return start.index_add(1, self.outputs, products)
''',
)
