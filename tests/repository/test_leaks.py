"""Nothing that students may see holds a line of a solution or of a hidden test."""

from __future__ import annotations

import ast
import html
import zipfile
from pathlib import Path

import pytest

from autograder.assignment.leaks import leaks
from autograder.assignment.material import Material
from autograder.assignment.source import shown_and_hidden
from autograder.course import Course

ROOT = Path(__file__).resolve().parents[2]
SITE = ROOT / "build" / "site" / "_build" / "html"
COURSE = Course.open(ROOT)
NAMES = COURSE.assignments()
TEXT = {".html", ".ipynb", ".js", ".json", ".md", ".txt", ".py", ".css"}
MARKERS = ("BEGIN SOLUTION", "END SOLUTION", "BEGIN HIDDEN TESTS", "END HIDDEN TESTS")


def unpacked(folder: Path, into: Path) -> list[Path]:
    """Return every text file below ``folder``, those in zip files and wheels too (unpacked below ``into``)."""
    found: list[Path] = []
    for path in sorted(p for p in folder.rglob("*") if p.is_file() and "__pycache__" not in p.parts):
        if path.suffix in {".zip", ".whl"}:
            inner = into / path.name
            with zipfile.ZipFile(path) as archive:
                archive.extractall(inner)
            found += unpacked(inner, into / "inner")
        elif path.suffix in TEXT:
            found.append(path)
    return found


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Every text file in the exercises, the built site, convlab and the book."""
    assert SITE.is_dir(), "the site has not been built: run `make test`, or .venv/bin/python -m tools.build_site"
    folders = [COURSE.exercises, SITE, ROOT / "convlab", ROOT / "book"]
    return [path for folder in folders for path in unpacked(folder, tmp_path_factory.mktemp("unpacked"))]


def test_there_is_something_to_hide_and_something_shown(shown: list[Path]) -> None:
    assert "02-convolution-arithmetic" in NAMES
    suffixes = [path.suffix for path in shown]
    assert min(suffixes.count(suffix) for suffix in (".html", ".ipynb", ".js", ".py")) > 2


def test_no_hidden_line_of_any_assignment_is_shown(shown: list[Path]) -> None:
    sources = {name: shown_and_hidden(Material.read(COURSE.source(name)).notebook) for name in NAMES}
    assert {name: len(hidden) for name, (_, hidden) in sources.items() if len(hidden) <= 50} == {}
    # Two assignments check alike: what one hides another may show, `net = checks.place(net)` for example.
    told = "\n".join(shown for shown, _ in sources.values())
    everything = {line for _, hidden in sources.values() for line in hidden if line not in told}
    assert len(everything) > 0.9 * sum(len(hidden) for _, hidden in sources.values())
    assert {str(path): found for path in shown if (found := leaks(path, everything))} == {}


@pytest.mark.parametrize("name", NAMES)
def test_a_planted_leak_is_found(name: str, tmp_path: Path) -> None:
    hidden = Material.read(COURSE.source(name)).hidden
    line = max(hidden, key=len)
    (tmp_path / "page.html").write_text("".join(f"<span>{html.escape(letter)}</span>" for letter in line))
    with zipfile.ZipFile(tmp_path / "planted.zip", "w") as archive:
        archive.writestr("deep/note.txt", f"    {line}\n")
    files = unpacked(tmp_path, tmp_path / "unpacked")
    assert {path.name for path in files if line in leaks(path, hidden)} == {"page.html", "note.txt"}


def test_no_marker_is_shown(shown: list[Path]) -> None:
    texts = {path: path.read_text(encoding="utf-8", errors="replace") for path in shown}
    assert [(path, marker) for path, text in texts.items() for marker in MARKERS if marker in text] == []


@pytest.mark.parametrize("name", NAMES)
def test_no_hidden_check_shows_its_case(name: str) -> None:
    """``case=`` makes a message of ``convlab.checks`` show inputs and values: public checks alone may give it."""
    texts = Material.read(COURSE.source(name)).texts.values()
    regions = [text for text in texts if MARKERS[2] in text]
    assert len(regions) > 10
    calls = [node for region in regions for node in ast.walk(ast.parse(region)) if isinstance(node, ast.Call)]
    assert [ast.unparse(call) for call in calls if any(keyword.arg == "case" for keyword in call.keywords)] == []
