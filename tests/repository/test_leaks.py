"""Nothing that students may see holds a line of a solution or of a hidden test."""

from __future__ import annotations

import html
import io
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.course import Course
from autograder.source import hidden_lines
from tools.build_site import HTML

ROOT = Path(__file__).resolve().parents[2]
COURSE = Course.open(ROOT)
NAMES = COURSE.assignments()
TEXT = {".html", ".ipynb", ".js", ".json", ".md", ".txt", ".py", ".css", ".inv"}

pytestmark = pytest.mark.xdist_group("course")


def texts(name: str, data: bytes) -> Iterator[tuple[str, str]]:
    """Yield every text in a file, looking into zip files, wheels and notebooks' cells."""
    suffix = Path(name).suffix
    if suffix in {".zip", ".whl"}:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for inner in archive.namelist():
                yield from texts(f"{name}!{inner}", archive.read(inner))
    elif suffix in TEXT:
        text = data.decode("utf-8", errors="replace")
        if suffix == ".ipynb":
            text = "\n".join("".join(cell["source"]) for cell in json.loads(text)["cells"])
        if suffix == ".html":
            text = html.unescape(re.sub(r"<[^>]*>", "", text))  # highlighted code is cut up by tags
        yield name, text


def shown_to_students() -> list[tuple[str, str]]:
    """Return every text in the exercises, the built site, convlab and the book."""
    folders = [COURSE.exercises, HTML, ROOT / "convlab", ROOT / "book"]
    files = [f for folder in folders for f in sorted(folder.rglob("*")) if f.is_file() and "__pycache__" not in f.parts]
    assert any(HTML in f.parents for f in files), "the site has not been built"
    return [pair for file in files for pair in texts(str(file.relative_to(ROOT)), file.read_bytes())]


def leaks(hidden: set[str], shown: list[tuple[str, str]]) -> list[str]:
    """Say which file shows which hidden line; lines are compared without their indentation."""
    found = []
    for name, text in shown:
        lines = {line.strip() for line in text.split("\n")}
        found += [f"{name}: {line}" for line in sorted(hidden & lines)]
    return found


@pytest.fixture(scope="module")
def shown() -> list[tuple[str, str]]:
    return shown_to_students()


def test_there_is_something_to_hide() -> None:
    assert "02-convolution-arithmetic" in NAMES


@pytest.mark.parametrize("name", NAMES)
def test_no_hidden_line_is_shown(name: str, shown: list[tuple[str, str]]) -> None:
    hidden = hidden_lines(COURSE.source(name))
    assert len(hidden) > 50
    assert leaks(hidden, shown) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_planted_leak_is_found(name: str, shown: list[tuple[str, str]]) -> None:
    hidden = hidden_lines(COURSE.source(name))
    line = max(hidden, key=len)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("note.txt", f"    {line}\n")
    page = "<pre>" + "".join(f"<span>{html.escape(letter)}</span>" for letter in line) + "</pre>"
    planted = [*shown, *texts("planted.zip", buffer.getvalue()), *texts("page.html", page.encode())]
    assert leaks(hidden, planted) == [f"planted.zip!note.txt: {line}", f"page.html: {line}"]


def test_no_marker_is_shown(shown: list[tuple[str, str]]) -> None:
    markers = ("BEGIN SOLUTION", "END SOLUTION", "BEGIN HIDDEN TESTS", "END HIDDEN TESTS")
    assert [(name, marker) for name, text in shown for marker in markers if marker in text] == []
