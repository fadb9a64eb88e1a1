"""Assertions for the test cells of an assignment, with messages that a student can act on.

The default is for hidden tests: a message never holds an input or a value. A public test passes ``case="f(7, 3)"``,
the call as the student would write it, and then the message shows that call, the expected and the received value.

Answers are compared here and never by methods of their own: the type must be exactly the expected one (a subclass
with an ``__eq__`` of its own gains nothing), and only then are the values looked at. A tuple may be of a subclass, such
as a named tuple or torch.Size: its items are read as those of a plain tuple.
"""

from __future__ import annotations

import functools
import itertools
import math
import operator
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import torch

from convlab import backend
from convlab.backend import Case
from convlab.checks_networks import network_kept, network_state
from convlab.checks_tensors import close, gradients_close, shape, unchanged
from convlab.messages import NO_RETURN, CheckFailed, failure, share
from convlab.timing import cpu_ratio

__all__ = [
    "CheckFailed",
    "agrees",
    "buffer_names",
    "close",
    "cpu_ratio",
    "device",
    "equal",
    "grad_mode_kept",
    "gradients_close",
    "network_kept",
    "network_state",
    "on_parts",
    "parameter_count",
    "parameter_names",
    "parameter_shapes",
    "place",
    "raises",
    "refuses",
    "shape",
    "unchanged",
]


def device() -> torch.device:
    """Return the device that tests make their tensors on: the CPU unless ``CONVLAB_DEVICE`` names another."""
    return torch.device(os.environ.get("CONVLAB_DEVICE", "cpu"))


def place(*objects: Any) -> Any:
    """Return the objects that a test made, ready to be handed to the student's code: one, or a tuple of several.

    In a notebook these are the objects themselves. A grader that runs the student's code elsewhere moves them there
    together, so that a module and its optimizer still share their parameters.
    """
    return backend.current().place(*objects)


def parameter_names(net: Any) -> list[str]:
    """Return the names of the parameters of ``net``, in its order; of a network that the student made, too.

    The values stay where they are: of a large network only the names travel to a grader that runs elsewhere.
    """
    return _listed(_each(operator.itemgetter(0), net.named_parameters()))


def buffer_names(net: Any) -> list[str]:
    """Return the names of the buffers of ``net`` (running statistics, for example); see ``parameter_names``."""
    return _listed(_each(operator.itemgetter(0), net.named_buffers()))


def parameter_shapes(net: Any) -> list[tuple[int, ...]]:
    """Return the shapes of the parameters of ``net``, in its order; see ``parameter_names``."""
    return [tuple(shape) for shape in _listed(_each(operator.attrgetter("shape"), net.parameters()))]


def parameter_count(net: Any) -> int:
    """Return how many numbers the parameters of ``net`` hold together; see ``parameter_names``."""
    counts = _listed(_each(operator.methodcaller("numel"), net.parameters()))
    return sum(counts)


def _each(what: Callable[[Any], Any], items: Any) -> Any:
    return place(functools.partial(map, what))(items)


def _listed(items: Any) -> list[Any]:
    return list(place(functools.partial(list))(items))


def equal(actual: object, expected: object, what: str, *, case: str = "", hint: str = "", step: str = "") -> None:
    """Check that ``actual`` has the type and the value of ``expected``.

    ``expected`` is an int, float, bool, str, None, or a tuple, list or dict of these. Floats may differ by 1e-9
    (relative), an int will do where a float is expected, and a named tuple where a tuple is.

    Raises:
        CheckFailed: type or value differ.
        TypeError: the test's own fault: a tensor or array is expected, which ``close`` compares.
    """
    if _holds_a_tensor(expected):
        raise TypeError("checks.equal compares no tensors: use checks.close, and checks.shape for a size")
    actual = _with_plain_tuples(actual, expected)
    _check_type(actual, expected, what, case)
    if not _same(actual, expected):
        if case:
            found = f"Expected {expected!r}, received {actual!r}."
        else:
            found = f"The value is not the expected one{_direction([(actual, expected)])}."
        raise failure(what, found, case=case, cause=hint, step=step, evidence=actual)


def grad_mode_kept(
    fn: Callable[..., object], *args: object, what: str, hint: str = "", modes: Sequence[bool] = (True, False)
) -> None:
    """Check that calling ``fn`` leaves torch's grad mode as it was, be it on or off (or whichever of ``modes``).

    The mode is asked for in the process that ran ``fn``, before anything there can put it back.

    Raises:
        CheckFailed: the mode is another one afterwards.
    """
    for mode in modes:
        with torch.set_grad_enabled(mode):
            calls = place(functools.partial(itertools.starmap, operator.call))([(fn, *args), (torch.is_grad_enabled,)])
            after = _listed(calls)[-1]
        if after is not mode:
            found = f"Gradients were switched {'on' if mode else 'off'} before your function ran, and are not so now."
            cause = hint or "torch.set_grad_enabled as a statement stays in force."
            raise failure(what, found, cause=cause, step="use `with torch.no_grad():`, which ends with its block.")


def on_parts(fn: Callable[..., object], *whole: Any) -> list[Any]:
    """Return what ``fn`` gives for each item of ``whole``, tensors or lists of one length, taken together.

    An item of a tensor is a part of its memory, cut out where ``fn`` runs: unlike a tensor that is handed over, it need
    not begin where its memory begins.
    """
    return _listed(place(functools.partial(map))(fn, *whole))


def agrees(
    fn: Callable[..., object],
    reference: Callable[..., object],
    cases: Iterable[Case],
    what: str,
    *,
    hint: str = "",
    step: str = "",
) -> None:
    """Check that ``fn`` equals ``reference`` on every case; the message counts the wrong ones and shows none.

    A case is a tuple of positional arguments or a dict of keyword arguments, valid for ``reference``.

    Raises:
        CheckFailed: a type or value differs, or ``fn`` raises ValueError.
    """
    cases = list(cases)
    fn = backend.current().prepared(fn, cases)
    total = refused = 0
    wrong: list[tuple[object, object]] = []
    given: list[object] = []
    for case in cases:
        total += 1
        expected = _call(reference, case)
        try:
            actual = _call(fn, case)
        except ValueError:
            refused += 1
            given.append("ValueError")
            continue
        actual = _with_plain_tuples(actual, expected)
        given.append(actual)
        _check_type(actual, expected, what, "")
        if not _same(actual, expected):
            wrong.append((actual, expected))
    if wrong:
        found = f"Wrong in {share(len(wrong), total, 'case')}{_direction(wrong)}."
        raise failure(what, found, cause=hint, step=step, evidence=given)
    if refused:
        found = f"Your function raised ValueError in {share(refused, total, 'case')} that made sense."
        cause = "a test for bad arguments is too strict; look at < against <=."
        raise failure(what, found, cause=cause, step=step, evidence=given)


def raises(
    error: type[Exception],
    fn: Callable[..., object],
    *args: object,
    what: str,
    case: str = "",
    hint: str = "",
    **kwargs: object,
) -> None:
    """Check that ``fn(*args, **kwargs)`` raises ``error``.

    Raises:
        CheckFailed: it returns, or raises something else. NotImplementedError of an unwritten answer passes through.
    """
    found = _refusal(error, fn, args, kwargs)
    if found:
        cause = hint or "nothing tests the arguments before they are used."
        raise failure(
            what, found, case=case, cause=cause, step=f"test the arguments first, and raise {error.__name__}."
        )


def refuses(
    fn: Callable[..., object],
    cases: Iterable[Case] | Mapping[str, Iterable[Case]],
    what: str,
    *,
    error: type[Exception] = ValueError,
    hint: str = "",
) -> None:
    """Check that ``fn`` raises ``error`` on every case; the message shows none of them.

    ``cases`` maps each kind of bad argument, in words that complete "Expected ValueError for …", to the cases of that
    kind: ``{"a negative padding": [(x, -1), (x, (0, -1))]}``. The message then names the first kind that has a case
    which is not refused, and says how many other kinds have one. The cases may also be one list: then the message says
    only roughly how many of them are not refused, which is enough where ``what`` names their kind.

    Raises:
        CheckFailed: some case returns, or raises something else.
        ValueError: the test's own fault: a kind has no case.
    """
    kinds = {kind: list(those) for kind, those in cases.items()} if isinstance(cases, Mapping) else {"": list(cases)}
    for kind, those in kinds.items():
        if kind and not those:
            raise ValueError(f"checks.refuses has no case of {kind}")
    flat = list(itertools.chain.from_iterable(kinds.values()))
    fn = backend.current().prepared(fn, flat)
    found = []
    for case in flat:
        args, kwargs = ((), case) if isinstance(case, Mapping) else (case, {})
        found.append(_refusal(error, fn, tuple(args), dict(kwargs)))
    if not any(found):
        return
    if isinstance(cases, Mapping):
        text = _by_kind(kinds, found, error)
        cause = "nothing tests for such an argument before it is used."
        step = f"read again which arguments make no sense, and raise {error.__name__} for each kind of them."
    else:
        bad = [text for text in found if text]
        text = f"In {share(len(bad), len(flat), 'case')} that made no sense: {bad[0][0].lower()}{bad[0][1:]}"
        cause = "a test for bad arguments is missing."
        step = "read again which arguments make no sense, and test for each of them."
    raise failure(what, text, cause=hint or cause, step=step, evidence=found)


def _by_kind(kinds: Mapping[str, Sequence[Case]], found: Iterable[str], error: type[Exception]) -> str:
    """Name the first of ``kinds`` that was not refused, and count the others; ``found`` has a text for each case."""
    texts = iter(found)
    first = {kind: next(filter(None, list(itertools.islice(texts, len(those)))), "") for kind, those in kinds.items()}
    (kind, text), *others = ((kind, text) for kind, text in first.items() if text)
    expected = f"Expected {error.__name__}"
    named = f"{expected} for {kind}{text.removeprefix(expected)}"
    if not others:
        return named
    count = len(kinds) - 1
    rest = f"all {count} other kinds" if len(others) == count else f"{len(others)} of {count} other kinds"
    rest = "the only other kind" if count == 1 else rest
    return f"{named} {error.__name__} is missing for {rest}, too."


def _call(fn: Callable[..., object], case: Case) -> object:
    return fn(**case) if isinstance(case, Mapping) else fn(*case)


def _refusal(error: type[Exception], fn: Callable[..., object], args: tuple[Any, ...], kwargs: dict[str, Any]) -> str:
    """Return what happened instead of ``error``, or an empty text."""
    try:
        fn(*args, **kwargs)
    except error:
        return ""
    except NotImplementedError:
        raise
    except Exception as other:
        return f"Expected {error.__name__}, but your function raised {type(other).__name__}."
    return f"Expected {error.__name__}, but your function returned a value."


def _with_plain_tuples(actual: object, expected: object) -> object:
    """Return ``actual`` with a plain tuple for each tuple of a subclass, wherever ``expected`` has a tuple."""
    if type(expected) is tuple and issubclass(type(actual), tuple):
        items: list[object] = list(tuple.__iter__(actual))  # type: ignore[arg-type]
    elif type(expected) is list and type(actual) is list:
        items = list(actual)
    else:
        return actual
    if len(items) == len(expected):
        items = [_with_plain_tuples(a, e) for a, e in zip(items, expected, strict=True)]
    return tuple(items) if type(expected) is tuple else items


def _holds_a_tensor(value: object) -> bool:
    if isinstance(value, dict):
        return any(map(_holds_a_tensor, value.values()))
    if isinstance(value, tuple | list):
        return any(map(_holds_a_tensor, value))
    return isinstance(value, torch.Tensor | np.ndarray)


def _kind(value: object) -> str:
    """Name the type of ``value`` with its article: an int, a tuple of 2, None."""
    if value is None:
        return "None"
    kind = type(value)
    name = kind.__name__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__name__}"
    size = f" of {len(value)}" if isinstance(value, tuple | list) and kind in (tuple, list) else ""
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}{size}"


def _check_type(actual: object, expected: object, what: str, case: str, place: str = "") -> None:
    allowed = (float, int) if type(expected) is float else (type(expected),)
    wrong = type(actual) not in allowed
    if not wrong and isinstance(expected, tuple | list) and isinstance(actual, tuple | list):
        wrong = len(actual) != len(expected)
    if wrong:
        found = f"Expected {_kind(expected)}{place}, received {_kind(actual)}."
        cause, step = _type_cause(actual, expected), "print what you return."
        if actual is None:
            cause, step = NO_RETURN
        elif type(actual) is type(expected):  # of another length: often no result, but what a result has
            cause, step = "", "count them: which are missing, or which are too many?"
        raise failure(what, found, case=case, cause=cause, step=step)
    if isinstance(expected, tuple | list) and isinstance(actual, tuple | list):
        for index, (a, e) in enumerate(zip(actual, expected, strict=True)):
            _check_type(a, e, what, case, f" at index {index}{place}")


def _type_cause(actual: object, expected: object) -> str:
    if type(expected) is int and type(actual) is float:
        return "/ always gives a float; // divides integers."
    if hasattr(actual, "item"):
        return "this is a tensor or a number of numpy; .item() makes it a plain number."
    if isinstance(expected, tuple) and isinstance(actual, tuple | list):
        return "the statement asks for a tuple."
    return ""


def _same(actual: object, expected: object) -> bool:
    """Compare values whose types ``_check_type`` has accepted."""
    if isinstance(expected, float) and isinstance(actual, float | int):
        return math.isclose(actual, expected, rel_tol=1e-9, abs_tol=1e-12)
    if isinstance(expected, tuple | list) and isinstance(actual, tuple | list):
        return all(_same(a, e) for a, e in zip(actual, expected, strict=True))
    return actual == expected


def _direction(pairs: list[tuple[object, object]]) -> str:
    """Say whether all wrong numbers are too large or all too small: it helps, and it gives no value away."""
    signs = {_sign(actual, expected) for actual, expected in pairs}
    if signs == {1}:
        return ": too large" if len(pairs) == 1 else ", always too large"
    if signs == {-1}:
        return ": too small" if len(pairs) == 1 else ", always too small"
    return ""


def _sign(actual: object, expected: object) -> int:
    if isinstance(actual, bool) or isinstance(expected, bool):
        return 0
    if isinstance(actual, int | float) and isinstance(expected, int | float):
        return (actual > expected) - (actual < expected)
    return 0
