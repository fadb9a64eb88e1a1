"""You began with the second row and column in shortcut A; the first are taken."""

import torch


class BasicBlock(torch.nn.Module):
    """Two 3 × 3 convolutions and a shortcut: (N, c_in, H, W) to (N, c_out, ⌈H/stride⌉, ⌈W/stride⌉)."""

    def __init__(self, c_in: int, c_out: int, stride: int = 1, shortcut: str = "B") -> None:
        super().__init__()
        if shortcut not in ("A", "B"):
            raise ValueError("a shortcut is A or B")
        if shortcut == "A" and c_out < c_in:
            raise ValueError("shortcut A cannot lose channels")
        self.conv1 = torch.nn.Conv2d(c_in, c_out, 3, stride, padding=1, bias=False)
        self.bn1 = torch.nn.BatchNorm2d(c_out)
        self.conv2 = torch.nn.Conv2d(c_out, c_out, 3, padding=1, bias=False)
        self.bn2 = torch.nn.BatchNorm2d(c_out)
        self.stride, self.missing = stride, c_out - c_in
        self.downsample = None
        if shortcut == "B" and (stride, c_in) != (1, c_out):
            project = torch.nn.Conv2d(c_in, c_out, 1, stride, bias=False)
            self.downsample = torch.nn.Sequential(project, torch.nn.BatchNorm2d(c_out))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return ReLU(F(x) + s(x))."""
        change = self.bn2(self.conv2(torch.relu(self.bn1(self.conv1(x)))))
        if self.downsample is not None:
            return torch.relu(change + self.downsample(x))
        front = self.missing // 2
        shift = self.stride - 1
        thinned = torch.nn.functional.pad(x, (0, shift, 0, shift))[:, :, shift :: self.stride, shift :: self.stride]
        kept = torch.nn.functional.pad(thinned, (0, 0, 0, 0, front, self.missing - front))
        return torch.relu(change + kept)
