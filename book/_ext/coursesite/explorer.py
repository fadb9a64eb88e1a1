"""The ``{conv-explorer}`` directive: a convolution to play with, drawn by ``_static/conv-explorer.js``.

```{conv-explorer}
:input: 7
:kernel: 3
:stride: 2
```
"""

from __future__ import annotations

from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

__all__ = ["setup"]

SCRIPTS = ("conv-arithmetic.js", "conv-drawing.js", "conv-explorer-style.js", "conv-explorer.js")
DEFAULTS = {"input": 7, "kernel": 3, "stride": 1, "padding": 0, "dilation": 1}
WITHOUT_SCRIPT = (
    "The convolution explorer stands here when JavaScript is on: sizes to choose, a kernel that steps over the grid, "
    "and the formula with those numbers in it."
)


class ConvExplorer(SphinxDirective):
    """Place an explorer with the given first setting."""

    has_content = False
    option_spec: ClassVar[dict[str, Any]] = dict.fromkeys(DEFAULTS, directives.nonnegative_int)

    def run(self) -> list[nodes.Node]:
        setting = DEFAULTS | self.options
        attributes = " ".join(f'{name}="{value}"' for name, value in setting.items())
        element = f"<conv-explorer {attributes}><p>{WITHOUT_SCRIPT}</p></conv-explorer>"
        return [nodes.raw("", element, format="html")]


def setup(app: Sphinx) -> None:
    app.add_directive("conv-explorer", ConvExplorer)
    for script in SCRIPTS:
        app.add_js_file(script, defer="defer")
