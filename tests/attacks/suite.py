"""All attacks, and the table of them."""

from __future__ import annotations

from tests.attacks.attack import FULL, Attack
from tests.attacks.escaping import ESCAPING
from tests.attacks.exhausting import EXHAUSTING
from tests.attacks.lying import LYING, WIRE
from tests.attacks.notebooks import NOTEBOOKS
from tests.attacks.pages import PAGES
from tests.attacks.reading import READING

__all__ = ["ATTACKS", "THEMES", "table"]

THEMES: dict[str, tuple[Attack, ...]] = {
    "Reading": READING,
    "Escaping": ESCAPING,
    "Exhausting": EXHAUSTING,
    "Lying to the test": LYING,
    "Lying on the wire": WIRE,
    "The file": NOTEBOOKS,
    "The student's page": PAGES,
}
ATTACKS: dict[str, Attack] = {attack.name: attack for attacks in THEMES.values() for attack in attacks}


def table() -> str:
    """Return the attacks as Markdown, a table for each theme."""
    parts = []
    for theme, attacks in THEMES.items():
        rows = [f"| `{a.name}` | {a.tries} | {a.stopped_by} | {a.points:g} of {FULL:g} |" for a in attacks]
        parts.append(
            "\n".join(
                [f"### {theme}", "", "| attack | tries | stopped by | gets |", "| --- | --- | --- | --- |", *rows]
            )
        )
    return "\n\n".join(parts)
