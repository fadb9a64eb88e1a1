"""Find checks that take their expected value from what the student's code left of the arguments.

For authors, who trust the files. The reference runs with every argument of every call spoiled in place before it
computes (see ``autograder.local.spoiling``), and again with spoiled *copies*: it returns the same both times. A check
that passes the first and fails the second compares with a value that it computed, after the call, from the spoiled
objects: an answer that empties its argument and returns what then fits would get its points. A check that passes both
compares no values, and says nothing here.
"""

from __future__ import annotations

import ast
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.assignment.answers import KnownAnswer
from autograder.assignment.material import Material
from autograder.course import Course
from autograder.local.runner import Allowance, CodeCell, Launcher, Program, Warm, results, run
from autograder.local.verify import Prepared
from autograder.parsing import parse

__all__ = ["Spoilt", "spoilt"]

WAYS = {
    "zero": "sets its argument to zero",
    "empty": "empties its argument",
    "first": "keeps one element of its argument",
    "network": "sets the parameters of a network it is given to zero",
}


@dataclass(frozen=True)
class Spoilt:
    """What the audit found in one assignment: problems, a line each, and the checks that it could not try."""

    name: str
    problems: tuple[str, ...]
    untried: tuple[str, ...]


def spoilt(
    course: Course,
    names: Sequence[str],
    *,
    workers: int = 1,
    launcher: Launcher | None = None,
    allowed: Allowance | None = None,
) -> Iterator[Spoilt]:
    """Yield what the audit of each of the assignments ``names`` found.

    Raises:
        UnknownAssignment, SourceError: as ``Material.read``.
    """
    materials = [Material.read(course.source(name)) for name in names]
    for material in materials:
        with tempfile.TemporaryDirectory(prefix="autograder-spoil-") as folder, Warm() as warm:
            audit = Audit(material, Path(folder), launcher or warm, workers, allowed)
            yield audit.run()


class Audit:
    """The runs of one assignment's reference."""

    def __init__(
        self, material: Material, folder: Path, launcher: Launcher, workers: int, allowed: Allowance | None
    ) -> None:
        self.material, self.folder, self.launcher = material, folder, launcher
        self.workers, self.allowed = workers, allowed
        self.noted = folder / "changed.jsonl"
        self.noted.touch()

    def run(self) -> Spoilt:
        """Run the reference as it is, then in each way twice, and compare."""
        (whole,) = self.passed([self.program("note", "")])
        settings = [(way, copies) for way in WAYS for copies in (False, True)]
        passed = dict(
            zip(
                settings,
                self.passed([self.program("spoil", f", {way!r}, {copies}") for way, copies in settings]),
                strict=True,
            )
        )
        found: dict[str, list[str]] = {}
        for way in WAYS:
            for check in passed[way, False] - passed[way, True]:
                found.setdefault(check, []).append(WAYS[way])
        name = self.material.name
        checks = [check.id for check in self.material.assignment.checks if check.points > 0]
        problems = [
            f"{name}: {check} passes an answer that {' or '.join(found[check])} and returns what then fits; "
            "compute the expected value before the call, or from a copy."
            for check in checks
            if check in found
        ]
        return Spoilt(name, tuple(problems), tuple(check for check in checks if check not in whole))

    def program(self, call: str, more: str) -> Program:
        """Return the reference with ``call`` of ``autograder.local.spoiling`` at the end of each answer cell."""

        def text(cell: CodeCell) -> str:
            names = defined(cell.source) if cell.own else []
            if not names:
                return cell.source
            return (
                f"{cell.source}\n\n__import__('autograder.local.spoiling', fromlist=['*'])"
                f".{call}(globals(), {names!r}{more}, file={str(self.noted)!r})\n"
            )

        cells = Prepared(self.material, [], [], {}).cells(KnownAnswer("reference", "reference"))
        return Program(tuple(replace(cell, source=text(cell)) for cell in cells), self.folder)

    def passed(self, programs: Sequence[Program]) -> list[set[str]]:
        """Return which checks passed in each of ``programs``."""
        found: list[set[str]] = [set() for _ in programs]
        for index, ends in run(programs, self.launcher, workers=self.workers, allowed=self.allowed):
            given = results(self.material.assignment, programs[index], ends)
            found[index] = {check.check for check in given if check.points >= check.max_points}
        return found


def defined(source: str) -> list[str]:
    """Return the functions and classes that a cell defines."""
    kinds = ast.FunctionDef | ast.ClassDef
    return [node.name for node in parse(source).body if isinstance(node, kinds)]
