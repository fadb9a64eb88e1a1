"""Follow the receptive field of a unit through every operation of a running network.

For each axis a tensor carries the window of input pixels that its first unit sees, and the jump from one unit to the
next (Araujo et al., 2019). Windows widen in convolutions and poolings; where branches meet (a sum, a concatenation) the
result sees what any of them sees.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.weak import WeakIdKeyDictionary

__all__ = ["ReceptiveField", "ReceptiveFields"]

aten = torch.ops.aten
SAME_PIXELS = (nn.LocalResponseNorm,)  # built of operations that reshape, though each pixel is treated alone
NORMS = {
    aten.native_batch_norm,
    aten._native_batch_norm_legit_no_training,
    aten.cudnn_batch_norm,
    aten.miopen_batch_norm,
}
POINTWISE = {aten.hardswish_, aten.hardsigmoid_, aten.silu_, aten.mish_, aten.elu_, aten._prelu_kernel}  # not tagged so
COPIES = {aten.clone, aten.detach, aten._to_copy, aten.alias, aten.native_dropout, aten.contiguous}
PADS = {aten.constant_pad_nd, aten.reflection_pad1d, aten.reflection_pad2d, aten.replication_pad1d}
PADS |= {aten.replication_pad2d}
POOLS = {aten.max_pool2d_with_indices, aten.avg_pool2d, aten.max_pool2d}


@dataclass(frozen=True)
class ReceptiveField:
    """Hold, for each axis, the window [first, last] of input pixels that unit 0 sees and the jump between units."""

    first: tuple[int, ...]
    last: tuple[int, ...]
    jump: tuple[int, ...]

    @property
    def size(self) -> tuple[int, ...]:
        return tuple(last - first + 1 for first, last in zip(self.first, self.last, strict=True))

    def through(
        self, kernel: Iterable[int], stride: Iterable[int], padding: Iterable[int], dilation: Iterable[int]
    ) -> ReceptiveField:
        """Return the receptive field of a layer of windows on top of this one."""
        axes = list(zip(self.first, self.last, self.jump, kernel, stride, padding, dilation, strict=True))
        return ReceptiveField(
            tuple(first - p * j for first, _, j, _, _, p, _ in axes),
            tuple(last + (d * (k - 1) - p) * j for _, last, j, k, _, p, d in axes),
            tuple(j * s for _, _, j, _, s, _, _ in axes),
        )

    def at(self, axis: int, start: int, step: int) -> ReceptiveField:
        """Return the receptive field of every ``step``-th unit from ``start`` on, along one axis."""
        starts, steps = [0] * len(self.jump), [1] * len(self.jump)
        starts[axis], steps[axis] = start, step
        return self.through([1] * len(starts), steps, [-s for s in starts], [1] * len(starts))

    def joined(self, other: ReceptiveField) -> ReceptiveField | None:
        """Return the receptive field of a sum of both, or None where their units stand at different distances."""
        if self.jump != other.jump:
            return None
        first = tuple(map(min, self.first, other.first))
        return ReceptiveField(first, tuple(map(max, self.last, other.last)), self.jump)


class ReceptiveFields(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Keep the receptive field of every tensor that is made while this mode is on; ``x`` is the input (N, C, …)."""

    def __init__(self, x: Tensor) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        axes = x.dim() - 2
        self._known: Any = WeakIdKeyDictionary()
        if axes > 0:
            self._known[x] = ReceptiveField((0,) * axes, (0,) * axes, (1,) * axes)

    def of(self, tensor: Tensor) -> ReceptiveField | None:
        found: ReceptiveField | None = self._known.get(tensor)
        return found

    def after(self, module: nn.Module, inputs: tuple[Any, ...], out: Tensor) -> ReceptiveField | None:
        """Return the receptive field of what ``module`` gave."""
        if isinstance(module, SAME_PIXELS):
            self._known[out] = self.of(inputs[0])
        return self.of(out)

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        out = func(*args, **(kwargs or {}))
        made = [t for t in _flat(out) if isinstance(t, Tensor)]
        inputs = [t for t in _flat(args) if isinstance(t, Tensor)]
        if made and any(tensor in self._known for tensor in inputs):  # else it was made of parameters and constants
            field = self._field_after(func, args, inputs, made[0])
            for tensor in made:
                self._known[tensor] = field
        return out

    def _field_after(self, func: Any, args: Any, inputs: list[Tensor], out: Tensor) -> ReceptiveField | None:
        packet = func.overloadpacket
        seen = self.of(inputs[0])
        if packet is aten.cat or torch.Tag.pointwise in func.tags or packet in POINTWISE:
            return self._union(inputs, out)
        if seen is None:
            return None
        axes = len(seen.jump)
        if packet is aten.convolution:
            _, weight, _, stride, padding, dilation, transposed = args[:7]
            return None if transposed else seen.through(weight.shape[2:], stride, padding, dilation)
        if packet in POOLS:
            return seen.through(*_pool(args, axes))
        if packet in PADS:
            return _padded(seen, args[1])
        if packet is aten._adaptive_avg_pool2d or packet is aten.adaptive_max_pool2d:
            return _adaptive(seen, inputs[0].shape[2:], out.shape[2:])
        if packet is aten.mean and out.dim() == inputs[0].dim():
            whole = list(inputs[0].shape[2:])
            return seen.through(whole, whole, [0] * axes, [1] * axes) if set(out.shape[2:]) == {1} else None
        if packet is aten.slice and args[1] % inputs[0].dim() >= 2:
            axis, step = args[1] % inputs[0].dim(), args[4] if len(args) > 4 else 1
            start = (args[2] or 0) + (inputs[0].shape[axis] if (args[2] or 0) < 0 else 0)
            return seen.at(axis - 2, start, step)
        if (
            packet in NORMS
            or packet in COPIES
            or packet in {aten.slice, aten.split, aten.split_with_sizes, aten.narrow}
        ):
            return seen if out.shape[2:] == inputs[0].shape[2:] else None
        return None

    def _union(self, inputs: list[Tensor], out: Tensor) -> ReceptiveField | None:
        """Join the fields of inputs of the output's size; what never saw the picture (a parameter) adds nothing."""
        found: ReceptiveField | None = None
        for tensor in inputs:
            field = self.of(tensor)
            if field is None:
                if tensor in self._known:  # it came from the picture, on no convolutional path
                    return None
                continue
            if tensor.shape[2:] != out.shape[2:]:
                return None
            found = field if found is None else found.joined(field)
            if found is None:
                return None
        return found


def _pool(args: Any, axes: int) -> list[list[int]]:
    """Return kernel, stride, padding and dilation of a pooling operation, each with a number for every axis."""
    given = [*args[1:5], None, None, None]
    kernel, stride, padding, dilation = given[:4]
    if not isinstance(dilation, list):
        dilation = [1]  # the fifth argument of an average pooling is another one
    return [_each(part, axes) for part in (kernel, stride or kernel, padding or [0], dilation)]


def _each(numbers: Any, axes: int) -> list[int]:
    listed = [numbers] if isinstance(numbers, int) else list(numbers)
    return listed * axes if len(listed) == 1 else listed


def _padded(seen: ReceptiveField, pads: list[int]) -> ReceptiveField:
    """Return the field after padding; ``pads`` names both ends of the last axis, then of the one before, and so on."""
    for axis, before in zip(reversed(range(len(seen.jump))), pads[::2], strict=False):
        seen = seen.at(axis, -before, 1)
    return seen


def _adaptive(seen: ReceptiveField, size: Any, out: Any) -> ReceptiveField | None:
    """Return the receptive field of a pooling to a fixed size, where that means windows of one size side by side."""
    if any(n % o for n, o in zip(size, out, strict=True)):
        return None
    windows = [n // o for n, o in zip(size, out, strict=True)]
    return seen.through(windows, windows, [0] * len(windows), [1] * len(windows))


def _flat(values: Any) -> list[Any]:
    if isinstance(values, list | tuple):
        return [item for value in values for item in _flat(value)]
    return [values]
