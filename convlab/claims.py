"""Statements about convolutional networks that many pages repeat, each beside what a chapter measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from convlab.tables import Table

__all__ = ["Claim", "claims_table"]

Verdict = Literal["holds", "half true", "wrong"]
SIGNS: dict[Verdict, str] = {"holds": "✓", "half true": "≈", "wrong": "✗"}


@dataclass(frozen=True)
class Claim:
    """Hold one statement: where it is found, what was measured in words and numbers, and whether it holds."""

    statement: str
    found: str
    measured: str
    verdict: Verdict


def claims_table(claims: Sequence[Claim]) -> Table:
    """Set claims in a table: statement and where it is found, what was measured, verdict."""
    rows = [(f"{c.statement}\n{c.found}", c.measured, f"{SIGNS[c.verdict]} {c.verdict}") for c in claims]
    return Table(["Claim", "Measured here", "Verdict"], rows)
