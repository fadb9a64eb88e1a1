"""What the checks accept, what they refuse, and the words that they use."""

from __future__ import annotations

import pickle
import subprocess
import sys
import time
from typing import NamedTuple

import numpy as np
import pytest
import torch
from torch.nn.functional import conv2d

from convlab import backend, checks, timing
from convlab.messages import CheckFailed


def message(check, *args, **kwargs) -> str:
    with pytest.raises(CheckFailed) as caught:
        check(*args, **kwargs)
    return str(caught.value)


class AlwaysEqual:
    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = None


class FakeInt(int):
    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = int.__hash__


class FakeTensor(torch.Tensor):
    pass


# ── the message ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_public_message_has_case_values_cause_and_next_step():
    text = message(checks.equal, 4, 3, "Stride 2", case="size(7, 2)", hint="you rounded up.")
    assert text.splitlines() == [
        "Stride 2: size(7, 2)",
        "Expected 3, received 4.",
        "Likely cause: you rounded up.",
        "Next: work this case out by hand, then print what your function makes of it.",
    ]


def test_a_function_without_return_is_told_so():
    told = ["Likely cause: the function ends without return.", "Next: end your function with return and the result."]
    assert message(checks.equal, None, 3, "Size").splitlines()[-2:] == told
    assert message(checks.close, None, torch.ones(2), "Values").splitlines()[-2:] == told
    assert message(checks.equal, 3.0, 3, "Size").splitlines()[-1] == "Next: print what you return."


@pytest.mark.parametrize(
    "check",
    [
        lambda: checks.equal(774421, 663399, "Size"),
        lambda: checks.equal((1, 774421), (1, 663399), "Size"),
        lambda: checks.agrees(lambda n: 774421, lambda n: 663399, [(555111,)], "Size"),
        lambda: checks.refuses(lambda n: 774421, [(663399,), (555111,)], "Size"),
        lambda: checks.refuses(lambda n: 774421, {"a size": [(663399,), (555111,)]}, "Size"),
        lambda: checks.raises(ValueError, lambda n: 774421, 663399, what="Size"),
        lambda: checks.close(torch.full((2, 2), 774421.0), torch.full((2, 2), 663399.0), "Values"),
        lambda: checks.close(torch.tensor([774421]), torch.tensor([663399.0]), "Values"),
    ],
)
def test_a_hidden_message_holds_no_value(check):
    text = message(check)
    for value in ("774421", "663399", "555111"):
        assert value not in text


def test_a_number_is_shown_as_one_would_write_it():
    shown = message(checks.close, torch.tensor([0.299]), torch.tensor([1 / 3]), "Values", case="f(x)")
    assert "Expected [0.3333333], received [0.299]." in shown
    double = torch.tensor([0.1], dtype=torch.float64)
    assert "received [0.1]." in message(checks.close, double, double + 1, "Values", case="f(x)")
    assert "received [nan]." in message(checks.close, double * torch.nan, double, "Values", case="f(x)")


@pytest.mark.parametrize("expected", [torch.ones(2), (1, torch.ones(2)), {"a": [torch.ones(2)]}])
def test_a_test_that_compares_tensors_with_equal_is_told_what_does(expected):
    with pytest.raises(TypeError, match=r"checks\.equal compares no tensors: use checks\.close"):
        checks.equal(expected, expected, "The result")


def test_a_small_public_tensor_is_shown_and_a_large_one_is_not():
    small = message(checks.close, torch.tensor([1.0, 2.0]), torch.tensor([1.0, 3.0]), "Values", case="f(x)")
    assert "Expected [1.0, 3.0], received [1.0, 2.0]." in small
    large = message(checks.close, torch.zeros(6, 6), torch.ones(6, 6), "Values", case="f(x)")
    assert "[" not in large


def test_ipython_shows_the_message_alone():
    error = CheckFailed("first\nsecond")
    assert error._render_traceback_() == ["Check failed", "first", "second"]
    assert str(pickle.loads(pickle.dumps(error))) == "first\nsecond"


# ── plain values ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("actual", "expected"),
    [(3, 3), ((3, (1, 2)), (3, (1, 2))), (0.1 + 0.2, 0.3), (1, 1.0), (None, None)],
    ids=["an int", "a tuple", "a float", "an int for a float", "nothing"],
)
def test_equal_accepts_the_same_type_and_value(actual, expected):
    assert checks.equal(actual, expected, "A value") is None


@pytest.mark.parametrize(
    ("actual", "expected", "found"),
    [
        (3.0, 3, "Expected an int, received a float."),
        (True, 1, "Expected an int, received a bool."),
        (np.int64(3), 3, "received a numpy.int64."),
        (torch.tensor(3), 3, "received a torch.Tensor."),
        (None, (1, 2), "Expected a tuple of 2, received None."),
        ([1, 2], (1, 2), "Expected a tuple of 2, received a list of 2."),
        ((1, 2, 3), (1, 2), "Expected a tuple of 2, received a tuple of 3."),
        ((1, 2.0), (1, 2), "Expected an int at index 1, received a float."),
        ("3", 3, "received a str."),
    ],
)
def test_equal_names_both_types(actual, expected, found):
    assert found in message(checks.equal, actual, expected, "Size")


@pytest.mark.parametrize("fake", [AlwaysEqual(), FakeInt(7)])
def test_an_object_that_claims_to_be_equal_gains_nothing(fake):
    assert "Expected an int" in message(checks.equal, fake, 3, "Size")
    assert "Expected an int" in message(checks.agrees, lambda: fake, lambda: 3, [()], "Size")


class Pair(NamedTuple):
    height: int
    width: object


class EqualPair(tuple):
    def __iter__(self):
        return iter((5, 3))

    def __getitem__(self, index):
        return (5, 3)[index]

    def __eq__(self, other):
        return True

    __hash__ = tuple.__hash__


def test_a_named_tuple_or_a_torch_size_is_a_tuple():
    checks.equal(Pair(5, Pair(1, 2.0)), (5, (1, 2.0)), "Size")
    checks.equal([Pair(5, 3), torch.Size([2, 3])], [(5, 3), (2, 3)], "Sizes")
    checks.agrees(lambda n: Pair(n, n), lambda n: (n, n), [(3,), (4,)], "Sizes")
    assert "received (5, 4)" in message(checks.equal, Pair(5, 4), (5, 3), "Size", case="f()")
    assert "received a tuple of 2" in message(checks.equal, Pair(5, 3), (5, 3, 1), "Size")
    assert "Expected an int at index 1, received a float" in message(checks.equal, Pair(5, 3.0), (5, 3), "Size")
    assert "Expected a list of 2" in message(checks.equal, Pair(5, 3), [5, 3], "Size")


def test_a_tuple_is_read_without_methods_of_its_own():
    assert "not the expected one" in message(checks.equal, EqualPair((5, 4)), (5, 3), "Size")
    assert "Wrong in the only case" in message(checks.agrees, lambda: EqualPair((5, 4)), lambda: (5, 3), [()], "Size")


def test_a_hidden_int_says_its_direction():
    assert "too large" in message(checks.equal, 4, 3, "Size")
    assert "too small" in message(checks.equal, 2, 3, "Size")


def test_agrees_counts_wrong_and_refused_cases():
    cases = [(n,) for n in range(10)]
    checks.agrees(lambda n: n * n, lambda n: n**2, cases, "Squares")
    checks.agrees(lambda *, n: n, lambda *, n: n, [{"n": 3}], "By keyword")
    text = message(checks.agrees, lambda n: n + (n > 6), lambda n: n, cases, "Sizes")
    assert "Wrong in a few of 10 cases, always too large." in text
    text = message(checks.agrees, lambda n: n % 2 == 1, lambda n: n % 2 == 0, cases, "Even numbers")
    assert "Wrong in all 10 cases." in text  # a truth value is not too small

    def strict(n):
        if n == 0:
            raise ValueError
        return n

    text = message(checks.agrees, strict, lambda n: n, cases, "Sizes")
    assert "raised ValueError in a few of 10 cases that made sense" in text


def test_agrees_lets_other_errors_through():
    with pytest.raises(ZeroDivisionError):
        checks.agrees(lambda n: n // 0, lambda n: n, [(1,)], "Sizes")


def unwritten(*args):
    raise NotImplementedError


def test_raises_and_refuses():
    checks.raises(ValueError, int, "x", what="Not a number")
    checks.refuses(int, [("x",), ("",)], "Not numbers")
    assert "but your function returned a value" in message(checks.raises, ValueError, int, "3", what="Not a number")
    assert "raised TypeError" in message(checks.raises, ValueError, int, [], what="Not a number")
    assert "In about half of 2 cases that made no sense" in message(
        checks.refuses, int, [("x",), ("3",)], "Not numbers"
    )
    with pytest.raises(NotImplementedError):
        checks.raises(ValueError, unwritten, what="Unwritten")
    with pytest.raises(NotImplementedError):
        checks.refuses(unwritten, [(1,)], "Unwritten")
    with pytest.raises(NotImplementedError):
        checks.refuses(unwritten, {"a number": [(1,)]}, "Unwritten")


KINDS = {"an empty text": [("",), {"x": ""}], "a letter": [("a",), ("b",)], "a list": [([],)], "a digit": [("3",)]}


def refusing(*refused):
    """Return a function that raises ValueError for these arguments, TypeError for a list, and else returns."""

    def fn(x):
        if x in refused:
            raise ValueError
        return 774421 + int(x == [] and len(None))

    return fn


def test_refuses_names_the_first_kind_that_was_not_refused():
    checks.refuses(refusing("", "a", "b", [], "3"), KINDS, "Texts")
    text = message(checks.refuses, refusing("", "a", [], "3"), KINDS, "Texts")
    assert text.startswith("Texts\nExpected ValueError for a letter, but your function returned a value.\n")
    text = message(checks.refuses, refusing("", "a", "b", "3"), KINDS, "Texts")
    assert "\nExpected ValueError for a list, but your function raised TypeError.\n" in text
    text = message(checks.refuses, refusing("a", "3"), KINDS, "Texts")
    assert (
        "for an empty text, but your function returned a value. ValueError is missing for 2 of 3 other kinds, too.\n"
        in text
    )
    text = message(checks.refuses, refusing("a", "b", "3", []), {"a list": [([],)], "another": [(1,)]}, "Texts")
    assert "for another, but your function returned a value.\n" in text
    text = message(checks.refuses, refusing(), {"a letter": [("a",)], "a digit": [("3",)]}, "Texts")
    assert "returned a value. ValueError is missing for the only other kind, too.\n" in text
    text = message(checks.refuses, refusing(), KINDS, "Texts")
    assert "returned a value. ValueError is missing for all 3 other kinds, too.\n" in text


def test_refuses_with_kinds_says_nothing_of_single_cases():
    first = message(checks.refuses, refusing("", "b", [], "3"), KINDS, "Texts")
    assert first == message(checks.refuses, refusing("", "a", [], "3"), KINDS, "Texts")
    assert first == message(checks.refuses, refusing("", [], "3"), KINDS, "Texts")
    assert first == message(checks.refuses, refusing("", [], "3"), {**KINDS, "a letter": [("a",)] * 9}, "Texts")


def test_refuses_takes_the_likely_cause_of_a_kind_from_the_author():
    assert "Likely cause: Look at x." in message(checks.refuses, refusing(), KINDS, "Texts", hint="Look at x.")
    with pytest.raises(CheckFailed, match="Expected KeyError for a digit, but your function raised ValueError"):
        checks.refuses(refusing("3"), {"a digit": [("3",)]}, "Texts", error=KeyError)


def test_refuses_has_the_same_evidence_with_kinds_and_without():
    def note(cases):
        with pytest.raises(CheckFailed) as caught:
            checks.refuses(refusing("a", []), cases, "Texts")
        return caught.value.__notes__

    assert note(KINDS) == note([case for cases in KINDS.values() for case in cases])


def test_refuses_prepares_the_cases_of_all_kinds_at_once(monkeypatch):
    class Recording(backend.Local):
        def prepared(self, fn, cases):
            recorded.append(cases)
            return fn

    recorded = []
    monkeypatch.setattr(backend, "current", Recording)
    checks.refuses(refusing(*range(4)), {"small": ((n,) for n in range(2)), "large": [(2,), (3,)]}, "Numbers")
    assert recorded == [[(0,), (1,), (2,), (3,)]]


def test_a_kind_without_a_case_is_the_fault_of_the_test():
    with pytest.raises(ValueError, match="no case of a digit"):
        checks.refuses(refusing(), {"a digit": []}, "Texts")


# ── tensors ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_close_accepts_small_differences_by_dtype():
    checks.close(torch.ones(3) + 1e-6, torch.ones(3), "float32")
    checks.close(torch.nn.Parameter(torch.ones(3)), torch.ones(3), "a parameter")
    checks.close(np.ones(3), np.ones(3), "arrays")
    checks.close(torch.tensor([1, 2]), torch.tensor([1, 2]), "ints")
    off = torch.ones(3).double() + 1e-7
    assert "1e-10" in message(checks.close, off, torch.ones(3).double(), "float64", case="f(x)")
    assert "none is allowed" in message(checks.close, torch.tensor([1, 3]), torch.tensor([1, 2]), "ints", case="f(x)")


def test_close_tells_the_size_of_the_mismatch():
    actual, expected = torch.zeros(3, 4), torch.zeros(3, 4)
    actual[0, 1], actual[2, 2], actual[1, 0] = 0.5, -0.25, 0.25
    text = message(checks.close, actual, expected, "Values", case="f(x)")
    assert "Mismatched elements 3 / 12 (25%). Greatest absolute difference 0.5 at index (0, 1)" in text
    assert "allowed 1e-05 + 0.0001" in text
    text = message(checks.close, actual, expected, "Values")
    assert "Wrong in a few of 12 elements. The greatest difference is about 1." in text


def test_a_hidden_check_tells_few_bits_of_what_it_expects():
    """Answers made for the purpose return numbers of their choice, and read from the message what was expected."""
    expected = torch.linspace(-3.0, 7.0, 60)
    said = set()
    for at in range(60):
        for guess in (expected, torch.zeros(60)):
            actual = guess.clone()
            actual[at] = 0.123 * at - 20
            said.add(message(checks.close, actual, expected, "Values"))
    assert len(said) <= 8


def test_what_a_hidden_check_found_is_told_to_the_grader():
    """Two mistakes with one message have different evidence; rounding errors have one, in whatever elements."""

    def notes(actual):
        with pytest.raises(checks.CheckFailed) as caught:
            checks.close(actual, torch.zeros(6), "Values", rtol=0, atol=1e-9)
        return caught.value.__notes__

    off = torch.zeros(6)
    off[2] = 0.5
    other = torch.zeros(6)
    other[3] = 0.5
    assert notes(off) == notes(off.clone()) != notes(other)
    assert notes(off / 1e6) == notes(other / 1e6)


def test_a_missing_gradient_is_not_a_missing_return():
    assert "without return" in message(checks.close, None, torch.ones(2), "Values")
    assert "without return" not in message(checks.close, None, torch.ones(2), "The gradient of the weights")


@pytest.mark.parametrize(
    ("actual", "found"),
    [
        (torch.ones(3, 2), "Expected shape (2, 3), received (3, 2)."),
        (torch.ones(2, 3, 1), "Expected 2 axes, shape (2, 3); received 3, shape (2, 3, 1)."),
        (torch.ones(2, 3).double(), "Expected dtype float32, received float64."),
        (torch.ones(2, 3, device="meta"), "Expected a tensor on cpu, received one on meta."),
        (torch.full((2, 3), torch.nan), "All 6 elements are nan or infinite."),
        (np.ones((2, 3), dtype=np.float32), "Expected a torch.Tensor, received a ndarray."),
        (None, "received None."),
        (torch.ones(2, 3).as_subclass(FakeTensor), "received a FakeTensor."),
    ],
)
def test_close_names_what_differs(actual, found):
    assert found in message(checks.close, actual, torch.ones(2, 3), "Values")


def test_swapped_axes_are_named_as_the_cause():
    assert "Likely cause: two axes are swapped." in message(checks.shape, torch.ones(3, 2), (2, 3), "Result")
    checks.shape(torch.ones(2, 3), (2, 3), "Result")


def test_unchanged_returns_the_result_and_names_the_argument():
    assert checks.unchanged(lambda x: x + 1, torch.zeros(2), what="Kept").tolist() == [1, 1]
    assert "changed its argument 2" in message(
        checks.unchanged, lambda x, y: y.add_(1), torch.zeros(2), torch.zeros(2), what="Kept"
    )
    assert "changed its `x`" in message(checks.unchanged, lambda x: x.unsqueeze_(0), x=torch.zeros(2), what="Kept")


@pytest.mark.parametrize("mode", [True, False])
def test_grad_mode_kept_tells_a_function_that_switches_gradients(mode):
    checks.grad_mode_kept(torch.no_grad()(lambda x: x + 1), torch.zeros(2), what="Kept")
    text = message(checks.grad_mode_kept, torch.set_grad_enabled, mode, what="Kept")
    assert f"switched {'off' if mode else 'on'} before" in text
    assert torch.is_grad_enabled()


def test_gradients_close():
    inputs = {"input": torch.randn(2, 3, 5, 6), "weight": torch.randn(4, 3, 3, 2)}
    checks.gradients_close(conv2d, conv2d, inputs, "Gradients")
    text = message(checks.gradients_close, lambda input, weight: conv2d(input.detach(), weight), conv2d, inputs, "G")
    assert text.startswith("G, gradient with respect to `input`\nIt gets no gradient.")
    text = message(checks.gradients_close, lambda **kw: conv2d(**kw).detach(), conv2d, inputs, "G")
    assert "The result is cut off from its inputs" in text
    text = message(checks.gradients_close, lambda **kw: 2 * conv2d(**kw), conv2d, inputs, "G")
    assert "Wrong in all 180 elements" in text


# ── device and time ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_device_comes_from_the_environment(monkeypatch):
    monkeypatch.delenv("CONVLAB_DEVICE", raising=False)
    assert checks.device() == torch.device("cpu")
    monkeypatch.setenv("CONVLAB_DEVICE", "cuda")
    assert checks.device() == torch.device("cuda")


def spin(seconds: float) -> None:
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass


def test_cpu_ratio_measures_work_and_not_waiting():
    threads = torch.get_num_threads()
    torch.set_num_threads(2)
    assert 2 < checks.cpu_ratio(spin, lambda s: spin(s / 4), (0.02,), at_most=20, what="Time") < 8
    assert timing.measure(lambda: (spin(0.001), time.sleep(0.02)), lambda: spin(0.001), (), at_most=20) < 10
    text = message(checks.cpu_ratio, spin, lambda s: spin(s / 20), (0.02,), at_most=5, what="Time")
    assert "times the CPU time of the reference; 5 times is allowed." in text
    assert torch.get_num_threads() == 2
    torch.set_num_threads(threads)


def test_cpu_ratio_holds_under_a_cpu_limit_where_the_clock_is_coarse():
    code = (
        "import resource, torch; resource.setrlimit(resource.RLIMIT_CPU, (600, 600))\n"
        "from convlab.timing import measure\n"
        "x = torch.ones(160, 160)\n"
        "ratios = [measure(lambda: [x @ x for _ in range(8)], lambda: x @ x, (), at_most=1) for _ in range(3)]\n"
        "assert all(3 < ratio < 20 for ratio in ratios), ratios"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_messages_need_no_torch():
    code = "import sys, convlab, convlab.messages; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_place_gives_back_what_it_was_given() -> None:
    net = torch.nn.Linear(2, 1)
    optimizer = torch.optim.SGD(net.parameters())
    assert checks.place(net) is net
    assert checks.place(net, optimizer) == (net, optimizer)


def test_a_networks_parameters_are_listed_counted_and_measured() -> None:
    net = torch.nn.Sequential(torch.nn.Conv2d(3, 4, 2), torch.nn.BatchNorm2d(4))
    assert checks.parameter_names(net) == ["0.weight", "0.bias", "1.weight", "1.bias"]
    assert checks.parameter_shapes(net) == [(4, 3, 2, 2), (4,), (4,), (4,)]
    assert checks.parameter_count(net) == 48 + 4 + 4 + 4
    assert checks.buffer_names(net) == ["1.running_mean", "1.running_var", "1.num_batches_tracked"]


def test_on_parts_gives_views_that_begin_within_their_memory():
    offsets = checks.on_parts(lambda x, k: (x.storage_offset(), k), torch.zeros(3, 2, 2), [5, 6, 7])
    assert offsets == [(0, 5), (4, 6), (8, 7)]


def test_a_list_of_another_length_brings_no_cause_that_may_be_false() -> None:
    """What is compared may be the shapes of a network's parameters, and not what the student returned."""
    with pytest.raises(CheckFailed) as caught:
        checks.equal([(2, 3), (2,)], [(2, 3)], "The shapes of the parameters")
    assert str(caught.value).splitlines()[1:] == [
        "Expected a list of 1, received a list of 2.",
        "Next: count them: which are missing, or which are too many?",
    ]
