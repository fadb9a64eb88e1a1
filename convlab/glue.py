"""Name values in a cell so that the page's prose can quote them: ``{glue:text}`name```.

A page built with MyST-NB reads what :func:`glue` writes; anywhere else the call does no harm and needs no package of
the site.
"""

from __future__ import annotations

from typing import Any

__all__ = ["glue"]

PREFIX = "application/papermill.record/"  # MyST-NB's mark for an output that is stored, not shown


def glue(**values: object) -> None:
    """Store each value in the notebook under its name, showing nothing. Scalars of numpy and torch become numbers."""
    from IPython.core.interactiveshell import InteractiveShell

    if not InteractiveShell.initialized():
        return
    shell: Any = InteractiveShell.instance()
    for name, value in values.items():
        plain = value.item() if hasattr(value, "item") else value
        bundle, metadata = shell.display_formatter.format(plain)
        stored = {PREFIX + mime: data for mime, data in bundle.items()}
        scrapbook = {"scrapbook": {"name": name, "mime_prefix": PREFIX}}
        shell.display_pub.publish(data=stored, metadata={**metadata, **scrapbook})
