"""Every module, file and function that the documentation names is there."""

from __future__ import annotations

import functools
import re
from pathlib import Path

import pytest

from tests.repository.test_layout import ROOT, tracked

PAGES = tracked("docs/*.md", "CONTRIBUTING.md", "README.md")
CODE = re.compile(r"`([^`\n]+)`")
DOTTED = re.compile(r"(?:autograder|convlab|experiments|tests|tools|benchmarks)(?:\.\w+)+")
NAME = re.compile(r"(_?[a-z]+(?:_[a-z0-9]+)+|[a-z_]+(?=\(\)))(?:\(\))?")
PLACEHOLDERS = ("NN-", "TASK", "*", "…", "<")


@functools.cache
def sources() -> dict[Path, str]:
    return {
        path.relative_to(ROOT): path.read_text(encoding="utf-8") for path in tracked("*.py") if path != Path(__file__)
    }


@functools.cache
def words() -> frozenset[str]:
    return frozenset(word for text in sources().values() for word in re.findall(r"\w+", text))


def spans(page: Path) -> list[str]:
    text = re.sub(r"^(```|~~~).*?^\1", "", page.read_text(encoding="utf-8"), flags=re.M | re.S)
    return [span for span in CODE.findall(text) if not any(mark in span for mark in PLACEHOLDERS)]


def module_is_there(dotted: str) -> bool:
    """Say whether ``dotted`` is a module, or a name that stands in one."""
    path = ROOT / dotted.replace(".", "/")
    if path.is_dir() or path.with_suffix(".py").is_file():
        return True
    above, _, name = dotted.rpartition(".")
    files = (ROOT / above.replace(".", "/")).with_suffix(".py"), ROOT / above.replace(".", "/") / "__init__.py"
    return any(re.search(rf"\b{name}\b", file.read_text(encoding="utf-8")) for file in files if file.is_file())


def missing(page: Path, span: str) -> bool:
    if re.fullmatch(r"[\w./-]+\.py", span):
        ends = span.removeprefix("../")
        return not any(path.as_posix() == ends or path.as_posix().endswith(f"/{ends}") for path in sources())
    if re.fullmatch(r"(autograder|convlab|experiments|tests|tools|benchmarks|docs)/[\w./-]*", span):
        return not (ROOT / span).exists()
    if re.fullmatch(DOTTED, span):
        return not module_is_there(span)
    if page.parent.name == "engine" and (name := NAME.fullmatch(span)):
        return name[1] not in words()
    return False


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_a_page_names_exists(page: Path) -> None:
    assert [span for span in spans(page) if missing(page, span)] == []


@pytest.mark.parametrize(
    "span",
    [
        "forkserver.py",
        "autograder/engines/forkserver.py",
        "autograder.engine.launch",
        "autograder/engine/",
        "collapse_pages",
        "no_such()",
    ],
)
def test_a_name_that_is_gone_is_found(span: str) -> None:
    assert missing(ROOT / "docs" / "engine" / "threat-model.md", span)
