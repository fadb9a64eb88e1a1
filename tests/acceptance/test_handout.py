"""What a student downloads is enough: the notebook in it finds or installs convlab, wherever it is opened."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NAME = "02-convolution-arithmetic"
ZIP = ROOT / "build" / "site" / "_build" / "html" / "assignments" / f"{NAME}.zip"


# Runs the notebook's setup cell under IPython where this repository's convlab is out of reach, as on a fresh machine
# with torch: Colab, say, or another environment chosen in VS Code.
PROGRAM = """
import json, sys
root, notebook = sys.argv[1:]
sys.path = [folder for folder in sys.path if folder not in ("", root)]
from IPython.core.interactiveshell import InteractiveShell
cells = json.load(open(notebook, encoding="utf-8"))["cells"]
setup = next(cell for cell in cells if cell["metadata"].get("nbgrader", {}).get("grade_id") == "setup")
shell = InteractiveShell.instance()
outcome = shell.run_cell("".join(setup["source"]))
if outcome.success:
    import convlab
    print("FOUND", convlab.__file__)
else:
    print("RAISED", outcome.error_in_exec)
"""


def run_setup(folder: Path, target: Path) -> str:
    """Run the setup cell in ``folder``; whatever pip installs goes to ``target``."""
    environment = {
        **os.environ,
        "PIP_TARGET": str(target),
        "PIP_NO_INDEX": "1",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PYTHONPATH": str(target),
        "IPYTHONDIR": str(target / "ipython"),
    }
    command = [sys.executable, "-c", PROGRAM, str(ROOT), f"{NAME}.ipynb"]
    run = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr[-2000:]
    return run.stdout


@pytest.fixture
def handed_out(made_course: subprocess.CompletedProcess[str], tmp_path: Path) -> Path:
    with zipfile.ZipFile(ZIP) as archive:
        archive.extractall(tmp_path / "zip")
    (folder,) = {path.parent for path in (tmp_path / "zip").rglob(f"{NAME}.ipynb")}
    return folder


def test_the_zip_holds_the_released_notebook(handed_out: Path) -> None:
    released = ROOT / "exercises" / NAME / f"{NAME}.ipynb"
    assert json.loads((handed_out / f"{NAME}.ipynb").read_text(encoding="utf-8")) == json.loads(
        released.read_text(encoding="utf-8")
    )
    assert len(list(handed_out.glob("convlab-*.whl"))) == 1


def test_the_wheel_beside_the_notebook_is_installed(handed_out: Path, tmp_path: Path) -> None:
    target = tmp_path / "installed"
    target.mkdir()
    assert f"FOUND {target}" in run_setup(handed_out, target)


def test_without_the_wheel_the_message_says_what_to_do(handed_out: Path, tmp_path: Path) -> None:
    next(handed_out.glob("convlab-*.whl")).unlink()
    said = run_setup(handed_out, tmp_path)
    assert "RAISED The course's package convlab is missing. Download the assignment's zip" in said
    assert "Put that file beside this notebook and run this cell again." in said
