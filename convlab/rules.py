"""Check that an answer is written from scratch: by name in its source, and by the torch operations that really run.

``from_scratch`` is the one entry. It runs the answer and returns the result, so that a test uses it in place of a plain
call. The source is searched where it can be read (for names, aliases and libraries, also on paths that do not run);
the operations are recorded on every run, whatever the source looks like. ``Tensor.unfold``, a strided view, is allowed.
"""

from __future__ import annotations

import fnmatch
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch

from convlab import backend
from convlab.forbidden import CONVOLUTION, UNFOLDING, Forbidden, forbid
from convlab.messages import failure
from convlab.names import AT_RUN_TIME
from convlab.recording import Recorder

__all__ = ["CONVOLUTION", "UNFOLDING", "Forbidden", "forbid", "from_scratch"]


def from_scratch(
    fn: Callable[..., Any],
    args: Sequence[Any],
    kwargs: Mapping[str, Any] | None = None,
    *,
    forbid: Sequence[Forbidden] = (CONVOLUTION, UNFOLDING),
    what: str = "Written from scratch",
) -> Any:
    """Return ``fn(*args, **kwargs)``, having checked that it uses nothing that is forbidden.

    Tensors are passed as copies, so that an answer that changes them in place loses only the check for that.

    Raises:
        CheckFailed: a forbidden name, or one that is only known at run time, is in the source of ``fn``, or of a
            function of the same notebook that it uses; or a forbidden operation ran. The message names the call.
    """
    for name, line in backend.current().used_names(fn):
        if name == AT_RUN_TIME:
            found = f"Your code looks a name up while it runs, so what it calls cannot be seen, in the line `{line}`."
            cause = "getattr, __dict__, eval or import_module with a name that is put together."
            raise failure(what, found, cause=cause, step="write the name out, as in np.sum.")
        for rule in forbid:
            if any(fnmatch.fnmatchcase(name, pattern) for pattern in rule.names):
                raise _broken(what, rule, f"Your code uses {name}, {rule.what}, in the line `{line}`.")
    copies = [_copy(value) for value in args]
    named = {name: _copy(value) for name, value in (kwargs or {}).items()}
    with Recorder() as recorder:
        result = fn(*copies, **named)
    for op in recorder.ops:
        for rule in forbid:
            if any(fnmatch.fnmatchcase(op.split("::")[-1], pattern) for pattern in rule.ops):
                raise _broken(what, rule, f"While your code ran, torch carried out {op}, {rule.what}.")
    return result


def _copy(value: Any) -> Any:
    return value.clone() if isinstance(value, torch.Tensor) else value


def _broken(what: str, rule: Forbidden, found: str) -> Exception:
    return failure(what, found, cause="this task is to write that operation yourself.", step=f"{rule.instead}.")
