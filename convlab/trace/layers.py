"""Follow one picture through any network: a table of sizes, receptive field, parameters, work and memory by layer.

Hooks see every module, and a dispatch mode every operation below, so it does not matter whether a network is built of
layers or calls functions. MACs come from torch's own counter.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from convlab.tables import Table

if TYPE_CHECKING:
    from torch import Tensor, nn

    from convlab.trace.receptive_field import ReceptiveField

__all__ = ["Layer", "Trace", "trace"]


@dataclass(frozen=True)
class Layer:
    """Describe what one layer does with one picture; ``name`` is its place in the network, ``kind`` its class."""

    name: str
    kind: str
    shape: tuple[int, ...]
    """its output, without the batch: (C, H, W) or (C,)"""
    field: tuple[int, ...] | None
    """the receptive field in input pixels, for each axis; None where windows of the input no longer make sense"""
    jump: tuple[int, ...] | None
    """how far apart in the input neighbouring units look"""
    parameters: int
    macs: int
    memory: int
    """bytes of the output; 0 where it shares memory with an earlier tensor (in-place layers, flattening)"""


class Trace(Table):
    """Show the layers of a network as a table. ``layers`` has the numbers; the totals are those of the network."""

    def __init__(self, layers: Sequence[Layer], unused: int = 0, caption: str = "") -> None:
        self.layers, self.unused = list(layers), unused
        rows = [_row(layer) for layer in self.layers]
        if unused:
            rows.append(["not run", "", "", "–", "–", unused, 0, 0])
        rows.append(["total", "", "", "", "", self.parameters, self.macs, _kilobytes(self.memory)])
        header = ["layer", "kind", "output", "field", "jump", "parameters", "MACs", "memory, kB"]
        super().__init__(header, rows, caption)

    @property
    def parameters(self) -> int:
        """Return the parameters of the network, those of parts that did not run included."""
        return sum(layer.parameters for layer in self.layers) + self.unused

    @property
    def macs(self) -> int:
        """Return the multiply–accumulates for one picture."""
        return sum(layer.macs for layer in self.layers)

    @property
    def memory(self) -> int:
        """Return the bytes of all activations of one picture: what training has to keep."""
        return sum(layer.memory for layer in self.layers)


def _row(layer: Layer) -> list[object]:
    window = [_same(layer.field), _same(layer.jump)]
    costs = [layer.parameters, layer.macs, _kilobytes(layer.memory)]
    return [layer.name, layer.kind, _times(layer.shape), *window, *costs]


def trace(net: nn.Module, in_shape: tuple[int, ...], depth: int | None = None, caption: str = "") -> Trace:
    """Run ``net`` on one picture of ``in_shape`` (C, H, W) and return the table of its layers.

    The network runs as it does on new data (``eval``), is left as it was, and may lie on any device, "meta" included. A
    layer that is called twice has two rows. A module with layers inside has a row where it does something itself, such
    as the sum of a residual block. ``depth`` puts everything deeper than so many names (``layer1`` is 1, ``layer1.0``
    is 2) into the row of the module at that depth.
    """
    import torch
    from torch.utils.flop_counter import FlopCounterMode

    from convlab.trace.receptive_field import ReceptiveFields

    first = next(net.parameters(), torch.zeros(0))
    x = torch.zeros(1, *in_shape, dtype=first.dtype, device=first.device)
    fields, counter = ReceptiveFields(x), FlopCounterMode(display=False)
    watch = _Watch(net, x, fields, counter)
    with _evaluating(net), torch.no_grad(), watch.hooks(), counter, fields:
        net(x)
    layers = watch.layers if depth is None else _grouped(watch.layers, watch.outputs, depth)
    unused = sum(p.numel() for p in net.parameters() if id(p) not in watch.weighed)
    return Trace(layers, unused, caption)


class _Watch:
    """Collect a :class:`Layer` at the end of each module's call, for what the module did outside of its own layers."""

    def __init__(self, net: nn.Module, x: Tensor, fields: Any, counter: Any) -> None:
        self.net, self.fields, self.counter = net, fields, counter
        self.layers: list[Layer] = []
        self.outputs: dict[str, Layer] = {}
        self.weighed: set[int] = set()  # parameters, by identity
        self._storages = {_storage(x): x} | {_storage(t): t for t in (*net.parameters(), *net.buffers())}
        self._running: list[list[Any]] = []  # [flops at its start, flops of the modules inside]

    @contextmanager
    def hooks(self) -> Iterator[None]:
        handles = []
        for name, module in self.net.named_modules():
            handles.append(module.register_forward_pre_hook(lambda *_: self._enter()))
            handles.append(module.register_forward_hook(lambda m, x, out, name=name: self._leave(name, m, x, out)))
        try:
            yield
        finally:
            for handle in handles:
                handle.remove()

    def _enter(self) -> None:
        self._running.append([self.counter.get_total_flops(), 0])

    def _leave(self, name: str, module: nn.Module, inputs: tuple[Any, ...], out: object) -> None:
        start, inside = self._running.pop()
        flops = self.counter.get_total_flops() - start
        if self._running:
            self._running[-1][1] += flops
        tensors = _tensors(out)
        own = [p for p in module.parameters(recurse=False) if id(p) not in self.weighed]
        self.weighed |= {id(p) for p in own}
        field: ReceptiveField | None = self.fields.after(module, inputs, tensors[0]) if tensors else None
        layer = Layer(
            name=name or type(self.net).__name__,
            kind=type(module).__name__,
            shape=tuple(tensors[0].shape[1:]) if tensors else (),
            field=field.size if field else None,
            jump=field.jump if field else None,
            parameters=sum(p.numel() for p in own),
            macs=(flops - inside) // 2,  # a multiply and an add are two operations, one multiply–accumulate
            memory=sum(self._fresh(tensor) for tensor in tensors),
        )
        self.outputs[name] = layer
        if not any(True for _ in module.children()) or layer.parameters or layer.macs or layer.memory:
            self.layers.append(layer)

    def _fresh(self, tensor: Tensor) -> int:
        """Return the bytes of a tensor, 0 where its memory was counted before; it is kept, so no memory is reused."""
        key = _storage(tensor)
        if key in self._storages:
            return 0
        self._storages[key] = tensor
        return tensor.numel() * tensor.element_size()


def _grouped(layers: Sequence[Layer], outputs: dict[str, Layer], depth: int) -> list[Layer]:
    """Add up the layers inside each module at ``depth``, in the order in which the modules first ran."""
    groups: dict[str, list[Layer]] = {}
    for layer in layers:
        groups.setdefault(".".join(layer.name.split(".")[:depth]), []).append(layer)
    return [
        replace(
            outputs.get(name, inside[-1]),
            parameters=sum(layer.parameters for layer in inside),
            macs=sum(layer.macs for layer in inside),
            memory=sum(layer.memory for layer in inside),
        )
        for name, inside in groups.items()
    ]


@contextmanager
def _evaluating(net: nn.Module) -> Iterator[None]:
    """Put ``net`` in eval mode, and every module back into the mode it was in."""
    before = {module: module.training for module in net.modules()}
    net.eval()
    try:
        yield
    finally:
        for module, was in before.items():
            module.training = was


def _tensors(out: object) -> list[Tensor]:
    """Return the tensors in what a module returned, in order."""
    import torch

    if isinstance(out, torch.Tensor):
        return [out]
    if isinstance(out, dict):
        out = tuple(out.values())
    return [tensor for part in out for tensor in _tensors(part)] if isinstance(out, list | tuple) else []


def _storage(tensor: Tensor) -> int:
    return int(tensor.untyped_storage()._cdata)  # data_ptr() is 0 for every tensor on the meta device


def _times(sizes: Sequence[int]) -> str:
    return "×".join(map(str, sizes))


def _same(sizes: tuple[int, ...] | None) -> object:
    """Write one number where all axes agree."""
    if sizes is None:
        return "–"
    return sizes[0] if len(set(sizes)) == 1 else _times(sizes)


def _kilobytes(count: int) -> float:
    return round(count / 1000) if count >= 100_000 or count == 0 else count / 1000
