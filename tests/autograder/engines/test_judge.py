"""What a student reads of a check that ended in an error."""

from __future__ import annotations

import pytest

from autograder.engines.judge import CellEnd, judge
from autograder.model import Check

OWN = {3: "def f(x):\n    return x + 'a'"}
HIDDEN, PUBLIC = (Check(f"f-{name}", "f", 2.0, name == "public", "Values") for name in ("hidden", "public"))


@pytest.mark.parametrize(
    ("check", "error", "traceback", "told"),
    [
        (HIDDEN, "TypeError", "", True),  # f() got an unexpected keyword argument
        (HIDDEN, "TypeError", "Cell In[3], line 2", False),
        (HIDDEN, "ValueError", "", False),
        (PUBLIC, "TypeError", "", False),  # here the text says it
    ],
)
def test_a_call_that_does_not_fit_is_told_as_that(check: Check, error: str, traceback: str, told: bool) -> None:
    end = CellEnd(error, "f() got an unexpected keyword argument 'n'", traceback)
    message = judge(check, end, CellEnd(), False, OWN).message
    assert ("takes the parameters" in message) is told
    assert ("'n'" in message) is check.public
