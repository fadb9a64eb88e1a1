"""What no message can hold is named as that, in plain words, and costs no more than its own check."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from autograder.engines.judge import CellEnd, judge
from autograder.engines.sealed.protocol.encode import REASONS
from autograder.model import Check, Outcome

Asked = Callable[..., tuple[str, str, Outcome | None]]
HEAD = "import numpy as np\nimport torch\n\ndef f(x):\n"
GIVES = {
    "{torch.ones(1): 2}": "key",
    "{(1, torch.ones(1))}": "key",
    "torch.zeros(100_000_000)": "large",
    "[torch.zeros(1_000_000) for _ in range(100)]": "large",
    "list(range(500_000))": "large",
    "'x' * 20_000_000": "large",
    "10**100_000": "digits",
    "[1, 10**100_000]": "digits",
    "torch.eye(3).to_sparse()": "tensor",
    "torch.quantize_per_tensor(torch.ones(3), 0.1, 0, torch.qint8)": "tensor",
    "torch.ones(3).to(torch.float8_e4m3fn)": "tensor",
    "np.array([None, 'a'], dtype=object)": "array",
    "np.zeros(3, dtype=[('a', 'i4')])": "array",
}
DOES = {
    "a = []\na.append(a)\nreturn a": "deep",
    "a = []\nfor _ in range(500):\n    a = [a]\nreturn a": "deep",
    "x.data = x.data.double()\nreturn x": "changed",
    "x.data = torch.zeros(100_000_000)\nreturn 1": "large",
}


@pytest.mark.parametrize(
    ("body", "reason"), [*((f"return {value}", why) for value, why in GIVES.items()), *DOES.items()]
)
def test_it_is_named(outcome: Asked, body: str, reason: str) -> None:
    student = HEAD + "".join(f"    {line}\n" for line in body.splitlines())
    for check in ("checks.equal(f(torch.ones(3)), 3, 'f')", "checks.raises(TypeError, f, torch.ones(3), what='f')"):
        error, text, limit = outcome(student, check)
        assert limit is None
        assert error in ("CannotBeChecked", "CheckFailed")
        assert (text == REASONS[reason]) is (error == "CannotBeChecked")
    assert outcome(student, "checks.equal(f(torch.ones(3)), 3, 'f')")[:2] == ("CannotBeChecked", REASONS[reason])


def test_the_next_check_runs_in_the_same_sandbox(outcome: Asked) -> None:
    student = HEAD + "    f.calls = getattr(f, 'calls', 0) + 1\n    return torch.zeros(100_000_000) if x else f.calls"
    check = "try:\n    f(True)\nexcept Exception as error:\n    assert type(error).__name__ == 'CannotBeChecked'\n"
    assert outcome(student, check + "checks.equal(f(False), 2, 'f')") == ("", "", None)


def test_a_student_reads_why() -> None:
    check = Check("f-hidden", "f", 3.0, False, "Values")
    result = judge(check, CellEnd("CannotBeChecked", REASONS["key"]), CellEnd(), False, {})
    assert result.outcome is Outcome.ERROR
    assert result.message == f"What your code gave cannot be checked: {REASONS['key']}."


def test_no_class_of_the_students_may_carry_the_name(outcome: Asked) -> None:
    student = "class CannotBeChecked(ValueError):\n    pass\n\ndef f(x):\n    raise CannotBeChecked('a hidden input')\n"
    assert outcome(student, "f(1)")[0] == "ValueError"
