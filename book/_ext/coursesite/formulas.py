"""Formulas as MathML, which browsers draw themselves: nothing to load, and nothing that needs JavaScript.

``latex2mathml`` translates. What it does not know it leaves as it is written; here that is a warning: the build fails.
"""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree

from docutils import nodes
from latex2mathml.converter import convert
from sphinx.application import Sphinx
from sphinx.locale import _
from sphinx.util import logging
from sphinx.writers.html5 import HTML5Translator

__all__ = ["mathml", "setup"]

LOG = logging.getLogger(__name__)
_ALIGNED = re.compile(r"\\(begin|end)\{(?:aligned|split|align|gathered|gather)\*?\}")
_GROUPED_DIGITS = re.compile(r"<mn>\d{1,3}</mn>(?:<mrow><mo>&#x0002C;</mo></mrow><mn>\d{3}(?:\.\d+)?</mn>)+")
# A prime stands high already in the fonts for formulas: as an exponent it would fly.
_PRIME = re.compile(r"<msup>(<m[in]>[^<]*</m[in]>)<m[io]>(&#x0203[2-7];)</m[io]></msup>")
_UNKNOWN = re.compile(r"\\[A-Za-z]+|>&(?:amp;)?<")
_ENVIRONMENTS = {"align*", "array", "cases", "matrix", "pmatrix", "bmatrix", "Bmatrix", "vmatrix", "Vmatrix"}
_PARTS = {"mfrac": 2, "msub": 2, "msup": 2, "munder": 2, "mover": 2, "mroot": 2, "msubsup": 3, "munderover": 3}


def mathml(latex: str, *, block: bool) -> str:
    """Return the MathML of a formula.

    Args:
        latex: the formula, without dollar signs.
        block: it stands in a paragraph of its own.

    Raises:
        ValueError: it holds something that cannot be translated.
    """
    plain = _ALIGNED.sub(r"\\\1{align*}", latex.strip())
    try:
        found = convert(plain, display="block" if block else "inline")
    except Exception as error:  # its own classes have no common one, and bad input ends in an IndexError too
        raise ValueError(str(error) or type(error).__name__) from error
    # 150{,}528 is one number
    found = _GROUPED_DIGITS.sub(lambda number: f"<mn>{','.join(re.findall(r'>([0-9.]+)<', number[0]))}</mn>", found)
    found = _PRIME.sub(r'<mrow>\1<mo lspace="0" rspace="0">\2</mo></mrow>', found)
    if unknown := _UNKNOWN.search(found):
        raise ValueError(f"{unknown[0].strip('><')} is not known here")
    if other := set(re.findall(r"\\begin\{(.*?)\}", plain)) - _ENVIRONMENTS:
        raise ValueError(f"{min(other)} is not a known environment")
    for element in ElementTree.fromstring(found).iter():
        name = element.tag.rpartition("}")[2]
        if len(element) != _PARTS.get(name, len(element)):
            raise ValueError("something lacks one of its parts")
    return found


def _translated(node: nodes.math | nodes.math_block, *, block: bool) -> str:
    try:
        return mathml(node.astext(), block=block)
    except ValueError as error:
        said = f"the formula {node.astext().strip()!r} cannot be shown: {error}. Write it in other words of LaTeX."
        LOG.warning(said, location=node, type="formulas")
        return f"<code>{nodes.unescape(node.astext())}</code>"


def _inline(self: HTML5Translator, node: nodes.math) -> None:
    self.body.append(self.starttag(node, "span", "", CLASS="math notranslate"))
    self.body.append(_translated(node, block=False) + "</span>")
    raise nodes.SkipNode


def _block(self: HTML5Translator, node: nodes.math_block) -> None:
    self.body.append(self.starttag(node, "div", CLASS="math notranslate"))
    if node["number"]:
        self.body.append(f'<span class="eqno">({node["number"]})')
        self.add_permalink_ref(node, _("Link to this equation"))
        self.body.append("</span>")
    self.body.append(_translated(node, block=True) + "</div>\n")
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict[str, Any]:
    """Draw all formulas with this; the setting ``html_math_renderer`` chooses it."""
    app.add_html_math_renderer("mathml", (_inline, None), (_block, None))  # type: ignore[arg-type]
    return {"parallel_read_safe": True, "parallel_write_safe": True}
