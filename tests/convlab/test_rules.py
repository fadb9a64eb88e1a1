"""Ready-made operations are found by name and by what runs; honest answers pass."""

from __future__ import annotations

import linecache
import queue
import re
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn
from torch.nn.functional import conv2d as renamed

from convlab import recording, rules
from convlab.messages import CheckFailed

X, W = torch.randn(2, 4, 9, 8), torch.randn(6, 4, 3, 3)
alias = F.conv2d


def from_functional(x, w):
    return F.conv2d(x, w)


def from_torch(x, w):
    return torch.conv2d(x, w)


def from_alias(x, w):
    return alias(x, w)


def from_renamed_import(x, w):
    return renamed(x, w)


def from_import_inside(x, w):
    from torch.nn.functional import conv2d as c

    return c(x, w)


def from_module_alias_inside(x, w):
    import torch.nn.functional as functional

    return functional.conv_transpose2d(x, w.transpose(0, 1))


def from_getattr(x, w):
    return getattr(torch, "conv2d")(x, w)  # noqa: B009


def from_ops(x, w):
    return torch.ops.aten.convolution(x, w, None, [1, 1], [0, 0], [1, 1], False, [0, 0], 1)


def helper(x, w):
    return nn.Conv2d(4, 6, 3)(x)


def from_helper(x, w):
    return helper(x, w)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.Conv2d(4, 6, 3)

    def forward(self, x):
        return self.layer(x)


def from_class(x, w):
    return Net()(x)


def on_a_path_that_does_not_run(x, w):
    if x.numel() > 10**9:
        return F.conv2d(x, w)
    return x


def from_scipy(x, w):
    from scipy.signal import correlate2d

    return x, correlate2d


def from_unfold(x, w):
    return F.unfold(x, 3)


def from_unfold_module(x, w):
    return nn.Unfold(3)(x)


def from_fold(x, w):
    return F.fold(torch.ones(1, 9, 42), (8, 9), 3)


BY_NAME = [
    from_functional,
    from_torch,
    from_alias,
    from_renamed_import,
    from_import_inside,
    from_module_alias_inside,
    from_getattr,
    from_ops,
    from_helper,
    from_class,
    on_a_path_that_does_not_run,
    from_scipy,
    from_unfold,
    from_unfold_module,
    from_fold,
]


@pytest.mark.parametrize("fn", BY_NAME, ids=lambda fn: fn.__name__)
def test_found_by_name(fn):
    with pytest.raises(CheckFailed, match="Your code uses "):
        rules.from_scratch(fn, (X, W))


OTHERS = rules.Forbidden("another library", ("torchvision*", "d2l*"), (), "write it yourself")


def from_torchvision(x, w):
    from torchvision.transforms.functional import normalize as n

    return n(x, [0.0] * 4, [1.0] * 4)


def from_an_alias_of_torchvision(x, w):
    import torchvision.transforms.v2 as t

    return t.functional.hflip(x)


def from_d2l(x, w):
    if x.numel() > 10**9:
        from d2l import torch as d2l

        return d2l.LeNet()
    return x


@pytest.mark.parametrize(
    ("fn", "name"),
    [
        (from_torchvision, "torchvision.transforms.functional.normalize"),
        (from_an_alias_of_torchvision, "torchvision.transforms.v2"),
        (from_d2l, "d2l.torch"),
    ],
    ids=lambda value: getattr(value, "__name__", value),
)
def test_other_libraries_are_known_by_their_names(fn, name):
    with pytest.raises(CheckFailed, match=f"Your code uses {name}, another library"):
        rules.from_scratch(fn, (X, W), forbid=[OTHERS])


def test_the_standard_library_is_never_in_the_way():
    def with_math(x, w):
        import math

        return x * math.pi

    assert rules.from_scratch(with_math, (X, W), forbid=[OTHERS]).shape == X.shape


CELL = """
class Inner(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.Conv2d(4, 6, 3)

    def forward(self, x):
        return self.layer(x)

class Outer(Inner):
    pass

class Ready(nn.Conv2d):
    pass
"""


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("Inner", "self.layer = nn.Conv2d(4, 6, 3)"),
        ("Outer", "self.layer = nn.Conv2d"),
        ("Ready", "class Ready(Conv2d)"),
    ],
)
def test_the_classes_of_a_notebook_are_searched(name, line, monkeypatch):
    monkeypatch.setitem(linecache.cache, "<cell 1>", (len(CELL), None, CELL.splitlines(True), "<cell 1>"))
    namespace = {"nn": nn, "__name__": "__main__"}
    exec(compile(CELL, "<cell 1>", "exec"), namespace)
    arguments = (4, 6, 3) if name == "Ready" else ()
    with pytest.raises(CheckFailed, match=r"Your code uses \S*Conv2d, .*" + re.escape(line)):
        rules.from_scratch(namespace[name], arguments)


def without_source(expression: str):
    """Make a function whose source cannot be read, so that only its operations can tell."""
    return eval(f"lambda x, w: {expression}", {"torch": torch, "F": F, "nn": nn})


BY_OPERATION = [
    "F.conv2d(x, w)",
    "F.conv2d(x, w, padding='same')",
    "F.conv1d(x[:, :, 0], w[:, :, 0])",
    "F.conv3d(x[:, :, None], w[:, :, None])",
    "F.conv_transpose2d(x, w.transpose(0, 1))",
    "nn.Conv2d(4, 6, 3)(x)",
    "torch.conv_tbc(x[0], torch.ones(3, 8, 5), torch.ones(5))",
    "torch.mkldnn_convolution(x, w, None, [0, 0], [1, 1], [1, 1], 1)",
    "torch.ops.aten._slow_conv2d_forward(x, w, [3, 3], None, [1, 1], [0, 0])",
    "nn.grad.conv2d_input((2, 4, 9, 8), w, torch.ones(2, 6, 7, 6))",
    "F.unfold(x, 3)",
    "nn.Unfold(3)(x)",
    "F.fold(torch.ones(1, 9, 42), (8, 9), 3)",
]


@pytest.mark.parametrize("gradient", [False, True])
@pytest.mark.parametrize("expression", BY_OPERATION)
def test_found_by_operation(expression, gradient):
    with torch.set_grad_enabled(gradient), pytest.raises(CheckFailed, match="torch carried out aten::"):
        rules.from_scratch(without_source(expression), (X, W.clone().requires_grad_(gradient)))


def test_found_by_operation_in_inference_mode():
    with torch.inference_mode(), pytest.raises(CheckFailed, match="aten::conv"):
        rules.from_scratch(without_source("F.conv2d(x, w)"), (X, W))


def test_found_by_operation_through_a_local_alias():
    def hidden_in_a_variable(x, w):
        place = F
        return place.conv2d(x, w)

    with pytest.raises(CheckFailed, match=r"Your code uses torch\.nn\.functional\.conv2d"):
        rules.from_scratch(hidden_in_a_variable, (X, W))


def by_getattr(x, w):
    return getattr(np, "corr" + "elate")(x.numpy().ravel(), w.numpy().ravel())


def by_getattr_of_a_variable(x, w):
    library = np
    other = library
    return getattr(other, "".join(["corr", "elate"]))(x.numpy().ravel(), w.numpy().ravel())


def by_dict(x, w):
    return F.__dict__["conv" + "2d"](x, w)


def by_vars(x, w):
    return vars(F)["conv" + "2d"](x, w)


def by_sys_modules(x, w):
    import sys

    return getattr(sys.modules["num" + "py"], "corr" + "elate")(x.numpy().ravel(), w.numpy().ravel())


def by_import_module(x, w):
    import importlib

    return importlib.import_module("num" + "py").correlate(x.numpy().ravel(), w.numpy().ravel())


def by_dunder_import(x, w):
    return __import__("num" + "py").correlate(x.numpy().ravel(), w.numpy().ravel())


def by_dunder_import_of_a_whole_name(x, w):
    return __import__("numpy").correlate(x.numpy().ravel(), w.numpy().ravel())


def by_eval(x, w):
    return eval("np.corr" + "elate")(x.numpy().ravel(), w.numpy().ravel())


def by_attrgetter(x, w):
    import operator

    return operator.attrgetter("corr" + "elate")(np)(x.numpy().ravel(), w.numpy().ravel())


def by_getattr_passed_on(x, w):
    (function,) = map(getattr, [np], ["corr" + "elate"])
    return function(x.numpy().ravel(), w.numpy().ravel())


def by_globals(x, w):
    return globals()["n" + "p"].correlate(x.numpy().ravel(), w.numpy().ravel())


def by_builtins(x, w):
    import builtins

    return builtins.getattr(np, "corr" + "elate")(x.numpy().ravel(), w.numpy().ravel())


AT_RUN_TIME = [value for name, value in list(globals().items()) if name.startswith("by_")]


@pytest.mark.parametrize("fn", AT_RUN_TIME, ids=lambda fn: fn.__name__)
def test_a_name_that_is_put_together_is_no_way_around(fn):
    with pytest.raises(CheckFailed, match=r"looks a name up while it runs|Your code uses numpy.correlate"):
        rules.from_scratch(fn, (torch.ones(1, 1, 3, 3), torch.ones(1, 1, 2, 2)))


def test_looking_up_what_is_ones_own_is_fine():
    class Holder:
        first = staticmethod(lambda x: x + 1)

    def answer(x, net):
        for name in ("first",):
            x = getattr(net, name)(x)
        pair = __import__("collections").namedtuple("pair", "a b")(1, 2)
        return getattr(x, "data") * getattr(torch, "pi") + len(vars(net)) + pair.a  # noqa: B009

    result = rules.from_scratch(answer, (torch.ones(2), Holder()))
    assert result.tolist() == pytest.approx([2 * torch.pi + 1] * 2)


def in_a_thread(x, w):
    found = []
    thread = threading.Thread(target=lambda: found.append(_same(x, w)))
    thread.start()
    thread.join()
    return found[0]


def in_a_pool(x, w):
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(_same, x, w).result()


def in_a_thread_of_a_thread(x, w):
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(in_a_pool, x, w).result()


_same = eval("lambda x, w: F.conv2d(x, w)", {"F": F})


@pytest.mark.parametrize("fn", [in_a_thread, in_a_pool, in_a_thread_of_a_thread], ids=lambda fn: fn.__name__)
def test_found_by_operation_in_another_thread(fn):
    with pytest.raises(CheckFailed, match="torch carried out aten::convolution"):
        rules.from_scratch(fn, (X, W))


def test_found_in_a_thread_that_was_waiting():
    recording.record_threads()  # as the sandbox does before student code runs
    todo, done = queue.Queue(), queue.Queue()
    threading.Thread(target=lambda: done.put(_same(*todo.get())), daemon=True).start()

    def answer(x, w):
        todo.put((x, w))
        return done.get()

    with pytest.raises(CheckFailed, match="torch carried out aten::convolution"):
        rules.from_scratch(answer, (X, W))


def conv2d(x, w):
    """Not F.conv2d: a student's own function of that name. F.conv2d is only mentioned."""
    windows = x.unfold(2, 3, 1).unfold(3, 3, 1)  # a view: allowed
    return torch.einsum("nchwuv,ocuv->nohw", F.pad(windows, (0, 0)), w)


def uses_own_conv2d(x, w):
    return conv2d(x, w)


def test_an_honest_answer_passes_and_its_result_comes_back():
    torch.testing.assert_close(rules.from_scratch(uses_own_conv2d, (X, W)), F.conv2d(X, W), rtol=1e-4, atol=1e-5)
    assert rules.from_scratch(lambda x, scale: x * scale, (torch.ones(2),), {"scale": 3}).tolist() == [3, 3]


def test_only_what_is_forbidden_counts():
    assert rules.from_scratch(from_functional, (X, W), forbid=[rules.UNFOLDING]).shape == (2, 6, 7, 6)
    with pytest.raises(CheckFailed):
        rules.from_scratch(from_unfold, (X, W), forbid=[rules.UNFOLDING])


def test_an_answer_that_works_in_place_gets_a_copy():
    x = torch.ones(3)
    rules.from_scratch(lambda x: x.mul_(2), (x,))
    assert x.tolist() == [1, 1, 1]


def test_the_message_names_the_call_and_what_to_do():
    with pytest.raises(CheckFailed) as caught:
        rules.from_scratch(from_functional, (X, W), what="`conv2d` is written from scratch")
    assert str(caught.value).splitlines() == [
        "`conv2d` is written from scratch",
        "Your code uses torch.nn.functional.conv2d, a ready-made convolution, in the line `return F.conv2d(x, w)`.",
        "Likely cause: this task is to write that operation yourself.",
        "Next: multiply windows of the input by the kernel, and sum.",
    ]


def test_recording_does_not_load_dynamo():
    code = (
        "import sys, torch; from convlab import rules; rules.from_scratch(lambda x: x + 1, (torch.ones(1),));"
        "sys.exit('torch._dynamo' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
