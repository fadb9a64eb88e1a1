"""Build a network from one line of text; the input size of each layer is found by running the layers before it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import torch
from torch import Tensor, nn

__all__ = ["Network"]

_INITIAL: dict[str, Callable[[Tensor], Tensor]] = {
    "xavier": nn.init.xavier_uniform_,
    "kaiming": nn.init.kaiming_normal_,
}


class Network(nn.Module):
    """Run the steps of a text such as ``"conv 8 3 1 | relu | max 2 | flat | dense 10"``, in order.

    ``conv C K [P [S]]``, ``dense N``, ``max K [S [P]]`` and ``avg K`` (strides of K where none is given), ``norm``,
    ``flat``, ``relu``, ``tanh``, ``sigmoid``, ``same`` (nothing happens). ``cat(A ; B ; …)`` gives one input to several
    texts and stacks the outputs along the channel axis, ``sum(A ; B ; …)`` adds what they return.
    Weights start by ``initial``, biases at 0.

    Raises:
        ValueError: a step has no meaning, or a bracket is not closed.
    """

    def __init__(self, text: str, in_shape: tuple[int, ...], initial: str = "xavier") -> None:
        super().__init__()
        self.steps = nn.ModuleList()
        x = torch.zeros(2, *in_shape)  # two, because batch norm cannot train on one number
        for step in _parts(text, "|"):
            layer = _joined(step, x, initial) if "(" in step else _layer(step.split(), x)
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


class _Together(nn.Module):
    """Give one input to several networks and join their outputs."""

    def __init__(self, networks: list[Network], join: Callable[[list[Tensor]], Tensor]) -> None:
        super().__init__()
        self.networks = nn.ModuleList(networks)
        self.join = join

    def forward(self, x: Tensor) -> Tensor:
        return self.join([net(x) for net in self.networks])


_JOINS: dict[str, Callable[[list[Tensor]], Tensor]] = {
    "cat": lambda outs: torch.cat(outs, 1),
    "sum": lambda outs: torch.stack(outs).sum(0),
}


def _joined(step: str, x: Tensor, initial: str) -> nn.Module:
    kind, _, rest = step.partition("(")
    if kind not in _JOINS or not rest.endswith(")"):
        raise ValueError(f"Expected one of {', '.join(_JOINS)} with its texts in brackets, got {step!r}.")
    shape = tuple(x.shape[1:])
    return _Together([Network(text, shape, initial) for text in _parts(rest[:-1], ";")], _JOINS[kind])


def _parts(text: str, mark: str) -> Iterator[str]:
    """Split ``text`` at each ``mark`` outside brackets."""
    depth, start = 0, 0
    for place, letter in enumerate(text + mark):
        depth += (letter == "(") - (letter == ")")
        if letter == mark and depth == 0:
            yield text[start:place].strip()
            start = place + 1
    if depth:
        raise ValueError(f"A bracket is not closed or not opened: {text!r}.")


def _layer(words: list[str], x: Tensor) -> nn.Module:
    kind, numbers = words[0], [int(word) for word in words[1:]]
    makers: dict[str, Callable[..., nn.Module]] = {
        "conv": lambda c, k, p=0, s=1: nn.Conv2d(x.shape[1], c, k, padding=p, stride=s),
        "dense": lambda n: nn.Linear(x.shape[1], n),
        "max": nn.MaxPool2d,
        "avg": nn.AvgPool2d,
        "norm": lambda: nn.BatchNorm2d(x.shape[1]) if x.dim() == 4 else nn.BatchNorm1d(x.shape[1]),
        "flat": nn.Flatten,
        "same": nn.Identity,
        "relu": nn.ReLU,
        "tanh": nn.Tanh,
        "sigmoid": nn.Sigmoid,
    }
    if kind not in makers:
        raise ValueError(f"No step is called {kind!r}. There are: {', '.join(makers)}.")
    return makers[kind](*numbers)
