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

BOOTSTRAP = """\
# Some cells import the course's own small package: if it is missing, from a wheel beside this notebook{where}.
import importlib.util
from pathlib import Path

if importlib.util.find_spec("convlab") is None:
    wheels = sorted(Path().glob("convlab-*.whl"), reverse=True){otherwise}
    if not wheels:
        raise ModuleNotFoundError(
            "The course's package convlab is missing. Download {wheel} from the course's site (the zip of each "
            "assignment holds it), put it beside this notebook, and run this cell again. No network is needed then."
        )
    %pip install --quiet --no-deps {{wheels[0]}}
    importlib.invalidate_caches()
"""
FOLDED = {"hide-input", "hide-cell", "remove-input", "remove-cell"}  # tags of cells whose code the page does not show


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
    """Write the notebook of ``docname``.

    Where it uses ``convlab``, its first cell brings that: from a wheel beside the notebook, else from ``wheel_url``.
    """
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
        elif FOLDED & set(cell.metadata.get("tags", [])):
            cell.metadata["jupyter"] = {"source_hidden": True}  # JupyterLab folds the code
        if cell.source.strip():
            cells.append(cell)
    code = "\n".join(cell.source for cell in cells if cell.cell_type == "code")
    first = [new_markdown_cell(f"*A page of {app.config.html_title}, as a notebook.*")]
    if "convlab" in code:
        where, otherwise = (" or fetched", f' or ["{wheel_url}"]') if wheel_url else ("", "")
        wheel = wheel_name(Path(app.srcdir))
        first.append(new_code_cell(BOOTSTRAP.format(where=where, otherwise=otherwise, wheel=wheel)))
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
