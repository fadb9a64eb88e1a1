"""An image without alternative text is a warning, and warnings fail the build.

A cell's picture gets its text from the cell: ``mystnb: {image: {alt: "…"}}`` in the cell's options.
"""

from __future__ import annotations

import re

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging

__all__ = ["setup"]

LOGGER = logging.getLogger(__name__)
HASH = re.compile(r"[0-9a-f]{16,}")


def _check(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    for image in doctree.findall(nodes.image):
        alt = image.get("alt", "").strip()
        if not alt or HASH.search(alt) or alt == image.get("uri"):
            LOGGER.warning(
                "An image has no alternative text: give it `:alt:`, or its cell `mystnb: {image: {alt: …}}`.",
                location=image if image.line else docname,
                type="coursesite",
                subtype="alt",
            )


def setup(app: Sphinx) -> None:
    app.connect("doctree-resolved", _check)
