"""The explorer in the page: its arithmetic is torch's, a keyboard is enough, and it stays in place on any screen."""

# Over 60 s of CPU: the explorer is compared with torch in a browser, setting by setting.

from __future__ import annotations

import random
import re
from collections.abc import Callable
from typing import Any

import pytest
import torch
from conftest import ROOT, Watched
from playwright.sync_api import Page
from torch.nn import functional as F

from convlab.figures import COLORS

Visit = Callable[..., Watched]
Setting = dict[str, int]
NAMES = ("input", "kernel", "stride", "padding", "dilation")


def settings(count: int = 400) -> list[Setting]:
    """Settings from all over the explorer's ranges, some of which do not fit."""
    draw = random.Random(2)
    ranges = ((1, 16), (1, 7), (1, 5), (0, 4), (1, 4))
    return [dict(zip(NAMES, (draw.randint(*span) for span in ranges), strict=True)) for _ in range(count)]


def numbers(setting: Setting) -> dict[str, int]:
    return {name: setting[name] for name in ("stride", "padding", "dilation")}


def fits(setting: Setting) -> bool:
    """Ask torch."""
    image = torch.zeros(1, 1, setting["input"], setting["input"])
    try:
        F.conv2d(image, torch.zeros(1, 1, setting["kernel"], setting["kernel"]), **numbers(setting))
    except RuntimeError:
        return False
    return True


SETTINGS = settings()
FITTING = [setting for setting in SETTINGS if fits(setting)]
TOO_LARGE = [setting for setting in SETTINGS if not fits(setting)]


def ask(page: Page, function: str, cases: list[Setting]) -> list[Any]:
    return page.evaluate(f"cases => cases.map(setting => ConvExplorer.{function}(setting))", cases)


def grid(rows: list[list[int]]) -> torch.Tensor:
    return torch.tensor(rows, dtype=torch.float64)[None, None]


def opened(visit: Visit, **options: Any) -> Page:
    """Put an explorer on a short page of the site: the scripts are on each of them, and this one loads fast."""
    page = visit(**options).go("book/about.html")
    page.evaluate("document.querySelector('article h1').after(document.createElement('conv-explorer'))")
    return page


@pytest.fixture
def page(visit: Visit) -> Page:
    return opened(visit)


def place(page: Page, setting: Setting, step: int | None = None) -> None:
    page.evaluate(
        "([setting, step]) => { const e = document.querySelector('conv-explorer'); e.setting = setting;"
        " e.index = step ?? 1e9; }",
        [setting, step],
    )


def test_sizes_are_torchs(page: Page) -> None:
    assert len(FITTING) > 200
    for setting, facts in zip(FITTING, ask(page, "arithmetic", FITTING), strict=True):
        side, k = setting["input"], setting["kernel"]
        shape = F.conv2d(torch.zeros(1, 1, side, side), torch.zeros(1, 1, k, k), **numbers(setting)).shape
        assert facts["fits"]
        assert (facts["output"], facts["output"]) == tuple(shape[2:])


def test_nothing_fits_where_torch_raises(page: Page) -> None:
    assert len(TOO_LARGE) > 20
    for facts in ask(page, "arithmetic", TOO_LARGE):
        assert (facts["fits"], facts["output"]) == (False, 0)
        assert facts["extent"] > facts["padded"]


def test_values_are_torchs(page: Page) -> None:
    results = zip(*(ask(page, name, FITTING) for name in ("picture", "weights", "convolve")), strict=True)
    for setting, (picture, weights, values) in zip(FITTING, results, strict=True):
        expected = F.conv2d(grid(picture), grid(weights), **numbers(setting))[0, 0]
        assert torch.tensor(values).tolist() == expected.int().tolist()


def test_windows_read_what_unfold_reads(page: Page) -> None:
    cells = page.evaluate(
        "cases => cases.map(s => ConvExplorer.positions(s).map(corner =>"
        " ConvExplorer.reads(s, corner).map(at => [at.row, at.column])))",
        FITTING[:80],
    )
    for setting, windows in zip(FITTING[:80], cells, strict=True):
        side = setting["input"] + 2 * setting["padding"]
        numbered = torch.arange(side * side, dtype=torch.float64).view(1, 1, side, side)
        read = F.unfold(numbered, setting["kernel"], stride=setting["stride"], dilation=setting["dilation"])[0].T
        assert [[row * side + column for row, column in window] for window in windows] == read.int().tolist()


def test_visits_are_the_gradient_of_a_sum_of_ones(page: Page) -> None:
    for setting, counts in zip(FITTING, ask(page, "visits", FITTING), strict=True):
        image = torch.zeros(1, 1, setting["input"], setting["input"], requires_grad=True)
        F.conv2d(image, torch.ones(1, 1, setting["kernel"], setting["kernel"]), **numbers(setting)).sum().backward()
        assert counts == image.grad[0, 0].int().tolist()


def test_the_rest_is_what_no_window_reaches(page: Page) -> None:
    for setting, facts in zip(FITTING, ask(page, "arithmetic", FITTING), strict=True):
        last = (facts["output"] - 1) * setting["stride"] + facts["extent"]
        assert facts["padded"] - last == facts["rest"]


@pytest.mark.parametrize("setting", FITTING[:6])
def test_what_is_shown_is_torchs(page: Page, setting: Setting) -> None:
    place(page, setting)
    [picture], [weights] = ask(page, "picture", [setting]), ask(page, "weights", [setting])
    expected = F.conv2d(grid(picture), grid(weights), **numbers(setting))[0, 0].int()
    explorer = page.locator("conv-explorer").first
    shown = [text.replace("−", "-") for text in explorer.locator(".result text").all_text_contents()]
    assert [int(text) for text in shown] == expected.flatten().tolist()
    side = expected.shape[0]
    assert explorer.locator(".out figcaption").inner_text() == f"Output {side} × {side}"
    assert explorer.locator(".total").inner_text() == str(side)
    assert explorer.locator(".sum b").inner_text().replace("−", "-") == f"= {expected[-1, -1]}"
    call, _, shape = explorer.locator("code").inner_text().partition("#")
    n, k = setting["input"], setting["kernel"]
    there = eval(call, {"F": F, "x": torch.zeros(1, 1, n, n), "w": torch.zeros(1, 1, k, k)})
    assert shape.split("→")[1].strip() == str(tuple(there.shape))


def test_nothing_fits_is_said_plainly(page: Page) -> None:
    place(page, TOO_LARGE[0])
    explorer = page.locator("conv-explorer").first
    assert "Nothing fits" in explorer.locator(".notes").inner_text()
    assert explorer.locator(".result").count() == 0
    assert explorer.locator(".play").is_disabled()
    assert "RuntimeError" in explorer.locator("code").inner_text()


def test_rows_left_over_are_hatched(page: Page) -> None:
    explorer = page.locator("conv-explorer").first
    place(page, {"input": 8, "kernel": 3, "stride": 2, "padding": 0, "dilation": 1})
    assert explorer.locator(".unreached").count() == 1
    assert "the last row and column (hatched) are never read" in explorer.locator(".notes").inner_text()
    place(page, {"input": 7, "kernel": 3, "stride": 2, "padding": 0, "dilation": 1})
    assert explorer.locator(".unreached").count() == 0


def test_settings_out_of_range_are_brought_back(page: Page) -> None:
    page.evaluate("document.querySelector('conv-explorer').setAttribute('kernel', '99')")
    assert page.evaluate("document.querySelector('conv-explorer').setting.kernel") == 7
    page.evaluate("document.querySelector('conv-explorer').setAttribute('kernel', 'three')")
    assert page.evaluate("document.querySelector('conv-explorer').setting.kernel") == 3


def test_a_keyboard_is_enough(page: Page) -> None:
    explorer = page.locator("conv-explorer").first
    place(page, {"input": 5, "kernel": 3, "stride": 1, "padding": 0, "dilation": 1}, 0)
    explorer.locator(".quick button").last.focus()
    for expected in NAMES:
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.shadowRoot.activeElement.name") == expected
    explorer.locator("[name=input]").focus()
    page.keyboard.press("ArrowRight")
    assert explorer.locator(".total").inner_text() == "4"
    said = explorer.locator("[aria-live]").inner_text()
    assert "The kernel spans 3 of 6 cells" in said
    explorer.locator(".scrub").focus()
    for key, step in (("ArrowRight", 1), ("ArrowDown", 5), ("ArrowLeft", 4), ("ArrowUp", 0), ("End", 15), ("Home", 0)):
        page.keyboard.press(key)
        assert page.evaluate("document.querySelector('conv-explorer').index") == step, key
    page.keyboard.press("Space")
    assert explorer.locator(".play").inner_text() == "Pause"
    page.keyboard.press("Space")
    assert explorer.locator(".play").inner_text() == "Play"


def test_playing_fills_the_output_and_stops(page: Page) -> None:
    place(page, {"input": 4, "kernel": 3, "stride": 1, "padding": 0, "dilation": 1}, 0)
    explorer = page.locator("conv-explorer").first
    assert explorer.locator(".result.waiting").count() == 3
    explorer.locator("select").select_option(label="Fast")
    explorer.locator(".play").click()
    page.wait_for_function("!document.querySelector('conv-explorer').playing")
    assert explorer.locator(".result.waiting").count() == 0
    assert explorer.locator(".where").inner_text() == "4 of 4"


def test_visits_can_be_shown(page: Page) -> None:
    place(page, {"input": 4, "kernel": 3, "stride": 1, "padding": 0, "dilation": 1})
    explorer = page.locator("conv-explorer").first
    explorer.get_by_label("Show how often each pixel is read").check()
    texts = explorer.locator(".pixel .value").all_text_contents()
    assert [int(text) for text in texts] == [1, 2, 2, 1, 2, 4, 4, 2, 2, 4, 4, 2, 1, 2, 2, 1]


@pytest.mark.parametrize("width", [1280, 390])
def test_the_kernels_weights_can_be_read(visit: Visit, width: int) -> None:
    page = opened(visit, width=width)
    for kernel in (1, 3, 7):
        setting = {"input": 9, "kernel": kernel, "stride": 1, "padding": 0, "dilation": 1}
        place(page, setting)
        [weights] = ask(page, "weights", [setting])
        texts = page.locator("conv-explorer .taps text")
        shown = [int(text.replace("−", "-")) for text in texts.all_text_contents()]
        assert shown == [weight for line in weights for weight in line]
        heights = texts.evaluate_all("texts => texts.map(text => text.getBoundingClientRect().height)")
        assert min(heights) >= 9


def test_letters_are_the_chapters(page: Page) -> None:
    explorer = page.locator("conv-explorer").first
    assert explorer.locator(".setting var").all_inner_texts() == ["W", "K", "S", "P", "D"]
    formula = re.sub(r"\s", "", explorer.locator(".formula > div").first.inner_text())
    assert formula == "O=W+2P−D(K−1)−1S+1"
    chapter = (ROOT / "book" / "02-convolution-arithmetic.md").read_text(encoding="utf-8")
    assert r"O = \left\lfloor \frac{W + 2P - D(K-1) - 1}{S} \right\rfloor + 1" in chapter


def test_negative_numbers_have_the_figures_colour(page: Page) -> None:
    place(page, {"input": 7, "kernel": 3, "stride": 1, "padding": 0, "dilation": 1})
    fills = page.locator("conv-explorer .negative rect").evaluate_all("all => all.map(e => getComputedStyle(e).fill)")
    red, green, blue = bytes.fromhex(COLORS["orange"][1:])
    assert len(fills) > 6
    assert set(fills) == {f"rgb({red}, {green}, {blue})"}


@pytest.mark.parametrize("width", [1280, 390, 360])
def test_the_page_does_not_jump_while_one_plays(visit: Visit, width: int) -> None:
    page = opened(visit, width=width, has_touch=width < 500)
    heights = set()
    for setting in [*FITTING[:25], *TOO_LARGE[:5]]:
        place(page, setting)
        heights.add(round(page.locator("conv-explorer").first.bounding_box()["height"]))
    assert len(heights) == 1


def test_touch_steps_and_chooses_a_cell(visit: Visit) -> None:
    page = opened(visit, width=390, has_touch=True)
    place(page, {"input": 5, "kernel": 3, "stride": 1, "padding": 0, "dilation": 1}, 0)
    explorer = page.locator("conv-explorer").first
    explorer.locator(".next").tap()
    assert page.evaluate("document.querySelector('conv-explorer').index") == 1
    explorer.locator(".result").nth(8).tap()
    assert page.evaluate("document.querySelector('conv-explorer').index") == 8


def test_no_motion_for_who_asks_for_none(visit: Visit) -> None:
    duration = "e => getComputedStyle(e).transitionDuration"
    moving = opened(visit, reduced_motion="no-preference")
    assert re.match(r"0\.\d+s", moving.locator("conv-explorer .window").first.evaluate(duration))
    still = opened(visit, reduced_motion="reduce")
    assert still.locator("conv-explorer .window").first.evaluate(duration) == "0s"
