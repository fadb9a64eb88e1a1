"""Tensors that exist on both sides: leaves of the student's, such as parameters, that a test has seen.

Runs in the examiner. One leaf has one tensor here as long as a test holds it, so ``net.weight is net.weight``, and
``loss.backward()`` followed by ``net.weight.grad`` works. Before each request what a test changed goes over; after each
reply what the student's code changed comes back.
"""

from __future__ import annotations

import weakref
from dataclasses import dataclass
from typing import Any

import torch

from autograder.engines.sealed.protocol.decode import Decoder, integer
from autograder.engines.sealed.protocol.encode import DTYPES, Encoder, Node
from autograder.engines.sealed.protocol.frames import ProtocolViolation

__all__ = ["Mirror", "same"]


def same(a: torch.Tensor | None, b: torch.Tensor | None) -> bool:
    """Say whether two tensors have the same shape, dtype and elements."""
    if a is None or b is None:
        return a is b
    return a.shape == b.shape and a.dtype == b.dtype and torch.equal(a, b)


def _copy(tensor: torch.Tensor | None) -> torch.Tensor | None:
    return None if tensor is None else tensor.detach().clone()


@dataclass
class _Leaf:
    tensor: weakref.ref[torch.Tensor]
    data: torch.Tensor | None = None  # as both sides last knew it; None until the elements were asked for
    grad: torch.Tensor | None = None


class Mirror:
    """The mirrored leaves of one sandbox, by the sandbox's numbers."""

    def __init__(self) -> None:
        self._leaves: dict[int, _Leaf] = {}
        self._numbers: dict[int, int] = {}
        self.released: list[int] = []
        # What was handed out since the last request: a test may change it and let it go at once (net.bias.zero_()).
        self._recent: list[torch.Tensor] = []

    def number(self, tensor: torch.Tensor) -> int | None:
        """Return the number of ``tensor`` if it is mirrored."""
        return self._numbers.get(id(tensor))

    def hold(self) -> list[torch.Tensor]:
        """Return all living mirrored leaves: none can go while the list lives."""
        return [tensor for leaf in list(self._leaves.values()) if (tensor := leaf.tensor()) is not None]

    def placeholder(self, node: Node, devices: tuple[str, ...]) -> torch.Tensor:
        """Return the leaf that ``[number, is_parameter, dtype, device, *shape]`` describes, without elements if new."""
        number, parameter, name, device, *shape = node
        found = self._living(integer(number))
        if found is not None:
            return found
        dtype = DTYPES.get(name) if type(name) is str else None
        if (
            dtype is None
            or not (dtype.is_floating_point or dtype.is_complex)
            or device not in devices
            or len(shape) > 32
        ):
            raise ProtocolViolation("a leaf of an unknown kind")
        try:
            data = torch.empty((), dtype=dtype, device=device).expand([integer(size) for size in shape])
        except RuntimeError:
            raise ProtocolViolation("an impossible shape") from None
        return self._add(number, parameter is True, data)

    def full(self, node: Node, decoder: Decoder) -> torch.Tensor:
        """Return the mirrored leaf that ``["P", number, is_parameter, content, grad]`` gives, with its elements."""
        _, number, parameter, content, grad_node = node
        data = decoder.content(content).detach()
        grad = None if grad_node is None else decoder.content(grad_node).detach()
        if not (data.is_floating_point() or data.is_complex()) or (grad is not None and grad.shape != data.shape):
            raise ProtocolViolation("a leaf of an unknown kind")
        tensor = self._living(integer(number))
        if tensor is None:
            tensor = self._add(number, parameter is True, data)
        elif tensor.dtype != data.dtype or tensor.device != data.device:
            raise ProtocolViolation("a leaf that changed its kind")
        else:
            tensor.data = data
        leaf = self._leaves[number]
        leaf.data = _copy(data)
        self._set_grad(leaf, tensor, grad)
        self._recent.append(tensor)
        return tensor

    def known(self, number: Node) -> torch.Tensor:
        """Return a mirrored leaf whose elements came before."""
        tensor = self._living(integer(number))
        if tensor is None or self._leaves[number].data is None:
            raise ProtocolViolation("an unknown leaf")
        self._recent.append(tensor)
        return tensor

    def changes(self, encoder: Encoder) -> list[Node]:
        """Encode what a test changed since the last exchange."""
        found = []
        for number, leaf in list(self._leaves.items()):
            tensor = leaf.tensor()
            if tensor is None or leaf.data is None:
                continue
            data: Node = None
            grad: Node = "="
            if not same(tensor.detach(), leaf.data):
                leaf.data = _copy(tensor)
                data = encoder.content(tensor.detach())
            if not same(tensor.grad, leaf.grad):
                leaf.grad = _copy(tensor.grad)
                grad = None if leaf.grad is None else encoder.content(leaf.grad)
            if data is not None or grad != "=":
                found.append([number, data, grad])
        self._recent = []
        return found

    def apply(self, changes: Node, decoder: Decoder) -> None:
        """Take over what the student's code changed."""
        for number, data_node, grad_node in changes:
            tensor = self.known(number)
            leaf = self._leaves[number]
            if data_node is not None:
                data = decoder.content(data_node).detach()
                if data.dtype != tensor.dtype or data.device != tensor.device:
                    raise ProtocolViolation("a leaf that changed its kind")
                leaf.data = _copy(data)
                if data.shape == tensor.shape:
                    tensor.detach().copy_(data)
                else:
                    tensor.data = data
            if grad_node != "=":
                grad = None if grad_node is None else decoder.content(grad_node).detach()
                self._set_grad(leaf, tensor, grad)

    def _set_grad(self, leaf: _Leaf, tensor: torch.Tensor, grad: torch.Tensor | None) -> None:
        if grad is not None and (
            grad.shape != tensor.shape or grad.dtype != tensor.dtype or grad.device != tensor.device
        ):
            raise ProtocolViolation("a gradient of another shape")
        leaf.grad = _copy(grad)
        tensor.grad = grad

    def _living(self, number: int) -> torch.Tensor | None:
        leaf = self._leaves.get(number)
        return leaf.tensor() if leaf is not None else None

    def _add(self, number: int, parameter: bool, data: torch.Tensor) -> torch.Tensor:
        tensor = torch.nn.Parameter(data) if parameter else data.detach().requires_grad_()
        key = id(tensor)

        def gone(_: Any) -> None:
            if self._numbers.get(key) == number:
                del self._numbers[key]
            if self._leaves.get(number) is leaf:
                del self._leaves[number]
                self.released.append(number)

        leaf = _Leaf(weakref.ref(tensor, gone))
        self._leaves[number] = leaf
        self._numbers[key] = number
        if number in self.released:
            self.released.remove(number)
        return tensor
