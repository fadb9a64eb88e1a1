"""You ordered the kernels by input map first, then by output map."""

import torch


class C3(torch.nn.Module):
    """The second convolution of the LeNet-5 of 1998: (N, 6, H, W) to (N, 16, H − 4, W − 4)."""

    def __init__(self) -> None:
        super().__init__()
        runs = [[(first + step) % 6 for step in range(length)] for length in (3, 4) for first in range(6)]
        split = [[first, (first + 1) % 6, (first + 3) % 6, (first + 4) % 6] for first in range(3)]
        split[2] = [0, 2, 3, 5]
        table = [sorted(inputs) for inputs in [*runs, *split, range(6)]]
        self.outputs = [o for i in range(6) for o, inputs in enumerate(table) if i in inputs]
        self.inputs = [i for i in range(6) for inputs in table if i in inputs]
        limits = torch.tensor([2.4 / (25 * len(table[o])) for o in self.outputs])
        self.weight = torch.nn.Parameter((2 * torch.rand(60, 5, 5) - 1) * limits[:, None, None])
        self.bias = torch.nn.Parameter(torch.zeros(16))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the 16 maps of ``x``."""
        dense = self.weight.new_zeros(16, 6, 5, 5)
        dense[self.outputs, self.inputs] = self.weight
        return torch.nn.functional.conv2d(x, dense, self.bias)
