"""You left out the padding of the 3 × 3, so the maps shrink."""

import torch


class Bottleneck(torch.nn.Module):
    """1 × 1, 3 × 3 and 1 × 1 convolutions and a shortcut: (N, c_in, H, W) to (N, 4 · c_mid, ⌈H/stride⌉, ⌈W/stride⌉)."""

    def __init__(self, c_in: int, c_mid: int, stride: int = 1, shortcut: str = "B") -> None:
        super().__init__()
        wide = 4 * c_mid
        if shortcut not in ("A", "B") or (shortcut == "A" and wide < c_in):
            raise ValueError("a shortcut is B, or A if no channel is lost")
        widths = [c_in, c_mid, c_mid, wide]
        for i, (kernel, step) in enumerate([(1, 1), (3, stride), (1, 1)]):
            conv = torch.nn.Conv2d(widths[i], widths[i + 1], kernel, step, padding=0, bias=False)
            self.add_module(f"conv{i + 1}", conv)
            self.add_module(f"bn{i + 1}", torch.nn.BatchNorm2d(widths[i + 1]))
        self.stride, self.missing, self.downsample = stride, wide - c_in, None
        if shortcut == "B" and (stride > 1 or wide != c_in):
            project = torch.nn.Conv2d(c_in, wide, 1, stride, bias=False)
            self.downsample = torch.nn.Sequential(project, torch.nn.BatchNorm2d(wide))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return ReLU(F(x) + s(x))."""
        change = torch.relu(self.bn1(self.conv1(x)))
        change = torch.relu(self.bn2(self.conv2(change)))
        change = self.bn3(self.conv3(change))
        if self.downsample is not None:
            around = self.downsample(x)
        else:
            front = self.missing // 2
            around = torch.nn.functional.pad(
                x[..., :: self.stride, :: self.stride], (0, 0, 0, 0, front, self.missing - front)
            )
        return torch.relu(change + around)
