"""The ``{verdicts}`` directive: how many claims all tables of the page hold, and how many of each verdict.

The tables come from the chapters' cells, with the counts in their captions; here they are only added up.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

__all__ = ["in_words", "setup"]

LOG = logging.getLogger(__name__)
CAPTION = re.compile(r"<caption>Of (\d+) claims: ([^<]*)</caption>")


class Total(nodes.General, nodes.Element):
    """Where the sentence will stand: the tables are in the page only when all pages have been read."""


class Verdicts(SphinxDirective):
    """Leave a place for the sentence."""

    def run(self) -> list[nodes.Node]:
        place = Total()
        self.set_source_info(place)
        return [place]


def in_words(tables: list[str]) -> str:
    """Return the sentence that counts the claims of ``tables``, the HTML of each.

    Raises:
        ValueError: there are none, or a table's verdicts do not add up.
    """
    verdicts: Counter[str] = Counter()
    captions = [found for table in tables for found in CAPTION.findall(table)]
    for number, counted in captions:
        here = Counter[str]()
        for part in html.unescape(counted).split(", "):
            count, _, verdict = part.partition(" ")
            here[verdict] += int(count)
        if here.total() != int(number):
            raise ValueError(f"the caption 'Of {number} claims: {counted}' does not add up")
        verdicts += here
    if not captions:
        raise ValueError("the page has no table of claims")
    each = ", ".join(f"{count} “{verdict}”" for verdict, count in verdicts.most_common())
    return f"Of {verdicts.total()} claims on {len(captions)} pages: {each}."


def _fill(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    for place in list(doctree.findall(Total)):
        tables = [node.astext() for node in doctree.findall(nodes.raw) if node.get("format") == "html"]
        try:
            place.replace_self(nodes.paragraph("", in_words(tables)))
        except ValueError as error:
            LOG.warning("%s", error, location=place, type="verdicts")
            place.replace_self([])


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive."""
    app.add_node(Total)
    app.add_directive("verdicts", Verdicts)
    app.connect("doctree-resolved", _fill, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
