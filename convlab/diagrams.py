"""Drawings of the arithmetic: grids of numbers, and the windows a kernel takes along one axis."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from convlab.figures import COLORS, Drawing, draw, style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["grid", "windows"]

STRONGEST = 0.6  # opacity of the largest value: text in the page's colour still reads on it


def grid(
    values: Any,
    alt: str,
    caption: str = "",
    marked: tuple[slice, slice] | None = None,
    fmt: str = "{:g}",
    cell: float = 0.4,
) -> Drawing:
    """Draw a matrix (H, W) as numbered cells: blue for positive, orange for negative, empty for zero.

    ``marked`` puts a thick frame around a block of cells; ``cell`` is a cell's size in inches.
    """
    from matplotlib.patches import Rectangle

    numbers = [[float(v) for v in line] for line in values]
    height, width = len(numbers), len(numbers[0])
    longest = max(len(fmt.format(v)) for line in numbers for v in line)
    size = min(11.0, cell * (36 if longest <= 2 else 26))  # points
    largest = max((abs(v) for line in numbers for v in line), default=0.0) or 1.0
    with style():
        figure, axes = _board(width, height, cell)
        for i, line in enumerate(numbers):
            for j, value in enumerate(line):
                color = COLORS["blue"] if value > 0 else COLORS["orange"]
                strength = STRONGEST * abs(value) / largest
                if value:
                    axes.add_patch(Rectangle((j, i), 1, 1, facecolor=color, alpha=strength, linewidth=0))
                axes.text(j + 0.5, i + 0.53, fmt.format(value), ha="center", va="center", fontsize=size)
        axes.hlines(range(height + 1), 0, width, color=COLORS["gray"], linewidth=0.8)
        axes.vlines(range(width + 1), 0, height, color=COLORS["gray"], linewidth=0.8)
        if marked is not None:
            rows, columns = range(height)[marked[0]], range(width)[marked[1]]
            corner = (columns[0], rows[0])
            frame = Rectangle(corner, len(columns), len(rows), fill=False, edgecolor=COLORS["red"], linewidth=3)
            axes.add_patch(frame)
        return draw(figure, alt, caption)


def windows(
    size: int, kernel_size: int, stride: int = 1, padding: int = 0, dilation: int = 1, caption: str = ""
) -> Drawing:
    """Draw one axis of an input, and under it every window the kernel takes: one line for each output.

    Padding is dashed; an input that no window reads is crossed out.
    """
    from matplotlib.patches import Rectangle

    span = dilation * (kernel_size - 1) + 1
    starts = list(range(-padding, size + padding - span + 1, stride))
    taps = [[start + dilation * i for i in range(kernel_size)] for start in starts]
    read = {position for window in taps for position in window}
    cell, gap = 0.22, 0.5
    with style():
        figure, axes = _board(size + 2 * padding, 1 + gap + len(starts), cell, left=-padding)
        for position in range(-padding, size + padding):
            outside = not 0 <= position < size
            face = "none" if outside else COLORS["gray"]
            dash = ":" if outside else "-"
            outline = Rectangle((position + 0.05, 0.05), 0.9, 0.9, fill=False, edgecolor=COLORS["gray"], linestyle=dash)
            axes.add_patch(Rectangle((position + 0.05, 0.05), 0.9, 0.9, facecolor=face, alpha=0.45, linewidth=0))
            axes.add_patch(outline)
            if position not in read and not outside:
                axes.plot([position + 0.2, position + 0.8], [0.2, 0.8], color=COLORS["red"])
                axes.plot([position + 0.2, position + 0.8], [0.8, 0.2], color=COLORS["red"])
        for line, window in enumerate(taps):
            top = 1 + gap + line
            axes.plot([window[0] + 0.5, window[-1] + 0.5], [top + 0.5] * 2, color=COLORS["blue"], linewidth=1.2)
            for position in window:
                axes.add_patch(Rectangle((position + 0.12, top + 0.12), 0.76, 0.76, color=COLORS["blue"]))
        lost = [p for p in range(size) if p not in read]
        described = (
            f"{size} inputs, kernel {kernel_size}, stride {stride}, padding {padding}, dilation {dilation}: "
            f"{len(starts)} windows; inputs that no window reads: {len(lost)}"
        )
        return draw(figure, described, caption or f"{len(starts)} outputs")


def _board(width: float, height: float, cell: float, left: float = 0.0) -> tuple[Any, Axes]:
    """Make frameless axes in which one unit is one cell, the first row on top."""
    from matplotlib.figure import Figure

    margin = 0.12
    figure = Figure(figsize=((width + 2 * margin) * cell, (height + 2 * margin) * cell))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    axes.set_xlim(left - margin, left + width + margin)
    axes.set_ylim(height + margin, -margin)
    return figure, axes
