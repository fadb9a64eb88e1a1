"""C5 sees one window only, so it is a dense layer, and C3 is gathered by index."""

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
