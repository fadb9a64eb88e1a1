"""You set the branches one behind the other in another order."""

import torch


class InceptionResNetA(torch.nn.Module):
    """Three branches that compute a change, and a scaled sum: (N, c_in, H, W) to (N, c_in, H, W)."""

    def __init__(self, c_in: int, width: int = 32, scale: float = 0.17) -> None:
        super().__init__()
        conv = torch.nn.Conv2d
        self.scale = scale
        self.branch1 = conv(c_in, width, 1)
        self.branch2 = torch.nn.ModuleList([conv(c_in, width, 1), conv(width, width, 3, padding=1)])
        more = [conv(width, width, 3, padding=1) for _ in range(2)]
        self.branch3 = torch.nn.ModuleList([conv(c_in, width, 1), *more])
        self.up = conv(3 * width, c_in, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return ReLU(x + scale · change)."""
        ends = []
        for branch in ([self.branch1], self.branch2, self.branch3):
            h = x
            for conv in branch:
                h = torch.relu(conv(h))
            ends.append(h)
        return torch.relu(x + self.scale * self.up(torch.cat(ends[::-1], 1)))
