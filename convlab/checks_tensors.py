"""Assertions about tensors: shape, dtype, device, values, gradients, and arguments left as they were."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import torch

from convlab.messages import NO_RETURN, failure, share

__all__ = ["close", "gradients_close", "shape", "unchanged"]

# Wide enough for any order of summation, tight enough that a float64 answer computed in float32 fails.
TOLERANCE = {torch.float64: (1e-8, 1e-10), torch.float32: (1e-4, 1e-5), torch.float16: (1e-2, 1e-3)}
SHOWN_ELEMENTS = 25
ROUNDING = 1e-4
NO_GRADIENT = ("nothing has put a gradient there.", "follow the result back to where its graph begins.")


def shape(actual: object, expected: Sequence[int], what: str, *, case: str = "", hint: str = "") -> None:
    """Check that ``actual`` is a tensor or array of the ``expected`` shape.

    Raises:
        CheckFailed: it is something else, or has another shape.
    """
    found = _tensor(actual, what, case, like=actual if isinstance(actual, np.ndarray) else None)
    _check_shape(found, tuple(expected), what, case, hint)


def close(
    actual: object,
    expected: torch.Tensor | np.ndarray[Any, Any],
    what: str,
    *,
    case: str = "",
    hint: str = "",
    step: str = "",
    rtol: float | None = None,
    atol: float | None = None,
) -> None:
    """Check that ``actual`` has the kind, shape, dtype, device and values of ``expected``.

    Values may differ by ``atol + rtol · |expected|``. The defaults depend on the dtype: for float32, ``rtol`` is 1e-4
    and ``atol`` is 1e-5 times the largest expected value, or 1e-5 if that is below 1.

    Raises:
        CheckFailed: it differs; the message tells shapes and the rough size of the mismatch. With ``case`` it tells the
            exact one, and values.
    """
    received = _tensor(actual, what, case, like=expected)
    wanted = torch.as_tensor(expected).detach()
    _check_shape(received, tuple(wanted.shape), what, case, hint)
    if received.dtype != wanted.dtype:
        found = f"Expected dtype {_name(wanted.dtype)}, received {_name(received.dtype)}."
        cause = "a new tensor was made without dtype=x.dtype, or a conversion is missing or too many."
        raise failure(what, found, case=case, cause=cause, step="print the dtype of each tensor you make.")
    if received.device != wanted.device:
        found = f"Expected a tensor on {wanted.device}, received one on {received.device}."
        cause = "a new tensor was made without device=x.device."
        raise failure(what, found, case=case, cause=cause, step="give device=x.device wherever you make a tensor.")
    apart = _mismatch(received, wanted, rtol, atol)
    if apart is None:
        return
    exactly, roughly, evidence = apart
    if case and wanted.numel() <= SHOWN_ELEMENTS:
        exactly = f"Expected {_written(wanted)}, received {_written(received)}. {exactly}"
    raise failure(what, exactly if case else roughly, case=case, cause=hint, step=step, evidence=evidence)


def unchanged(
    fn: Callable[..., Any], *args: object, what: str, case: str = "", hint: str = "", **kwargs: object
) -> Any:
    """Check that calling ``fn`` leaves its tensor arguments as they were; return what it returns.

    Raises:
        CheckFailed: an argument's shape or values have changed.
    """
    tensors = {f"argument {i + 1}": a for i, a in enumerate(args) if isinstance(a, torch.Tensor)}
    tensors |= {f"`{name}`": a for name, a in kwargs.items() if isinstance(a, torch.Tensor)}
    before = {name: tensor.detach().clone() for name, tensor in tensors.items()}
    result = fn(*args, **kwargs)
    for name, tensor in tensors.items():
        if tensor.shape != before[name].shape or not torch.equal(tensor.detach(), before[name]):
            cause = hint or "an operation that works in place (+=, *=, x[...] = ..., a name that ends in _)."
            step = "work on a new tensor; x.clone() makes one."
            raise failure(what, f"Your function changed its {name}.", case=case, cause=cause, step=step)
    return result


def gradients_close(
    fn: Callable[..., Any],
    reference: Callable[..., torch.Tensor],
    inputs: Mapping[str, torch.Tensor],
    what: str,
    *,
    kwargs: Mapping[str, object] | None = None,
    hint: str = "",
    rtol: float | None = None,
    atol: float | None = None,
) -> None:
    """Check that gradients through ``fn`` with respect to each of ``inputs`` equal those through ``reference``.

    ``inputs`` are passed by keyword. The output is weighted with fixed, uneven weights before it is summed, so that
    each of its elements matters.

    Raises:
        CheckFailed: the graph is cut, an input gets no gradient, or a gradient differs.
    """
    expected = _gradients(reference, inputs, kwargs or {})
    received = _gradients(fn, inputs, kwargs or {}, what)
    for name, wanted, got in zip(inputs, expected, received, strict=True):
        label = f"{what}, gradient with respect to `{name}`"
        if got is None:
            cause = f"`{name}` reaches the result by a way that autograd cannot follow (.detach(), .data, .numpy())."
            raise failure(label, "It gets no gradient.", cause=cause, step="use torch operations from input to result.")
        assert wanted is not None
        close(got, wanted, label, hint=hint or "a copy or an in-place write on the way.", rtol=rtol, atol=atol)


def _gradients(
    fn: Callable[..., Any], inputs: Mapping[str, torch.Tensor], kwargs: Mapping[str, object], what: str = ""
) -> tuple[torch.Tensor | None, ...]:
    leaves = {name: tensor.detach().clone().requires_grad_() for name, tensor in inputs.items()}
    out = _tensor(fn(**leaves, **kwargs), what, "", like=None)
    if not out.requires_grad:
        cause = ".detach(), .item(), .numpy(), torch.tensor(...) or torch.no_grad() on the way from input to result."
        step = "use torch operations from input to result."
        raise failure(what, "The result is cut off from its inputs: it has no gradient.", cause=cause, step=step)
    weights = torch.cos(torch.arange(out.numel(), dtype=out.dtype, device=out.device)).reshape(out.shape)
    return torch.autograd.grad(out, tuple(leaves.values()), weights, allow_unused=True)


def _tensor(actual: object, what: str, case: str, like: object) -> torch.Tensor:
    """Return ``actual`` as a tensor when it is exactly of the kind of ``like`` (a tensor, unless that is an array)."""
    if isinstance(like, np.ndarray) and type(actual) is np.ndarray:
        return torch.as_tensor(actual)
    if not isinstance(like, np.ndarray) and type(actual) in (torch.Tensor, torch.nn.Parameter):
        assert isinstance(actual, torch.Tensor)
        return actual.detach() if like is not None else actual
    wanted = "numpy array" if isinstance(like, np.ndarray) else "torch.Tensor"
    name = "None" if actual is None else f"a {type(actual).__name__}"
    cause, step = f"the statement asks for a {wanted}.", "print what you return."
    if actual is None:
        cause, step = NO_GRADIENT if "grad" in what.lower() else NO_RETURN
    raise failure(what, f"Expected a {wanted}, received {name}.", case=case, cause=cause, step=step)


def _check_shape(actual: torch.Tensor, expected: tuple[int, ...], what: str, case: str, hint: str) -> None:
    received = tuple(actual.shape)
    if received == expected:
        return
    if len(received) != len(expected):
        found = f"Expected {len(expected)} axes, shape {expected}; received {len(received)}, shape {received}."
    else:
        found = f"Expected shape {expected}, received {received}."
    cause = hint
    if not cause and sorted(received) == sorted(expected):
        cause = "two axes are swapped."
    raise failure(what, found, case=case, cause=cause, step="print the shape after each line of your function.")


def _mismatch(
    actual: torch.Tensor, expected: torch.Tensor, rtol: float | None, atol: float | None
) -> tuple[str, str, tuple[object, ...]] | None:
    """Describe how far two tensors of one shape and dtype are apart: exactly, roughly, and as evidence.

    Roughly: where a hidden input is behind the numbers, count, place and tolerance would give parts of it away.
    """
    exact = not expected.dtype.is_floating_point
    default = (0.0, 0.0) if exact else TOLERANCE.get(expected.dtype, (1e-2, 1e-2))
    rtol = default[0] if rtol is None else rtol
    a, e = actual.double(), expected.double()
    total = a.numel()
    if not total:
        return None
    if atol is None:  # rounding grows with the terms of a sum, also where they cancel
        atol = default[1] * max(1.0, float(e.nan_to_num().abs().max()))
    odd = int((~torch.isfinite(a) & torch.isfinite(e)).sum())
    if odd:
        rough = f"{share(odd, total, 'element')} are nan or infinite."
        return f"{odd} of {total} elements are nan or infinite.", f"{rough[0].upper()}{rough[1:]}", ("odd", odd)
    wrong = ~torch.isclose(a, e, rtol=rtol, atol=atol, equal_nan=True)
    count = int(wrong.sum())
    if not count:
        return None
    distance = torch.where(wrong, (a - e).abs(), 0.0)
    most = float(distance.max())
    where = tuple(int(i) for i in np.unravel_index(int(distance.argmax()), tuple(a.shape)))
    allowed = "none is allowed" if exact else f"allowed {atol:.2g} + {rtol:g} · |expected|"
    exactly = (
        f"Mismatched elements {count} / {total} ({100 * count / total:.3g}%). Greatest absolute difference "
        f"{most:.3g} at index {where}; {allowed}."
    )
    # What is this small depends on the order in which a sum is taken, and says nothing of a mistake.
    evidence = ("rounding",) if most < ROUNDING else (count, total, f"{most:.3g}", where)
    return exactly, f"Wrong in {share(count, total, 'element')}. {_size(most)}", evidence


def _size(most: float) -> str:
    """Say how large the greatest difference is, to a power of ten."""
    if not math.isfinite(most):
        return "The greatest difference is infinite."
    return f"The greatest difference is about {10.0 ** round(math.log10(most)):g}."


def _name(dtype: torch.dtype) -> str:
    return str(dtype).removeprefix("torch.")


def _written(tensor: torch.Tensor) -> str:
    """Return the numbers as a student would write them: 0.299, not 0.29899999499320984."""
    digits = 15 if tensor.dtype in (torch.float64, torch.complex128) else 7

    def text(value: object) -> str:
        if isinstance(value, list):
            return f"[{', '.join(map(text, value))}]"
        if isinstance(value, float) and math.isfinite(value):
            return repr(float(f"{value:.{digits}g}"))
        return repr(value)

    return text(tensor.tolist())
