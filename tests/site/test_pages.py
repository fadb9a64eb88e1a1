"""Every page of the built site, in a real browser."""

# Over 60 s of CPU: a browser opens every page twice, and axe reads each in the light and in the dark.

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import CHAPTER, DONE, Watched, pages_of
from playwright.sync_api import Browser, Page

Visit = Callable[..., Watched]
PAGE = f"{CHAPTER}.html"
WIDTHS = (360, 390, 768)

pytestmark = [pytest.mark.timeout(900)]  # the first test of a sweep waits for all pages


def test_the_top_leads_to_the_first_page(visit: Visit) -> None:
    window = visit()
    window.page.goto(window.base + "index.html", wait_until="commit")  # it leads away while it loads
    window.page.wait_for_url("**/book/index.html")
    page = window.page
    assert page.locator("article h1").is_visible()


# Thousands of coloured words stand in the code of a page, in a dozen colours: axe reads one of each.
ONE_OF_EACH_COLOUR = """() => {
    const seen = new Set();
    for (const word of document.querySelectorAll("pre span")) {
        const style = getComputedStyle(word);
        const look = [style.color, style.backgroundColor, style.fontSize, word.closest("div[class]").className].join();
        word.toggleAttribute("data-seen", seen.has(look));
        seen.add(look);
    }
}"""


def serious(page: Page, **options: Any) -> list[str]:
    """Run axe on the page, but for the parts of formulas: there are thousands, in the colour of the text around them.

    Axe is not to fetch style sheets itself: no rule that counts as serious needs it, and it asks for addresses that the
    page does not.
    """
    found = []
    options = {"resultTypes": ["violations"], "preload": False, **options}
    page.evaluate(ONE_OF_EACH_COLOUR)
    report = Axe().run(page, {"exclude": [["math"], ["[data-seen]"]]}, options).response
    for violation in report["violations"]:
        if violation["impact"] in ("serious", "critical"):
            found += [f"{page.url}: {violation['id']}: {node['failureSummary']}" for node in violation["nodes"]]
    return found


@dataclass
class Swept:
    """What was seen on a walk through all pages, each opened once; ``too_wide`` is by page and width."""

    foreign: list[str]
    complaints: list[str]
    alts: list[tuple[str, str | None]] = field(default_factory=list)
    labels: list[str | None] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    too_wide: dict[tuple[str, int], int] = field(default_factory=dict)


@pytest.fixture(scope="module")
def desktop(html: Path, browser: Browser, address: str) -> Swept:
    """All pages on a desktop in the light."""
    with browser.new_context(viewport={"width": 1280, "height": 900}, color_scheme="light") as context:
        context.set_default_timeout(60_000)
        window = Watched(context.new_page(), address)
        swept = Swept(window.foreign, window.complaints)
        for path in pages_of(html):
            page = window.go(path)
            attributes = "found => found.map(image => [image.src, image.getAttribute('alt')])"
            swept.alts += page.eval_on_selector_all("img", attributes)
            labels = "found => found.map(svg => svg.getAttribute('aria-label'))"
            swept.labels += page.eval_on_selector_all("article svg[role=img]", labels)
            swept.violations += serious(page)
        window.go("search.html?q=kernel")
        window.page.wait_for_selector("#search-results ul.search li a")
        window.page.wait_for_load_state("networkidle")  # nothing was asked for late, on the last page at least
    return swept


@pytest.fixture(scope="module")
def phone(html: Path, browser: Browser, address: str) -> Swept:
    """All pages on a phone in the dark, and in other narrow windows."""
    with browser.new_context(viewport={"width": 390, "height": 800}, color_scheme="dark") as context:
        context.set_default_timeout(60_000)
        window = Watched(context.new_page(), address)
        swept = Swept(window.foreign, window.complaints)
        for path in pages_of(html):
            page = window.go(path)
            page.wait_for_selector("html[data-theme=dark]")
            swept.violations += serious(page, runOnly=["color-contrast"])  # only contrast depends on the theme
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 800})
                page.evaluate(DONE)
                said = "document.documentElement.scrollWidth - window.innerWidth"
                swept.too_wide[path, width] = page.evaluate(said)
        window.page.set_viewport_size({"width": 1280, "height": 900})
        swept.violations += serious(window.go(PAGE), runOnly=["color-contrast"])  # beside the text, where there is room
    return swept


def test_pages_ask_for_nothing_elsewhere_and_do_not_complain(desktop: Swept, phone: Swept) -> None:
    assert desktop.foreign + phone.foreign == []
    assert desktop.complaints + phone.complaints == []


def test_no_page_scrolls_sideways(phone: Swept, html: Path) -> None:
    assert len(phone.too_wide) == len(WIDTHS) * len(pages_of(html))
    assert {at: wide for at, wide in phone.too_wide.items() if wide > 0} == {}


def test_every_picture_has_words(desktop: Swept) -> None:
    assert desktop.alts
    assert desktop.labels
    wordless = [src for src, alt in desktop.alts if not alt or re.search(r"[0-9a-f]{16}|\.(png|svg|jpe?g)$", alt)]
    assert wordless == []
    assert [label for label in desktop.labels if not label or len(label.split()) < 3] == []


@pytest.mark.parametrize("sweep", ["desktop", "phone"])
def test_no_serious_accessibility_violation(sweep: str, request: pytest.FixtureRequest) -> None:
    assert request.getfixturevalue(sweep).violations == []


def test_formulas_are_drawn_without_a_script_or_a_network(html: Path, browser: Browser, address: str) -> None:
    """With JavaScript off a page reads as with it: text, formulas, folded answers."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address + PAGE)
    formulas = page.locator("math")
    assert formulas.count() >= 10
    boxes = [formulas.nth(number).bounding_box() for number in range(10)]
    assert all(box is not None and box["width"] > 3 and box["height"] > 8 for box in boxes)
    assert [url for url in asked if not url.startswith(address)] == []
    assert any(url.endswith("course-math.woff2") for url in asked)
    context.close()


def test_no_page_has_a_formula_that_was_left_as_it_was_written(html: Path) -> None:
    pages = [path.read_text(encoding="utf-8") for path in sorted((html / "book").glob("*.html"))]
    assert sum(text.count("<math ") for text in pages) > 200
    assert [text[:80] for text in pages if re.search(r"\\\(|\\\[|<code>\\|MathJax", text)] == []


def test_search_finds_a_word(visit: Visit) -> None:
    window = visit()
    page = window.go("book/index.html")
    page.keyboard.press("Control+k")
    page.keyboard.type("dilation")
    page.keyboard.press("Enter")
    page.wait_for_selector("#search-results ul.search li a")
    assert page.locator("#search-results li a", has_text="Convolution arithmetic").count() >= 1


def test_search_works_from_a_folder_too(html: Path, visit: Visit) -> None:
    page = visit(base=html.as_uri() + "/").go("search.html?q=dilation")
    page.wait_for_selector("#search-results ul.search li a")
    found = page.eval_on_selector_all("#search-results li a", "found => found.map(a => a.href.split(/[?#]/)[0])")
    assert f"{html.as_uri()}/{PAGE}" in found


def test_a_page_works_from_a_folder_too(html: Path, visit: Visit) -> None:
    window = visit(base=html.as_uri() + "/")
    page = window.go(PAGE)
    assert page.locator("math").count() >= 10
    assert page.locator("conv-explorer .result").count() >= 1
    assert window.foreign == []
    assert window.complaints == []


def test_the_reader_chooses_light_or_dark_and_it_stays(visit: Visit) -> None:
    page = visit(color_scheme="light").go(PAGE)
    background = "getComputedStyle(document.body).backgroundColor"
    seen = {}
    for _ in range(3):
        page.locator(".theme-switch-button").first.click()
        seen[page.locator("html").get_attribute("data-mode")] = page.evaluate(background)
    assert set(seen) == {"light", "dark", "auto"}
    assert seen["light"] != seen["dark"]
    while page.locator("html").get_attribute("data-mode") != "dark":
        page.locator(".theme-switch-button").first.click()
    page.reload()
    assert page.evaluate(background) == seen["dark"]


def test_code_can_be_copied(visit: Visit) -> None:
    window = visit(permissions=["clipboard-read", "clipboard-write"])
    page = window.go(PAGE)
    cells = page.locator(".cell_input .highlight")
    assert cells.count() >= 8
    assert cells.locator(".copybtn").count() == cells.count()
    cells.first.hover()
    cells.first.locator(".copybtn").click()
    page.wait_for_selector(".copybtn.success")
    assert "import torch" in page.evaluate("navigator.clipboard.readText()")


def test_every_chapter_ran_to_its_end(html: Path, visit: Visit) -> None:
    chapters = sorted(path.stem for path in html.glob("book/[0-9][0-9]-*.html"))
    page = visit().go("book/about.html")
    rows = page.locator("table tbody tr").all_inner_texts()
    assert len(rows) == len(chapters) >= 1
    for name, row in zip(chapters, sorted(rows), strict=True):
        assert name in row
        assert "succeeded" in row


def test_the_chapter_has_an_explorer_at_work(visit: Visit) -> None:
    page = visit().go(PAGE)
    assert page.locator("conv-explorer .total").inner_text() == "5"


def test_parts_and_chapters_are_in_the_navigation(visit: Visit) -> None:
    sidebar = visit().go(PAGE).locator(".bd-sidebar-primary")
    assert "Part I · Foundations" in sidebar.inner_text()
    assert sidebar.locator("a.current", has_text="Convolution arithmetic").count() == 1


def test_a_page_offers_its_notebook_and_source(html: Path, visit: Visit) -> None:
    page = visit().go(PAGE)
    links = page.eval_on_selector_all(".dropdown-download-buttons a", "found => found.map(a => a.href)")
    assert [link.rsplit(".", 1)[1] for link in links] == ["ipynb", "md"]
    for link in links:
        assert page.request.get(link).ok
    notebook = nbformat.reads(page.request.get(links[0]).text(), as_version=4)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert len(code) >= 8
    assert any(cell.outputs for cell in code)
    prose = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    assert re.findall(r"\{[a-z:]+\}`|^(?:```|:::)\{", prose, re.MULTILINE) == []
    assert "<script" not in json.dumps(notebook)


def test_no_launch_button_while_no_repository_is_set(html: Path) -> None:
    for path in pages_of(html):
        text = (html / path).read_text(encoding="utf-8")
        assert not re.search(r"colab\.research|mybinder\.org|github\.com/executablebooks/jupyter-book", text), path


def test_the_assignment_can_be_fetched(html: Path, visit: Visit) -> None:
    page = visit().go(PAGE)
    links = page.eval_on_selector_all(".assignment-links a", "found => found.map(a => a.href)")
    assert [Path(link).suffix for link in links] == [".zip", ".ipynb"]
    for link in links:
        assert page.request.get(link).ok
    tasks = page.locator(".assignment tbody tr").count()
    assert tasks >= 2
    points = sum(float(text) for text in page.locator(".assignment tbody tr td:nth-child(2)").all_inner_texts())
    assert f"{tasks} tasks, {points:g} points" in page.locator(".assignment-summary").inner_text()
