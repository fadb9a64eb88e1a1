"""Pictures drawn here: coloured shapes on a soft background, with everything that is true about them.

Each picture comes with the kinds and colours of its shapes, their boxes and masks, and a caption, so that one small
world serves classification, detection, segmentation and captioning.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass

import torch
from torch import Tensor

__all__ = ["COLOR_NAMES", "SHAPE_NAMES", "Scenes", "shapes"]

COLORS = {
    "red": (0.86, 0.20, 0.22),
    "orange": (0.95, 0.56, 0.13),
    "yellow": (0.96, 0.83, 0.25),
    "green": (0.25, 0.66, 0.36),
    "blue": (0.20, 0.45, 0.85),
    "purple": (0.58, 0.34, 0.78),
}
COLOR_NAMES = tuple(COLORS)
SHAPE_NAMES = ("circle", "square", "triangle", "cross", "ring")
TRIES = 40  # places tried for one more shape before the picture stays as it is


@dataclass(frozen=True)
class Scenes:
    """``n`` drawn pictures and what is on them; the lists have one entry for each picture, with k shapes on it."""

    images: Tensor
    """float32 (n, 3, size, size) from 0 to 1"""
    labels: list[Tensor]
    """int64 (k,): the kinds, indices into ``classes``"""
    colors: list[Tensor]
    """int64 (k,): indices into ``color_names``"""
    boxes: list[Tensor]
    """float32 (k, 4): left, top, right, bottom in pixels; right and bottom are the first ones outside"""
    masks: list[Tensor]
    """bool (k, size, size)"""
    captions: list[str]
    classes: tuple[str, ...] = SHAPE_NAMES
    color_names: tuple[str, ...] = COLOR_NAMES

    def __len__(self) -> int:
        return len(self.captions)


def shapes(n: int, size: int = 64, seed: int = 0, *, objects: int | tuple[int, int] = (1, 3)) -> Scenes:
    """Draw ``n`` pictures of ``size`` × ``size`` pixels with ``objects`` shapes each, or from so many to so many.

    Shapes do not touch. With the same seed and size, the first pictures of a longer set are those of a shorter one.

    Raises:
        ValueError: a size under 16 pixels, or not from 1 to 4 objects.
    """
    fewest, most = (objects, objects) if isinstance(objects, int) else objects
    if size < 16:
        raise ValueError(f"Expected pictures of at least 16 pixels, got {size}.")
    if not 1 <= fewest <= most <= 4:
        raise ValueError(f"Expected from 1 to 4 objects in a picture, got {objects}.")
    dice = random.Random(seed)
    drawn = [_scene(dice, size, fewest + int(dice.random() * (most - fewest + 1))) for _ in range(n)]
    return Scenes(
        torch.stack([scene.picture for scene in drawn]) if drawn else torch.zeros(0, 3, size, size),
        [scene.kinds for scene in drawn],
        [scene.colors for scene in drawn],
        [scene.boxes for scene in drawn],
        [scene.masks for scene in drawn],
        [scene.caption for scene in drawn],
    )


@dataclass(frozen=True)
class _Shape:
    kind: int
    color: int
    x: float
    y: float
    radius: float
    angle: float


@dataclass(frozen=True)
class _Scene:
    picture: Tensor
    kinds: Tensor
    colors: Tensor
    boxes: Tensor
    masks: Tensor
    caption: str


def _scene(dice: random.Random, size: int, count: int) -> _Scene:
    placed = _place(dice, size, count)
    picture = _background(dice, size)
    masks, boxes = [], []
    for shape in placed:
        distance = _distance(shape, size)
        color = torch.tensor(COLORS[COLOR_NAMES[shape.color]])[:, None, None]
        light = 1 - 0.12 * (distance / shape.radius + 1).clamp(0, 1)  # a little darker towards the rim
        cover = (0.5 - distance).clamp(0, 1)
        picture = picture * (1 - cover) + color * light * cover
        mask = distance < 0
        rows, columns = mask.any(1).nonzero().flatten(), mask.any(0).nonzero().flatten()
        masks.append(mask)
        boxes.append([int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1])
    kinds = torch.tensor([shape.kind for shape in placed])
    colors = torch.tensor([shape.color for shape in placed])
    corners = torch.tensor(boxes, dtype=torch.float32)
    return _Scene(picture, kinds, colors, corners, torch.stack(masks), _caption(placed))


def _place(dice: random.Random, size: int, count: int) -> list[_Shape]:
    """Choose shapes and places; a shape that finds no free place after some tries is left out, but never the first."""
    largest = {1: 0.36, 2: 0.25, 3: 0.21, 4: 0.18}[count]
    placed: list[_Shape] = []
    for _ in range(count):
        kind, color = int(dice.random() * len(SHAPE_NAMES)), int(dice.random() * len(COLORS))
        radius = max(5.0, size * largest * (0.6 + 0.4 * dice.random()))
        angle = 2 * math.pi * dice.random()
        for _ in range(TRIES):
            x, y = (radius + 1 + dice.random() * (size - 2 * radius - 2) for _ in range(2))
            if all(math.hypot(x - s.x, y - s.y) > radius + s.radius + 1 for s in placed):
                placed.append(_Shape(kind, color, x, y, radius, angle))
                break
    return placed


def _background(dice: random.Random, size: int) -> Tensor:
    """A light tint that changes slowly across the picture."""
    base = torch.tensor([0.82 + 0.14 * dice.random() for _ in range(3)])
    slope = 0.10 * dice.random()
    angle = 2 * math.pi * dice.random()
    axis = torch.linspace(-0.5, 0.5, size)
    ramp = math.cos(angle) * axis[None, :] + math.sin(angle) * axis[:, None]
    return (base[:, None, None] + slope * ramp).clamp(0, 1)


def _distance(shape: _Shape, size: int) -> Tensor:
    """Signed distance in pixels (size, size) of each pixel's centre from the outline, negative inside."""
    centre = torch.arange(size) + 0.5
    x, y = centre[None, :] - shape.x, centre[:, None] - shape.y
    r = shape.radius
    match SHAPE_NAMES[shape.kind]:
        case "circle":
            return torch.hypot(x, y) - r
        case "ring":
            return (torch.hypot(x, y) - 0.74 * r).abs() - 0.26 * r
        case "square":
            return _polygon(x, y, 4, r, shape.angle)
        case "triangle":
            return _polygon(x, y, 3, r, shape.angle)
        case _:
            c, s = math.cos(shape.angle), math.sin(shape.angle)
            u, v = (c * x + s * y).abs(), (c * y - s * x).abs()
            long, short = 0.93 * r, 0.3 * r
            return torch.minimum(torch.maximum(u - long, v - short), torch.maximum(u - short, v - long))


def _polygon(x: Tensor, y: Tensor, sides: int, radius: float, angle: float) -> Tensor:
    """A regular polygon with its corners on a circle of ``radius``: the farthest of its sides decides."""
    apothem = radius * math.cos(math.pi / sides)
    turns = [angle + 2 * math.pi * k / sides for k in range(sides)]
    return torch.stack([math.cos(t) * x + math.sin(t) * y - apothem for t in turns]).amax(0)


def _caption(placed: list[_Shape]) -> str:
    """Name the shapes from left to right, and for two of them say how they lie."""
    ordered = sorted(placed, key=lambda s: s.x)
    names = [_with_article(f"{COLOR_NAMES[s.color]} {SHAPE_NAMES[s.kind]}") for s in ordered]
    if len(ordered) == 1:
        return names[0]
    if len(ordered) == 2:
        first, second = ordered
        if abs(first.y - second.y) > abs(first.x - second.x):
            return f"{names[0]} {'above' if first.y < second.y else 'below'} {names[1]}"
        return f"{names[0]} to the left of {names[1]}"
    return f"{', '.join(names[:-1])} and {names[-1]}"


def _with_article(words: str) -> str:
    return f"an {words}" if words[0] in "aeiou" else f"a {words}"
