"""Turn untrusted text into safe HTML.

Messages come from code that students wrote. What reaches a page is stripped of terminal escapes, control and direction
characters, file paths and tracebacks, then shortened, then escaped. Pages hold no script, and a content policy in each
of them forbids one.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Any

import jinja2
from markupsafe import Markup, escape

from autograder.errors import PathError
from autograder.submissions.students import trouble_with

__all__ = ["clean", "number", "one_line", "prose", "render", "safe_student"]

_LONGEST_RUN_OF_ACCENTS = 4
_ESCAPES = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]"  # colours and cursor moves
    r"|(?:\x1b\]|\x9d)[^\x07\x1b\n]*(?:\x07|\x1b\\)?"  # titles and links
    r"|\x1b[ -/]*[0-~]|\x9b[0-?]*[ -/]*[@-~]"
)
_PATHS = re.compile(
    r"(?:file:/+|(?<![\w/.~…-])~?/)(?:[^\s/:*?\"'<>|()\[\]`,;]+/)+[^\s/:*?\"'<>|()\[\]`,;]*"
    r"|(?<![\w/.~…-])/(?:tmp|root|home|opt|etc|proc|usr|var|mnt|Users)\b/?"
    r"|\b[A-Za-z]:\\[^\s:*?\"'<>|()\[\]`,;]*|\\\\[\w.$-]+\\[^\s:*?\"'<>|()\[\]`,;]*"
)
_CODE_OR_LEAD = re.compile(r"`([^`\n]+)`|^(Likely cause:|Next:)", re.MULTILINE)


def _without_tracebacks(text: str) -> str:
    kept, inside = [], False
    for line in text.split("\n"):
        header = "Traceback (most recent call last)" in line or re.match(r"\s*File .*, line \d+", line) is not None
        inside = header or (inside and (line.startswith((" ", "\t")) or not line.strip()))
        if not inside:
            kept.append(line)
    return "\n".join(kept)


def _visible(text: str) -> str:
    kept: list[str] = []
    accents = 0
    for char in text:
        category = unicodedata.category(char)
        accents = accents + 1 if category in ("Mn", "Me") else 0
        if category in ("Zl", "Zp"):
            kept.append("\n")
        elif char in "\n\t\u200c\u200d" or (category[0] != "C" and accents <= _LONGEST_RUN_OF_ACCENTS):
            kept.append(char)  # the two zero-width joiners belong to scripts and emoji
    return "".join(kept)


def clean(text: str, limit: int = 2000) -> str:
    """Return ``text`` fit to show a student, at most about ``limit`` characters of it."""
    window = 8 * limit + 2000  # what is removed does not count, within reason: the text may be a flood
    shown = _ESCAPES.sub("", text[:window]).replace("\r\n", "\n").replace("\r", "\n")
    shown = _PATHS.sub("(a file)", _without_tracebacks(_visible(shown))).strip()
    if len(shown) <= limit and len(text) <= window:
        return shown
    return shown[:limit].rstrip() + " … (shortened)"


def one_line(text: str, limit: int = 120) -> str:
    """Return ``text`` cleaned and on one line: for names and titles."""
    return " ".join(clean(text, limit).split())


def prose(text: str, limit: int = 2000) -> Markup:
    """Return ``text`` cleaned and escaped, with `backticks` as code and the leads of a check's message in bold."""
    text = clean(text, limit)
    html, end = Markup(""), 0
    for found in _CODE_OR_LEAD.finditer(text):
        code, lead = found.groups()
        html += escape(text[end : found.start()])
        html += Markup("<code>{}</code>").format(code) if code else Markup("<b>{}</b>").format(lead)
        end = found.end()
    return html + escape(text[end:])


def number(value: float) -> str:
    """Return ``value`` as a person writes it: 3, 2.5, 0.33."""
    return f"{round(value, 2) + 0.0:.10g}"


def safe_student(student: str) -> str:
    """Return ``student`` when it can name a folder.

    Raises:
        PathError: ``trouble_with`` it, which grading leaves out with a warning.
    """
    if trouble := trouble_with(student):
        raise PathError(trouble, "Then grade again.")
    return student


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("autograder.reports"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(clean=clean, number=number, one_line=one_line, prose=prose)
    return environment


def render(template: str, **values: Any) -> str:
    """Render one of ``autograder/reports/templates`` with everything escaped that is not already HTML."""
    return _environment().get_template(template).render(**values)
