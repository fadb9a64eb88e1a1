"""The repository keeps the few rules that hold it together."""

from __future__ import annotations

import ast
import graphlib
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


# From bottom to top; a module imports from its own line or from lines above it.
ORDER = """
errors model files parsing progress processes installed course gradebook.nbgrader_api
isolation
assignment
submissions
engines.contract engines.telling engines.devices
engines.judge
engines.nbgrader engines.dispatch
engines.sealed
engines.choose
gradebook
grading
local
reports
example
doctor
commands
cli
"""
LEVELS = {name: level for level, line in enumerate(ORDER.strip().splitlines()) for name in line.split()}


def level_of(module: str) -> int | None:
    """Return on which line of ``ORDER`` ``module`` stands; None for what only gathers others."""
    parts = module.removeprefix("autograder.").split(".")
    names = (".".join(parts[:count]) for count in range(len(parts), 0, -1))
    return next((LEVELS[name] for name in names if name in LEVELS), None)


def imported_by(path: Path) -> set[str]:
    """Return the modules of the autograder that the one in ``path`` imports, in functions too."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = path.relative_to(ROOT).parts[: -node.level] if node.level else ()
            module = ".".join([*above, *filter(None, [node.module])])
            found |= {module, *(f"{module}.{alias.name}" for alias in node.names)}
    files = {name: ROOT / name.replace(".", "/") for name in found if name.startswith("autograder.")}
    return {name for name, file in files.items() if file.with_suffix(".py").is_file() or file.is_dir()}


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def test_nothing_imports_upward() -> None:
    upward = []
    for path in tracked("autograder/*.py"):
        own = level_of(module_of(path))
        others = imported_by(path) if own is not None else set()
        upward += [f"{path}: {other}" for other in others if (level_of(other) or 0) > (own or 0)]
    assert upward == []


def test_no_modules_import_each_other_in_a_circle() -> None:
    paths = [path for path in tracked("autograder/*.py") if path.name != "__init__.py"]
    graph = {module_of(path): imported_by(path) - {module_of(path)} for path in paths}
    modules = {name: others & graph.keys() for name, others in graph.items()}
    assert list(graphlib.TopologicalSorter(modules).static_order())  # raises CycleError, which names the circle


def test_the_sandbox_imports_nothing_of_the_trusted_half() -> None:
    allowed = ("sealed", "sealed.warm", "sealed.protocol", "sealed.sandbox")
    wanted = {"autograder.errors", "autograder.engines", *(f"autograder.engines.{name}" for name in allowed)}
    todo = [module_of(path) for path in tracked("autograder/engines/sealed/sandbox/*.py")]
    assert len(todo) > 5
    seen = set(todo)
    while todo:
        file = ROOT / todo.pop().replace(".", "/")
        new = imported_by(file / "__init__.py" if file.is_dir() else file.with_suffix(".py")) - seen
        seen |= new
        todo += new
    inside = ("autograder.engines.sealed.sandbox.", "autograder.engines.sealed.protocol.", "autograder.isolation")
    assert {name for name in seen if not name.startswith(inside)} <= wanted


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
    assert worker_group(text.format("same_marks")) == worker_group(text.format("student_pass")) != "course"
