"""The Sphinx extension of this course's site.

repository   where the site is published, one setting
execution    runs a chapter again when its cells, ``convlab`` or a library changed
assignment   the ``{assignment}`` directive: a released assignment's tasks, points and files
explorer     the ``{conv-explorer}`` directive
notebooks    an ``.ipynb`` beside every page that has code
packaging    ``convlab`` as a wheel, and each assignment as a zip file
launch       download, Colab, Binder and GitHub buttons
images       an image without alternative text is a warning, so the build fails
"""

from __future__ import annotations

from typing import Any

from sphinx.application import Sphinx

from coursesite import assignment, execution, explorer, images, launch, notebooks, packaging, repository

__all__ = ["setup"]


def setup(app: Sphinx) -> dict[str, Any]:
    """Register every part; each part documents its own settings."""
    # jupyter-book always sets this one, for an extension that we leave out because it loads from other sites.
    app.add_config_value("comments_config", {}, "")
    for part in (repository, launch, execution, assignment, explorer, images, notebooks, packaging):
        part.setup(app)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
