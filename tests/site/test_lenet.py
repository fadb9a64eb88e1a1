"""LeNet-5 in the page: its layers are torch's, anybody can draw, and nothing is fetched before a reader comes near."""

# Over 60 s of CPU: a hundred pictures go through the network in a browser, layer by layer.

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import torch
from axe_playwright_python.sync_playwright import Axe
from build_site import build
from conftest import Watched, serve
from coursesite.markdown import plain_markdown
from lenet_page import HOST, answer, at, come_near, draw, draw_seven, live, pictures, ready, share
from playwright.sync_api import Locator, Page
from small_book import PAGE, ROOT, make_book

from convlab.networks.lenet import read_weights
from convlab.trace import trace

Visit = Callable[..., Watched]
Watching = Callable[..., tuple[Page, Watched]]

STATIC = ROOT / "book" / "_static"
CHAPTER = "book/01-first.html"
PARTS = ["layers", "strokes", "weights", "style", "drawing", "view"]
FAR = "Words that keep the network out of sight.\n\n" * 60
PLACED = f"# The first chapter\n\n{FAR}```{{lenet-live}}\n```\n\nAfter it.\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    page = PAGE[: PAGE.index("# The first chapter")] + PLACED
    return build(make_book(tmp_path_factory.mktemp("lenet") / "book", page=page))


@pytest.fixture(scope="module")
def base(folder: Path) -> Iterator[str]:
    with serve(folder) as address:
        yield address


@pytest.fixture
def watch(visit: Visit, base: str) -> Watching:
    """Open the page with the network in view and filled; motion is off, unless asked for."""

    def opened(base: str = base, **options: Any) -> tuple[Page, Watched]:
        window = visit(base=base, **{"reduced_motion": "reduce", "color_scheme": "light"} | options)
        page = window.go(CHAPTER)
        come_near(page)
        return page, window

    return opened


@pytest.fixture
def page(watch: Watching) -> Page:
    return watch()[0]


def layers(x: torch.Tensor) -> dict[str, torch.Tensor]:
    """What torch computes in each layer, by the names of the script."""
    net = read_weights(STATIC / "lenet5.bin").double()
    ends = {1: "c1", 2: "s2", 4: "c3", 5: "s4", 8: "c5", 10: "f6", 11: "scores"}
    found = {}
    for number, layer in enumerate(net):
        x = layer(x)
        found[ends.get(number, "between")] = x.detach()
    return found | {"probabilities": found["scores"].softmax(1)}


def test_every_layer_is_torchs_on_a_hundred_pictures(page: Page) -> None:
    x = pictures()
    # As text: Playwright's own encoding of a million numbers takes a minute.
    answered = page.evaluate(
        "async pictures => { const file = await fetch('../_static/lenet5.bin');"
        " const layers = LeNet5.layers(LeNetWeights.decode(await file.arrayBuffer()));"
        " return JSON.stringify(JSON.parse(pictures).map(picture => LeNet5.forward(layers, picture))); }",
        json.dumps(x[:, 0].tolist()),
    )
    found = json.loads(answered)
    assert len(found) == 100
    expected = layers(x.double())
    del expected["between"]
    assert set(found[0]) == set(expected)
    for name, values in expected.items():
        shown = torch.tensor([one[name] for one in found], dtype=torch.float64)
        assert shown.shape == values.shape, name
        assert (shown - values).abs().max().item() < 1e-4, name


def test_what_is_shown_is_what_was_computed(page: Page) -> None:
    live(page).locator("[data-digit='5']").click()
    ready(page)
    result = page.evaluate(f"{HOST}.view.result")
    picture = page.evaluate(f"{HOST}.view.picture")
    counts = {"c1": 6, "s2": 6, "c3": 16, "s4": 16, "c5": 1, "f6": 1}
    assert {name: live(page).locator(f".{name} canvas").count() for name in counts} == counts
    read = (
        "canvas => [...canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data]"
        ".filter((_, i) => i % 4 === 3)"
    )
    maps = {name: [result[name]] if count == 1 else result[name] for name, count in counts.items()}
    for name, values in {"seen": [picture], **maps}.items():
        for canvas, value in zip(live(page).locator(f".{name} canvas").all(), values, strict=True):
            expected = (255 * torch.tensor(value)).flatten().tolist()
            assert canvas.evaluate(read) == pytest.approx(expected, abs=1.01), name
    shares = live(page).locator(".share").all_text_contents()
    assert [float(text.rstrip("%")) / 100 for text in shares] == pytest.approx(result["probabilities"], abs=6e-4)


def test_its_numbers_are_the_networks(page: Page) -> None:
    net = read_weights(STATIC / "lenet5.bin")
    with_weights = [layer for layer in net if list(layer.parameters())]
    macs = trace(net, (1, 28, 28)).macs
    captions = " ".join(live(page).locator("figcaption").all_inner_texts())
    weights = [int(number.replace(",", "")) for number in re.findall(r"([\d,]+) weights", captions)]
    assert sorted(weights) == sorted(sum(p.numel() for p in layer.parameters()) for layer in with_weights)
    cost = live(page).locator(".cost").inner_text()
    assert f"{sum(weights):,} weights, {macs:,} multiplications" in cost


def test_nothing_is_fetched_before_a_reader_comes_near(visit: Visit, base: str) -> None:
    window = visit(base=base)
    asked: list[str] = []
    window.page.on("request", lambda request: asked.append(request.url))
    page = window.go(CHAPTER)
    assert page.evaluate("document.documentElement.scrollHeight") > 3000
    assert [Path(url.split("?")[0]).name for url in asked if "lenet" in url] == ["lenet-live.js"]
    come_near(page)
    fetched = sorted(Path(url.split("?")[0]).name for url in asked if "lenet" in url)
    assert fetched == sorted([*(f"lenet-{part}.js" for part in PARTS), "lenet-live.js", "lenet5.bin"])
    assert len({url.partition("?v=")[2] for url in asked if "lenet" in url and "live" not in url}) == 1
    assert window.foreign == []
    assert window.complaints == []


def test_two_on_a_page_share_what_was_fetched(visit: Visit, base: str) -> None:
    window = visit(base=base)
    asked: list[str] = []
    window.page.on("request", lambda request: asked.append(request.url))
    page = window.go(CHAPTER)
    page.evaluate(f"{HOST}.after({HOST}.cloneNode(true))")
    for i in range(2):
        page.locator("lenet-live").nth(i).scroll_into_view_if_needed()
        page.wait_for_function(f"document.querySelectorAll('lenet-live')[{i}].view?.result")
    assert len([url for url in asked if "lenet5.bin" in url]) == 1
    assert window.complaints == []


def test_a_drawing_with_the_mouse_is_read(page: Page) -> None:
    draw_seven(page)
    assert answer(page) == 7
    assert share(page, 7) > 0.6
    live(page).locator(".clear").click()
    circle = [(0.5, 0.15), (0.3, 0.3), (0.25, 0.5), (0.3, 0.72), (0.5, 0.87), (0.7, 0.72), (0.75, 0.5), (0.68, 0.3)]
    draw(page, *circle, circle[0])
    assert answer(page) == 0
    assert share(page, 0) > 0.6


def test_the_answer_follows_the_pen(page: Page) -> None:
    live(page).locator(".clear").click()
    page.mouse.move(*at(page, 0.3, 0.2))
    page.mouse.down()
    seen = []
    for point in ((0.3, 0.5), (0.7, 0.5), (0.7, 0.85)):
        page.mouse.move(*at(page, *point), steps=4)
        ready(page)
        seen.append(page.evaluate(f"{HOST}.view.result.c1.flat(2).reduce((a, b) => a + b)"))
    page.mouse.up()
    assert len({round(value, 3) for value in seen}) == 3


def test_strokes_add_up_and_a_sample_gives_way(page: Page) -> None:
    strokes = f"{HOST}.view.strokes.length"
    assert page.evaluate(strokes) == 1
    draw(page, (0.4, 0.15), (0.25, 0.55), (0.75, 0.55))
    draw(page, (0.62, 0.3), (0.6, 0.9))
    assert page.evaluate(strokes) == 2
    assert answer(page) == 4
    live(page).locator(".clear").click()
    ready(page)
    assert page.evaluate(strokes) == 0
    assert live(page).locator(".best").count() == 0
    assert set(live(page).locator(".share").all_text_contents()) == {"–"}
    assert live(page).locator(".invitation").is_visible()
    draw(page, (0.5, 0.5), (1.3, -0.2))
    assert page.evaluate(f"{HOST}.view.strokes[0].at(-1)") == [1, 0]


def test_each_sample_is_read_rightly(page: Page) -> None:
    for digit in range(10):
        live(page).locator(f"[data-digit='{digit}']").click()
        assert answer(page) == digit
        assert share(page, digit) > 0.9


def test_a_sample_is_drawn_before_the_eyes(watch: Watching) -> None:
    page, _ = watch(reduced_motion="no-preference")
    points = f"{HOST}.view.strokes.flat().length"
    whole = page.evaluate("LeNetStrokes.sample(8).flat().length")
    live(page).locator("[data-digit='8']").click()
    page.wait_for_function(f"{points} === {whole}")
    assert answer(page) == 8
    live(page).locator("[data-digit='8']").click()
    assert page.evaluate(points) < whole


def test_a_keyboard_is_enough(page: Page) -> None:
    pad = live(page).locator(".pad")
    focused = "document.activeElement.shadowRoot?.activeElement"
    page.evaluate("document.activeElement.blur()")
    pad.focus()
    for key, times in (("ArrowUp", 9), ("Space", 1), ("ArrowDown", 18), ("Space", 1)):
        for _ in range(times):
            page.keyboard.press(key)
    assert answer(page) == 1
    assert page.evaluate(f"{HOST}.view.strokes.length") == 1
    for selector in (".clear", "[data-digit='0']"):
        page.keyboard.press("Tab")
        assert page.evaluate(f'{focused}.matches("{selector}")'), selector
    page.keyboard.press("Enter")
    assert answer(page) == 0
    live(page).locator("[data-digit='9']").focus()
    page.keyboard.press("Space")
    assert answer(page) == 9
    page.keyboard.press("Tab")
    assert page.evaluate(f"{focused}.type") == "range"
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    assert live(page).locator("output").inner_text() == "15°"


def test_a_six_turned_over_is_a_nine(page: Page) -> None:
    live(page).locator("[data-digit='6']").click()
    assert answer(page) == 6
    live(page).locator("input").fill("180")
    assert answer(page) == 9
    live(page).locator("[data-digit='6']").click()
    assert live(page).locator("output").inner_text() == "0°"


def test_the_answer_is_said(page: Page) -> None:
    live(page).locator("[data-digit='2']").click()
    said = live(page).locator("[aria-live]")
    page.wait_for_function(f"{HOST}.shadowRoot.querySelector('[aria-live]').textContent.startsWith('Read as 2')")
    assert re.fullmatch(r"Read as 2, \d+ percent; next is \d, \d+ percent\.", said.inner_text())


def test_drawings_are_fitted_and_centred_as_mnists_are(page: Page) -> None:
    pairs = page.evaluate(
        "() => [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map(digit => { const large = LeNetStrokes.sample(digit);"
        " const small = large.map(stroke => stroke.map(([x, y]) => [0.3 * x, 0.6 + 0.3 * y]));"
        " return [large, small].map(LeNetStrokes.picture); })"
    )
    middle = torch.arange(28, dtype=torch.float64) + 0.5
    for large, small in torch.tensor(pairs, dtype=torch.float64):
        assert (large - small).abs().max().item() < 1e-6
        assert 0 <= large.min().item() <= large.max().item() <= 1
        assert (large.sum(0) @ middle / large.sum()).item() == pytest.approx(14, abs=0.25)
        assert (large.sum(1) @ middle / large.sum()).item() == pytest.approx(14, abs=0.25)
        assert 19 <= max(int((large.amax(axis) > 0.5).sum()) for axis in (0, 1)) <= 21


def test_nothing_and_a_dot_are_pictures_too(page: Page) -> None:
    blank, dot = page.evaluate("[[], [[[0.2, 0.9]]]].map(LeNetStrokes.picture)")
    assert torch.tensor(blank).tolist() == torch.zeros(28, 28).tolist()
    assert 3 < torch.tensor(dot).sum().item() < 9
    page.evaluate(f"{HOST}.view.strokes = []")
    ready(page)
    assert live(page).locator(".seen [role=img]").get_attribute("aria-label") == "The input is blank"


def test_a_file_of_the_wrong_size_is_refused(page: Page) -> None:
    message = page.evaluate(
        "(() => { try { LeNetWeights.decode(new ArrayBuffer(8)); } catch (e) { return e.message; } })()"
    )
    assert message == "the file of weights has 8 bytes"


def violations(page: Page) -> list[str]:
    found = Axe().run(page, {"include": [["lenet-live"]]}, {"resultTypes": ["violations"]}).response["violations"]
    return [f"{one['id']}: {node['failureSummary']}" for one in found for node in one["nodes"]]


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_axe_finds_nothing(watch: Watching, scheme: str, width: int) -> None:
    page, _ = watch(color_scheme=scheme, width=width)
    page.wait_for_selector(f"html[data-theme={scheme}]")
    page.wait_for_timeout(300)  # the theme fades in
    assert violations(page) == []
    live(page).locator(".clear").click()
    ready(page)
    assert violations(page) == []


def test_its_ink_follows_the_readers_switch(page: Page) -> None:
    colour = (
        "[...%s.shadowRoot.querySelector('.c1 canvas').getContext('2d').getImageData(14, 14, 1, 1).data].slice(0, 3)"
    )
    ink = {}
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.wait_for_selector(f"html[data-theme={scheme}]")
        ready(page)
        ink[scheme] = sum(page.evaluate(colour % HOST)) / 3
    assert ink["light"] < 100 < 160 < ink["dark"]


@pytest.mark.parametrize("width", [1280, 390, 360])
def test_it_fits_and_the_page_does_not_jump(visit: Visit, base: str, width: int) -> None:
    page = visit(base=base, width=width, has_touch=width < 500).go(CHAPTER)
    before = live(page).bounding_box()["height"]
    come_near(page)
    after = live(page).bounding_box()
    assert abs(after["height"] - before) < 60
    for digit in (1, 8):
        live(page).locator(f"[data-digit='{digit}']").click()
        ready(page)
        assert live(page).bounding_box()["height"] == pytest.approx(after["height"], abs=1)
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    right = [box["x"] + box["width"] for box in map(Locator.bounding_box, live(page).locator("canvas, button").all())]
    assert max(right) <= after["x"] + after["width"]


def test_a_finger_draws_and_the_page_stays(watch: Watching) -> None:
    page, _ = watch(width=390, height=844, has_touch=True)
    scrolled = page.evaluate("window.scrollY")
    finger = page.context.new_cdp_session(page)

    def touch(kind: str, *where: tuple[float, float]) -> None:
        points = [dict(zip("xy", at(page, *point), strict=True)) for point in where]
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", (0.25, 0.2))
    corners = [(0.25, 0.2), (0.75, 0.2), (0.45, 0.85)]
    for (x0, y0), (x1, y1) in pairwise(corners):
        for step in range(1, 7):
            touch("touchMove", (x0 + (x1 - x0) * step / 6, y0 + (y1 - y0) * step / 6))
    touch("touchEnd")
    assert answer(page) == 7
    assert page.evaluate("window.scrollY") == scrolled


def test_it_works_from_a_folder_too(watch: Watching, folder: Path) -> None:
    page, window = watch(base=folder.as_uri() + "/")
    draw_seven(page)
    assert answer(page) == 7
    assert window.foreign == []
    assert window.complaints == []


def test_weights_that_do_not_come_can_be_asked_for_again(visit: Visit, base: str) -> None:
    page = visit(base=base).go(CHAPTER)
    page.route("**/lenet5.bin*", lambda route: route.fulfill(status=503, body="busy"))
    live(page).scroll_into_view_if_needed()
    again = live(page).get_by_role("button", name="Try again")
    again.wait_for()
    assert "The network could not be fetched (the server answered 503)" in live(page).inner_text()
    page.unroute("**/lenet5.bin*")
    again.click()
    come_near(page)
    assert answer(page) == 3


def test_without_scripts_and_on_paper_there_are_words(visit: Visit, base: str) -> None:
    window = visit(base=base, java_script_enabled=False)
    window.page.goto(base + CHAPTER)
    assert "LeNet-5 reads it while you draw" in live(window.page).inner_text()
    assert live(window.page).bounding_box()["height"] < 200
    assert "function forward" in window.page.locator("details.lenet-script").text_content()


def test_on_paper_the_maps_stay_and_the_controls_go(page: Page) -> None:
    page.emulate_media(media="print")
    assert live(page).locator(".c3 canvas").first.is_visible()
    assert live(page).locator(".tools").is_hidden()
    assert live(page).locator(".clear").is_hidden()


def test_the_page_shows_the_script_that_runs(page: Page, folder: Path) -> None:
    script = (STATIC / "lenet-layers.js").read_text(encoding="utf-8")
    shown = page.locator("details.lenet-script pre").text_content()
    assert shown.strip() == script.strip()
    assert (folder / "_static" / "lenet-layers.js").read_text(encoding="utf-8") == script
    assert len(script.splitlines()) <= 80
    assert not re.search(r"\b(import|require|https?:)\b", script)


def test_the_notebook_says_that_the_site_has_it() -> None:
    assert plain_markdown("```{lenet-live}\n```").startswith("> *Here the site has LeNet-5 itself")
