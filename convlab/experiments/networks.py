"""Networks for experiments, from one line of text: the sizes of inputs are found by running, never written."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn

__all__ = ["Network"]

_INITIAL: dict[str, Callable[[Tensor], Tensor]] = {
    "xavier": nn.init.xavier_uniform_,
    "kaiming": nn.init.kaiming_normal_,
}


class Network(nn.Module):
    """Run the steps of a text such as ``"conv 8 3 1 | relu | max 2 | flat | dense 10"``, one after the other.

    ``conv C K [P]``, ``dense N``, ``max K`` and ``avg K`` (strides of K), ``norm``, ``flat``, ``relu``, ``tanh``,
    ``sigmoid``.
    Weights start by ``initial``, biases at 0.

    Raises:
        ValueError: a step has no meaning.
    """

    def __init__(self, text: str, in_shape: tuple[int, int, int], initial: str = "xavier") -> None:
        super().__init__()
        self.steps = nn.ModuleList()
        x = torch.zeros(2, *in_shape)  # two, because batch norm cannot train on one number
        for step in text.split("|"):
            layer = _layer(step.split(), x)
            if isinstance(layer, nn.Conv2d | nn.Linear):
                _INITIAL[initial](layer.weight)
                if layer.bias is not None:
                    nn.init.zeros_(layer.bias)
            self.steps.append(layer)
            x = layer.eval()(x).detach()
        self.train()

    def forward(self, x: Tensor) -> Tensor:
        for step in self.steps:
            x = step(x)
        return x

    @property
    def parameter_count(self) -> int:
        return sum(p.numel() for p in self.parameters())


def _layer(words: list[str], x: Tensor) -> nn.Module:
    kind, numbers = words[0], [int(word) for word in words[1:]]
    makers: dict[str, Callable[..., nn.Module]] = {
        "conv": lambda c, k, p=0: nn.Conv2d(x.shape[1], c, k, padding=p),
        "dense": lambda n: nn.Linear(x.shape[1], n),
        "max": nn.MaxPool2d,
        "avg": nn.AvgPool2d,
        "norm": lambda: nn.BatchNorm2d(x.shape[1]) if x.dim() == 4 else nn.BatchNorm1d(x.shape[1]),
        "flat": nn.Flatten,
        "relu": nn.ReLU,
        "tanh": nn.Tanh,
        "sigmoid": nn.Sigmoid,
    }
    if kind not in makers:
        raise ValueError(f"No step is called {kind!r}. There are: {', '.join(makers)}.")
    return makers[kind](*numbers)
