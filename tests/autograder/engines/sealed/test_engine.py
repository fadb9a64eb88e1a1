"""A small class of difficult submissions through the whole engine: jobs in, results and notebooks out."""

# Over 60 s of CPU: a class of difficult submissions runs into every limit of the sandbox.

from __future__ import annotations

import json
from pathlib import Path
from types import MappingProxyType
from typing import Any

import psutil
import pytest

from autograder.assignment.release import generate
from autograder.assignment.source import load_assignment, read_source
from autograder.engines.contract import Graded, Job, Limits
from autograder.engines.judge import TRY_IT
from autograder.engines.sealed.engine import SealedEngine
from autograder.engines.sealed.session import Rules
from autograder.model import Outcome, Submission
from autograder.submissions.intake import Release, repair

SOURCE = Path(__file__).parents[2] / "small_course/solutions/01-small/01-small.py"
LIMITS = Limits(cell_seconds=1.0, memory_bytes=1_000_000_000)
RULES = Rules(idle_seconds=2.0)
ROUND = "import math\ndef half_up(v):\n    return math.floor(v + 0.5)"

# What each student wrote for half_up, and what its checks must give; spread is the reference everywhere.
ANSWERS = MappingProxyType(
    {
        "right": (ROUND, Outcome.PASSED),
        "lists-files": (f"files = !ls\n!ls -la\nimport math\nassert files == []\n{ROUND}", Outcome.PASSED),
        "installs": (f"%pip install tqdm\n%load_ext autoreload\n{ROUND}", Outcome.PASSED),
        "shell-in-a-function": (
            "import math\ndef half_up(v):\n    !echo {v}\n    return math.floor(v + 0.5)",
            Outcome.PASSED,
        ),
        "names-of-the-test": (
            f"import torch\nsecret_halves = torch.device('mps')\nsecret_value = rounded = 'mine'\n{ROUND}",
            Outcome.PASSED,
        ),
        "compiles": (
            "import math, torch\n@torch.compile\ndef half_up(v):\n    return math.floor(v + 0.5)",
            Outcome.PASSED,
        ),
        "warns": (f"import sys, warnings\nwarnings.warn('hm')\nprint('oh', file=sys.stderr)\n{ROUND}", Outcome.PASSED),
        "wrong": ("def half_up(v): return 7", Outcome.ERROR),
        "raises": ("def half_up(v):\n    x = 3\n    return x.foo", Outcome.ERROR),
        "syntax": ("def half_up(v:\n    return", Outcome.ERROR),
        "loops": ("def half_up(v):\n    while True: pass", Outcome.TIME_LIMIT),
        "loops-at-once": ("while True: pass", Outcome.TIME_LIMIT),
        "sleeps": ("import time\ndef half_up(v): time.sleep(1000)", Outcome.TIME_LIMIT),
        "dies": ("import os\ndef half_up(v): os._exit(0)", Outcome.CRASHED),
        "dies-at-once": ("import os\nos._exit(0)", Outcome.CRASHED),
        "eats": ("def half_up(v): return [0] * 10**11", Outcome.MEMORY_LIMIT),
        "prints": ("def half_up(v):\n    while True: print('x' * 10_000)", Outcome.OUTPUT_LIMIT),
        "kills-its-parent": (
            f"import os\ntry: os.kill(os.getppid(), 9)\nexcept OSError: pass\n{ROUND}",
            Outcome.PASSED,
        ),
        "leaves-a-process": (f"import os, time\nif os.fork() == 0:\n    time.sleep(86399)\n{ROUND}", Outcome.PASSED),
    }
)

pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Graded], list[list[str]]]:
    folder = tmp_path_factory.mktemp("release")
    release = Release.read(generate(SOURCE, out=folder))
    reference = {c.metadata.nbgrader.grade_id: c.source for c in read_source(SOURCE).cells}
    jobs = []
    for student, (answer, _) in ANSWERS.items():
        notebook = json.loads(json.dumps(release.notebook))
        for cell in notebook["cells"]:
            name = cell["metadata"]["nbgrader"]["grade_id"]
            cell["source"] = {"half_up": answer, "spread": reference["spread"]}.get(name, cell["source"])
        intake = repair(json.dumps(notebook).encode(), release)
        who = Submission(student, "01-small", Path("n.ipynb"))
        jobs.append(Job(who, "key", intake, release.build(intake.cells), load_assignment(SOURCE), SOURCE, LIMITS))
    before = set(psutil.Process().children(recursive=True))
    done = {one.result.student: one for one in SealedEngine(1, rules=RULES).grade(jobs)}
    after = set(psutil.Process().children(recursive=True))
    left = [process.cmdline() for process in after - before]
    # Python's tracker of shared resources, which Dask's way of starting workers needs, ends with this process.
    return done, [line for line in left if "multiprocessing.resource_tracker" not in " ".join(line)]


@pytest.fixture(scope="module")
def graded(everything: tuple[dict[str, Graded], list[list[str]]]) -> dict[str, Graded]:
    return everything[0]


def outcomes(graded: Graded, task: str) -> set[Outcome]:
    return {check.outcome for check in graded.result.checks if check.check.startswith(f"{task}-")}


def test_each_gets_what_it_must(graded: dict[str, Graded]) -> None:
    found = {student: outcomes(one, "half_up") for student, one in graded.items()}
    assert found == {student: {outcome} for student, (_, outcome) in ANSWERS.items()}


def test_the_other_task_keeps_its_marks(graded: dict[str, Graded]) -> None:
    points = {
        student: sum(check.points for check in one.result.checks if check.check.startswith("spread-"))
        for student, one in graded.items()
    }
    assert points == {student: pytest.approx(5) for student in ANSWERS}


def test_messages_name_the_students_own_line_and_nothing_hidden(graded: dict[str, Graded]) -> None:
    public, hidden = (check.message for check in graded["raises"].result.checks[:2])
    assert public == "Your code raised AttributeError: 'int' object has no attribute 'foo' in line 3 of your cell: " + (
        "`return x.foo`."
    )
    # The names in it stand in the student's cell; of the input nothing is told.
    assert hidden.splitlines() == [public, TRY_IT]
    assert "secret_value" in graded["raises"].result.checks[1].detail
    assert graded["syntax"].result.checks[1].message.startswith("The cell `half_up` itself stopped with SyntaxError")


def test_the_executed_notebook_holds_outputs_and_hidden_tests(graded: dict[str, Graded]) -> None:
    text = graded["warns"].notebook
    assert isinstance(text, bytes)
    notebook: Any = json.loads(text)
    cells = {c["metadata"]["nbgrader"]["grade_id"]: c for c in notebook["cells"]}
    assert "secret_halves" in cells["half_up-halves"]["source"]
    assert "oh" in cells["half_up"]["outputs"][0]["text"]


def test_no_process_is_left(everything: tuple[dict[str, Graded], list[list[str]]]) -> None:
    assert everything[1] == []
