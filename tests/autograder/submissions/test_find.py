"""What a student's folder holds is found or named, whatever it is called."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from autograder.course import Course
from autograder.errors import PathError
from autograder.submissions.find import find_submissions, submission_in

NAME = "02-arithmetic"

# The files below a student's folder, which of them counts (None: the missing one), and those that are named.
FOLDERS: dict[str, tuple[list[str], str | None, list[str]]] = {
    "as asked for": ([f"{NAME}/{NAME}.ipynb"], f"{NAME}/{NAME}.ipynb", []),
    "another name": ([f"{NAME}/homework.ipynb"], f"{NAME}/homework.ipynb", []),
    "a copy": ([f"{NAME}/{NAME} (1).ipynb"], f"{NAME}/{NAME} (1).ipynb", []),
    "two copies, the second newer": (
        [f"{NAME}/{NAME} (1).ipynb", f"{NAME}/{NAME}-Copy1.ipynb"],
        f"{NAME}/{NAME}-Copy1.ipynb",
        [f"{NAME} (1).ipynb"],
    ),
    "a text": ([f"{NAME}/{NAME}.ipynb.txt"], f"{NAME}/{NAME}.ipynb.txt", []),
    "a zip": ([f"{NAME}/submission.zip"], None, ["submission.zip"]),
    "a folder in the folder": ([f"{NAME}/{NAME}/{NAME}.ipynb"], f"{NAME}/{NAME}/{NAME}.ipynb", []),
    "upper case": ([f"{NAME}/{NAME}.IPYNB"], f"{NAME}/{NAME}.IPYNB", []),
    "a flat folder": ([f"{NAME}.ipynb"], f"{NAME}.ipynb", []),
    "the folder in upper case": ([f"{NAME.upper()}/{NAME}.ipynb"], f"{NAME.upper()}/{NAME}.ipynb", []),
    "a copy beside it": (
        [f"{NAME}/{NAME}.ipynb", f"{NAME}/{NAME} (1).ipynb"],
        f"{NAME}/{NAME}.ipynb",
        [f"{NAME} (1).ipynb"],
    ),
    "two of other names": ([f"{NAME}/a.ipynb", f"{NAME}/b.ipynb"], None, ["a.ipynb", "b.ipynb"]),
    "checkpoints and leftovers": (
        [f"{NAME}/{NAME}.ipynb", f"{NAME}/.ipynb_checkpoints/{NAME}-checkpoint.ipynb", f"{NAME}/__MACOSX/._a.ipynb"],
        f"{NAME}/{NAME}.ipynb",
        [],
    ),
    "an empty folder": ([f"{NAME}/"], None, []),
}


def lay(folder: Path, files: list[str]) -> None:
    for age, file in enumerate(files):
        path = folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        if file.endswith("/"):
            path.mkdir(parents=True, exist_ok=True)
        else:
            path.write_text("{}")
            os.utime(path, (1_000_000 + age, 1_000_000 + age))


@pytest.mark.parametrize("what", FOLDERS)
def test_a_file_is_taken_or_named(tmp_path: Path, what: str) -> None:
    files, taken, named = FOLDERS[what]
    folder = tmp_path / "ada"
    lay(folder, files)
    found = submission_in(folder, NAME)
    assert found is not None
    assert found.path == folder / (taken or f"{NAME}/{NAME}.ipynb")
    assert list(found.others) == named


def test_a_folder_with_nothing_of_the_assignment_is_no_submission(tmp_path: Path) -> None:
    lay(tmp_path / "ada", ["03-layers/03-layers.ipynb", "notes.txt"])
    assert submission_in(tmp_path / "ada", NAME) is None


def test_links_to_folders_are_not_followed(tmp_path: Path) -> None:
    lay(tmp_path / "elsewhere", [f"{NAME}.ipynb"])
    lay(tmp_path / "ada", [f"{NAME}/"])
    (tmp_path / "ada" / NAME / "inner").symlink_to(tmp_path / "elsewhere")
    found = submission_in(tmp_path / "ada", NAME)
    assert found is not None
    assert found.path == tmp_path / "ada" / NAME / f"{NAME}.ipynb"
    assert not found.path.exists()


def test_a_class_lists_everybody_once_in_order(tmp_path: Path) -> None:
    for student, what in (("b", "a flat folder"), ("a", "a zip"), ("c", "as asked for")):
        lay(tmp_path / "submitted" / student, FOLDERS[what][0])
    course = Course(tmp_path, tmp_path)
    assert [found.student for found in find_submissions(course, NAME)] == ["a", "b", "c"]
    for odd in ('a"b', "c:d", "e\u00a0f"):
        lay(tmp_path / "submitted" / odd, FOLDERS["as asked for"][0])
    assert len(find_submissions(course, NAME)) == 6
    with pytest.raises(PathError, match=r"Nobody in .* has handed in 03-layers"):
        find_submissions(course, "03-layers")


def test_an_id_that_cannot_be_one_is_left_out_and_stops_nobody(tmp_path: Path) -> None:
    for student in ("ada", "b\u202eo", "c\x07"):
        lay(tmp_path / "submitted" / student, FOLDERS["as asked for"][0])
    warned: list[str] = []
    found = find_submissions(Course(tmp_path, tmp_path), NAME, warn=warned.append)
    assert [one.student for one in found] == ["ada"]
    assert len(warned) == 2
    assert all("Rename it in submitted/" in text and text.isprintable() for text in warned)
