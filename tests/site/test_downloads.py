"""A page's notebook, with the wheel from the site beside it, runs from top to bottom in an empty folder."""

# Over 60 s of CPU if thorough: every page's code runs once more.

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(path.stem for path in (ROOT / "book").glob("[0-9][0-9]-*.md"))
READS_A_RECORD = "03-layers"
RUNNER = """
import json, sys
sys.path = [folder for folder in sys.path if folder != sys.argv[2]]  # where this course is installed from
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
for cell in json.load(open(sys.argv[1], encoding="utf-8"))["cells"]:
    if cell["cell_type"] == "code":
        shell.run_cell("".join(cell["source"])).raise_error()
print("It ran to its end.")
"""


def run(folder: Path, name: str, path: Path) -> subprocess.CompletedProcess[str]:
    """Run the notebook ``name`` in ``folder`` with ``path`` to import from and, so far, no ``convlab`` but there."""
    kept = {key: text for key, text in os.environ.items() if key != "PYTHONPATH"}
    environment = {**kept, "PYTHONPATH": str(path), "MPLBACKEND": "agg", "OMP_NUM_THREADS": "1", "HOME": str(folder)}
    command = [sys.executable, "-c", RUNNER, name, str(ROOT)]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=600)


@pytest.mark.timeout(900)
@pytest.mark.thorough
@pytest.mark.parametrize("name", PAGES)
def test_a_downloaded_page_runs_with_the_wheel_alone(name: str, html: Path, tmp_path: Path) -> None:
    [wheel] = (html / "assignments").glob("convlab-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "installed")
    folder = tmp_path / "empty"
    folder.mkdir()
    shutil.copy(html / "book" / f"{name}.ipynb", folder)
    ran = run(folder, f"{name}.ipynb", tmp_path / "installed")
    assert "It ran to its end." in ran.stdout, ran.stdout[-3000:] + ran.stderr[-3000:]


def test_a_downloaded_page_brings_convlab_and_reads_its_records_from_the_wheel(html: Path, tmp_path: Path) -> None:
    """All of its code runs if thorough; here its first cell, and the one that reads the record."""
    notebook: dict[str, Any] = json.loads((html / "book" / f"{READS_A_RECORD}.ipynb").read_text(encoding="utf-8"))
    load = {"cell_type": "code", "source": "from convlab import results\nprint(results.load('depth-statistics').about)"}
    notebook["cells"] = [*notebook["cells"][:2], load]
    (tmp_path / "page.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    [wheel] = (html / "assignments").glob("convlab-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "installed")
    (tmp_path / "empty").mkdir()
    shutil.copy(tmp_path / "page.ipynb", tmp_path / "empty")
    ran = run(tmp_path / "empty", "page.ipynb", tmp_path / "installed")
    assert "recorded on" in ran.stdout, ran.stdout[-2000:] + ran.stderr[-2000:]
    assert "It ran to its end." in ran.stdout


def test_without_the_wheel_one_line_says_what_to_do(html: Path, tmp_path: Path) -> None:
    notebook: dict[str, Any] = json.loads((html / "book" / f"{READS_A_RECORD}.ipynb").read_text(encoding="utf-8"))
    notebook["cells"] = notebook["cells"][:2]
    assert "convlab" in "".join(notebook["cells"][1]["source"])
    (tmp_path / "page.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    ran = run(tmp_path, "page.ipynb", tmp_path)
    assert "It ran to its end." not in ran.stdout
    [wheel] = (html / "assignments").glob("convlab-*.whl")
    said = f"Download {wheel.name} from the course's site"
    assert said in ran.stdout + ran.stderr
