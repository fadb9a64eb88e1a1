"""What a reader sees of a chapter's code is short, about the subject, and runs when pasted into a fresh notebook."""

# Over 60 s of CPU if thorough: every chapter's visible code runs in a process of its own.

from __future__ import annotations

import ast
import builtins
import os
import re
import subprocess
import sys
from pathlib import Path

import jupytext
import pytest

from autograder.assignment import chapter
from autograder.assignment.dependencies import names_of

ROOT = Path(__file__).resolve().parents[2]
CHAPTERS = sorted(path.stem for path in (ROOT / "book").glob("[0-9][0-9]-*.md"))
FOLDED = {"hide-input", "hide-cell", "remove-input", "remove-cell"}
MOST_LINES = 20
MAY_IMPORT = {"torch", "torchvision", "numpy", "matplotlib", "sklearn", "d2l", "PIL", "convlab.datasets"}
# Runs the code in sys.argv[1] where of the course's own packages nothing but the data sets can be imported.
RUNNER = """
import importlib.abc, sys
sys.path.insert(0, sys.argv[2])
class Refused(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        mine = name.partition(".")[0] in ("convlab", "autograder", "experiments", "book", "tools")
        caller = sys._getframe(1)
        while "importlib" in caller.f_code.co_filename:
            caller = caller.f_back
        if mine and caller.f_code.co_filename == "<cell>" and name not in ("convlab", "convlab.datasets"):
            raise ImportError(f"a visible cell imports {name}")
sys.meta_path.insert(0, Refused())
import matplotlib
matplotlib.use("agg")
exec(compile(open(sys.argv[1], encoding="utf-8").read(), "<cell>", "exec"), {"__name__": "__main__"})
"""


def visible_cells(name: str) -> list[str]:
    """The code that a reader of the page sees without unfolding anything, cell by cell."""
    notebook = jupytext.read(ROOT / "book" / f"{name}.md")
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    return [cell.source for cell in code if not FOLDED & set(cell.metadata.get("tags", []))]


def imported(source: str) -> set[str]:
    """The modules that a cell imports: packages of others by their first name, our own in full."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module == "convlab":
            found |= {f"convlab.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module or "")
    return {name if name.startswith("convlab") else name.partition(".")[0] for name in found}


def test_there_are_chapters() -> None:
    assert len(CHAPTERS) >= 13


@pytest.mark.parametrize("name", CHAPTERS)
def test_what_answers_may_take_is_what_readers_see(name: str) -> None:
    page = (ROOT / "book" / f"{name}.md").read_text(encoding="utf-8")
    taken = [cell.strip() for cell in chapter.visible_cells(page)]
    assert taken == [cell.strip() for cell in visible_cells(name)]


@pytest.mark.parametrize("name", CHAPTERS)
def test_visible_cells_are_short_teaching_code(name: str) -> None:
    cells = visible_cells(name)
    assert len(cells) >= 5
    assert [cell for cell in cells if len(cell.strip().splitlines()) > MOST_LINES] == []
    standard = set(sys.stdlib_module_names)
    assert set().union(*map(imported, cells)) - MAY_IMPORT - standard == set()


@pytest.mark.parametrize("name", CHAPTERS)
def test_visible_cells_use_no_name_that_only_a_folded_cell_defines(name: str) -> None:
    known = {*dir(builtins)}
    for cell in visible_cells(name):
        free, bound = names_of(cell)
        assert free - known - bound == set(), cell
        known |= bound


@pytest.mark.thorough  # the site's build runs the same cells, beside the folded ones
@pytest.mark.parametrize("name", CHAPTERS)
def test_visible_cells_run_one_after_the_other_without_the_folded_ones(name: str, tmp_path: Path) -> None:
    file = tmp_path / "cells.py"
    file.write_text("\n\n".join(visible_cells(name)), encoding="utf-8")
    empty = tmp_path / "empty"
    empty.mkdir()
    environment = {**os.environ, "OMP_NUM_THREADS": "1"} | {"PYTHONPATH": ""}
    command = [sys.executable, "-c", RUNNER, str(file), str(ROOT)]
    run = subprocess.run(command, cwd=empty, env=environment, capture_output=True, text=True, timeout=300)
    assert run.returncode == 0, run.stderr[-3000:]


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_rewritten_chapter_ends_with_exercises(name: str) -> None:
    text = (ROOT / "book" / f"{name}.md").read_text(encoding="utf-8")
    exercises = re.search(r"^## Exercises$(.*?)^## ", text, re.MULTILINE | re.DOTALL)
    assert exercises
    assert 5 <= len(re.findall(r"^```\{dropdown\} ", exercises[1], re.MULTILINE)) <= 8
