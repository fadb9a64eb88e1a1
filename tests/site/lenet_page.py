"""What a reader does with <lenet-live>: come near, draw, and read the answer."""

from __future__ import annotations

import torch
from playwright.sync_api import Locator, Page
from sklearn.datasets import load_digits
from torch.nn import functional as F

__all__ = ["HOST", "answer", "at", "come_near", "draw", "draw_seven", "live", "pictures", "ready", "share"]

HOST = "document.querySelector('lenet-live')"


def come_near(page: Page) -> None:
    page.locator("lenet-live").scroll_into_view_if_needed()
    page.wait_for_function(f"{HOST}.view?.result")
    live(page).locator(".pad").evaluate("pad => pad.scrollIntoView({ block: 'center', behavior: 'instant' })")


def live(page: Page) -> Locator:
    return page.locator("lenet-live")


def ready(page: Page) -> None:
    """Wait until what was drawn is computed and shown, which happens once for each frame."""
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


def answer(page: Page) -> int:
    ready(page)
    return int(live(page).locator(".best b").inner_text())


def share(page: Page, digit: int) -> float:
    return page.evaluate(f"digit => {HOST}.view.result.probabilities[digit]", digit)


def at(page: Page, x: float, y: float) -> tuple[float, float]:
    box = live(page).locator(".pad").bounding_box()
    return box["x"] + x * box["width"], box["y"] + y * box["height"]


def draw(page: Page, *points: tuple[float, float]) -> None:
    """Draw a stroke with the mouse; the pad's side is 1."""
    page.mouse.move(*at(page, *points[0]))
    page.mouse.down()
    for point in points[1:]:
        page.mouse.move(*at(page, *point), steps=6)
    page.mouse.up()


def draw_seven(page: Page) -> None:
    draw(page, (0.25, 0.2), (0.75, 0.2), (0.45, 0.85))


def pictures() -> torch.Tensor:
    """Ninety handwritten digits, enlarged, a blank picture, and nine of noise."""
    written = torch.tensor(load_digits().images[:90], dtype=torch.float32)[:, None] / 16
    small = F.interpolate(written, (20, 20), mode="bilinear", align_corners=False)
    noise = torch.rand(9, 1, 28, 28, generator=torch.Generator().manual_seed(0))
    return torch.cat([F.pad(small, [4] * 4), torch.zeros(1, 1, 28, 28), noise])
