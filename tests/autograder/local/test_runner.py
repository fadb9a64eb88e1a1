"""Running cells: how each can end, and that limits hold from outside."""

# Over 60 s of CPU: fresh and warm processes run into each of their limits, seconds of computing among them.

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import pytest

from autograder.engines.judge import CellEnd
from autograder.errors import EngineError
from autograder.local.runner import Allowance, CodeCell, Fresh, Launcher, Program, Warm, results, run
from autograder.model import Assignment, Check, Outcome, Task

THREAD = "import threading, time\nthreading.Thread(target=time.sleep, args=(99,), daemon=True).start()"
IMPORT = "from convlab.messages import CheckFailed"
TIGHT = Allowance(cpu_seconds=1, wall_seconds=60, output_bytes=200_000)


@pytest.fixture(params=["fresh", "warm"])
def launcher(request: pytest.FixtureRequest, warm: Warm) -> Launcher:
    return Fresh() if request.param == "fresh" else warm


def ends(folder: Path, launcher: Launcher, *cells: CodeCell, allowed: Allowance = TIGHT) -> dict[str, CellEnd]:
    ((index, found),) = run([Program(cells, folder)], launcher, allowed=allowed)
    assert index == 0
    return found


def alive(pid: int) -> bool:
    """Say whether the process ``pid`` runs (one that has ended and waits to be reaped does not)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_cells_share_names_and_an_error_does_not_stop_the_next(tmp_path: Path, launcher: Launcher) -> None:
    found = ends(
        tmp_path,
        launcher,
        CodeCell("a", "x = 2\nx"),
        CodeCell("b", "y = 1\nz = 1 / 0", own=True),
        CodeCell("c", "assert (x, y) == (2, 1)", graded=True),
        CodeCell("d", "def f(:", own=True),
        CodeCell(
            "e", "from convlab.messages import CheckFailed\nraise CheckFailed('One line.\\nNext: two.')", graded=True
        ),
    )
    assert found["a"].error == found["c"].error == ""
    assert (found["b"].error, found["b"].text) == ("ZeroDivisionError", "division by zero")
    assert "Cell In[2], line 2" in found["b"].traceback
    assert (found["d"].error, found["d"].text) == ("SyntaxError", "invalid syntax (line 1)")
    assert (found["e"].error, found["e"].text) == ("CheckFailed", "One line.\nNext: two.")


def test_cells_run_as_in_jupyter(tmp_path: Path, launcher: Launcher) -> None:
    (tmp_path / "beside.py").write_text("value = 3")
    source = """
    %matplotlib inline
    import inspect
    import matplotlib.pyplot as plt
    from IPython.display import display
    from beside import value
    def f():
        return 1
    fig, ax = plt.subplots()
    ax.plot([1, 2])
    display(fig)
    here = !pwd
    assert inspect.getsource(f).startswith("def f")
    import asyncio
    await asyncio.sleep(0)
    assert value == 3
    """
    found = ends(
        tmp_path, launcher, CodeCell("a", "\n".join(line[4:] for line in source.splitlines())), allowed=Allowance()
    )
    assert found["a"].error == "", found["a"]


def test_each_check_has_its_seed(tmp_path: Path, launcher: Launcher) -> None:
    draw = "import random, numpy, torch\ndrawn = (random.random(), numpy.random.rand(), torch.rand(1).item())"
    found = ends(
        tmp_path,
        launcher,
        CodeCell("a", draw, graded=True),
        CodeCell(
            "b", "import random, numpy, torch\nrandom.random(); numpy.random.rand(3); torch.rand(2)\nfirst = drawn"
        ),
        CodeCell("c", draw + "\nassert drawn == first", graded=True),
        allowed=Allowance(),
    )
    assert [found[key].error for key in "abc"] == ["", "", ""]


LOOP = "while True: pass"
ENDLESS = {
    "computing": (LOOP, Outcome.TIME_LIMIT),
    "printing": ("while True: print('x' * 1000)", Outcome.OUTPUT_LIMIT),
    "leaving": ("import os\nos._exit(0)", Outcome.CRASHED),
    "crashing": ("import os\nos.abort()", Outcome.CRASHED),
}


# Every bad end in a warm process; in a fresh one, which takes seconds to start, one of them, or all if thorough.
WAYS = [
    *(("warm", kind) for kind in ENDLESS),
    ("fresh", "leaving"),
    *(pytest.param("fresh", kind, marks=pytest.mark.thorough) for kind in ("computing", "printing", "crashing")),
]


@pytest.mark.parametrize(("launcher", "kind"), WAYS, indirect=["launcher"])
def test_cell_that_does_not_end_well_costs_itself_only(tmp_path: Path, launcher: Launcher, kind: str) -> None:
    source, outcome = ENDLESS[kind]
    found = ends(
        tmp_path,
        launcher,
        CodeCell("a", "x = 1"),
        CodeCell("a-public", source, graded=True),
        CodeCell("b", source, own=True),
        CodeCell("b-public", "assert x == 1", graded=True),
        allowed=Allowance(cpu_seconds=1, wall_seconds=60, output_bytes=200_000),
    )
    assert found["a-public"].limit is found["b"].limit is outcome
    assert found["b-public"].error == ""


def test_waiting_is_stopped_by_the_wall_clock_with_all_it_started(tmp_path: Path, launcher: Launcher) -> None:
    source = (
        f"import subprocess\nsubprocess.Popen(['sleep', '300']).pid\n!sleep 300 & echo $! > {tmp_path}/pid; sleep 300"
    )
    started = time.monotonic()
    found = ends(tmp_path, launcher, CodeCell("a", source, graded=True), allowed=Allowance(wall_seconds=4))
    assert found["a"].limit is Outcome.TIME_LIMIT
    assert time.monotonic() - started < 60
    pid = int((tmp_path / "pid").read_text())
    until = time.monotonic() + 10
    while alive(pid) and time.monotonic() < until:
        time.sleep(0.05)
    assert not alive(pid)


def test_many_bad_cells_end_after_a_few_starts(tmp_path: Path, warm: Warm) -> None:
    cells = [CodeCell(f"c{n}", "import os\nos._exit(1)", graded=True) for n in range(9)]
    found = ends(tmp_path, warm, *cells)
    assert {found[cell.key].limit for cell in cells} == {Outcome.CRASHED}


def test_jobs_run_side_by_side_and_apart(tmp_path: Path, warm: Warm) -> None:
    cells = (CodeCell("a", "import time\ntime.sleep(0.5)\nimport sys\nassert not hasattr(sys, 'mark')\nsys.mark = 1"),)
    programs = [Program((*cells, CodeCell("b", f"assert {n} % 2", graded=True)), tmp_path) for n in range(6)]
    found = dict(run(programs, warm, workers=6, allowed=Allowance()))
    assert [found[n]["b"].error for n in range(6)] == ["AssertionError", ""] * 3
    assert {found[n]["a"].error for n in range(6)} == {""}


def test_cpu_time_is_counted_not_waiting(tmp_path: Path, warm: Warm) -> None:
    busy = "import time\nend = time.process_time() + 0.3\nwhile time.process_time() < end: pass"
    found = ends(tmp_path, warm, CodeCell("a", "import time\ntime.sleep(0.5)"), CodeCell("b", busy))
    assert found["a"].seconds < 0.25
    assert 0.3 <= found["b"].seconds < 0.6


def test_cpu_clock_is_fine_grained(tmp_path: Path, warm: Warm) -> None:
    """A limit set in the process itself (RLIMIT_CPU) would make Linux count its CPU time in steps of 4 ms."""
    source = "import time\nstart = time.process_time()\nwhile time.process_time() == start: pass\n"
    source += "assert time.process_time() - start < 1e-3"
    found = ends(tmp_path, warm, *(CodeCell(str(n), source) for n in range(10)))
    assert {end.error for end in found.values()} == {""}


def test_a_process_that_cannot_start_is_our_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(EngineError, match="could not be started"):
        ends(tmp_path, Fresh(), CodeCell("a", "1"))
    with pytest.raises(EngineError, match="has died"):
        Warm()


def test_a_process_that_died_is_named_by_everybody_who_asks_it(tmp_path: Path) -> None:
    with Warm() as launcher:
        launcher.process.kill()
        launcher.process.wait()
        for _ in range(2):
            with pytest.raises(EngineError, match="has died"):
                launcher.rehearse(tmp_path)
            with pytest.raises(EngineError, match="has died"):
                launcher.start(tmp_path)


def test_results_name_the_students_own_line_and_nothing_hidden(tmp_path: Path, warm: Warm) -> None:
    public, hidden = Check("f-public", "f", 2, True, "One"), Check("f-more", "f", 3, False, "More")
    assignment = Assignment("01", "One", (Task("f", 1, "f", (public, hidden)),))
    program = Program(
        (
            CodeCell("f", "def f(n):\n    if n > 5:\n        raise KeyError(n)\n    return n", own=True),
            CodeCell("f-public", "assert f(1) == 1", graded=True),
            CodeCell("f-more", "secret = 77\nf(secret)", graded=True),
        ),
        tmp_path,
    )
    ((_, found),) = run([program], warm)
    passed, failed = results(assignment, program, found)
    assert (passed.outcome, passed.points) == (Outcome.PASSED, 2)
    assert (failed.outcome, failed.points, failed.max_points) == (Outcome.ERROR, 0, 3)
    assert failed.message.splitlines()[0] == "Your code raised KeyError in line 3 of your cell: `raise KeyError(n)`."
    assert "77" not in failed.message


def rehearsed(launcher: Warm, folder: Path, *sources: str) -> None:
    program = {"cells": [{"key": str(number), "source": source} for number, source in enumerate(sources)]}
    (folder / "program.json").write_text(json.dumps(program), encoding="utf-8")
    launcher.rehearse(folder)


def test_what_a_rehearsal_loads_is_there_for_every_job_and_its_names_are_not(tmp_path: Path) -> None:
    (tmp_path / "counted.py").write_text(f"open({str(tmp_path / 'loads')!r}, 'a').write('x')\n", encoding="utf-8")
    use = f"import os, sys\nsys.path.insert(0, {str(tmp_path)!r})\nimport counted\nname = 1\nos.environ['SET'] = '1'"
    with Warm() as launcher:
        rehearsed(launcher, tmp_path, use, "raise SystemExit(1)", "1 / 0", "print('heard by nobody')")
        loaded = (tmp_path / "loads").read_text()
        test = "import os\nassert 'name' not in globals() and 'SET' not in os.environ"
        for _ in range(2):
            found = ends(tmp_path, launcher, CodeCell("a", test, graded=True), CodeCell("b", use, own=True))
            assert [end.error for end in found.values()] == ["", ""]
    assert loaded == "xx"  # once in the trial, once for good
    assert (tmp_path / "loads").read_text() == loaded


SPOILING = {
    "ends": "import os\nos._exit(0)",
    "dies": "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)",
    "leaves a thread": THREAD,
}


def test_cells_that_would_spoil_the_warm_process_are_not_run_in_it(tmp_path: Path) -> None:
    with Warm() as launcher:
        for what, source in SPOILING.items():
            rehearsed(launcher, tmp_path, source)
            assert len(list(Path(f"/proc/{launcher.process.pid}/task").iterdir())) == 1, what
            found = ends(tmp_path, launcher, CodeCell("a", "assert 1 + 1 == 2", graded=True))
            assert found["a"].error == "", what


def test_a_program_may_have_an_allowance_of_its_own(tmp_path: Path) -> None:
    cells = (CodeCell("loop", "while True:\n    pass", graded=True),)
    program = Program(cells, tmp_path, stop=True, allowed=Allowance(cpu_seconds=0.2))
    endless = Allowance(cpu_seconds=1e9, wall_seconds=1e9)
    ((_, ends),) = run([program], Fresh(), allowed=endless)
    assert ends["loop"].limit is Outcome.TIME_LIMIT
