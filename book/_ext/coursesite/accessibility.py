"""Mend what the page's HTML says to a screen reader where Sphinx gets it wrong.

A list of references has ``role="list"``, but its entries have a role that WAI-ARIA 1.3 withdrew and that is none of
a list's: readers then hear an empty list. Without the two roles it is read as the text it is.

The arrow that opens a chapter's further pages in the navigation has no name; it gets one. The theme writes the
navigation when a page is written, so this is done to the files, at the end.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

__all__ = ["setup"]


def _mend(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    if "body" in context:
        body = context["body"].replace('<div role="list" class="citation-list">', '<div class="citation-list">')
        context["body"] = body.replace(' role="doc-biblioentry"', "")


ARROW = '<summary><span class="toctree-toggle"'
NAMED = '<summary aria-label="Further pages of this chapter"><span class="toctree-toggle"'


def _name_arrows(app: Sphinx, exception: Exception | None) -> None:
    if exception or app.builder.format != "html":
        return
    for path in Path(app.outdir).rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        if ARROW in text:
            path.write_text(text.replace(ARROW, NAMED), encoding="utf-8")


def setup(app: Sphinx) -> None:
    app.connect("build-finished", _name_arrows)
    app.connect("html-page-context", _mend)
