"""The parts of the Sphinx extension that need no build: notebooks' text, packages, releases, the repository."""

from __future__ import annotations

import base64
import csv
import hashlib
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest
from coursesite.execution import execution_key
from coursesite.formulas import mathml
from coursesite.markdown import plain_markdown
from coursesite.packaging import build_wheel, build_zip
from coursesite.release import ReleaseError, read_release
from coursesite.repository import Repository
from coursesite.verdicts import in_words
from small_book import ROOT, make_release
from sphinx.errors import ConfigError


@pytest.mark.parametrize(
    ("myst", "plain"),
    [
        ("(label)=\n## Title", "## Title"),
        ("{math}`x^2` and {glue:text}`n:.1f` or `{not}` `{a}`", "$x^2$ and 3.0 or `{not}` `{a}`"),
        ("{glue:text}`n`, `code` and {glue:text}`big:,`", "3, `code` and 2,517,630"),
        ("see {cite:p}`lecun1998` in {ref}`the part <label>`", "see [lecun1998] in the part"),
        ("[here](other.md#part), [](other.md), [web](https://a.b)", "here, another page, [web](https://a.b)"),
        (":::{note}\nWords.\n:::", "> **Note**\n>\n> Words."),
        ("```{math}\n:label: eq\nx = 1\n```", "$$\nx = 1\n$$"),
        ("```{figure} a.png\n:alt: A cat\nA {math}`c`.\n```", "![A cat](pictures/a.png)\n\nA $c$."),
        ("```{conv-explorer}\n:input: 7\n```", "> *Here the site has an explorer, where you set the sizes and "
         "watch the kernel move.*"),
        ("```{bibliography}\n```\nEnd", "End"),
        ("```python\n{glue:text}`n`\n```", "```python\n{glue:text}`n`\n```"),
        ("% a remark\n+++\nText", "Text"),
    ],
)  # fmt: skip
def test_myst_becomes_plain_markdown(myst: str, plain: str) -> None:
    assert plain_markdown(myst, {"n": "3", "big": "2517630"}, lambda path: f"pictures/{path}") == plain


@pytest.mark.parametrize(
    ("latex", "holds"),
    [
        ("x_i^2", "<msubsup><mi>x</mi><mi>i</mi><mn>2</mn></msubsup>"),
        ("150{,}528 + 1{,}234{,}567", "<mn>150,528</mn><mo>&#x0002B;</mo><mn>1,234,567</mn>"),
        (r"\begin{aligned} a &= b \\ c &= d \end{aligned}", '<mtd columnalign="right"><mi>a</mi></mtd>'),
        (r"\left\lfloor \frac{W}{S} \right\rfloor", '<mo stretchy="true" fence="true" form="prefix">&#x0230A;</mo>'),
        (r"a < b \text{ and } c", "<mtext>"),
        ("i' + 1", '<mrow><mi>i</mi><mo lspace="0" rspace="0">&#x02032;</mo></mrow>'),
    ],
)
def test_a_formula_becomes_mathml(latex: str, holds: str) -> None:
    assert holds in mathml(latex, block=False)
    assert 'display="block"' in mathml(latex, block=True)


@pytest.mark.parametrize("latex", [r"\notacommand x", r"\frac{1}", "x_", "a & b", r"\begin{nothing} x \end{nothing}"])
def test_what_cannot_be_shown_is_refused(latex: str) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        mathml(latex, block=False)


def test_verdicts_are_added_up() -> None:
    one = "<table><caption>Of 3 claims: 1 holds, 2 half true</caption></table>"
    two = "<table><caption>Of 2 claims: 1 half true, 1 not seen here</caption></table><table></table>"
    assert in_words([one, "<p>", two]) == ("Of 5 claims on 2 pages: 3 “half true”, 1 “holds”, 1 “not seen here”.")
    with pytest.raises(ValueError, match="no table"):
        in_words(["<p>"])
    with pytest.raises(ValueError, match="add up"):
        in_words(["<caption>Of 3 claims: 1 holds</caption>"])


def test_a_hidden_answer_in_a_box_stays_hidden() -> None:
    text = ":::{admonition} Predict first\n:class: tip\nHow many?\n\n```{dropdown} Answer\n{glue:text}`n`.\n```\n:::"
    lines = plain_markdown(text, {"n": "3"}).split("\n")
    assert lines[0] == "> **Predict first**"
    assert lines[4:] == ["> <details>", "> <summary>Answer</summary>", ">", "> 3.", ">", "> </details>"]


def test_the_wheel_is_one(tmp_path: Path) -> None:
    wheel = build_wheel(ROOT, tmp_path / "a")
    assert wheel.read_bytes() == build_wheel(ROOT, tmp_path / "b").read_bytes()
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        record = next(name for name in names if name.endswith("RECORD"))
        rows = list(csv.reader(archive.read(record).decode().splitlines()))
        assert [row[0] for row in rows] == names
        for name, digest, size in rows[:-1]:
            data = archive.read(name)
            expected = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
            assert (digest, int(size)) == (f"sha256={expected}", len(data))
    assert "convlab/__init__.py" in names
    assert {name.split("/")[0].split("-")[0] for name in names} == {"convlab"}
    assert not [name for name in names if "__pycache__" in name]
    assert {"convlab/recorded/book/results/lenet.json", "convlab/recorded/book/_static/lenet5.bin"} <= set(names)


def test_the_zip_has_what_a_student_needs_and_no_more(tmp_path: Path) -> None:
    release = make_release(tmp_path)
    wheel = build_wheel(ROOT, tmp_path)
    path = build_zip(tmp_path, "01-first", wheel, tmp_path)
    with zipfile.ZipFile(path) as archive:
        assert sorted(archive.namelist()) == [f"01-first/{n}" for n in ("01-first.ipynb", "README.txt", wheel.name)]
        assert archive.read("01-first/01-first.ipynb") == release.read_bytes()
        assert wheel.name in archive.read("01-first/README.txt").decode()


def test_a_release_is_read(tmp_path: Path) -> None:
    make_release(tmp_path)
    release = read_release(tmp_path, "01-first")
    assert release.title == "Sums and products"
    assert [(task.name, task.title, task.points) for task in release.tasks] == [
        ("add", "add", 6),
        ("multiply", "multiply", 4.5),
    ]
    assert [check.public for check in release.tasks[0].checks] == [True, False, False]
    assert release.tasks[0].checks[1].title == "Numbers below zero, with `add`."


@pytest.mark.parametrize("text", [None, "no json", "[]", '{"cells": 3}', '{"cells": []}'])
def test_a_release_that_cannot_be_read_says_what_to_do(tmp_path: Path, text: str | None) -> None:
    path = make_release(tmp_path)
    path.unlink() if text is None else path.write_text(text)
    with pytest.raises(ReleaseError, match=r"exercises/01-first/01-first\.ipynb .*Run `autograder release 01-first`\."):
        read_release(tmp_path, "01-first")


def settings(address: str) -> SimpleNamespace:
    return SimpleNamespace(course_repository=address, course_branch="gh-pages")


@pytest.mark.parametrize("address", ["https://github.com/ada/course.js", "https://github.com/ada/course.js.git/"])
def test_a_repository_gives_addresses(address: str) -> None:
    repository = Repository.of(settings(address))
    assert repository.colab("a/b.ipynb") == (
        "https://colab.research.google.com/github/ada/course.js/blob/gh-pages/a/b.ipynb"
    )
    assert repository.binder("a/b.ipynb") == (
        "https://mybinder.org/v2/gh/ada/course.js/gh-pages?urlpath=lab/tree/a/b.ipynb"
    )


def test_no_repository_is_fine_and_a_wrong_one_is_not() -> None:
    assert Repository.of(settings("")) is None
    with pytest.raises(ConfigError, match="must look like"):
        Repository.of(settings("https://example.org/ada/course"))


def test_outputs_are_stale_when_convlab_results_or_weights_change(tmp_path: Path) -> None:
    (tmp_path / "convlab").mkdir()
    (tmp_path / "book" / "results").mkdir(parents=True)
    (tmp_path / "book" / "_static").mkdir()
    module, result = tmp_path / "convlab" / "a.py", tmp_path / "book" / "results" / "r.json"
    weights = tmp_path / "book" / "_static" / "w.bin"
    keys = [execution_key(tmp_path)]
    for path, text in ((module, "1"), (result, "1"), (module, "2"), (weights, "1")):
        path.write_text(text)
        keys.append(execution_key(tmp_path))
    assert len(set(keys)) == 5
    (tmp_path / "convlab" / "__pycache__").mkdir()
    (tmp_path / "convlab" / "__pycache__" / "a.pyc").write_text("x")
    assert execution_key(tmp_path) == keys[-1]
