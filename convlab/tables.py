"""Tables that read on a phone: real HTML tables, numbers to the right, scrolled inside their own box."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence

__all__ = ["Table"]

SHORT = 14  # characters


class Table:
    """Hold a table for a page: Jupyter shows it as HTML, a terminal as aligned text."""

    def __init__(self, header: Sequence[str], rows: Iterable[Sequence[object]], caption: str = "") -> None:
        self.header = [str(name) for name in header]
        self.rows = [list(row) for row in rows]
        self.caption = caption
        for row in self.rows:
            if len(row) != len(self.header):
                raise ValueError(f"A row has {len(row)} cells, the header {len(self.header)}: {row}")

    def __repr__(self) -> str:
        lines = [self.header, *([_text(value) for value in row] for row in self.rows)]
        widths = [max(len(line[i]) for line in lines) for i in range(len(self.header))]
        return "\n".join("  ".join(text.ljust(w) for text, w in zip(line, widths, strict=True)) for line in lines)

    def _repr_html_(self) -> str:
        caption = f"<caption>{html.escape(self.caption)}</caption>" if self.caption else ""
        numeric = [all(_is_number(row[i]) for row in self.rows) for i in range(len(self.header))]
        sides = ["right" if number else "left" for number in numeric]
        head = "".join(
            f'<th scope="col" style="text-align:{side}">{html.escape(name)}</th>'
            for name, side in zip(self.header, sides, strict=True)
        )
        body = "".join(
            "<tr>"
            + "".join(
                f'<td style="text-align:{side}{_unbroken(value)}">{_cell(value)}</td>'
                for value, side in zip(row, sides, strict=True)
            )
            + "</tr>"
            for row in self.rows
        )
        label = html.escape(self.caption or "Table", quote=True)
        return (
            f'<div class="convlab" role="region" tabindex="0" aria-label="{label}" style="overflow-x:auto">'
            f'<table class="dataframe table">{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
        )


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _cell(value: object) -> str:
    """Escape a cell; lines after the first are set smaller, below it."""
    first, *rest = html.escape(_text(value)).split("\n")
    return first + "".join(f"<br><small>{line}</small>" for line in rest)


def _unbroken(value: object) -> str:
    """Keep numbers, sizes and other short cells on one line."""
    return ";white-space:nowrap" if len(_text(value)) <= SHORT else ""


def _text(value: object) -> str:
    """Write whole numbers with thousands separators and others with three significant digits."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    return f"{value:,}" if isinstance(value, int) else f"{value:.3g}"
