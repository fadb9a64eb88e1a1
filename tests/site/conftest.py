"""The built site, a server for it and a real browser. A missing browser fails these tests; nothing is skipped."""

from __future__ import annotations

import re
import shutil
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
# Neither the tools nor the Sphinx extension are installed packages.
sys.path[:0] = [str(HERE), str(ROOT / "tools"), str(ROOT / "book" / "_ext")]

from build_site import alone, build, is_current  # noqa: E402

from tools.browser import FLAGS, find_browser  # noqa: E402

DONE = """async () => {
    await document.fonts.ready;
    await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
}"""
CHAPTER = "book/02-convolution-arithmetic"


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        pass


@contextmanager
def serve(folder: Path) -> Iterator[str]:
    """Serve ``folder`` on this machine and give its address, ending in a slash."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()


@dataclass
class Watched:
    """A page with all it asked for and complained about."""

    page: Page
    base: str
    foreign: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("request", lambda request: self._asked(request.url))
        self.page.on("websocket", lambda socket: self.foreign.append(socket.url))
        self.page.on("response", lambda reply: reply.status >= 400 and self._complain(f"{reply.status} {reply.url}"))
        self.page.on("requestfailed", lambda request: self._complain(f"failed {request.url}"))
        self.page.on("pageerror", lambda error: self._complain(str(error)))
        self.page.on("console", lambda said: said.type in ("error", "warning") and self._complain(said.text))

    def _asked(self, url: str) -> None:
        if not url.startswith((self.base, "data:", "blob:", "about:")):
            self.foreign.append(url)

    def _complain(self, text: str) -> None:
        self.complaints.append(text)

    def go(self, path: str) -> Page:
        """Open a page of the site and wait until scripts, formulas and fonts are done and shown."""
        self.page.goto(self.base + path, wait_until="load")
        self.page.evaluate(DONE)
        return self.page


@pytest.fixture(scope="session")
def html(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the site's HTML, built now unless it was built after the last change.

    A copy, because `make course` builds the site anew in another test's process, and a style sheet is not whole then.
    """
    copied = tmp_path_factory.mktemp("site") / "html"
    built = ROOT / "build" / "site" / "_build" / "html" if is_current() else build(ROOT)
    with alone(built.parents[1]):
        shutil.copytree(built, copied)
    return copied


@pytest.fixture(scope="session")
def address(html: Path) -> Iterator[str]:
    with serve(html) as base:
        yield base


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser that ends with the file's last test, so that its CPU time counts as this file's."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(find_browser()), args=list(FLAGS))
        yield chromium
        chromium.close()


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Callable[..., Watched]]:
    """Open a fresh, watched browser window; keywords are Playwright's for a context."""
    contexts = []

    def opened(base: str = address, width: int = 1280, height: int = 900, **options: Any) -> Watched:
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        context.set_default_timeout(60_000)  # the machine may be busy with other tests
        contexts.append(context)
        return Watched(context.new_page(), base)

    yield opened
    for context in contexts:
        context.close()


def pages_of(html: Path) -> list[str]:
    """All pages a reader can open, as paths from the site's top."""
    found = sorted(path.relative_to(html).as_posix() for path in html.rglob("*.html") if "_static" not in path.parts)
    assert len(found) >= 6, found
    return [path for path in found if not re.fullmatch(r"index\.html", path)]
