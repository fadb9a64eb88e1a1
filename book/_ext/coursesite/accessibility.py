"""Mend what the page's HTML says to a screen reader where Sphinx gets it wrong.

A list of references has ``role="list"``, but its entries have a role that WAI-ARIA 1.3 withdrew and that is none of
a list's: readers then hear an empty list. Without the two roles it is read as the text it is.
"""

from __future__ import annotations

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


def setup(app: Sphinx) -> None:
    app.connect("html-page-context", _mend)
