"""A student's way through the course: an assignment filled in, run from top to bottom, handed in and graded.

That every cell of every assignment runs with the reference in place is among what ``autograder verify`` looks at. Here
one is run as students run it; ``--thorough`` runs all.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from nbgrader.api import Gradebook as Database  # type: ignore[import-untyped]

from autograder.assignment.material import Material
from autograder.course import Course
from autograder.engines.contract import Engine
from autograder.gradebook.nbgrader_api import quiet_nbgrader
from autograder.grading.grade import grade_class

ROOT = Path(__file__).resolve().parents[2]
NAMES = Course(ROOT, ROOT).assignments()
BIN = Path(sys.executable).parent
SOME = ("02-convolution-arithmetic",)
MOST_SECONDS = 120.0

pytestmark = [pytest.mark.timeout(900)]


def filled_in(name: str) -> str:
    """The students' notebook as it is handed out, with the reference's answers written into it."""
    path = ROOT / "exercises" / name / f"{name}.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    reference = Material.read(Course(ROOT, ROOT).source(name)).reference
    for cell in notebook["cells"]:
        about = cell["metadata"].get("nbgrader", {})
        if about.get("solution"):
            cell["source"] = reference[about["grade_id"]]
    return json.dumps(notebook)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("class")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "name" in metafunc.fixturenames:
        metafunc.parametrize("name", NAMES if metafunc.config.getoption("thorough") else SOME)


def test_the_filled_notebook_runs_in_time_and_gets_full_marks(folder: Path, name: str, engine: Engine) -> None:
    path = folder / "submitted" / "ada" / name / f"{name}.ipynb"
    path.parent.mkdir(parents=True)
    path.write_text(filled_in(name), encoding="utf-8")
    environment = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "MPLBACKEND": "agg"}
    environment |= {"IPYTHONDIR": str(folder / "ipython"), "PYTHONPATH": str(ROOT)}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [BIN / "jupyter", "execute", "--inplace", f"--timeout={MOST_SECONDS:.0f}", path]
    run = subprocess.run([str(part) for part in command], env=environment, capture_output=True, text=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert run.returncode == 0, run.stderr[-3000:]
    assert after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime < MOST_SECONDS
    done = json.loads(path.read_text(encoding="utf-8"))
    assert all(cell["execution_count"] for cell in done["cells"] if cell["cell_type"] == "code" and cell["source"])
    grade_class(Course(ROOT, folder), name, factory=lambda *_: engine)
    with quiet_nbgrader(), Database(f"sqlite:///{folder / 'gradebook.db'}") as book:
        (handed_in,) = book.assignment_submissions(name)
        assert handed_in.score == pytest.approx(100)
