"""Find the cells of an assignment that an editor or a copy has robbed of their names.

Looks at untrusted text, and runs none of it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Protocol

__all__ = ["recognised"]


class Cell(Protocol):
    """A cell as it was handed in: ``id`` is its name, ``cell_id`` what the notebook format calls its id."""

    @property
    def id(self) -> str: ...
    @property
    def cell_id(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def source(self) -> str: ...


class Released(Protocol):
    """A cell of the release; ``bare`` is its text without the space around it."""

    @property
    def role(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def source(self) -> str: ...
    @property
    def bare(self) -> str: ...


def recognised(submitted: Sequence[Cell], released: Mapping[str, Released]) -> dict[int, str]:
    """Return the names of cells without one, by place: known by their ids, their texts, and what they define."""
    present = {cell.id for cell in submitted}
    missing = {name: cell for name, cell in released.items() if name not in present}
    free = {at: cell for at, cell in enumerate(submitted) if not cell.id} if missing else {}
    found: dict[str, int] = {}
    for at, cell in free.items():
        if cell.cell_id in missing and cell.kind == missing[cell.cell_id].kind:
            found.setdefault(cell.cell_id, at)
    texts = {cell.source.strip(): at for at, cell in reversed([*free.items()]) if at not in found.values()}
    for name, expected in missing.items():
        if name not in found and expected.role != "student" and expected.bare in texts:
            found[name] = texts[expected.bare]
    for name, expected in missing.items():
        defined = _defined(expected.source) if name not in found and expected.role == "student" else frozenset()
        if defined:
            own = [at for at, cell in free.items() if cell.kind == "code" and defined <= _defined(cell.source)]
            found |= {name: own[-1]} if own and own[-1] not in found.values() else {}
    return {at: name for name, at in found.items()}


def _defined(source: str) -> frozenset[str]:
    """Return the names of the functions and classes that a cell defines at its top, Python or not."""
    return frozenset(re.findall(r"^(?:async )?(?:def|class) (\w+)", source, re.MULTILINE))
