"""What all of a submission's sandboxes may cost together, and what sealing does not stop, shown at work."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest

from autograder.engines.sealed.pair import Pair
from autograder.engines.sealed.session import CellRun, Role, Rules, Session, SessionCell
from autograder.isolation import ProcessLimits
from autograder.model import Outcome

pytestmark = [pytest.mark.timeout(600)]

SETUP = "import torch\nfrom torch import nn\nimport torch.nn.functional as F\nfrom convlab import checks, rules\n"
Run = Callable[..., list[CellRun]]


@pytest.fixture(scope="module")
def pair() -> Iterator[Pair]:
    with Pair() as started:
        yield started


@pytest.fixture
def run(pair: Pair) -> Run:
    """Run student cells, then checks; return how all but the setup cell ended."""

    def go(cells: list[str], checks: list[str], limits: ProcessLimits | None = None) -> list[CellRun]:
        sources = [(Role.SETUP, SETUP), *((Role.STUDENT, s) for s in cells), *((Role.CHECK, s) for s in checks)]
        listed = tuple(SessionCell(i, role, text, f"t{i}-x", f"t{i}") for i, (role, text) in enumerate(sources))
        return pair.run(Session(listed, Rules(limits or ProcessLimits(cpu_seconds=60, check_cpu_seconds=20))))[1:]

    return go


BUSY = "import time\nstart = time.process_time()\nwhile time.process_time() - start < {}: pass\n"


def test_many_cells_below_their_limit_end_at_the_submissions(run: Run) -> None:
    runs = run([BUSY.format(0.8)] * 60, ["assert True"], ProcessLimits(cpu_seconds=3, check_cpu_seconds=1))
    assert sum(end.cpu_seconds for end in runs) < 3 * 3
    assert runs[-1].end.limit is Outcome.TIME_LIMIT


def test_many_ended_sandboxes_end_at_the_submissions_limit(run: Run) -> None:
    runs = run([BUSY.format(99)] * 40, ["assert True"], ProcessLimits(cpu_seconds=4, check_cpu_seconds=1))
    assert sum(end.cpu_seconds for end in runs) < 3 * 4
    assert {end.end.limit for end in runs} == {Outcome.TIME_LIMIT}


def test_one_that_always_gives_a_sign_of_life_ends_by_the_clock(run: Run) -> None:
    """It computes a little whenever it would count as asleep."""
    begin = time.monotonic()
    lives = "def f(x):\n    import time\n    while True:\n        time.sleep(0.2)\n        sum(range(10 ** 6))\n"
    runs = run([lives], ["f(1)"] * 4, ProcessLimits(cpu_seconds=60, check_cpu_seconds=30, wall_seconds=3))
    assert {end.end.limit for end in runs[1:]} == {Outcome.TIME_LIMIT}
    assert time.monotonic() - begin < 90


def test_a_hidden_input_is_told_by_the_line_that_fails(run: Run) -> None:
    """Not stopped: the line helps honest students, and a line is a number."""
    source = "def f(n):\n    exec(compile('\\n' * (n - 1) + '1 / 0', '<cell 1>', 'exec'))\n"
    assert run([source], ["f(4321)"])[1].end.traceback.rstrip().endswith("Cell In[1], line 4321")


FORGED = """
import gc
server = next(o for o in gc.get_objects() if type(o).__name__ == "Server")
import autograder.engines.sealed.sandbox.server as module
module._OPS["recorded"] = lambda _, target, args, kwargs: (target(*args, **kwargs), [])
ready = next(o for o in gc.get_referents(torch) if isinstance(o, dict))["conv" + "2d"]
def f(x, w):
    return ready(x, w)
"""
SCRATCH = "x, w = torch.rand(1, 2, 5, 6), torch.rand(3, 2, 2, 3)\n"
SCRATCH += "checks.close(rules.from_scratch(f, (x, w)), F.conv2d(x, w), 'f')"


def test_from_scratch_can_be_forged_with_a_right_answer_only(run: Run) -> None:
    """Not stopped: how an answer is computed. Its values are compared all the same."""
    forged = run([FORGED], [SCRATCH])[1].end
    found = run([FORGED.replace('module._OPS["recorded"]', "unused")], [SCRATCH])[1].end
    wrong = run([FORGED.replace("return ready(x, w)", "return ready(x, w) * 2")], [SCRATCH])[1].end
    assert (forged.error, found.error, wrong.error) == ("", "CheckFailed", "CheckFailed")


LAZY = "calls = []\ndef f(x):\n    calls.append(1)\n    return {} if len(calls) == 1 else None\n"
RATIO = "x = torch.rand(50, 50)\nchecks.close(f(x), x * 2, 'f')\n"
RATIO += "checks.cpu_ratio(f, lambda x: x * 2, (x,), at_most=5, what='f')"


def test_timed_calls_can_be_answered_fast_and_wrongly(run: Run) -> None:
    """Not stopped: results of timed calls are not looked at. A comparison in the same check still has to be right."""
    slow = "torch.tensor([[2 * v for v in row] for row in x.tolist()])"
    lazy, wrong = run([LAZY.format(slow)], [RATIO])[1].end, run([LAZY.format("x")], [RATIO])[1].end
    honest = run([f"def f(x):\n    return {slow}\n"], [RATIO])[1].end
    assert (lazy.error, wrong.error, honest.error) == ("", "CheckFailed", "CheckFailed")


def test_a_function_that_a_test_passes_stays_callable(run: Run) -> None:
    """Not stopped: what a test hands over is handed over. A test must not pass its reference."""
    source = "kept = []\ndef f(g):\n    kept.append(g)\n    return 1\ndef h(x):\n    return kept[0](x)\n"
    ends = run([source], ["assert f(lambda x: x + 41) == 1", "assert h(1) == 42"])
    assert [end.end.error for end in ends] == ["", "", ""]
