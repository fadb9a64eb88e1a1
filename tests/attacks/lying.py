"""Attacks on the decision: objects that equal everything, patched libraries, and messages that break the rules."""

from __future__ import annotations

from autograder.model import Outcome
from tests.attacks.attack import CHANNEL, REST, Attack

__all__ = ["LYING", "WIRE"]

EXAMINER = "comparison, truth and type are decided in the examiner, which has torch and Python of its own"
PROXY = "an object of a class of the student's is a proxy: it equals nothing but itself"
WRONG = frozenset({Outcome.FAILED, Outcome.ERROR})
CRASH = frozenset({Outcome.CRASHED})

YES = "class Yes:\n" + "".join(
    f"    def __{name}__(self, *a, **k): return True\n"
    for name in ("eq", "bool", "lt", "gt", "le", "ge", "ne", "contains", "call", "getattr", "torch_function")
)
CLASS = "class Yes:\n    __class__ = torch.Tensor\n    shape = torch.Size([2])\n    dtype = torch.float32\n"
SUBCLASS = """
class Yes(torch.Tensor):
    @classmethod
    def __torch_function__(cls, *a, **k): return True
    def __eq__(self, other): return torch.tensor(True)
"""


def lie(before: str, body: str = "return x") -> str:
    return f'import torch\n{before}\nprint("ATTACK RAN")\ndef halve(x):\n    {body}\n'


PATCH_TORCH = """
for module in (torch, torch.testing, torch.Tensor):
    for name in ("equal", "allclose", "isclose", "assert_close", "__eq__", "__ne__", "__lt__", "isnan", "all", "any"):
        if hasattr(module, name):
            setattr(module, name, lambda *a, **k: True)
"""
PATCH_CHECKS = """
from convlab import checks, checks_tensors, messages
for module in (checks, checks_tensors, messages):
    for name in dir(module):
        if name[0] != "_":
            setattr(module, name, lambda *a, **k: None)
"""
PATCH_BUILTINS = """
import builtins
builtins.isinstance = builtins.hasattr = builtins.all = builtins.any = lambda *a: True
builtins.AssertionError = builtins.Exception = type("No", (BaseException,), {})
"""
PATCH_SHELL = """
import ast, sys
class Strip(ast.NodeTransformer):
    def visit_Assert(self, node): return ast.Pass()
    def visit_Expr(self, node): return ast.Pass() if "checks" in ast.unparse(node) else node
shell = get_ipython()
shell.ast_transformers.append(Strip())
sys.settrace(lambda *a: None)
sys.excepthook = lambda *a: None
"""
PATCH_SERVER = """
import gc
server = next(o for o in gc.get_objects() if type(o).__name__ == "Server")
import autograder.engines.sealed.sandbox.server as module
for op in list(module._OPS):
    if op not in ("run", "begin"):
        module._OPS[op] = lambda *a, **k: True
module._describe = lambda error: ["ok", None, [], [], None, [], []]
"""
NAMES = "checks = secret_halves = received_halves = secret_numbers = None\ndef clone(x): return x"

LYING = (
    Attack(
        "equals-everything",
        "returns an object whose __eq__, __bool__ and all else say True",
        PROXY,
        lie(YES, "return Yes()"),
        outcomes=WRONG,
    ),
    Attack(
        "claims-to-be-a-tensor",
        "returns an object whose __class__, shape and dtype are a tensor's",
        PROXY,
        lie(CLASS, "return Yes()"),
        outcomes=WRONG,
    ),
    Attack(
        "tensor-subclass",
        "returns a tensor of its own class with __torch_function__ and __eq__",
        PROXY,
        lie(SUBCLASS, "return torch.zeros_like(x).as_subclass(Yes)"),
        outcomes=WRONG,
    ),
    Attack(
        "number-subclass",
        "returns a float of its own class that equals everything",
        PROXY,
        lie(YES.replace("class Yes", "class Yes(float)"), "return Yes(0)"),
        outcomes=WRONG,
    ),
    Attack(
        "returns-not-a-number",
        "returns tensors of NaN and infinity, which defeat careless comparisons",
        "checks.close counts them as wrong",
        lie("", "return x * float('nan')"),
        outcomes=WRONG,
    ),
    Attack(
        "patches-torch",
        "replaces torch.equal, allclose, Tensor.__eq__ and others",
        EXAMINER,
        lie(PATCH_TORCH),
        outcomes=WRONG,
    ),
    Attack("patches-checks", "replaces every function of convlab.checks", EXAMINER, lie(PATCH_CHECKS), outcomes=WRONG),
    Attack(
        "patches-builtins",
        "replaces isinstance, all, AssertionError and Exception",
        EXAMINER,
        lie(PATCH_BUILTINS),
        outcomes=frozenset({*WRONG, Outcome.CRASHED}),
    ),
    Attack(
        "patches-the-shell",
        "removes asserts and checks from all cells that IPython compiles",
        EXAMINER,
        lie(PATCH_SHELL),
        outcomes=WRONG,
    ),
    Attack(
        "patches-the-sandbox",
        "replaces the half of the engine that lies beside it, so that it answers True",
        EXAMINER,
        lie(PATCH_SERVER),
        points=0.0,
        outcomes=frozenset({*WRONG, Outcome.CRASHED}),
    ),
    Attack(
        "binds-the-tests-names",
        "defines the names that a test uses",
        "names of the release are the release's",
        lie(NAMES),
        outcomes=WRONG,
    ),
    Attack(
        "raises-a-pass",
        "raises exceptions called CheckFailed, Stopped and StopIteration in place of an answer",
        "no exception is a pass",
        lie("class CheckFailed(Exception): pass", "raise CheckFailed('passed')"),
        outcomes=WRONG,
    ),
    Attack(
        "spoils-the-argument",
        "zeroes the argument and returns it, so that a later reference agrees",
        "the test computes its reference first, from a copy",
        lie("", "return x.zero_()"),
        outcomes=WRONG,
    ),
    Attack(
        "spoils-the-gradient",
        "returns a result whose backward pass changes everything it meets",
        "gradients are requests like others: shapes and kinds are checked",
        lie(
            "class B(torch.autograd.Function):\n    @staticmethod\n    def forward(c, x): return x.clone()\n"
            "    @staticmethod\n    def backward(c, g): raise SystemExit",
            "return B.apply(x.clone().requires_grad_())",
        ),
        outcomes=WRONG,
    ),
)

BROKEN = "any message that breaks the rules ends the sandbox, and the call has no result"


def wire(name: str, tries: str, send: str, outcomes: frozenset[Outcome] = CRASH) -> Attack:
    body = "".join(f"    {line}\n" for line in send.split("\n"))
    cell = f'{CHANNEL}print("ATTACK RAN")\ndef halve(x):\n{body}    return x / 2\n'
    return Attack(name, tries, BROKEN, cell, points=REST, outcomes=outcomes)


def ok(value: str, rest: str = "[], []", before: str = "None, [], []") -> str:
    return f'send(["ok", {before}, {value}, {rest}], bytes(64))'


WIRE = (
    wire("wire-no-frame", "sends bytes that are no message", 'os.write(fd, b"HTTP/1.1 200 OK\\r\\n\\r\\n" * 9)'),
    wire("wire-huge-head", "claims a message of 2^64 bytes", 'os.write(fd, b"AGW1" + b"\\xff" * 12)'),
    wire(
        "wire-huge-tensor", "a tensor of 2^50 x 2^50 numbers", ok('["T", "float32", "cpu", False, 0, 1 << 50, 1 << 50]')
    ),
    wire(
        "wire-missing-bytes", "a tensor whose bytes are not in the message", ok('["T", "float32", "cpu", False, 60, 4]')
    ),
    wire("wire-bad-dtype", "dtypes that do not exist or that hold objects", ok('["A", "object", 0, 2]')),
    wire(
        "wire-bad-device",
        "a tensor on a device that the test did not ask for",
        ok('["T", "float32", "meta", False, 0, 2]'),
    ),
    wire(
        "wire-nan-size",
        "sizes and offsets that are NaN, text or lists",
        ok('["T", "float32", "cpu", False, float("nan"), float("inf")]'),
    ),
    wire("wire-negative-size", "negative sizes", ok('["T", "float32", "cpu", False, 0, -2]')),
    wire("wire-unknown-argument", "an argument that the test never gave", ok('["a", 99]')),
    wire("wire-unknown-leaf", "a parameter that does not exist", ok('["p", 77]')),
    wire(
        "wire-unknown-handle",
        "changes of objects that the test does not hold",
        ok("1", '[[9, ["l"]]], [[5, None, "="]]'),
    ),
    wire("wire-false-names", "an object with a handle and a name that are none", ok('["h", "1", "f" * 5000, "x"]')),
    wire("wire-deep-nesting", "a list in 100,000 lists", "send(b'[' * 100_000 + b']' * 100_000)"),
    wire("wire-too-many", "a message of 900,000 values", "send(b'[' + b'1,' * 900_000 + b'1]')"),
    wire("wire-long-number", "a number of 100,000 digits", 'send(b"[" + b"9" * 100_000 + b"]")'),
    wire("wire-pickle", "a kind of value that names code to run", ok('["pickle", "cos system (S tR."]')),
    wire(
        "wire-callback", "calls functions of the test's that it was never given", 'send(["callback", 1, ["t"], ["d"]])'
    ),
    wire(
        "wire-false-gradient",
        "a result with a graph that does not exist",
        ok('["o", 0]', before='-1, [["T", "float32", "cpu", False, 0, 2]], [[-3, 1, 2]]'),
    ),
    wire(
        "wire-unsolicited",
        "answers of its own before and between the requests",
        'for _ in range(9): send(["ok", None, [], [], True, [], []])',
        frozenset({*CRASH, Outcome.FAILED}),
    ),
    wire(
        "wire-descriptors",
        "sends descriptors along with a message",
        'import socket\nsocket.send_fds(socket.socket(fileno=os.dup(fd)), [b"x" * 16], [0, 1, 2])',
    ),
    wire(
        "wire-closes",
        "closes the channel and computes on",
        "import socket\nsocket.socket(fileno=os.dup(fd)).shutdown(2)\nwhile True: pass",
        frozenset({Outcome.CRASHED, Outcome.TIME_LIMIT}),
    ),
    Attack(
        "wire-end-of-a-cell",
        "answers the request to run its cell with an error, a refusal or nonsense",
        "a cell's end is checked like any other message",
        CHANNEL + 'print("ATTACK RAN", flush=True)\nsend(["err", ["ValueError"], "no", []])\nsend(["refused", "no"])\n',
        points=0.0,
        outcomes=frozenset({Outcome.CRASHED, Outcome.ERROR}),
    ),
)
