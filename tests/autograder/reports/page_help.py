"""An assignment, a class of fake results and a strict reader of pages, for the tests of feedback and report."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from autograder.model import Assignment, Check, CheckResult, Note, Outcome, SubmissionResult, Task

NAME = "02-convolution-arithmetic"
MESSAGE = "Height and width differ\nExpected shape (6, 9), received (9, 6).\nLikely cause: swapped.\nNext: try 3 × 5."
WORDS = """html head meta title style body main p bdi h1 h2 h3 strong span i b em code section ul li div header table
caption thead tbody tr th td a details summary pre abbr dl dt dd svg line rect circle text"""
TAGS = set(WORDS.split())


def assignment(tasks: int = 8, checks: int = 3) -> Assignment:
    return Assignment(
        NAME,
        "Convolution arithmetic",
        tuple(
            Task(
                f"task{t}",
                t,
                f"Task number {t}",
                tuple(
                    Check(f"task{t}-{'public' if c == 0 else f'c{c}'}", f"task{t}", c + 1.0, c == 0, f"Check {t}.{c}")
                    for c in range(checks)
                ),
            )
            for t in range(1, tasks + 1)
        ),
    )


def result(of: Assignment, student: str, misses: int = 0, *, outcome: Outcome = Outcome.FAILED) -> SubmissionResult:
    """Return a result that misses the last ``misses`` checks."""
    last = len(of.checks) - misses
    checks = tuple(
        CheckResult(check.id, Outcome.PASSED, check.points, check.points)
        if index < last
        else CheckResult(check.id, outcome, 0.0, check.points, f"{check.title}: {MESSAGE}", "HIDDEN-DETAIL secret = 42")
        for index, check in enumerate(of.checks)
    )
    notes = (Note("missing-cell", "A locked cell was missing and was put back."),) if misses == 5 else ()
    return SubmissionResult(student, of.name, "key", checks, notes, 1.0 + misses / 7)


def class_of(of: Assignment, size: int = 24) -> list[SubmissionResult]:
    results = [result(of, f"student{i:02}", i % (len(of.checks) + 1)) for i in range(size - 1)]
    return [*results, result(of, "unreadable", len(of.checks), outcome=Outcome.UNREADABLE)]


class Page(HTMLParser):
    """Reads a page and refuses any element or attribute that could run, load or lead elsewhere."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text = ""
        self.hrefs: list[str] = []
        self.seen: set[str] = set()
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS, tag
        self.seen.add(tag)
        for name, value in attrs:
            assert not name.startswith("on"), name
            assert name not in {"src", "srcset", "action", "formaction", "xlink:href", "srcdoc", "background"}, name
            if name == "style":
                assert value is not None
                assert value.replace(".", "").strip("width:%;").isdigit(), value
            if name == "href":
                self.hrefs.append(value or "")

    def handle_data(self, data: str) -> None:
        self.text += data


@contextlib.contextmanager
def chromium() -> Iterator[Any]:
    """Start the browser that the site's tests need anyway; without one this fails and says so."""
    from playwright.sync_api import sync_playwright

    names = ("google-chrome", "chromium", "chromium-browser")
    path = next((found for name in names if (found := shutil.which(name))), None)
    with sync_playwright() as playwright:
        path = path or playwright.chromium.executable_path
        assert Path(path).is_file(), "No browser: install Chrome or Chromium, or run `playwright install chromium`."
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        try:
            yield browser
        finally:
            browser.close()


def look(pages: list[Path]) -> list[str]:
    """Open ``pages`` on a desktop and a phone, in light and dark; return what is wrong with them."""
    from axe_playwright_python.sync_playwright import Axe

    wrong = []
    with chromium() as browser:
        for width, scheme in ((1200, "light"), (390, "dark")):
            context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
            tab = context.new_page()
            requests: list[str] = []
            tab.on("request", lambda request, seen=requests: seen.append(request.url))
            tab.on("console", lambda message: wrong.append(f"console: {message.text}"))
            for page in pages:
                tab.goto(page.as_uri())
                where = f"{page.name} at {width} px, {scheme}"
                if tab.evaluate("document.documentElement.scrollWidth") > width:
                    wrong.append(f"{where}: wider than the screen")
                for found in Axe().run(tab).response["violations"]:
                    nodes = "; ".join(node["html"][:120] for node in found["nodes"][:3])
                    wrong.append(f"{where}: {found['id']}: {nodes}")
            wrong.extend(f"request: {url}" for url in requests if url not in {page.as_uri() for page in pages})
            context.close()
    return wrong
