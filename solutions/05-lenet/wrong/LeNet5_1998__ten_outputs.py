"""You added a layer of ten outputs on top of F6, which this task leaves out."""

import torch


class LeNet5_1998(torch.nn.Module):
    """The LeNet-5 of 1998 without its last layer: (N, 1, 32, 32) to (N, 84), with 60,000 parameters."""

    def __init__(self) -> None:
        super().__init__()
        three, four = ({tuple(sorted((i + k) % 6 for k in range(n))): i for i in range(6)} for n in (3, 4))
        crosses = [*three, *four, (0, 1, 3, 4), (1, 2, 4, 5), (0, 2, 3, 5), range(6)]
        self.pairs = [(o, i) for o, inputs in enumerate(crosses) for i in inputs]

        def evenly(*shape: int, fan_in: torch.Tensor | float) -> torch.nn.Parameter:
            return torch.nn.Parameter((2 * torch.rand(shape) - 1) * 2.4 / fan_in)

        def numbers(n: int, value: float = 0.0) -> torch.nn.Parameter:
            return torch.nn.Parameter(torch.full((n,), value))

        self.c1, self.b1 = evenly(6, 1, 5, 5, fan_in=25), numbers(6)
        self.s2, self.b2 = numbers(6, 0.25), numbers(6)
        fan_in = torch.tensor([25.0 * len(crosses[o]) for o, _ in self.pairs])
        self.c3, self.b3 = evenly(60, 5, 5, fan_in=fan_in[:, None, None]), numbers(16)
        self.s4, self.b4 = numbers(16, 0.25), numbers(16)
        self.c5, self.b5 = evenly(120, 16, 5, 5, fan_in=400), numbers(120)
        self.f6, self.b6 = evenly(84, 120, fan_in=120), numbers(84)
        self.out = torch.nn.Linear(84, 10)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the states of the 84 units of F6."""
        functional = torch.nn.functional

        def squash(a: torch.Tensor) -> torch.Tensor:
            return 1.7159 * torch.tanh(2 / 3 * a)

        def subsample(x: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
            return 4 * functional.avg_pool2d(x, 2) * weight[:, None, None] + bias[:, None, None]

        table = self.c3.new_zeros(16, 6, 5, 5)
        table[[o for o, _ in self.pairs], [i for _, i in self.pairs]] = self.c3
        x = squash(functional.conv2d(x, self.c1, self.b1))
        x = squash(subsample(x, self.s2, self.b2))
        x = squash(functional.conv2d(x, table, self.b3))
        x = squash(subsample(x, self.s4, self.b4))
        x = squash(functional.conv2d(x, self.c5, self.b5)).flatten(1)
        return self.out(squash(functional.linear(x, self.f6, self.b6)))
