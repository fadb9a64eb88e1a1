"""Student code that cheats in its own process gains nothing from it in the examiner's."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from autograder.isolation import ProcessLimits
from autograder.model import Outcome

Run = Callable[..., Any]

ALWAYS = "class Yes(float):\n" + "".join(
    f"    def __{name}__(self, *a): return True\n" for name in ("eq", "bool", "lt", "gt", "le", "ge", "ne", "contains")
)
GOOD = "def f(x):\n    return x * 2\n"

# name: (student's code, check that an honest wrong answer fails, outcome that it must have: class of the error)
SCRATCH = (
    "result = rules.from_scratch(f, (torch.arange(5.0), torch.ones(2)), what='f')\n"
    "checks.close(result, torch.tensor([1.0, 3, 5, 7]), 'f')"
)
POOL = "from concurrent.futures import ThreadPoolExecutor\npool = ThreadPoolExecutor(1)\npool.submit(int).result()\n"
CHEATS: dict[str, tuple[str, str, str]] = {
    "numpy's correlation, which the release imports": (
        "def f(x, w): return torch.tensor(np.correlate(x.numpy(), w.numpy()))",
        SCRATCH,
        "CheckFailed",
    ),
    "the same with its name in pieces": (
        "def f(x, w): return torch.tensor(getattr(np, 'corr' + 'elate')(x.numpy(), w.numpy()))",
        SCRATCH,
        "CheckFailed",
    ),
    "torch's convolution in a thread that was waiting": (
        POOL + "g = eval('torch.conv1d')\n"
        "def f(x, w): return pool.submit(g, x[None, None], w[None, None]).result()[0, 0]",
        SCRATCH,
        "CheckFailed",
    ),
    "an object equal to everything": (
        "class Yes:\n    def __eq__(self, o): return True\n    def __bool__(self): return True\ndef f(x): return Yes()",
        "assert f(3) == 6",
        "AssertionError",
    ),
    "the same through checks": (ALWAYS + "def f(x): return Yes(0)", "checks.equal(f(3), 6.0, 'f')", "CheckFailed"),
    "a true object": (ALWAYS + "def f(x): return Yes(0)", "assert f(3)", "TypeError"),
    "close to everything": (
        "class T(torch.Tensor):\n    @classmethod\n    def __torch_function__(cls, *a, **k): return True\n"
        "def f(x): return torch.zeros(2).as_subclass(T)",
        "checks.close(f(torch.ones(2)), torch.full((2,), 2.0), 'f')",
        "CheckFailed",
    ),
    "a class that says it is a tensor": (
        "class T:\n    __class__ = torch.Tensor\n    shape = (2,)\n    dtype = torch.float32\n"
        "    def __torch_function__(self, *a, **k): return True\ndef f(x): return T()",
        "checks.close(f(torch.ones(2)), torch.full((2,), 2.0), 'f')",
        "CheckFailed",
    ),
    "patched torch": (
        "torch.equal = torch.allclose = torch.isclose = lambda *a, **k: True\n"
        "torch.Tensor.__eq__ = lambda *a: True\ndef f(x): return x",
        "assert torch.equal(f(torch.ones(2)), torch.full((2,), 2.0))",
        "AssertionError",
    ),
    "patched checks": (
        "from convlab import checks\nfor n in dir(checks):\n"
        "    n[:1] != '_' and setattr(checks, n, lambda *a, **k: None)\n"
        "def f(x): return x",
        "checks.equal(f(3), 6, 'f')",
        "CheckFailed",
    ),
    "names of the release": (
        "checks = torch = np = None\ndef f(x): return x",
        "checks.equal(f(3), 6, 'f')",
        "CheckFailed",
    ),
    "builtins as names": ("def len(x): return 7\ndef f(x): return [1]", "assert len(f(3)) == 7", "AssertionError"),
    "stripped asserts": (
        "import ast\nclass Strip(ast.NodeTransformer):\n    def visit_Assert(self, n): return ast.Pass()\n"
        "get_ipython().ast_transformers.append(Strip())\ndef f(x): return x",
        "assert f(3) == 6",
        "AssertionError",
    ),
    "a patched shell": (
        "get_ipython().run_cell = lambda *a, **k: None\nimport sys\nsys.settrace(lambda *a: None)\ndef f(x): return x",
        "assert f(3) == 6",
        "AssertionError",
    ),
    "an expected error raised for ever": (
        "class E(ValueError):\n    pass\ndef f(x): raise E('no')",
        "checks.equal(f(3), 6, 'f')",
        "E",
    ),
    "an error that says it is a check's": (
        "class CheckFailed(Exception): pass\ndef f(x): raise CheckFailed('fine')",
        "f(3)",
        "Exception",
    ),
    "sys.exit": ("def f(x): raise SystemExit(0)", "assert f(3) == 6", "SystemExit"),
    "an iterator of lies": (
        "class L:\n    def __len__(self): return -5\ndef f(x): return L()",
        "assert len(f(3)) == 2",
        "ValueError",
    ),
    "a tensor with a class of its own": (
        "class P(nn.Parameter): pass\ndef f(x): return P(torch.ones(2))",
        "assert torch.sum(f(3)) == 2",
        "TypeError",
    ),
}


def test_cheats(run: Run) -> None:
    """Each in a sandbox of its own."""
    found = {name: run(code, check)[0].end.error for name, (code, check, _) in CHEATS.items()}
    assert found == {name: expected for name, (*_, expected) in CHEATS.items()}


def test_patched_builtins_break_nothing_but_the_student(run: Run) -> None:
    patch = "import builtins\nbuiltins.isinstance = lambda *a: True\nbuiltins.len = builtins.type = lambda *a: 6\n"
    assert run(patch + "def f(x): return x", "assert f(3) == 6")[0].end.error != ""


def test_nothing_of_a_test_but_its_calls_reaches_the_sandbox(outcome: Run) -> None:
    """The student's code reads along on the channel, and looks for names, texts and functions of the test."""
    code = """
import gc
server, seen = next(o for o in gc.get_objects() if type(o).__name__ == "Server"), []
receive = server._receive
def listen(size):
    data = receive(size)
    seen.append(bytes(data))
    return data
server._receive = listen
def f(x):
    words = (["begin"], ["straw", "field"], ["black", "field"], ["blue", "field"], ["check", "s"])
    return ["".join(word).encode() in b"".join(seen) for word in words]
"""
    check = """
strawfield = "blackfield"
def bluefield(x):
    return [checks.equal, x]
assert f(3) == [True, False, False, False, False], f(3)
"""
    assert outcome(code, check)[:2] == ("", "")


ENDS: dict[str, tuple[str, Outcome]] = {
    "a loop": ("while True: pass", Outcome.TIME_LIMIT),
    "a loop inside torch": ("a = torch.ones(800, 800)\n    while True: a @ a", Outcome.TIME_LIMIT),
    "a loop that swallows": (
        "while True:\n        try:\n            while True: pass\n        except BaseException: pass",
        Outcome.TIME_LIMIT,
    ),
    "memory": ("b = []\n    while True: b.append(bytearray(b'x' * (1 << 24)))", Outcome.MEMORY_LIMIT),
    "output": ("while True: print('x' * 10000)", Outcome.OUTPUT_LIMIT),
    "os._exit": ("import os; os._exit(0)", Outcome.CRASHED),
    "a crash": ("import ctypes; ctypes.string_at(0)", Outcome.CRASHED),
    "an abort": ("import os; os.abort()", Outcome.CRASHED),
}


def test_limits_end_one_task_and_no_other(run: Run) -> None:
    """Each of these ends the sandbox; the next check finds the student's other function in a new one."""
    limits = ProcessLimits(cpu_seconds=20, check_cpu_seconds=1, memory_bytes=400 << 20, wall_seconds=60)
    found = {}
    for name, (body, _) in ENDS.items():
        ends = run(f"def f(x):\n    {body}\ndef g(x):\n    return x + 1\n", "f(3)", "assert g(3) == 4", limits=limits)
        error = "MemoryError" if ends[0].end.error == "MemoryError" else ends[0].end.limit
        found[name] = (error, ends[1].end.error)
    expected = {name: (limit, "") for name, (_, limit) in ENDS.items()}
    expected["memory"] = (found["memory"][0], "")
    assert found == expected
    assert found["memory"][0] in ("MemoryError", Outcome.MEMORY_LIMIT)


def test_a_cell_that_never_ends_costs_itself_alone(run: Run) -> None:
    limits = ProcessLimits(cpu_seconds=20, check_cpu_seconds=1)
    cells = ["def g(x):\n    return x + 1", "while True: pass", "def h(x):\n    return x + 2"]
    ends = run(cells, "assert g(3) == 4", "assert h(3) == 5", limits=limits)
    assert [end.end.error for end in ends] == ["", ""]


def test_a_task_that_hangs_is_not_run_for_ever(run: Run) -> None:
    limits = ProcessLimits(cpu_seconds=20, check_cpu_seconds=1)
    start = time.monotonic()
    ends = run("def f(x):\n    while True: pass", *["f(1)"] * 20, limits=limits, tasks="f")
    assert [end.end.limit for end in ends] == [Outcome.TIME_LIMIT] * 20
    assert sum(end.cpu_seconds for end in ends) < 4
    assert time.monotonic() - start < 120


def test_a_test_that_loops_over_a_students_number_ends(run: Run) -> None:
    limits = ProcessLimits(cpu_seconds=20, check_cpu_seconds=1)
    ends = run("def f(x):\n    return 10 ** 15", "for i in range(f(1)): pass", "assert f(1) > 5", limits=limits)
    assert [end.end.limit for end in ends] == [Outcome.TIME_LIMIT, None]
    assert ends[1].end.error == ""


def test_a_huge_result_is_refused_and_the_examiner_lives(run: Run) -> None:
    code = "def f(x):\n    return torch.zeros(1).expand(10 ** 12)\ndef g(x):\n    return ['x' * 10] * 10 ** 6"
    ends = run(code, "f(1)", "g(1)", "assert 1 == 1")
    assert [(end.end.error, end.end.limit) for end in ends[::2]] == [("CannotBeChecked", None), ("", None)]
    assert ends[1].end.error != ""


def test_one_submission_leaves_nothing_for_the_next(run: Run) -> None:
    run("import builtins, os\nbuiltins.left = 1\ntorch.left = 1\nopen('left', 'w').write('x')\nleft = 1", "assert True")
    check = "assert f() == [False, False, False]"
    code = "import builtins, os\ndef f():\n    return [hasattr(builtins, 'left'), hasattr(torch, 'left'), "
    code += "os.path.exists('left')]"
    assert run(code, check)[0].end.error == ""


@pytest.mark.parametrize("hidden", ["x = 3 +* 4", "undefined_name"])
def test_lines_of_the_student_are_found_and_those_of_tests_are_not(run: Run, hidden: str) -> None:
    code = f"def f(x):\n    y = 1\n    return {'y / 0' if hidden else ''}\n"
    end = run(code, "z = f(1)")[0].end
    assert end.error == "ZeroDivisionError"
    assert end.traceback.rstrip().endswith("Cell In[1], line 3")
    assert end.traceback.count("Cell In[") == 1
