"""Building a small book: with a repository, with mistakes, and again."""

# Over 60 s of CPU: small books are built several times, with mistakes and without.

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import build_site
import nbformat
import pytest
from build_site import SiteError, build, is_current
from small_book import CHAPTER, PAGE, make_book, make_release


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The HTML of a small book whose repository is set."""
    return build(make_book(tmp_path_factory.mktemp("published") / "book-root", "https://github.com/ada/course"))


def links(html: Path, page: str) -> list[str]:
    return re.findall(r'href="(https://[^"]+)"', (html / page).read_text(encoding="utf-8"))


def test_every_launch_link_opens_a_notebook_that_is_published(published: Path) -> None:
    found = []
    for page in published.rglob("*.html"):
        found += [url for url in links(published, page.relative_to(published).as_posix()) if "ipynb" in url]
    paths = [re.split(r"/blob/gh-pages/|\?urlpath=lab/tree/", url)[1] for url in found]
    assert sorted(set(paths)) == ["assignments/01-first.ipynb", f"{CHAPTER}.ipynb"]
    assert len(found) == 3
    for path in paths:
        nbformat.validate(nbformat.read(published / path, as_version=4))


def test_pages_without_code_have_no_launch_link_but_the_repository(published: Path) -> None:
    assert set(links(published, "book/about.html")) == {"https://github.com/ada/course"}


def test_the_notebook_fetches_convlab_where_it_is_missing(published: Path) -> None:
    notebook = json.loads((published / f"{CHAPTER}.ipynb").read_text(encoding="utf-8"))
    text = "".join(notebook["cells"][1]["source"])
    [wheel] = (published / "assignments").glob("*.whl")
    assert f"https://raw.githubusercontent.com/ada/course/gh-pages/assignments/{wheel.name}" in text
    assert (published / "binder" / "requirements.txt").read_text() == f"./assignments/{wheel.name}\n"


def test_numbers_in_the_notebooks_text_are_the_computed_ones(published: Path) -> None:
    text = (published / f"{CHAPTER}.ipynb").read_text(encoding="utf-8")
    assert "a number 42.0, ``{code} `span` ``" in text
    assert "forty two" in text


def test_the_assignments_box(published: Path) -> None:
    page = (published / f"{CHAPTER}.html").read_text(encoding="utf-8")
    box = page[page.index("assignment docutils container") :]
    text = " ".join(re.sub(r"<[^>]+>", " ", box).split())
    assert text[text.index("Sums") :].startswith("Sums and products 2 tasks, 10.5 points.")
    assert "1 · add 6 1 2 2 · multiply 4.5 0 1" in text
    assert "Numbers below zero, with add . (3 points)" in text
    assert 'href="../assignments/01-first.zip"' in box


def test_a_repository_costs_no_request(published: Path) -> None:
    page = (published / f"{CHAPTER}.html").read_text(encoding="utf-8")
    assert re.findall(r'(?:src|<link[^>]*href)="https?://[^"]*"', page) == []


def test_mistakes_stop_the_build_until_they_are_mended(tmp_path: Path) -> None:
    mistakes = PAGE + "\n![](../book/_static/logo.svg)\n\n```{code-cell}\nraise KeyError('no')\n```\n"
    root = make_book(tmp_path / "book-root", page=mistakes)
    release = root / "exercises" / "01-first" / "01-first.ipynb"
    release.unlink()
    with pytest.raises(SiteError) as first:
        build(root)
    said = "\n".join(first.value.complaints)
    assert "Assignment 01-first is not released" in said
    assert "Run `autograder release 01-first`" in said
    assert "An image has no alternative text" in said
    assert "Executing notebook failed: CellExecutionError" in said
    assert str(root) not in said

    (root / f"{CHAPTER}.md").write_text(PAGE, encoding="utf-8")
    with pytest.raises(SiteError, match="is not released"):  # though nothing else is wrong any more
        build(root)

    make_release(root)
    html = build(root)
    gone = html / "book" / "gone.html"
    gone.write_text("a page that an earlier build left", encoding="utf-8")
    make_release(root).write_text(release.read_text().replace("Sums and products", "Other sums"), encoding="utf-8")
    assert build(root) == html
    assert "Other sums" in (html / f"{CHAPTER}.html").read_text(encoding="utf-8")
    assert not gone.exists()
    assert (html / f"{CHAPTER}.ipynb").is_file()
    assert (html / "search.html").is_file()
    assert is_current(root)
    (root / f"{CHAPTER}.md").write_text(f"{PAGE}\nMore.\n", encoding="utf-8")
    assert not is_current(root)


MEETING = """
```{{code-cell}} ipython3
import time
from pathlib import Path

Path("{mine}").touch()
until = time.monotonic() + 60
while not Path("{other}").exists():
    assert time.monotonic() < until, "the other page does not run beside this one"
    time.sleep(0.05)
```
"""


def test_the_code_of_two_pages_runs_at_the_same_time(tmp_path: Path) -> None:
    root = make_book(tmp_path, page=PAGE + MEETING.format(mine="first", other="second"))
    head = PAGE.partition("# The first chapter")[0]
    second = head + "# The second page\n" + MEETING.format(mine="second", other="first")
    (root / "book" / "about.md").write_text(second, encoding="utf-8")
    build(root)
    assert (root / "build" / "site" / "build.log").read_text(encoding="utf-8").count("its code ran") == 2


def test_a_folder_without_a_book_is_one_line(tmp_path: Path) -> None:
    command = [sys.executable, build_site.__file__, "--root", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stderr == f"build_site: {tmp_path} has no _config.yml. Name the repository with --root DIR.\n"
