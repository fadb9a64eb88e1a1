"""Run the public tests of a student's notebook, as the student asks for it before handing in.

Tests and locked cells come from the released notebook where it can be found, so that what a student may have edited by
accident does not count; only the student's own cells come from the student. Runs with the student's rights, and trusts
their code as they do: no mark is decided here.
"""

from __future__ import annotations

import difflib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.assignment.cells import grade_id, is_answer, task_of
from autograder.assignment.source import assignment_of, from_release, read_notebook
from autograder.course import Course, find_root
from autograder.errors import NotebookError, PathError
from autograder.local.runner import Allowance, CodeCell, Fresh, Program, results, run
from autograder.model import Assignment, CheckResult, Outcome
from autograder.submissions.intake import IntakeResult, Release, repair

__all__ = ["Checked", "check_notebook"]

NO_RELEASE = "The course's own copy of this notebook was not found, so the tests are those in your file."


@dataclass(frozen=True)
class Checked:
    """What the public checks of one notebook gave; ``notes`` say what was put right before running it."""

    assignment: Assignment
    checks: tuple[CheckResult, ...]
    unwritten: frozenset[str]
    notes: tuple[str, ...]

    @property
    def points(self) -> float:
        return sum(check.points for check in self.checks)

    @property
    def public_points(self) -> float:
        return sum(check.max_points for check in self.checks)

    @property
    def passed(self) -> bool:
        return all(check.outcome is Outcome.PASSED for check in self.checks)


def check_notebook(path: Path, root: Path | None = None, allowed: Allowance | None = None) -> Checked:
    """Run the public checks of the notebook ``path`` in a fresh process.

    Raises:
        PathError: there is no such file; the message names the nearest.
        NotebookError: it is not a notebook, or not an assignment of this course.
    """
    data = read_file(path)
    notebook = read_notebook(path)
    released = find_release(notebook, path, root)
    notes: list[str] = []
    if released is None:
        assignment = assignment_of(notebook, notebook.metadata.get("autograder", {}).get("assignment", path.stem))
        if not assignment.tasks:
            raise NotebookError(f"{path} is not an assignment of this course: no cell of it is graded.")
        notes.append(NO_RELEASE)
        intake = repair(data, Release(json.loads(data)))
        stubs = {task_of(grade_id(cell)) for cell in notebook.cells if is_answer(cell) and is_stub(cell.source)}
    else:
        assignment = from_release(released)
        intake = repair(data, Release.read(released))
        originals = {grade_id(cell): cell.source for cell in read_notebook(released).cells if is_answer(cell)}
        answers = {cell.id: cell.source for cell in intake.cells}
        stubs = {task_of(name) for name, source in originals.items() if answers.get(name, "").strip() == source.strip()}
    if intake.unreadable:
        raise NotebookError(f"{path}: {intake.unreadable}")
    notes += [note.text for note in intake.notes]
    program = Program(public_cells(intake, assignment), path.absolute().parent)
    ((_, ends),) = run([program], Fresh(), allowed=allowed)
    return Checked(assignment, results(assignment, program, ends, stubs), frozenset(stubs), tuple(notes))


def read_file(path: Path) -> bytes:
    """Return the bytes of ``path``, or raise PathError with the nearest notebook's name."""
    if path.is_dir():
        inside = sorted(path.glob("*.ipynb"))
        raise PathError(f"{path} is a folder.", f"Did you mean {inside[0]}?" if inside else "Name the notebook itself.")
    if not path.exists():
        there = [file.name for file in path.parent.glob("*.ipynb")] if path.parent.is_dir() else []
        near = difflib.get_close_matches(path.name, there, n=1, cutoff=0.3)
        raise PathError(
            f"There is no file {path}.", f"Did you mean {path.parent / near[0]}?" if near else "Check the path."
        )
    try:
        return path.read_bytes()
    except OSError as error:
        raise PathError(f"{path} cannot be read: {error.strerror}.", "Check the path.") from error


def is_stub(source: str) -> bool:
    return "# YOUR CODE HERE" in source and "raise NotImplementedError()" in source


def find_release(notebook: Any, path: Path, root: Path | None) -> Path | None:
    """Return the released notebook that ``notebook`` was made from: by the name in it, else by its cells' names.

    None when no course is near the notebook or the working directory.

    Raises:
        NotebookError: there is a course, and the notebook is none of its assignments.
    """
    folder = Course.open(root).exercises if root else nearest_exercises(path)
    if folder is None:
        return None
    releases = {file.stem: file for file in sorted(folder.glob("*/*.ipynb")) if file.stem == file.parent.name}
    said = str(notebook.metadata.get("autograder", {}).get("assignment", ""))
    if said in releases:
        return releases[said]
    own = {grade_id(cell) for cell in notebook.cells} - {""}
    shared = {
        name: len(own & {grade_id(cell) for cell in read_notebook(file).cells if is_answer(cell)})
        for name, file in releases.items()
    }
    best = max(shared, key=lambda name: shared[name], default="")
    if best and shared[best]:
        return releases[best]
    near = difflib.get_close_matches(path.stem, releases, n=1, cutoff=0.3)
    hint = f"Did you mean {releases[near[0]]}?" if near else f"There are: {', '.join(releases) or 'none yet'}."
    raise NotebookError(f"{path} is not an assignment of this course: none of its cells has a task's name.", hint)


def nearest_exercises(path: Path) -> Path | None:
    for start in (path.absolute().parent, Path.cwd()):
        try:
            return find_root(start) / "exercises"
        except PathError:
            continue
    return None


def public_cells(intake: IntakeResult, assignment: Assignment) -> tuple[CodeCell, ...]:
    """Return the code cells to run: all but the checks whose tests are hidden."""
    public = {check.id for check in assignment.checks if check.public}
    return tuple(
        CodeCell(cell.id or f"cell {number}", cell.source, graded=cell.role == "check", own=cell.role == "student")
        for number, cell in enumerate(intake.cells)
        if cell.kind == "code" and (cell.role != "check" or cell.id in public)
    )
