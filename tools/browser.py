"""Find a Chrome or Chromium to test the site with, or install one.

    python -m tools.browser             print the browser's path, or fail
    python -m tools.browser --install   install one if none is found: Playwright's, else Debian's package

Tests never skip because a browser is missing: they fail with one line that says what to install.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from tools import programs
from tools.programs import Find, ProgramMissing, Run, Which

__all__ = ["FLAGS", "BrowserMissing", "find_browser", "install_browser", "main"]

# The shell without windows takes half the time for the same pages.
NAMES = (
    "chromium-headless-shell",
    "google-chrome",
    "google-chrome-stable",
    "chromium",
    "chromium-browser",
    "chrome",
    "msedge",
)
APPLICATIONS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Google/Chrome/Application/chrome.exe",
)
FLAGS = (
    "--no-sandbox",  # a container has no user namespaces to build the sandbox from, and only our own pages are opened
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

ADVICE = "Install Google Chrome or Chromium (Debian: apt-get install chromium), or name one in CHROME=/path/to/chrome."


class BrowserMissing(ProgramMissing):
    """Report a missing browser; the message is one line that says what to do."""


def _playwright_browser() -> Path | None:
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return None
    with sync_playwright() as playwright:
        return Path(playwright.chromium.executable_path)


def _is_program(path: Path) -> bool:
    return path.is_file() and os.access(path, os.X_OK)


def find_browser(
    environment: Mapping[str, str] = os.environ,
    which: Which = shutil.which,
    is_program: Callable[[Path], bool] = _is_program,
    playwright_browser: Callable[[], Path | None] = _playwright_browser,
) -> Path:
    """Return the browser named by ``CHROME``, else the system's, else Playwright's.

    Raises:
        BrowserMissing: there is none, or ``CHROME`` names something else.
    """
    named = environment.get("CHROME")
    if named:
        found = which(named) or named
        if not is_program(Path(found)):
            raise BrowserMissing(f"CHROME={named} is not a program. {ADVICE}")
        return Path(found)
    for name in NAMES:
        if system := which(name):
            return Path(system)
    for application in map(Path, APPLICATIONS):
        if is_program(application):
            return application
    own = playwright_browser()
    if own is not None and is_program(own):
        return own
    raise BrowserMissing(f"No browser found for the site's tests. {ADVICE}")


def install_browser(
    find: Find = find_browser,
    run: Run = programs.run,
    which: Which = shutil.which,
    is_root: Callable[[], bool] = programs.is_root,
) -> Path:
    """Return a browser, installing one only when there is none.

    Raises:
        BrowserMissing: there is none and none could be installed, or ``CHROME`` names something else.
    """
    try:
        return find()
    except BrowserMissing as found:
        if str(found).startswith("CHROME="):
            raise
    ways = [[[sys.executable, "-m", "playwright", "install", "chromium"]]]
    ways += [programs.apt(package, which, is_root) for package in ("chromium-headless-shell", "chromium")]
    missing = BrowserMissing(f"No browser was found and none could be installed. {ADVICE}")
    return programs.find_or_install(find, ways, run, missing)


def main(arguments: list[str] | None = None) -> int:
    return programs.command("browser", "the browser that tests the site", find_browser, install_browser, arguments)


if __name__ == "__main__":
    sys.exit(main())
