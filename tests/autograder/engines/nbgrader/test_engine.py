"""One class of difficult submissions, run once by the nbgrader engine; each test looks at one thing in the results."""

# Over 60 s of CPU: a real kernel is started for each of sixteen hostile notebooks.

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import psutil
import pytest

from autograder.assignment.release import generate
from autograder.assignment.source import load_assignment, read_source
from autograder.engines.contract import Graded, Job, Limits
from autograder.engines.judge import TRY_IT, CellEnd, judge
from autograder.engines.nbgrader.engine import NbgraderEngine
from autograder.model import Check, Outcome, Submission
from autograder.submissions.intake import Release, repair

SOURCE = Path(__file__).parents[2] / "small_course/solutions/01-small/01-small.py"
LIMITS = Limits(cell_seconds=2.0, output_chars=100_000, memory_bytes=2_000_000_000)

# What each student wrote for half_up; spread is the reference everywhere.
ANSWERS = MappingProxyType(
    {
        "warns": "import math, sys, warnings\n"
        "def half_up(v):\n    warnings.warn('hm')\n    print('oh', file=sys.stderr)\n    return math.floor(v + 0.5)",
        "loops": "def half_up(v):\n    while True: pass",
        "loops-at-once": "while True: pass",
        "sleeps": "import time\ndef half_up(v): time.sleep(1000)",
        "will-not-stop": "def half_up(v):\n    while True:\n        try:\n            while True: pass\n"
        "        except BaseException: pass",
        "dies": "import os\ndef half_up(v): os._exit(0)",
        "dies-at-once": "import os\nos._exit(0)",
        "prints": "import math\ndef half_up(v):\n    print('x' * 300_000)\n    return math.floor(v + 0.5)",
        "floods": "def half_up(v):\n    while True: print('x' * 10_000)",
        "eats": "def half_up(v): return [0] * 10**11",
        "wrong-type": "def half_up(v):\n    x = 3\n    return x.foo",
        "syntax": "def half_up(v:\n    return",
        "exits": "import sys\ndef half_up(v): sys.exit(0)",
        "kills-its-parent": "import os\ndef half_up(v): os.kill(os.getppid(), 9)",
        "leaves-a-process": "import subprocess, math\n"
        "subprocess.Popen(['sleep', '86399'], start_new_session=True)\n"
        "def half_up(v): return math.floor(v + 0.5)",
        "looks-around": "import os, math\n"
        "def half_up(v):\n"
        "    assert os.environ['OMP_NUM_THREADS'] == '1' and 'SECRET_OF_THE_CALLER' not in os.environ\n"
        "    return math.floor(v + 0.5)",
    }
)


@pytest.fixture(scope="module")
def material(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Release]:
    folder = tmp_path_factory.mktemp("release")
    template = folder / "gradebook.db"
    return template, Release.read(generate(SOURCE, out=folder, gradebook_url=f"sqlite:///{template}"))


@pytest.fixture(scope="module")
def jobs(material: tuple[Path, Release]) -> list[Job]:
    release, assignment = material[1], load_assignment(SOURCE)
    reference = {c.metadata.nbgrader.grade_id: c.source for c in read_source(SOURCE).cells}
    made = []
    for student, answer in ANSWERS.items():
        notebook = json.loads(json.dumps(release.notebook))
        for cell in notebook["cells"]:
            name = cell["metadata"]["nbgrader"]["grade_id"]
            cell["source"] = {"half_up": answer, "spread": reference["spread"]}.get(name, cell["source"])
        intake = repair(json.dumps(notebook).encode(), release)
        who = Submission(student, "01-small", Path("n.ipynb"))
        made.append(Job(who, "key", intake, release.build(intake.cells), assignment, SOURCE, LIMITS))
    return made


@pytest.fixture(scope="module")
def graded(material: tuple[Path, Release], jobs: list[Job]) -> Iterator[dict[str, Graded]]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SECRET_OF_THE_CALLER", "x")
        yield {graded.result.student: graded for graded in NbgraderEngine(material[0], 2).grade(jobs)}


def outcomes(graded: Graded, task: str = "half_up") -> set[Outcome]:
    return {check.outcome for check in graded.result.checks if check.check.startswith(f"{task}-")}


pytestmark = pytest.mark.timeout(900)


def test_everybody_has_a_result(graded: dict[str, Graded]) -> None:
    assert set(graded) == set(ANSWERS)
    assert {one.result.key for one in graded.values()} == {"key"}


@pytest.mark.parametrize(
    ("student", "outcome"),
    [
        ("warns", Outcome.PASSED),
        ("looks-around", Outcome.PASSED),
        ("leaves-a-process", Outcome.PASSED),
        ("loops", Outcome.TIME_LIMIT),
        ("sleeps", Outcome.TIME_LIMIT),
        ("will-not-stop", Outcome.TIME_LIMIT),
        ("loops-at-once", Outcome.ERROR),
        ("dies", Outcome.CRASHED),
        ("dies-at-once", Outcome.ERROR),
        ("prints", Outcome.OUTPUT_LIMIT),
        ("eats", Outcome.MEMORY_LIMIT),
        ("wrong-type", Outcome.ERROR),
        ("syntax", Outcome.ERROR),
        ("exits", Outcome.ERROR),
        ("kills-its-parent", Outcome.CRASHED),
    ],
)
def test_outcome(graded: dict[str, Graded], student: str, outcome: Outcome) -> None:
    assert outcomes(graded[student]) == {outcome}


def test_an_endless_flood_ends_at_whichever_limit_comes_first(graded: dict[str, Graded]) -> None:
    """On a busy machine the time may be up before the output is read."""
    assert outcomes(graded["floods"]) <= {Outcome.OUTPUT_LIMIT, Outcome.TIME_LIMIT}
    assert graded["floods"].result.points == pytest.approx(5)


@pytest.mark.parametrize("student", sorted(set(ANSWERS) - {"kills-its-parent"}))
def test_the_other_task_keeps_its_marks(graded: dict[str, Graded], student: str) -> None:
    assert outcomes(graded[student], "spread") == {Outcome.PASSED}
    spread = [check.points for check in graded[student].result.checks if check.check.startswith("spread-")]
    assert sum(spread) == pytest.approx(5)


def test_messages_name_the_students_own_line_and_nothing_hidden(graded: dict[str, Graded]) -> None:
    public, hidden = (check.message for check in graded["wrong-type"].result.checks[:2])
    assert public == "Your code raised AttributeError: 'int' object has no attribute 'foo' in line 3 of your cell: " + (
        "`return x.foo`."
    )
    # The names in it stand in the student's cell; of the input nothing is told.
    assert hidden.splitlines() == [public, TRY_IT]
    assert "secret_value" in graded["wrong-type"].result.checks[1].detail


def test_a_cell_that_never_defined_its_function_is_named(graded: dict[str, Graded]) -> None:
    message = graded["syntax"].result.checks[1].message
    assert message.startswith("The cell `half_up` itself stopped with SyntaxError: '(' was never closed (line 1).")
    assert "did not finish: this took too long" in graded["loops-at-once"].result.checks[1].message
    died = graded["dies-at-once"].result.checks[1].message
    assert "did not finish: the process ended suddenly while this ran." in died


def test_limits_bound_the_time(graded: dict[str, Graded]) -> None:
    assert sum(check.cpu_seconds for check in graded["loops"].result.checks) < 6
    assert graded["will-not-stop"].result.seconds < 120


def test_the_executed_notebook_holds_outputs_and_hidden_tests(graded: dict[str, Graded]) -> None:
    notebook: Any = graded["warns"].notebook
    check = next(c for c in notebook["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") == "half_up-halves")
    assert "secret_halves" in "".join(check["source"])
    assert {output["name"] for output in check["outputs"]} == {"stderr"}
    assert graded["kills-its-parent"].notebook is None


def test_no_process_is_left(graded: dict[str, Graded]) -> None:
    left = [p.info["cmdline"] for p in psutil.process_iter(["cmdline"]) if "86399" in (p.info["cmdline"] or [])]
    assert graded
    assert left == []


def test_leaving_early_ends_the_workers(material: tuple[Path, Release], jobs: list[Job]) -> None:
    before = set(psutil.Process().children(recursive=True))  # other tests' processes, in the same worker
    # It loops for longer than the test may last, however late the other's process starts.
    patient = replace(LIMITS, cell_seconds=900.0)
    looping = [replace(job, limits=patient) for job in jobs if job.submission.student == "will-not-stop"]
    others = [job for job in jobs if job.submission.student == "warns"]
    stream = NbgraderEngine(material[0], 2).grade(others + looping)
    assert next(iter(stream)).result.student == "warns"
    stream.close()
    end = time.monotonic() + 10
    while set(psutil.Process().children(recursive=True)) - before and time.monotonic() < end:
        time.sleep(0.1)
    assert set(psutil.Process().children(recursive=True)) - before == set()


PUBLIC = Check("t-public", "t", 2, True, "Small cases")
HIDDEN = Check("t-big", "t", 3, False, "Big cases")


class TestJudge:
    def test_passing(self) -> None:
        result = judge(HIDDEN, CellEnd(seconds=0.5), CellEnd(), False, {})
        assert (result.outcome, result.points, result.cpu_seconds) == (Outcome.PASSED, 3, 0.5)

    def test_a_failed_check_says_its_own_words(self) -> None:
        result = judge(HIDDEN, CellEnd("CheckFailed", "Wrong shape"), CellEnd(), False, {})
        assert (result.outcome, result.points, result.message) == (Outcome.FAILED, 0, "Wrong shape")

    def test_a_hidden_check_does_not_tell_the_exceptions_text(self) -> None:
        end = CellEnd("ValueError", "secret 42", "Cell In[9], line 1\nsecret 42")
        hidden, public = (judge(check, end, CellEnd(), False, {}) for check in (HIDDEN, PUBLIC))
        assert hidden.message == f"Your code raised ValueError.\n{TRY_IT}"
        assert public.message == "Your code raised ValueError: secret 42."
        assert "secret 42" in hidden.detail

    def test_an_unwritten_answer(self) -> None:
        result = judge(HIDDEN, CellEnd("NotImplementedError"), CellEnd(), True, {})
        assert result.message == "`t` is not written yet: its cell is still the one that was handed out."

    def test_a_very_long_message_is_cut(self) -> None:
        assert len(judge(PUBLIC, CellEnd("CheckFailed", "x" * 10**6), CellEnd(), False, {}).message) < 5000
