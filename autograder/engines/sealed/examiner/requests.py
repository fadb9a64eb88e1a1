"""What proxies, values and gradients ask of the sandbox that they belong to, as a Protocol.

Runs in the examiner. ``remote.Remote`` implements it; the modules that ``Remote`` is built from know only this.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import torch

from autograder.engines.sealed.examiner.mirror import Mirror

__all__ = ["Requests"]


class Requests(Protocol):
    """One sandbox, to which requests are sent.

    ``devices`` are the device types that its tensors may be on, ``anchor`` is the leaf that every remote call depends
    on (see ``graph``), and ``forgotten`` collects the calls whose records the sandbox may drop.
    """

    devices: tuple[str, ...]
    mirror: Mirror
    anchor: torch.Tensor
    forgotten: list[int]

    def request(self, op: str, *values: Any) -> Any:
        """Ask the sandbox to do ``op`` and return the result."""
        ...

    def call(self, target: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Call the proxy ``target``."""
        ...

    def vjp(
        self,
        record: int,
        inputs: list[torch.Tensor],
        grads: list[torch.Tensor | None],
        mirrored: list[torch.Tensor],
        *,
        accumulate: bool = False,
        create_graph: bool = False,
    ) -> list[torch.Tensor | None]:
        """Return the gradients of the call ``record`` for ``inputs`` and ``mirrored``, given those for its outputs."""
        ...

    def proxy(self, handle: int, name: str, claimed: str) -> Any:
        """Return the one proxy of ``handle``."""
        ...

    def forget(self, handle: int) -> None:
        """Let the sandbox release ``handle``, with the next request."""
        ...

    def callback(self, function: Callable[..., Any]) -> int:
        """Return a number by which student code may call ``function``."""
        ...
