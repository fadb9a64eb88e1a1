"""Whatever a student's code says, a page shows text: no markup, no escapes, no paths, no tracebacks."""

import pytest

from autograder.errors import PathError
from autograder.reports.html import clean, number, one_line, prose, safe_student


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain text, unchanged: (2, 3) / 4", "plain text, unchanged: (2, 3) / 4"),
        ("\x1b[31mred\x1b[0m and \x1b]0;title\x07 \x9b1mbold", "red and  bold"),
        ("\x1b]8;;http://x.example\x1b\\link", "link"),
        ("bell\x07 back\x08 nul\x00 del\x7f", "bell back nul del"),
        ("gpj.\u202eexe\u2066 \u200f\ufeff", "gpj.exe"),
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("lone \ud800 surrogate", "lone  surrogate"),
        ("👩\u200d💻 zoë", "👩\u200d💻 zoë"),
        ("z" + "\u0301" * 50, "z" + "\u0301" * 4),
        ("in /home/ann/secret/grade.py here", "in (a file) here"),
        ("open('/tmp/x.db')", "open('(a file)')"),
        ("at ~/course/hidden.py, or /tmp", "at (a file), or (a file)"),
        (r"in C:\Users\ann\hidden.py", "in (a file)"),
        ("file:///etc/passwd", "(a file)"),
        ("see https://docs.pytorch.org/docs/stable/nn.html", "see https://docs.pytorch.org/docs/stable/nn.html"),
        ("either/or, 3 / 12 (25%), N/A, x // 2", "either/or, 3 / 12 (25%), N/A, x // 2"),
        (
            "before\nTraceback (most recent call last):\n  File 'x', line 3\n    secret()\nValueError: no",
            "before\nValueError: no",
        ),
        ('  File "engine.py", line 7, in f\n    hidden = 42\nend', "end"),
    ],
)
def test_clean(text: str, shown: str) -> None:
    assert clean(text) == shown


def test_a_huge_text_is_shortened_and_says_so() -> None:
    shown = clean("x" * 10_000_000, 100)
    assert shown == "x" * 100 + " … (shortened)"


def test_prose_escapes_all_but_its_own_code_and_leads() -> None:
    shown = prose("use `x < 1` <b>now</b>\nLikely cause: & more\nNext: `a`")
    assert shown == (
        "use <code>x &lt; 1</code> &lt;b&gt;now&lt;/b&gt;\n<b>Likely cause:</b> &amp; more\n<b>Next:</b> <code>a</code>"
    )


def test_one_line_has_one_line() -> None:
    assert one_line("a\n\tb  c\u2029d") == "a b c d"


@pytest.mark.parametrize(
    ("value", "shown"), [(3.0, "3"), (2.5, "2.5"), (1 / 3, "0.33"), (-0.0, "0"), (1234567, "1234567")]
)
def test_number(value: float, shown: str) -> None:
    assert number(value) == shown


@pytest.mark.parametrize(
    "student",
    ["", ".", "..", " . ", "a/b", "../up", "a\\b", "a\x00b", "a\nb", "a\u202eb", "a\u200bb", "\udcff", "é" * 101],
)
def test_ids_that_cannot_name_a_folder_are_refused(student: str) -> None:
    with pytest.raises(PathError, match="cannot name a folder"):
        safe_student(student)


@pytest.mark.parametrize(
    "student",
    ["ada", "ada.lovelace", "zoë müller", "=1+1", "-x", "..a", "s@example.org", 'a"b', "c:d", "a|b", "a\u00a0b", "<i>"],
)
def test_ordinary_and_odd_ids_are_kept(student: str) -> None:
    assert safe_student(student) == student
