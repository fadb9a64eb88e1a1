"""The command line as people call it: exit codes, one-line errors, clean stdout, and how soon help is there."""

# Over 60 s of CPU: every command is started as a process of its own.

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest

from autograder.cli import COMMANDS, cli

SMALL = Path(__file__).parent / "small_course"
ROOT = Path(__file__).parents[2]
NAME = "01-small"


def call(*arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run the command line in ``cwd``; its output is what a person sees, without colours."""
    command = [sys.executable, "-m", "autograder", *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "100"}
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=240, check=False)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course whose assignment was released through the command line."""
    root = tmp_path_factory.mktemp("cli") / "course"
    shutil.copytree(SMALL, root)
    done = call("release", "--all", cwd=root)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"exercises/{NAME}/{NAME}.ipynb\n", "")
    return root


@pytest.fixture
def copy(root: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(root, tmp_path / "course"))


def test_help_is_there_at_once() -> None:
    code = "import resource, autograder.cli as c\ntry: c.main(['--help'])\n"
    code += "finally: print(resource.getrusage(resource.RUSAGE_SELF).ru_utime)"
    times = []
    for _ in range(3):
        done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
        assert "Release, check and grade" in done.stdout
        times.append(float(done.stdout.splitlines()[-1]))
    assert min(times) < 0.3


def test_importing_the_command_line_imports_nothing_slow() -> None:
    code = "import sys, autograder, autograder.cli; print(' '.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert not loaded & {
        "torch",
        "numpy",
        "nbgrader",
        "dask",
        "distributed",
        "nbformat",
        "jupytext",
        "rich",
        "sqlalchemy",
    }


def test_an_option_has_one_help_text_in_all_commands_and_defaults_are_told_alike() -> None:
    told: dict[str, set[str]] = {}
    for name in COMMANDS:
        command = cli.get_command(click.Context(cli), name)
        assert command is not None
        for option in command.params:
            if isinstance(option, click.Option) and not option.hidden:
                for word in option.opts:
                    told.setdefault(word, set()).add(str(option.help))
    assert {"--root", "--course", "--workers", "--json", "-q"} <= told.keys()
    assert "--jobs" not in told
    assert {word: texts for word, texts in told.items() if len(texts) > 1} == {}
    assert [word for word, texts in told.items() if "None" in texts or "" in texts] == []


def test_the_former_name_of_workers_is_still_understood() -> None:
    command = cli.get_command(click.Context(cli), "verify")
    assert command is not None
    assert command.make_context("verify", ["--jobs", "3"]).params["jobs"] == 3


def test_release_check_says_what_differs(copy: Path) -> None:
    done = call("release", "--all", "--check", cwd=copy)
    assert (done.returncode, done.stdout) == (0, "exercises/ is what solutions/ generates (1 checked).\n")
    notebook = copy / "exercises" / NAME / f"{NAME}.ipynb"
    notebook.write_text(notebook.read_text().replace("Three numbers", "Four numbers"))
    done = call("release", NAME, "--check", cwd=copy)
    assert done.returncode == 1
    assert done.stdout.startswith(f"exercises/{NAME}/{NAME}.ipynb differs from its source at line ")
    assert done.stderr == "Run: autograder release --all\n"


def test_check_shows_tasks_and_points(root: Path) -> None:
    done = call("check", f"exercises/{NAME}/{NAME}.ipynb", cwd=root)
    assert done.returncode == 1
    assert done.stdout.count("not written yet") == 2
    assert "Public tests: 0 of 4 points. The other 6 of the 10 points are for hidden tests" in done.stdout


def test_check_passes_a_right_notebook_and_prints_json(root: Path, tmp_path: Path) -> None:
    data = json.loads((root / "exercises" / NAME / f"{NAME}.ipynb").read_text())
    answers = {
        "half_up": "import math\ndef half_up(value):\n    return math.floor(value + 0.5)",
        "spread": "def spread(values):\n    print('noise')\n    return max(values) - min(values)",
    }
    for cell in data["cells"]:
        cell["source"] = answers.get(cell["metadata"]["nbgrader"]["grade_id"], cell["source"])
    (tmp_path / "mine.ipynb").write_text(json.dumps(data))
    done = call("check", "mine.ipynb", "--root", root, "--json", cwd=tmp_path)
    said = json.loads(done.stdout)
    assert (done.returncode, said["assignment"], said["points"], said["passed"]) == (0, NAME, 4, True)
    assert "detail" not in said["checks"][0]


def test_verify_prints_the_kill_table(root: Path) -> None:
    done = call("verify", NAME, cwd=root)
    lines = done.stdout.splitlines()
    assert done.returncode == 0, done.stdout + done.stderr
    (row,) = [line.split() for line in lines if "to_even" in line]
    assert row == ["to_even", "·", "✗", "3"]
    assert lines[-1] == (
        f"{NAME}: reference 10 of 10, release 0, right answers with full marks 4 of 4, "
        "wrong answers caught 8 of 8, problems 0."
    )


def test_verify_exits_with_1_when_a_wrong_answer_passes(copy: Path) -> None:
    wrong = copy / "solutions" / NAME / "wrong" / "half_up.py"
    wrong.write_text(wrong.read_text().replace("round(value)", "int((value + 0.5) // 1)"))
    done = call("verify", "-q", cwd=copy)
    assert done.returncode == 1
    assert done.stdout.startswith(f"PROBLEM  {NAME}/wrong/half_up.py, to_even: passes every check of half_up;")


BAD_CALLS = {
    "no such notebook": (["check", "01-smal.ipynb"], "There is no file 01-smal.ipynb. Check the path."),
    "nearest notebook": (
        ["check", f"exercises/{NAME}/01-smal.ipynb"],
        f"There is no file exercises/{NAME}/01-smal.ipynb. Did you mean exercises/{NAME}/{NAME}.ipynb?",
    ),
    "not a notebook": (
        ["check", "_toc.yml"],
        "_toc.yml is not a notebook that can be read. Open it in Jupyter and save it again.",
    ),
    "unknown assignment": (["verify", "02-smal"], "There is no assignment '02-smal'. Did you mean 01-small?"),
    "unknown release": (["release", "smal"], "There is no assignment 'smal'. Did you mean 01-small?"),
    "nothing named": (["release"], "Name the assignments, or say --all. There are: 01-small."),
    "no course": (["release", "--all", "--root", "nowhere"], "nowhere is not a folder. Check the path."),
}


@pytest.mark.parametrize("kind", BAD_CALLS)
def test_bad_call_is_one_line_and_exit_code_2(root: Path, kind: str) -> None:
    arguments, said = BAD_CALLS[kind]
    done = call(*arguments, cwd=root)
    (line,) = done.stderr.splitlines()
    assert (done.returncode, done.stdout) == (2, "")
    assert line.startswith("autograder: ")
    assert line.endswith(said)


def test_bad_source_is_one_line(copy: Path) -> None:
    source = copy / "solutions" / NAME / f"{NAME}.py"
    source.write_text(source.read_text().replace("### END SOLUTION", "", 1))
    done = call("release", NAME, cwd=copy)
    assert done.returncode == 2
    assert done.stderr.startswith("autograder: 01-small.py, cell 'half_up': ")
    assert len(done.stderr.splitlines()) == 1
