"""A few minutes on a bare machine with a GPU: what runs, in which order, what is left, and what it must not import."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from convlab.datasets import DatasetUnavailable
from experiments import __main__ as command_line
from experiments import answers, common, on_gpu
from experiments.answers import Outcome, check_all, prepare
from experiments.on_gpu import PLAN, Step
from experiments.resume import NoTimeLeft

ROOT = Path(__file__).resolve().parents[2]
SMALL_COURSE = ROOT / "tests" / "autograder" / "small_course" / "solutions"
CELLS = [
    {"name": "setup", "kind": "setup", "text": "import os, torch\nfrom convlab import checks"},
    {
        "name": "digits",
        "kind": "setup",
        "text": "from sklearn.datasets import load_digits\nprint(load_digits().target)",
    },
    {
        "name": "spec",
        "kind": "setup",
        "text": "import importlib.util as u\nassert u.find_spec('sklearn'), 'torch asks'",
    },
    {"name": "double", "kind": "answer", "text": "def double(x):\n    return 2 * x"},
    {
        "name": "double-public",
        "kind": "check",
        "text": "x = torch.ones(2, device=checks.device())\nchecks.close(double(x), x + x, 'Twice')",
    },
    {"name": "double-wrong", "kind": "check", "text": "checks.equal(double(2), 5, 'Five')"},
]
# Only these, what they need themselves, and the standard library can be imported.
BARE = """
import sys
BARE = {"torch", "torchvision", "numpy", "matplotlib", "experiments", "convlab"}
NEED = {"PIL", "contourpy", "cycler", "dateutil", "fontTools", "kiwisolver", "packaging", "pyparsing", "six",
        "filelock", "fsspec", "jinja2", "markupsafe", "mpmath", "networkx", "sympy", "setuptools", "typing_extensions",
        "triton", "functorch", "torchgen", "mpl_toolkits", "pylab", "nvidia", "cuda", "_distutils_hack"}
class Bare:
    def find_spec(self, name, path=None, target=None):
        top = name.partition(".")[0]
        if top in BARE | NEED | sys.stdlib_module_names or top[0] == "_":
            return self.before.find_spec(name, path, target)
    def __getattr__(self, name):
        return getattr(self.before, name)  # the versions of packages are asked for here too
Bare.before = next(finder for finder in sys.meta_path if getattr(finder, "__name__", "") == "PathFinder")
sys.meta_path[sys.meta_path.index(Bare.before)] = Bare()
"""
TINY = """
import sys
from convlab.datasets import catalogue
from experiments import depth_statistics, on_gpu
catalogue.DRAWN = (2, 2)
depth_statistics.CHANNELS = 2
on_gpu.PLAN = (on_gpu.Step("depth-statistics", "shapes", 2, 1),)
sys.exit(on_gpu.main(sys.argv[1:]))
"""


def cells(folder: Path, name: str = "01-small", without: str = "") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    kept = [cell for cell in CELLS if cell["name"] not in without.split()]
    path = folder / f"{name}.cells.json"
    path.write_text(json.dumps({"assignment": name, "cells": kept}))
    return path


def test_a_bare_machine_is_enough(tmp_path: Path) -> None:
    (tmp_path / "bare").mkdir()
    (tmp_path / "bare" / "sitecustomize.py").write_text(BARE)
    cells(tmp_path / "answers")
    (tmp_path / "answers" / answers.DIGITS).write_text('{"images": [[[0, 16]]], "target": [7]}')
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(tmp_path / "bare"), str(ROOT)])}

    folders = ["--answers", str(tmp_path / "answers"), "--results", str(tmp_path / "results")]
    command = [sys.executable, "-c", TINY, "--device", "cpu", "--minutes", "3", *folders]
    ran = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert ran.returncode == 1, ran.stderr  # one check is wrong
    said = ran.stdout.splitlines()
    assert "  double-wrong: CheckFailed: " in "\n".join(said)
    assert said[-2].startswith("ran   checks of 1 of 1 assignments: 1 passed, 1 cells failed")
    assert said[-1].startswith("ran   depth-statistics: 2 of 2 seeds")
    assert sorted(p.name for p in (tmp_path / "results").iterdir()) == ["depth-statistics.json"]


@pytest.mark.parametrize(("name", "there"), [("nbformat", False), ("sklearn.datasets", False), ("torchvision", True)])
def test_the_bare_machine_of_these_tests_lacks_the_rest(name: str, there: bool) -> None:
    before = [SimpleNamespace(__name__="PathFinder", find_spec=lambda *arguments: "found")]
    meta_path: list[Any] = list(before)
    exec(BARE.replace("import sys", ""), {"sys": SimpleNamespace(**vars(sys) | {"meta_path": meta_path})})
    assert (meta_path[0].find_spec(name) == "found") == there


def test_the_plan_is_of_experiments_with_their_data_and_whole_first_seeds() -> None:
    assert len({step.name for step in PLAN}) == len(PLAN) > 4
    for step in PLAN:
        assert common(step.name).data in (None, step.data)
        assert step.seeds >= 3


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Let nothing be loaded, trained or checked; return what would be recorded, which may also be what is raised."""
    script: list[Any] = []
    monkeypatch.setattr(on_gpu, "_loaded", lambda name, root: None)
    monkeypatch.setattr(on_gpu, "PLAN", (Step("heads", "fashion_mnist", 2, 1), Step("lenet", "mnist", 1, 1)))

    def recorded(name: str, settings: Any, **options: Any) -> None:
        script.append((name, settings.seeds, options["keep"]))
        if settings.seeds == 2 and hasattr(recorded, "error"):
            raise recorded.error

    monkeypatch.setattr(command_line, "recorded", recorded)
    script.append(recorded)
    return script


def said_by(tmp_path: Path, capsys: pytest.CaptureFixture[str], minutes: str = "1") -> tuple[int, list[str]]:
    folders = ["--answers", str(tmp_path / "answers"), "--results", str(tmp_path / "results")]
    code = on_gpu.main(["--device", "cpu", "--minutes", minutes, *folders])
    return code, capsys.readouterr().out.splitlines()


def test_seeds_come_one_by_one_and_the_runs_go_with_the_last(
    ran: list[Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = said_by(tmp_path, capsys)
    assert code == 0
    assert ran[1:] == [("heads", 1, True), ("heads", 2, False), ("lenet", 1, False)]
    assert said[-3] == (
        f"left  checks of the reference answers: {tmp_path}/answers holds no prepared answers: write them with on-gpu "
        f"--prepare {tmp_path}/answers"
    )
    assert [line.partition(",")[0] for line in said[-2:]] == ["ran   heads: 2 of 2 seeds", "ran   lenet: 1 of 1 seeds"]


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (NoTimeLeft("no time is left for the run 'x'"), 0, "1 of 2 seeds, 0 s; no time is left for the run 'x'"),
        (RuntimeError("out of memory\nand more"), 1, "1 of 2 seeds, 0 s; RuntimeError: out of memory"),
        (DatasetUnavailable("It is not there."), 0, "It is not there."),
    ],
)
def test_what_is_left_has_a_reason_and_the_next_experiment_runs(
    error: Exception, code: int, words: str, ran: list[Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ran[0].error = error
    found, said = said_by(tmp_path, capsys)
    assert found == code
    assert said[-2].startswith("ran   heads: ")
    assert said[-2].endswith(words)
    assert said[-1].startswith("ran   lenet: 1 of 1 seeds")


def test_a_run_that_takes_too_long_is_interrupted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, ran: list[Any]
) -> None:
    def endless(*args: Any, **options: Any) -> None:
        while True:
            time.sleep(0.01)

    monkeypatch.setattr(command_line, "recorded", endless)
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # as a shell starts what is to run in the background
    try:
        code, said = said_by(tmp_path, capsys, minutes="0.005")
    finally:
        signal.signal(signal.SIGINT, before)
    assert code == 0
    assert said[-2].startswith("left  heads: 0 of 2 seeds, 0 s; the time was over in the middle of a run")
    assert said[-1] == "left  lenet: no time was left"


@pytest.mark.parametrize("minutes", ["0", "-1", "soon", "nan", "inf"])
def test_wrong_minutes_are_one_line(minutes: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        command_line.main(["on-gpu", f"--minutes={minutes}"])
    assert caught.value.code == 2
    last = capsys.readouterr().err.splitlines()[-1]
    assert last.endswith(f"expected a number of minutes above 0, such as 12; got '{minutes}'")


def test_without_a_gpu_there_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert on_gpu.main(["--device", "cuda:99"]) == 3
    said = capsys.readouterr().out.splitlines()
    assert len(said) == 1
    assert "Try it with --device cpu" in said[0]


def test_prepared_answers_pass_their_checks(tmp_path: Path) -> None:
    written = prepare(tmp_path, SMALL_COURSE)
    assert written
    assert len(json.loads((tmp_path / answers.DIGITS).read_text())["target"]) == 1797
    found = answers.run(written[0])
    assert found.failed == {}
    assert found.passed > 2


def test_outcomes_without_a_failure_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cells(tmp_path, "01-good", without="double-wrong")
    cells(tmp_path, "02-bad")
    asked: list[str] = []

    def run(path: Path, device: str, seconds: float) -> Outcome:
        asked.append(path.name[:2])
        return Outcome(path.name[:2], 1, {"x": "wrong"} if "bad" in path.name else {})

    monkeypatch.setattr(answers, "_in_a_process", run)
    for device, again in (("cpu", ["01", "02"]), ("cpu", ["02"]), ("cuda", ["01", "02"])):
        asked.clear()
        end = time.monotonic() + 60
        outcomes = check_all(tmp_path, device, end, tmp_path / "kept.json", workers=1, say=lambda text: None)
        assert asked == again
        assert [len(o.failed) for o in outcomes] == [0, 1]


def test_a_check_that_takes_too_long_is_left(tmp_path: Path) -> None:
    path = cells(tmp_path)
    assert answers._in_a_process(path, "cpu", 0.01).left == "not finished in the time"
    assert answers._in_a_process(path, "cpu", -1).left == "no time was left"
    path.write_text("{}")
    assert "KeyError" in answers._in_a_process(path, "cpu", 60).left
