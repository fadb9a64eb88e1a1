"""The buttons above a page: download it, open it on Colab or Binder, see its repository.

The theme's own launch buttons would open a page's ``.md`` source, which Colab and Jupyter show as text; they stay off.
Ours open the ``.ipynb`` that ``coursesite.notebooks`` publishes beside the page. Without a repository they are absent.
"""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from coursesite.notebooks import has_notebook
from coursesite.repository import Repository

__all__ = ["setup"]


def _button(text: str, url: str, tooltip: str, icon: str, label: str) -> dict[str, str]:
    return {"type": "link", "text": text, "url": url, "tooltip": tooltip, "icon": icon, "label": label}


def _group(tooltip: str, icon: str, label: str, buttons: list[dict[str, str]]) -> dict[str, Any]:
    return {"type": "group", "tooltip": tooltip, "icon": icon, "label": label, "buttons": buttons}


def _add_buttons(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    if doctree is None or "header_buttons" not in context:
        return
    notebook = f"{pagename}.ipynb" if has_notebook(app.env, pagename) else ""
    repository = Repository.of(app.config)
    added = []
    if notebook and repository is not None:
        colab, binder = repository.colab(notebook), repository.binder(notebook)
        open_on = [
            _button("Colab", colab, "Open on Colab", "_static/images/logo_colab.png", "open-colab"),
            _button("Binder", binder, "Open on Binder", "_static/images/logo_binder.svg", "open-binder"),
        ]
        added.append(_group("Run this page", "fas fa-rocket", "launch-buttons", open_on))
    files = []
    if notebook:
        address = context["pathto"](notebook, 1)
        files.append(_button(".ipynb", address, "Download the notebook", "fas fa-code", "download-notebook"))
    if context.get("sourcename"):
        address = context["pathto"]("_sources/" + context["sourcename"], 1)
        files.append(_button(".md", address, "Download the source", "fas fa-file", "download-source"))
    if files:
        added.append(_group("Download this page", "fas fa-download", "download-buttons", files))
    if repository is not None:
        added.append(_button("", repository.url, "Repository on GitHub", "fab fa-github", "repository"))
    context["header_buttons"][:0] = added


def setup(app: Sphinx) -> None:
    # After the theme has made its list of buttons (priority 500) and added its own (501).
    app.connect("html-page-context", _add_buttons, priority=600)
