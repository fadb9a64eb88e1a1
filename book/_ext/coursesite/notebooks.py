"""Publish every page that has code as a notebook too: beside the page, under its name, with this build's outputs."""

from __future__ import annotations

import posixpath
from contextlib import suppress
from pathlib import Path
from typing import Any

import nbformat
from jupyter_cache import get_cache
from nbformat.v4 import new_code_cell, new_markdown_cell
from sphinx.application import Sphinx

from coursesite.markdown import plain_markdown
from coursesite.packaging import wheel_name
from coursesite.repository import Repository

__all__ = ["has_notebook", "publish", "setup"]

FETCH = """\
# Colab has everything this notebook needs but the course's own small package: fetch that.
import importlib.util

if importlib.util.find_spec("convlab") is None:
    %pip install --quiet --no-deps {url}
"""


def has_notebook(env: Any, docname: str) -> bool:
    """Say whether a page has code to run."""
    return "kernelspec" in env.metadata.get(docname, {})


def _executed(app: Sphinx, docname: str) -> Any:
    """Return a page's notebook with outputs; MyST-NB writes it without them when they came from the cache."""
    notebook = nbformat.read(Path(app.outdir).parent / "jupyter_execute" / f"{docname}.ipynb", as_version=4)
    cache = get_cache(app.env.mystnb_config.execution_cache_path)
    with suppress(KeyError):
        return cache.merge_match_into_notebook(notebook)[1]
    return notebook


def _glued(notebook: Any) -> dict[str, str]:
    """Collect the values placed by name, and drop the invisible outputs that carried them."""
    values = {}
    for cell in notebook.cells:
        kept = []
        for output in cell.get("outputs", []):
            mark = output.get("metadata", {}).get("scrapbook")
            if mark:
                values[mark["name"]] = output["data"].get(mark["mime_prefix"] + "text/plain", "")
            if not (mark and mark["mime_prefix"]):
                kept.append(output)
        if cell.cell_type == "code":
            cell.outputs = kept
    return values


def publish(app: Sphinx, docname: str, wheel_url: str = "") -> Path:
    """Write the notebook of ``docname``; with ``wheel_url``, its first cell fetches ``convlab`` where it is missing."""
    notebook = _executed(app, docname)
    glued = _glued(notebook)
    folder, up = posixpath.dirname(docname), "../" * docname.count("/")

    def picture(path: str) -> str:
        source = posixpath.normpath(posixpath.join(folder, path)) if not path.startswith("/") else path[1:]
        return f"{up}_images/{app.env.images[source][1]}" if source in app.env.images else path

    cells = []
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = plain_markdown(cell.source, glued, picture)
        if cell.source.strip():
            cells.append(cell)
    code = "\n".join(cell.source for cell in cells if cell.cell_type == "code")
    about = f"*A page of {app.config.html_title}, as a notebook.*"
    if "convlab" in code and not wheel_url:
        about += " *It imports `convlab`, a small package that comes with the course and with each assignment.*"
    first = [new_markdown_cell(about)]
    if "convlab" in code and wheel_url:
        first.append(new_code_cell(FETCH.format(url=wheel_url)))
    notebook.cells = [*first, *cells]
    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"cell-{number}"
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    notebook.metadata = nbformat.from_dict(
        {
            "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
            "language_info": {"name": "python"},
        }
    )
    nbformat.validate(notebook)
    target = Path(app.outdir) / f"{docname}.ipynb"
    target.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, target)
    return target


def _publish_all(app: Sphinx, exception: Exception | None) -> None:
    if exception is not None or app.builder.name != "html":
        return
    repository = Repository.of(app.config)
    url = repository.raw(f"assignments/{wheel_name(Path(app.srcdir))}") if repository else ""
    for docname in sorted(app.env.found_docs):
        if has_notebook(app.env, docname):
            publish(app, docname, url)


def setup(app: Sphinx) -> None:
    app.connect("build-finished", _publish_all)
