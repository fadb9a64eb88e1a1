"""No convolution at all: windows times kernels for each cross, added up by output map."""

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
