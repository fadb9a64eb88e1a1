"""Statements about convolutional networks that many pages repeat, each beside what a chapter measured."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from convlab.tables import Table

__all__ = ["Claim", "claims_table"]

# "wrong" is for what arithmetic or a definition refutes; what a small experiment fails to show is "not seen here".
Verdict = Literal["holds", "half true", "not seen here", "wrong"]
SIGNS: dict[Verdict, str] = {"holds": "✓", "half true": "≈", "not seen here": "○", "wrong": "✗"}


@dataclass(frozen=True)
class Claim:
    """Hold one statement: where it is found, what was measured in words and numbers, and whether it holds."""

    statement: str
    found: str
    measured: str
    verdict: Verdict


def claims_table(claims: Sequence[Claim]) -> Table:
    """Set claims in a table: verdict, statement and its source, what was measured; the caption counts the verdicts."""
    rows = [(f"{SIGNS[c.verdict]} {c.verdict}", f"{c.statement}\n{c.found}", c.measured) for c in claims]
    counts = Counter(claim.verdict for claim in claims)
    caption = ", ".join(f"{counts[verdict]} {verdict}" for verdict in SIGNS if counts[verdict])
    return Table(["Verdict", "Claim", "Measured here"], rows, caption=f"Of {len(rows)} claims: {caption}")
