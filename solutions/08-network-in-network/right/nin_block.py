"""Right answers, written differently, for `nin_block`."""

right(
    "dense_in_every_pixel",
    "The two 1 × 1 are matrix products over the channels.",
    answer="""
import torch


class Block(torch.nn.Module):
    def __init__(self, c_in, c_out, kernel_size, stride, padding):
        super().__init__()
        self.look = torch.nn.Conv2d(c_in, c_out, kernel_size, stride, padding)
        self.w1 = torch.nn.Parameter(torch.randn(c_out, c_out, 1, 1) / c_out**0.5)
        self.b1 = torch.nn.Parameter(torch.zeros(c_out))
        self.w2 = torch.nn.Parameter(torch.randn(c_out, c_out, 1, 1) / c_out**0.5)
        self.b2 = torch.nn.Parameter(torch.zeros(c_out))
        names = ["look.weight", "look.bias", "w1", "b1", "w2", "b2"]
        self.order = names

    def parameters(self, recurse=True):
        named = dict(self.named_parameters())
        return iter([named[name] for name in self.order])

    def forward(self, x):
        x = self.look(x).clamp(min=0).movedim(1, -1)
        x = (x @ self.w1[:, :, 0, 0].T + self.b1).clamp(min=0)
        return (x @ self.w2[:, :, 0, 0].T + self.b2).clamp(min=0).movedim(-1, 1)


def nin_block(c_in, c_out, kernel_size, stride=1, padding=0):
    return Block(c_in, c_out, kernel_size, stride, padding)
""",
)

right(
    "functional",
    "A module with three convolutions and functions between.",
    answer="""
import torch
import torch.nn.functional as F


class Block(torch.nn.Module):
    def __init__(self, c_in, c_out, kernel_size, stride, padding):
        super().__init__()
        self.look = torch.nn.Conv2d(c_in, c_out, kernel_size, stride=stride, padding=padding)
        self.mix1 = torch.nn.Conv2d(c_out, c_out, kernel_size=1)
        self.mix2 = torch.nn.Conv2d(c_out, c_out, kernel_size=1)

    def forward(self, x):
        for layer in (self.look, self.mix1, self.mix2):
            x = F.relu(layer(x))
        return x


def nin_block(c_in, c_out, kernel_size, stride=1, padding=0):
    return Block(c_in, c_out, kernel_size, stride, padding)
""",
)
