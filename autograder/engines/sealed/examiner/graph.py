"""The examiner's side of gradients: a remote call is a node of the test's graph, and its backward is a request.

Runs in the examiner.
"""

from __future__ import annotations

from typing import Any

import torch
from torch.autograd.graph import get_gradient_edge

from autograder.engines.sealed.examiner.requests import Requests

__all__ = ["join", "new_anchor"]


def new_anchor() -> torch.Tensor:
    """Return a leaf of every call: it tells ``loss.backward()`` from ``torch.autograd.grad(loss, inputs)``.

    The first reaches all leaves, hence this one, and then the student's leaves get their ``.grad`` too.
    """
    return torch.zeros((), requires_grad=True)


class _Call:
    """What a node of the graph knows of its call. When it is collected, the sandbox may forget the call."""

    def __init__(self, remote: Requests, record: int, inputs: list[torch.Tensor], mirrored: list[torch.Tensor]) -> None:
        self.remote, self.record, self.inputs, self.mirrored = remote, record, inputs, mirrored

    def __del__(self) -> None:
        self.remote.forgotten.append(self.record)


def join(
    remote: Requests, record: int, outputs: list[torch.Tensor], inputs: list[torch.Tensor], mirrored: list[torch.Tensor]
) -> list[torch.Tensor]:
    """Return ``outputs`` as results of a node that depends on ``inputs`` and ``mirrored``."""
    call = _Call(remote, record, inputs, mirrored)
    with torch.enable_grad():
        result = _Remote.apply(call, outputs, remote.anchor, *inputs, *mirrored)
    return list(result)


class _Remote(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, call: _Call, outputs: list[torch.Tensor], *tensors: torch.Tensor) -> Any:
        ctx.call = call
        ctx.set_materialize_grads(False)
        return tuple(outputs)

    @staticmethod
    def backward(ctx: Any, *grads: torch.Tensor | None) -> Any:
        call: _Call = ctx.call
        differentiable = torch.is_grad_enabled()
        given = list(grads)
        none = [None] * len(call.mirrored)
        accumulate = _wanted(call.remote.anchor)
        if accumulate:
            results = call.remote.vjp(call.record, call.inputs, given, [], accumulate=True)
            if not differentiable:
                return (None, None, None, *results, *none)
        wanted = [] if accumulate else [i for i, leaf in enumerate(call.mirrored) if _wanted(leaf)]
        mirrored = [call.mirrored[i] for i in wanted]
        leaves = call.remote.vjp(call.record, call.inputs, given, mirrored, create_graph=differentiable)
        for_mirrored: list[torch.Tensor | None] = list(none)
        for i, grad in zip(wanted, leaves[len(call.inputs) :], strict=True):
            for_mirrored[i] = grad
        return (None, None, None, *leaves[: len(call.inputs)], *for_mirrored)


def _wanted(leaf: torch.Tensor) -> bool:
    """Say whether the running backward pass will reach ``leaf``."""
    try:
        return bool(torch._C._will_engine_execute_node(get_gradient_edge(leaf).node))
    except RuntimeError:  # "... a leaf node was passed": it is one of the inputs of torch.autograd.grad
        return True
