"""You applied ReLU to x in place."""

import torch


class Inception(torch.nn.Module):
    """Four branches side by side: (N, c_in, H, W) to (N, c1 + c2 + c3 + c4, H, W)."""

    def __init__(self, c_in: int, spec: tuple[int, tuple[int, int], tuple[int, int], int], norm: bool = False) -> None:
        super().__init__()
        nn = torch.nn

        def unit(c: int, c_out: int, kernel: int) -> nn.Sequential:
            made = nn.Sequential()
            made.add_module("conv", nn.Conv2d(c, c_out, kernel, padding=kernel // 2, bias=not norm))
            if norm:
                made.add_module("bn", nn.BatchNorm2d(c_out, eps=0.001))
            made.add_module("relu", nn.ReLU())
            return made

        c1, (c2r, c2), (c3r, c3), c4 = spec
        self.branch1 = unit(c_in, c1, 1)
        self.branch2 = nn.Sequential(unit(c_in, c2r, 1), unit(c2r, c2, 3))
        self.branch3 = nn.Sequential(unit(c_in, c3r, 1), unit(c3r, c3, 3 if norm else 5))
        self.branch4 = nn.Sequential(nn.MaxPool2d(3, 1, 1), unit(c_in, c4, 1))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the outputs of the branches, one behind the other."""
        x = x.relu_()
        return torch.cat([branch(x) for branch in (self.branch1, self.branch2, self.branch3, self.branch4)], 1)
