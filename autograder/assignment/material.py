"""An assignment's material: its source read once, with all that the stages of grading ask of it.

Trusted. The same bytes give the same object, so that release, intake, engines, regrading and reports share one.
"""

from __future__ import annotations

import copy
import functools
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.assignment.answers import Equivalent, KnownAnswer, equivalents, known_answers
from autograder.assignment.cells import grade_id, is_answer, is_manual
from autograder.assignment.compose import Shared, compose
from autograder.assignment.rules import check_rules
from autograder.assignment.script import read_script
from autograder.assignment.source import assignment_of, hidden_lines
from autograder.errors import PathError
from autograder.model import Assignment

__all__ = ["Material"]


@dataclass(frozen=True, eq=False)
class Material:
    """The material of the assignment ``source`` (solutions/NN-name/NN-name.py).

    ``notebook`` is nbgrader's source notebook, solutions and hidden tests included; nobody may change it.
    ``fingerprint`` is a hash of everything in the course that decides this assignment's marks.
    """

    source: Path
    notebook: Any
    assignment: Assignment
    fingerprint: bytes

    @classmethod
    def read(cls, source: Path) -> Material:
        """Return the material of ``source``, from memory where its bytes and the shared parts are the same.

        Raises:
            PathError: there is no such file.
            SourceError: the source breaks a rule; the message names the cell and what to write.
        """
        if not source.is_file():
            raise PathError(f"{source} is not a file.", "An assignment's source is solutions/NN-name/NN-name.py.")
        shared = Shared.beside(source)
        return _read(source, shared, hashlib.sha256(shared.fingerprint + source.read_bytes()).digest())

    @property
    def name(self) -> str:
        return self.assignment.name

    @property
    def folder(self) -> Path:
        """The folder that holds the source, and the known answers beside it."""
        return self.source.parent

    def copy(self) -> Any:
        """Return a copy of the source notebook, to be changed."""
        return copy.deepcopy(self.notebook)

    @functools.cached_property
    def texts(self) -> dict[str, str]:
        """The text of each named cell, hidden tests included: the release has none."""
        return {name: str(cell.source) for cell in self.notebook.cells if (name := grade_id(cell))}

    @functools.cached_property
    def reference(self) -> dict[str, str]:
        """The text of each answer cell with its solution, by task; cells that a person grades are left out."""
        cells = self.notebook.cells
        return {grade_id(cell): str(cell.source) for cell in cells if is_answer(cell) and not is_manual(cell)}

    @functools.cached_property
    def hidden(self) -> frozenset[str]:
        """The telling lines of solutions and hidden tests, for ``autograder.assignment.leaks``."""
        return hidden_lines(self.notebook)

    def known_answers(self) -> tuple[list[KnownAnswer], list[str]]:
        """Return the answers whose worth is known, and what is wrong with their files; read anew at each call."""
        return known_answers(self.folder, self.reference)

    def equivalents(self) -> list[Equivalent]:
        """Return the marks of mutants that no check can fail; read anew at each call."""
        return equivalents(self.folder, self.reference)


@functools.lru_cache(maxsize=32)
def _read(source: Path, shared: Shared, fingerprint: bytes) -> Material:
    parts = read_script(source)
    check_rules(parts, source, shared.setup)
    notebook = compose(parts, source, shared)
    return Material(source, notebook, assignment_of(notebook, source.stem), fingerprint)
