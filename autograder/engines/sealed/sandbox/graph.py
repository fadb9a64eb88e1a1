"""The sandbox's side of gradients: it keeps the graph of each call and gives vector-Jacobian products of it.

Runs in the sandbox, beside the student's code.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch

__all__ = ["Record", "Records", "leaves"]

_MOST_NODES = 5000


@dataclass(frozen=True)
class Record:
    """One call's graph: from ``inputs``, the leaves made of the examiner's tensors, to ``outputs``."""

    inputs: tuple[torch.Tensor, ...]
    outputs: tuple[torch.Tensor, ...]


class Records:
    """The graphs that the examiner may still ask about."""

    def __init__(self) -> None:
        self._records: dict[int, Record] = {}
        self._next = 1

    def add(self, record: Record) -> int:
        number, self._next = self._next, self._next + 1
        self._records[number] = record
        return number

    def release(self, number: int) -> None:
        self._records.pop(number, None)

    def __getitem__(self, number: int) -> Record:
        return self._records[number]

    def accumulate(self, number: int, grads: list[torch.Tensor | None]) -> list[torch.Tensor | None]:
        """Go backward as ``loss.backward()`` does: add to the student's leaves' ``.grad``; return the inputs' own."""
        record = self._records[number]
        before = [leaf.grad for leaf in record.inputs]
        for leaf in record.inputs:
            leaf.grad = None
        try:
            outputs, given = _present(record.outputs, grads)
            torch.autograd.backward(outputs, given, retain_graph=True)
            return [leaf.grad for leaf in record.inputs]
        finally:
            for leaf, grad in zip(record.inputs, before, strict=True):
                leaf.grad = grad

    def product(
        self, number: int, grads: list[torch.Tensor | None], extra: list[torch.Tensor], create_graph: bool
    ) -> list[torch.Tensor | None]:
        """Return the gradients for the inputs and for ``extra`` leaves, and leave every ``.grad`` alone."""
        record = self._records[number]
        outputs, given = _present(record.outputs, grads)
        wanted = (*record.inputs, *extra)
        if not wanted:
            return []
        return list(
            torch.autograd.grad(outputs, wanted, given, retain_graph=True, create_graph=create_graph, allow_unused=True)
        )


def _present(
    outputs: tuple[torch.Tensor, ...], grads: list[torch.Tensor | None]
) -> tuple[list[torch.Tensor], list[torch.Tensor]]:
    pairs = [(output, grad) for output, grad in zip(outputs, grads, strict=True) if grad is not None]
    return [output for output, _ in pairs], [grad for _, grad in pairs]


def leaves(outputs: list[torch.Tensor], known: set[int]) -> list[torch.Tensor]:
    """Return the leaves that ``outputs`` depend on, less those whose id is ``known``; none of a graph too large."""
    todo: list[Any] = [output.grad_fn for output in outputs]
    seen: set[Any] = set(todo)
    found: dict[int, torch.Tensor] = {}
    while todo:
        node = todo.pop()
        variable = getattr(node, "variable", None)
        if variable is not None:
            if id(variable) not in known and type(variable) in (torch.Tensor, torch.nn.Parameter):
                found[id(variable)] = variable
        elif node is not None:
            for follower, _ in node.next_functions:
                if follower not in seen:
                    seen.add(follower)
                    todo.append(follower)
        if len(seen) > _MOST_NODES:
            return []
    return list(found.values())
