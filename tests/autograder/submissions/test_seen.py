"""What reaches the page and the terminal of a person who grades: pictures yes, scripts and escapes no."""

from __future__ import annotations

import base64
import json
from html.parser import HTMLParser
from typing import Any

import nbformat
import pytest
from nbconvert import HTMLExporter

from autograder.submissions.intake import Release, repair
from autograder.submissions.seen import MOST_CHARS, harmless

PNG = base64.b64encode(b"\x89PNG\r\n and so on").decode()
ACTIVE = {
    "script",
    "iframe",
    "object",
    "embed",
    "form",
    "input",
    "button",
    "svg",
    "math",
    "style",
    "link",
    "meta",
    "base",
}


def cell(kind: str, source: str, name: str = "", **settings: Any) -> dict[str, Any]:
    about = {"grade_id": name, "grade": False, "solution": False, "locked": True, "schema_version": 3, **settings}
    made: dict[str, Any] = {"cell_type": kind, "id": name or "added", "source": source, "metadata": {}}
    made["metadata"] = {"nbgrader": about} if name else {}
    return made | ({"outputs": [], "execution_count": None} if kind == "code" else {})


def notebook(*cells: dict[str, Any]) -> dict[str, Any]:
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": list(cells)}


def released(by_hand: bool) -> Release:
    why = {"grade": by_hand, "points": 2} if by_hand else {}
    cells = [cell("markdown", "Why?", "why", solution=True, locked=False, **why)]
    return Release(notebook(*cells, cell("code", "# draw", "draw", solution=True, locked=False, **why)))


def built(release: Release, *cells: dict[str, Any]) -> list[dict[str, Any]]:
    done: list[dict[str, Any]] = release.build(repair(json.dumps(notebook(*cells)).encode(), release).cells)["cells"]
    return done


class Seen(HTMLParser):
    """Collects what a browser would act on."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = [value or "" for _, value in attrs]
        bad = tag in ACTIVE or any(name.startswith("on") or name == "style" for name, _ in attrs)
        if bad or any("script:" in value.lower() for value in values):
            self.found.append(f"{tag} {attrs}")


@pytest.mark.parametrize("kind", ["markdown", "raw"])
@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<SCRIPT/src=https://x.y/z.js></SCRIPT>",
        "Words <img src=x onerror=alert(1)> and more",
        '<img src="https://x.y/a.png" alt="a" onerror="alert(1)">',
        '<img alt="a"onerror=alert(1) src="https://x.y/a.png">',
        "<img src='data:image/svg+xml;base64,PHN2Zz4='/onload=alert(1)>",
        "<svg onload=alert(1)>",
        "<div style='position:fixed;inset:0'>",
        "<iframe srcdoc='<script>alert(1)</script>'>",
        "<b onmouseover=alert(1)>bold</b>",
        "<a href='javascript:alert(1)'>here</a>",
        "[here](javascript:alert(1))",
        "<javascript:alert(1)>",
        "<!-- --><script>alert(1)</script>",
        "<form action=https://x.y><input name=q></form>",
        "<meta http-equiv=refresh content=0;url=https://x.y>",
        "<b\n\nonclick=alert(1)>",
        "`<script>` and\n\n    <script>alert(1)</script>",
        "<scr<script>ipt>alert(1)</script>",
    ],
)
def test_nothing_that_a_browser_would_run_reaches_the_person_who_grades(kind: str, text: str) -> None:
    release = released(by_hand=True)
    cells = built(release, cell("markdown", text, "why"), cell("code", "", "draw"), cell(kind, text))
    exporter = HTMLExporter(template_name="basic")
    page, _ = exporter.from_notebook_node(nbformat.from_dict(notebook(*cells)))
    plain, _ = exporter.from_notebook_node(
        nbformat.from_dict(notebook(cell("markdown", "Why?", "why"), cell("code", "", "draw")))
    )
    allowed = Seen()
    allowed.feed(plain)
    seen = Seen()
    seen.feed(page)
    assert [tag for tag in seen.found if tag not in allowed.found] == []


@pytest.mark.parametrize(
    "text",
    [
        "# Why\n\nBecause $a < b$ and **so** on, `x <y`.",
        'A <b>bold</b> <sub>2</sub><br/> word, <img src="attachment:plot.png" width="300">, a table:\n\n|a|b|\n|-|-|\n',
        '<table align="left"><tr><td colspan=2>1</td></tr></table>',
        "2 < 3 and 5 > 4, <3",
    ],
)
def test_words_stay_as_they_are(text: str) -> None:
    assert harmless(text).replace("x < y", "x <y") == text


def test_pasted_and_drawn_pictures_reach_the_person_who_grades() -> None:
    why = cell("markdown", "See ![it](attachment:plot.png).", "why")
    why["attachments"] = {
        "plot.png": {"image/png": PNG},
        "bad.svg": {"image/svg+xml": "<svg onload=alert(1)>"},
        "page.png": {"text/html": "<script>alert(1)</script>"},
        "odd.png": {"image/png": "no base64 <script>"},
        "big.png": {"image/png": "A" * (MOST_CHARS + 1)},
    }
    draw = cell("code", "plot()", "draw")
    drawn = {
        "output_type": "display_data",
        "metadata": {},
        "data": {"image/png": [PNG[:4], PNG[4:]], "text/html": "<b>"},
    }
    draw["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "words"}, drawn]
    pictures = [{"image/png": PNG}]
    cells = built(released(by_hand=True), why, draw)
    assert cells[0]["attachments"] == {"plot.png": {"image/png": PNG}}
    assert [output["data"] for output in cells[1]["outputs"]] == pictures
    by_machine = built(released(by_hand=False), why, draw)
    assert "attachments" not in by_machine[0]
    assert by_machine[1]["outputs"] == []


def test_a_name_that_writes_to_the_terminal_is_shown_without_its_escapes() -> None:
    odd = cell("code", "x = 1", "\x1b[2J\x1b]0;owned\x07draw")
    result = repair(json.dumps(notebook(odd)).encode(), released(by_hand=True))
    told = " ".join(note.text for note in result.notes)
    assert "owned" in told
    assert told.isprintable()
