"""The Sphinx extension of this course's site.

- repository: where the site is published, one setting
- execution: runs a chapter again when its cells, ``convlab`` or a library changed
- assignment: the ``{assignment}`` directive, with release (reads what students get)
- explorer: the ``{conv-explorer}`` directive
- lenet: the ``{lenet-live}`` directive
- notebooks: an ``.ipynb`` beside every page that has code, with markdown (MyST made plain)
- packaging: ``convlab`` as a wheel, and each assignment as a zip file
- launch: download, Colab, Binder and GitHub buttons
- verdicts: the ``{verdicts}`` directive, which adds up the page of all claims
- formulas: MathML, which browsers draw without a script
- images: an image without alternative text is a warning, so the build fails
- accessibility: what Sphinx's HTML gets wrong for screen readers
- stale: what an earlier build left of pages that are gone
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from sphinx.application import Sphinx

__all__ = ["setup"]

SETTINGS = ("repository", "launch", "execution")
DIRECTIVES = ("assignment", "explorer", "lenet", "verdicts")
OUTPUT = ("images", "formulas", "accessibility")
AFTER_THE_BUILD = ("notebooks", "packaging", "stale")  # in this order: stale keeps what the others made


def setup(app: Sphinx) -> dict[str, Any]:
    """Register every part; each part documents its own settings."""
    # jupyter-book always sets this one, for an extension that we leave out because it loads from other sites.
    app.add_config_value("comments_config", {}, "")
    for part in (*SETTINGS, *DIRECTIVES, *OUTPUT, *AFTER_THE_BUILD):
        import_module(f"coursesite.{part}").setup(app)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
