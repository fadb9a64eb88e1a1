"""A submission's file: the moment it was handed in, and what is said where there is no notebook."""

from __future__ import annotations

from pathlib import Path

import pytest
from nbgrader.utils import parse_utc

from autograder.course import Course
from autograder.grading.handed_in import printable, read_handed_in, timestamp, unreadable_time
from autograder.model import Submission, SubmissionResult

NAME = "01-small"
RESULT = SubmissionResult("ada", NAME, "", ())


def stamped(tmp_path: Path, text: str) -> str | None:
    folder = tmp_path / "submitted" / "ada" / NAME
    folder.mkdir(parents=True)
    (folder / "timestamp.txt").write_text(text, encoding="utf-8")
    return timestamp(Course(tmp_path, tmp_path), RESULT)


MOMENTS = {
    "2026-03-01 23:30:00 +0100": "2026-03-01 22:30:00",
    "2026-03-01 23:30:00 +01:00": "2026-03-01 22:30:00",
    "2026-03-01T23:30:00+01:00\n": "2026-03-01 22:30:00",
    "\ufeff2026-03-01 17:30:00.25 -0500": "2026-03-01 22:30:00.250000",
    "2026-03-01 22:30:00 UTC": "2026-03-01 22:30:00",
    "2026-03-01T22:30:00Z": "2026-03-01 22:30:00",
    "2026-03-01 22:30:00": "2026-03-01 22:30:00",
}


@pytest.mark.parametrize("text", MOMENTS)
def test_a_time_with_an_offset_is_the_same_moment_in_utc(tmp_path: Path, text: str) -> None:
    assert str(parse_utc(stamped(tmp_path, text))) == MOMENTS[text]


@pytest.mark.parametrize("text", ["", "yesterday-ish", "2026-99-99", "9" * 50])
def test_a_time_that_is_none_is_left_out(tmp_path: Path, text: str) -> None:
    assert stamped(tmp_path, text) is None


def test_where_no_notebook_is_the_files_there_are_named(tmp_path: Path) -> None:
    course = Course(tmp_path, tmp_path)
    missing = tmp_path / "submitted" / "ada" / NAME / f"{NAME}.ipynb"
    assert read_handed_in(Submission("ada", NAME, missing), course, b"").trouble == "No notebook was handed in."
    said = read_handed_in(Submission("ada", NAME, missing, ("a.zip", "b\x1b[31m.py")), course, b"").trouble
    assert said == "No notebook was found, but there is: a.zip, b?[31m.py. Hand in the notebook itself, a file .ipynb."


def test_a_name_is_shown_without_what_a_terminal_would_obey() -> None:
    assert printable("a\x1b]0;b\x07\n" + "c" * 200) == "a?]0;b??" + "c" * 92


@pytest.mark.parametrize(
    ("text", "said"), [("yesterday-ish", "no time such as"), ("", "empty"), ("2026-03-01 10:00", "")]
)
def test_a_time_that_could_not_be_read_is_named(tmp_path: Path, text: str, said: str) -> None:
    stamped(tmp_path, text)
    trouble = unreadable_time(Course(tmp_path, tmp_path), RESULT)
    assert trouble.startswith("ada: timestamp.txt could not be read") == bool(said)
    assert said in trouble
