"""You gave the convolutions biases."""

import torch


class PreActBlock(torch.nn.Module):
    """Norm and ReLU before each convolution: (N, c_in, H, W) to (N, c_out, ⌈H/stride⌉, ⌈W/stride⌉)."""

    def __init__(self, c_in: int, c_out: int, stride: int = 1) -> None:
        super().__init__()
        self.bn1 = torch.nn.BatchNorm2d(c_in)
        self.conv1 = torch.nn.Conv2d(c_in, c_out, 3, stride, padding=1)
        self.bn2 = torch.nn.BatchNorm2d(c_out)
        self.conv2 = torch.nn.Conv2d(c_out, c_out, 3, padding=1)
        changes = stride != 1 or c_in != c_out
        self.shortcut = torch.nn.Conv2d(c_in, c_out, 1, stride, bias=False) if changes else None

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the sum of the shortcut and of what the convolutions change."""
        ready = torch.relu(self.bn1(x))
        around = x if self.shortcut is None else self.shortcut(ready)
        return around + self.conv2(torch.relu(self.bn2(self.conv1(ready))))
