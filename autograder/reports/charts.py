"""Small charts as inline SVG: no script, no font, no request; colours come from the page, so they follow its theme.

Runs in the process of the instructor's command; draws numbers, and escapes every text that it is given.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from markupsafe import Markup

from autograder.reports.html import number

__all__ = ["dots", "histogram"]

WIDTH, LEFT, RIGHT, BOTTOM, TOP = 640, 24, 24, 36, 20
TALL, LOW = 190, 104


def _text(x: float, y: float, text: str, anchor: str = "middle") -> Markup:
    return Markup('<text x="{}" y="{}" text-anchor="{}">{}</text>').format(number(x), number(y), anchor, text)


def _svg(height: float, label: str, parts: Sequence[Markup]) -> Markup:
    head = Markup('<svg class="chart" viewBox="0 0 {} {}" role="img" aria-label="{}">').format(WIDTH, height, label)
    return head + Markup("").join(parts) + Markup("</svg>")


def _axis(base: float, ticks: Sequence[tuple[float, str]], title: str) -> list[Markup]:
    line = Markup('<line class="axis" x1="{}" x2="{}" y1="{}" y2="{}"/>').format(LEFT, WIDTH - RIGHT, base, base)
    title_at = _text(WIDTH / 2, base + BOTTOM - 4, title)
    return [line, *(_text(x, base + 15, text) for x, text in ticks), title_at]


def _step(top: float, most: int) -> float:
    """Return the smallest round number that divides 0 … ``top`` into at most ``most`` parts."""
    size = 10.0 ** math.floor(math.log10(top / most))
    return next(size * k for k in (1, 2, 4, 5, 10, 20) if top / (size * k) <= most + 1e-9)


def histogram(values: Sequence[float], top: float, label: str) -> Markup:
    """Draw how many of ``values`` fall in each part of 0 … ``top``, in at most 10 parts; beyond counts as the last."""
    width = _step(top, 10) if top > 0 else 1.0
    counts = [0] * max(1, math.ceil(top / width - 1e-9))
    for value in values:
        counts[min(len(counts) - 1, max(0, int(value / width + 1e-9)))] += 1
    base, step = TALL - BOTTOM, (WIDTH - RIGHT - LEFT) / len(counts)
    tallest = max(1, *counts)
    ticks = [(LEFT + i * step, number(min(i * width, top) if top > 0 else i)) for i in range(len(counts) + 1)]
    parts = _axis(base, ticks, "points")
    for index, count in enumerate(counts):
        height = (base - TOP) * count / tallest
        x = LEFT + index * step + 3
        if count:
            parts.append(
                Markup('<rect class="bar" x="{}" y="{}" width="{}" height="{}" rx="3"/>').format(
                    number(x), number(base - height), number(step - 6), number(height)
                )
            )
            parts.append(_text(x + step / 2 - 3, base - height - 4, str(count)))
    return _svg(TALL, label, parts)


def dots(values: Sequence[float], unit: str, label: str) -> Markup:
    """Draw each of ``values`` as a dot on one line from 0 to their maximum, stacking the dots that would overlap."""
    longest = max(values, default=0.0) or 1.0
    step = _step(longest, 6)
    top = step * math.ceil(longest / step - 1e-9)
    base, width, radius, columns = LOW - BOTTOM, WIDTH - RIGHT - LEFT, 4.0, 70
    ticks = [(LEFT + width * i * step / top, number(i * step)) for i in range(round(top / step) + 1)]
    parts = _axis(base, ticks, unit)
    highest = int((base - 4) / (2 * radius))
    stacks: dict[int, int] = {}
    for value in values:
        column = round(value / top * columns)
        level = stacks[column] = stacks.get(column, 0) + 1
        if level <= highest:  # a taller stack would leave the picture; the table has every time
            x, y = LEFT + width * column / columns, base - (2 * level - 1) * radius - 2
            parts.append(
                Markup('<circle class="dot" cx="{}" cy="{}" r="{}"/>').format(
                    number(x), number(y), number(radius - 0.5)
                )
            )
    return _svg(LOW, label, parts)
