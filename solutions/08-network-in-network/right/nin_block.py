"""Right answers, written differently, for `nin_block`."""

right(
    "dense_in_every_pixel",
    "The 1 × 1 are matrix products over the channels.",
    answer="""
import torch


class Block(torch.nn.Module):
    def __init__(self, c_in, widths, kernel_size, stride, padding):
        super().__init__()
        self.look = torch.nn.Conv2d(c_in, widths[0], kernel_size, stride, padding)
        self.mixes = torch.nn.ParameterList()
        for k in range(1, len(widths)):
            self.mixes.append(torch.randn(widths[k], widths[k - 1], 1, 1) / widths[k - 1] ** 0.5)
            self.mixes.append(torch.zeros(widths[k]))

    def forward(self, x):
        x = self.look(x).clamp(min=0).movedim(1, -1)
        for k in range(0, len(self.mixes), 2):
            x = (x @ self.mixes[k][:, :, 0, 0].T + self.mixes[k + 1]).clamp(min=0)
        return x.movedim(-1, 1)


def nin_block(c_in, widths, kernel_size, stride=1, padding=0):
    if len(widths) == 0 or any(width <= 0 for width in widths):
        raise ValueError(f"widths {widths}")
    return Block(c_in, widths, kernel_size, stride, padding)
""",
)

right(
    "functional",
    "A list of convolutions, with functions between.",
    answer="""
import torch
import torch.nn.functional as F


class Block(torch.nn.Module):
    def __init__(self, c_in, widths, kernel_size, stride, padding):
        super().__init__()
        self.layers = torch.nn.ModuleList()
        for number, width in enumerate(widths):
            if width < 1:
                raise ValueError("a layer without channels")
            if number == 0:
                self.layers.append(torch.nn.Conv2d(c_in, width, kernel_size, stride=stride, padding=padding))
            else:
                self.layers.append(torch.nn.Conv2d(c_in, width, kernel_size=1))
            c_in = width
        if not self.layers:
            raise ValueError("a block without layers")

    def forward(self, x):
        for layer in self.layers:
            x = F.relu(layer(x))
        return x


def nin_block(c_in, widths, kernel_size, stride=1, padding=0):
    return Block(c_in, widths, kernel_size, stride, padding)
""",
)
