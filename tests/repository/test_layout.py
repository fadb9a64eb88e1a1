"""The repository keeps the few rules that hold it together."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

from tests.conftest import worker_group

ROOT = Path(__file__).resolve().parents[2]


def tracked(*patterns: str) -> list[Path]:
    """List the files that git tracks or would (new ones that it does not ignore)."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *patterns]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / line for line in listed.splitlines() if (ROOT / line).is_file()]


def test_the_top_holds_the_names_that_were_asked_for() -> None:
    wanted = ["book", "exercises", "solutions", "autograder", "_config.yml", "_toc.yml", "requirements.txt"]
    assert [name for name in wanted if not (ROOT / name).exists()] == []


def test_no_module_is_longer_than_400_lines() -> None:
    modules = tracked("autograder/*.py", "convlab/*.py", "experiments/*.py", "tools/*.py")
    assert len(modules) > 10
    assert [str(m) for m in modules if len(m.read_text(encoding="utf-8").splitlines()) > 400] == []


def test_every_public_module_says_what_it_exports() -> None:
    modules = [m for m in tracked("autograder/*.py", "convlab/*.py", "experiments/*.py") if m.name != "__main__.py"]
    without = []
    for module in modules:
        tree = ast.parse(module.read_text(encoding="utf-8"))
        exported = any(ast.unparse(n).startswith("__all__") for n in tree.body)
        defines = any(isinstance(n, ast.FunctionDef | ast.ClassDef) for n in tree.body)
        if ast.get_docstring(tree) is None and defines:
            without.append(f"{module}: no docstring")
        if defines and not exported:
            without.append(f"{module}: no __all__")
    assert without == []


def test_no_file_names_a_path_of_somebodys_machine() -> None:
    pattern = re.compile(r"/home/[a-z]+/|/Users/[a-z]+/|/wo[r]k/|/ro[o]t/")
    suffixes = {".py", ".md", ".yml", ".toml", ".txt", ".ipynb", ".json", ".js", ".css", ".html"}
    # Tests may name such paths: hostile ones that must not be shown, or real ones that must not be read.
    files = [f for f in tracked() if f.suffix in suffixes and ROOT / "tests" not in f.parents]
    assert [str(f) for f in files if pattern.search(f.read_text(encoding="utf-8"))] == []


def test_ci_calls_what_the_readme_tells_a_person() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    commands = [line for line in script.splitlines() if line and not line.startswith(("#", "set ", "cd "))]
    assert commands == ["make test"]
    assert "make test" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_files_that_rebuild_the_example_class_share_a_worker() -> None:
    text = "tests/acceptance/test_{}.py::test_x[a::b]"
    assert len({worker_group(text.format(name)) for name in ("handout", "nbgrader_tools", "readme")}) == 1
    assert worker_group(text.format("same_marks")) == "tests/acceptance/test_same_marks.py"
