"""The ``{lenet-live}`` directive: draw a digit and watch LeNet-5 read it, and below it the script that did.

Each page has only ``_static/lenet-live.js``, which fetches the other parts and the weights when a reader comes near. A
page opened from a folder may not fetch ``lenet5.bin``, but may run a script: the build writes the same bytes as one.
"""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

__all__ = ["setup"]

STATIC = Path(__file__).resolve().parents[2] / "_static"
LOADER = "lenet-live.js"
SHOWN = "lenet-layers.js"
WEIGHTS = "lenet5.bin"
AS_A_SCRIPT = "lenet5-weights.js"
WITHOUT_SCRIPT = (
    "With JavaScript on, there is a pad here: draw a digit, and LeNet-5 reads it while you draw. You see the input of "
    "28 × 28, all 44 maps, the 120 and the 84 numbers, and the ten probabilities. The script that does this follows."
)
# Room for what comes, so that the page does not jump under the reader; none where no script can run.
ROOM = """<style>
@media screen and (scripting: enabled) {
  lenet-live { display: block; min-height: 79rem; }
  @media (min-width: 720px) { lenet-live { min-height: 61rem; } }
}
</style>"""


def _parts() -> list[Path]:
    return [*sorted(STATIC.glob("lenet-*.js")), STATIC / WEIGHTS]


def _version() -> str:
    """Return a word that changes when a part does, so that no browser mixes old parts with new ones."""
    return hashlib.sha256(b"".join(path.read_bytes() for path in _parts())).hexdigest()[:10]


class LeNetLive(SphinxDirective):
    """Place the network, and the script of its layers under it."""

    has_content = False

    def run(self) -> list[nodes.Node]:
        for path in _parts():
            self.env.note_dependency(str(path))
        element = f'<lenet-live version="{_version()}"><p>{WITHOUT_SCRIPT}</p></lenet-live>'
        script = (STATIC / SHOWN).read_text(encoding="utf-8")
        heading = "<summary>The script that runs above, whole</summary>"
        return [
            nodes.raw("", f"{ROOM}{element}", format="html"),
            nodes.raw("", f'<details class="lenet-script">{heading}', format="html"),
            nodes.literal_block(script, script, language="javascript"),
            nodes.raw("", "</details>", format="html"),
        ]


def _write_weights(app: Sphinx, exception: Exception | None) -> None:
    if exception is not None or app.builder.format != "html":
        return
    text = base64.b64encode((STATIC / WEIGHTS).read_bytes()).decode("ascii")
    script = f'"use strict";\nconst LENET5_BASE64 = "{text}";\n'
    (Path(app.outdir) / "_static" / AS_A_SCRIPT).write_text(script, encoding="ascii")


def setup(app: Sphinx) -> None:
    app.add_directive("lenet-live", LeNetLive)
    app.add_js_file(LOADER, defer="defer")
    app.connect("build-finished", _write_weights)
