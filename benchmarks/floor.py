"""The floor: the same cells in one warm process, with no isolation, no proxies, no files and no gradebook.

It does what no grader may do, since a student's code meets the hidden tests and the next student's: what is left is
the time of the answers and of the tests themselves. Run as ``python -m benchmarks.floor ROOT ASSIGNMENT CLASS OUT``.
"""

from __future__ import annotations

import contextlib
import io
import json
import linecache
import marshal
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import CodeType
from typing import Any

from autograder.assignment.cells import grade_id, is_answer, is_check
from autograder.assignment.source import assignment_of, read_source
from autograder.course import Course
from autograder.engines.sealed.compiled import plain, prepare
from autograder.engines.sealed.session import Role, SessionCell, seed_of

__all__ = ["Floor", "main"]


@dataclass(frozen=True)
class _Step:
    """A cell of the assignment in its place; ``code`` is that of a released one."""

    name: str
    role: Role
    code: CodeType | None
    source: str
    seed: int = 0


class Floor:
    """Runs submissions of the assignment ``source`` in this process."""

    def __init__(self, source: Path) -> None:
        notebook = read_source(source)
        self.points = {check.id: check.points for check in assignment_of(notebook, source.stem).checks}
        self.steps: list[_Step] = []
        for number, cell in enumerate(notebook.cells):
            name = grade_id(cell)
            role = Role.CHECK if is_check(cell) else Role.STUDENT if is_answer(cell) else Role.SETUP
            if cell.cell_type != "code" or (role is Role.SETUP and name != "setup"):
                continue
            code = None if role is Role.STUDENT else marshal.loads(prepare(cell.source, number).code)
            seed = seed_of(SessionCell(number, role, cell.source, name), "examiner")
            self.steps.append(_Step(name, role, code, cell.source, seed))

    def run(self, answers: dict[str, str]) -> dict[str, float]:
        """Run the cells with ``answers`` in their places; return the points of each check."""
        from autograder.engines.sealed.warm import seed_all

        namespace: dict[str, Any] = {"__name__": "__main__"}
        marks: dict[str, float] = {}
        for number, step in enumerate(self.steps):
            file = f"<cell {number}>"
            source = plain(answers.get(step.name, "")) if step.code is None else step.source
            linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
            if step.role is Role.CHECK:
                seed_all(step.seed)
            try:
                exec(step.code or compile(source, file, "exec"), namespace)
                passed = True
            except Exception:  # whatever a student's code raises costs the points
                passed = False
            if step.role is Role.CHECK:
                marks[step.name] = self.points[step.name] if passed else 0.0
        return marks


def read_answers(path: Path) -> dict[str, str]:
    """Return the text of the named cells of a notebook."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return {name: "".join(cell["source"]) for cell in cells if (name := grade_id(cell))}


def main(arguments: Sequence[str]) -> None:
    """Run a class and write its marks and the CPU and clock seconds of each submission to OUT."""
    from autograder.engines.sealed.warm import quiet_threads, warm_torch

    quiet_threads()
    os.environ["MPLBACKEND"] = "agg"
    root, name, folder, out = arguments
    course = Course.open(Path(root), Path(folder))
    import matplotlib.pyplot  # noqa: F401

    import convlab.checks
    import convlab.rules  # noqa: F401

    warm_torch()
    floor = Floor(course.source(name))
    paths = sorted(course.submitted.glob(f"*/{name}/{name}.ipynb"))
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        floor.run(read_answers(paths[0]))  # what is done once only belongs to the start
        start = time.process_time()
        marks: dict[str, dict[str, float]] = {}
        costs: list[tuple[float, float]] = []
        for path in paths:
            answers = read_answers(path)
            cpu, clock = time.process_time(), time.monotonic()
            marks[path.parts[-3]] = floor.run(answers)
            costs.append((time.process_time() - cpu, time.monotonic() - clock))
    result = {"marks": marks, "start_cpu": start, "cpu": [c for c, _ in costs], "wall": [w for _, w in costs]}
    Path(out).write_text(json.dumps(result), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
