"""Remove what an earlier build left of pages that are gone: Sphinx would publish them for ever."""

from __future__ import annotations

from pathlib import Path

from sphinx.application import Sphinx

__all__ = ["setup"]

NOT_PAGES = {"index", "genindex", "search", "py-modindex"}
OTHERS = {"_static", "_images", "_downloads", "_sphinx_design_static", "assignments"}


def _remove(app: Sphinx, exception: Exception | None) -> None:
    if exception is not None or app.builder.name != "html":
        return
    top = Path(app.outdir)
    for pattern in ("*.html", "*.ipynb", "_sources/**/*.md"):
        for path in top.rglob(pattern) if "/" not in pattern else top.glob(pattern):
            place = path.relative_to(top)
            if place.parts[0] in OTHERS:
                continue
            page = place.relative_to("_sources") if place.parts[0] == "_sources" else place
            docname = page.with_suffix("").as_posix()
            if docname not in app.env.found_docs and docname not in NOT_PAGES:
                path.unlink()


def setup(app: Sphinx) -> None:
    app.connect("build-finished", _remove)
